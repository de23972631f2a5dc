//! The report of the cache probe: a cold run, a warm one, and what the difference means.

use crate::report::content::CacheImpact;
use crate::report::content::Probe;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::prose::Prose;
use crate::report::record::RunRecord;
use crate::report::runs;
use crate::report::style::Detail;
use crate::units::Seconds;

/// The finding first, then the two times, then the runs.
pub fn outline(impact: &CacheImpact, records: &[RunRecord], detail: Detail) -> Outline {
    let mut sections = Vec::new();
    sections.push(times(impact));
    sections.extend(runs::warnings(&impact.warnings, records));
    if detail != Detail::Brief {
        sections.extend(runs::section(records));
    }
    Outline {
        title: "What the cache saves".into(),
        summary: summary(impact),
        sections,
    }
}

fn summary(impact: &CacheImpact) -> Vec<Prose> {
    let recommendation = Prose::from_marked(&impact.recommendation).as_sentence();
    [finding(impact), recommendation]
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

fn finding(impact: &CacheImpact) -> Prose {
    let times = impact.cold.wall_seconds.zip(impact.warm.wall_seconds);
    match (times, impact.overhead_percent) {
        (Some((cold, warm)), Some(overhead)) if overhead.is_sign_negative() => {
            Prose::words(&format!(
                "The warm run was no faster than the cold one: {} against {}.",
                Seconds(warm),
                Seconds(cold)
            ))
        }
        (Some((cold, warm)), Some(overhead)) => Prose::words(&format!(
            "Filling the cache is {} of a cold run: {} cold, {} warm.",
            figure::percent_in_words(overhead),
            Seconds(cold),
            Seconds(warm)
        )),
        _ => {
            let missing = [(&impact.cold, "cold"), (&impact.warm, "warm")]
                .into_iter()
                .filter(|(probe, _)| probe.wall_seconds.is_none())
                .map(|(_, word)| word)
                .collect::<Vec<_>>()
                .join(" and the ");
            let reason = match missing.as_str() {
                "" => "the two times give no ratio".into(),
                missing => format!("the {missing} run has no time"),
            };
            Prose::words(&format!(
                "Cannot tell what the cache saves, because {reason}."
            ))
        }
    }
}

fn times(impact: &CacheImpact) -> Section {
    let row = |word: &str, probe: &Probe| {
        let wall = probe.wall_seconds.map(|wall| Seconds(wall).to_string());
        vec![
            Cell::plain(word),
            Cell::name(&probe.id),
            Cell::plain(wall.as_deref().unwrap_or(figure::UNKNOWN)),
        ]
    };
    let table = Table {
        columns: vec![
            Column::word("Cache"),
            Column::name("Run"),
            Column::figure("Wall time", ""),
        ],
        rows: vec![row("cold", &impact.cold), row("warm", &impact.warm)],
        fold_after: None,
        of: "run",
    };
    let overhead = format!(
        "Overhead, (cold − warm) / cold: {} %. Above 30 % preloading pays, \
         below 10 % single runs suffice, between them take the median of several.",
        figure::percent(impact.overhead_percent)
    );
    let blocks = vec![
        Block::Table(table),
        Block::Paragraph(Prose::words(&overhead)),
    ];
    Section::chapter("Cold and warm", blocks)
}

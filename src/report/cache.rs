//! The report of the cache probe: a cold run, a warm one, and what the difference means.

use crate::analysis::cache_impact::CacheFunction;
use crate::analysis::cache_impact::CacheRun;
use crate::analysis::cache_impact::Phase0;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Depth;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::record::RunRecord;
use crate::report::runs;
use crate::report::style::Detail;
use crate::units::Seconds;

/// Functions shown at a terminal.
const FOLD: usize = 10;

/// The finding first, then the two times, then the runs.
pub fn outline(probe: &Phase0, records: &[RunRecord], detail: Detail) -> Outline {
    let mut sections = vec![times(probe)];
    sections.extend(runs::warnings(&probe.warnings, records));
    if detail != Detail::Brief {
        sections.extend(functions(probe));
        sections.extend(runs::section(records));
    }
    Outline { title: "What the cache saves".into(), summary: summary(probe), sections }
}

/// What the cache probe found, as a part of another report.
pub fn within(probe: &Phase0) -> Vec<Section> {
    let mut blocks: Vec<Block> = summary(probe).into_iter().map(Block::Paragraph).collect();
    blocks.extend(times(probe).blocks);
    let impact = Section::chapter("Cache impact", blocks).about(Topic::Cache);
    let spent = functions(probe).map(|section| Section { depth: Depth::Part, ..section });
    std::iter::once(impact).chain(spent).collect()
}

fn summary(probe: &Phase0) -> Vec<Prose> {
    let meaning = if probe.overhead_percent.is_sign_negative() {
        "the cache saved nothing".into()
    } else {
        let share = figure::percent_in_words(probe.overhead_percent);
        format!("filling the cache is {share} of a cold run")
    };
    let finding = Prose::words(&format!(
        "The cold run took {}, the warm one {}: {meaning}.",
        Seconds(probe.cold.wall_seconds),
        Seconds(probe.warm.wall_seconds),
    ));
    let advice = Prose::from_marked(&probe.advice).as_sentence();
    [finding, advice].into_iter().filter(|sentence| !sentence.is_empty()).collect()
}

fn times(probe: &Phase0) -> Section {
    let row = |word: &str, run: &CacheRun| {
        vec![
            Cell::plain(word),
            Cell::name(&run.id),
            Cell::plain(&seconds(Some(run.wall_seconds))),
            Cell::plain(&figure::count(Some(run.repetitions_seconds.len() as f64))),
        ]
    };
    let table = Table {
        columns: vec![
            Column::word("Cache"),
            Column::name("Run"),
            Column::figure("Wall time", ""),
            Column::figure("Repetitions", ""),
        ],
        rows: vec![row("cold", &probe.cold), row("warm", &probe.warm)],
        fold_after: None,
        of: "run",
    };
    let overhead = format!(
        "Overhead, (cold − warm) / cold: {} %; difference: {}.",
        figure::percent(Some(probe.overhead_percent)),
        seconds(Some(probe.difference_seconds)),
    );
    let blocks = vec![Block::Table(table), Block::Paragraph(Prose::words(&overhead))];
    Section::chapter("Cold and warm", blocks)
}

/// Where the cold run spent more; `None` where it was not profiled.
fn functions(probe: &Phase0) -> Option<Section> {
    if probe.functions.is_empty() {
        return None;
    }
    let row = |function: &CacheFunction| {
        let saved = function.cold.map(|cold| cold - function.warm.unwrap_or(0.0));
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            Cell::plain(&seconds(function.cold)),
            Cell::plain(&seconds(function.warm)),
            Cell::plain(&seconds(saved)),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Self time, cold", ""),
            Column::figure("Warm", ""),
            Column::figure("Difference", ""),
        ],
        rows: probe.functions.iter().map(row).collect(),
        fold_after: Some(FOLD),
        of: "function",
    };
    Some(Section::chapter("Where the cold run spent more", vec![Block::Table(table)]))
}

fn seconds(value: Option<f64>) -> String {
    value.map_or_else(|| figure::UNKNOWN.into(), |value| Seconds(value).to_string())
}

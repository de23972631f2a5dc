//! What changed since a baseline: what got worse first, then what got better, then what was not
//! compared.

use crate::analysis::baseline::Against;
use crate::analysis::baseline::Change;
use crate::analysis::baseline::What;
use crate::analysis::baseline::against::Exponent;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Depth;
use crate::report::outline::Kind;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::style::Detail;

/// Changes that the summary says in a sentence each.
const MOST_SENTENCES: usize = 5;
/// The same where a report has to be brief.
const MOST_BRIEF: usize = 4;
/// Changes shown at a terminal.
const FOLD: usize = 30;
/// Names of what is gone.
const MOST_GONE: usize = 20;

/// The failures in a sentence each, then all changes as a table.
pub fn outline(found: &Against, detail: Detail) -> Outline {
    Outline {
        title: format!("Growth since the baseline {}", found.baseline),
        summary: summary(found),
        sections: sections(found, detail),
    }
}

/// The same as a chapter of a report on growth; in brief, what got worse alone.
pub fn chapter(found: &Against, detail: Detail) -> Vec<Section> {
    let title = format!("Since the baseline {}", found.baseline);
    if detail == Detail::Brief {
        let worse = brief(found);
        let chapter = Section::chapter(&title, vec![Block::List(worse)]).about(Topic::Baseline);
        return if found.failures.is_empty() { Vec::new() } else { vec![chapter] };
    }
    let said = summary(found).into_iter().map(Block::Paragraph).collect();
    let parts = sections(found, detail).into_iter();
    let parts = parts.map(|section| Section { depth: Depth::Part, ..section });
    [Section::chapter(&title, said).about(Topic::Baseline)].into_iter().chain(parts).collect()
}

/// How many figures went which way.
pub fn gist(found: &Against) -> Prose {
    let worse = match found.failures.len() {
        0 => "nothing got worse for certain".into(),
        count => format!("{} got worse", figure::number_of(count, "figure")),
    };
    let others = [
        (found.suspicions.len(), "perhaps worse"),
        (found.improvements.len(), "better"),
        (found.unchanged, "unchanged"),
    ];
    let others = others.into_iter().filter(|(count, _)| *count > 0);
    let words: String = others.map(|(count, how)| format!(", {count} {how}")).collect();
    let words = format!(": {worse}{words}.");
    Prose::words("Since the baseline ").then_name(&found.baseline).then(&words)
}

fn brief(found: &Against) -> Vec<Prose> {
    let named = found.failures.iter().take(MOST_BRIEF).map(|one| sentence(&one.sentence));
    let more = found.failures.len().saturating_sub(MOST_BRIEF);
    named.chain((more > 0).then(|| Prose::words(&format!("And {more} more.")))).collect()
}

fn sections(found: &Against, detail: Detail) -> Vec<Section> {
    let sections = [
        table("Worse", &found.failures, Kind::Alarm),
        table("Perhaps worse", &found.suspicions, Kind::Caution),
        table("Better", &found.improvements, Kind::Plain),
        list("Gone", gone(found), detail),
        list(
            "What was not compared",
            found.notes.iter().map(|note| sentence(note)).collect(),
            detail,
        ),
    ];
    sections.into_iter().flatten().collect()
}

fn summary(found: &Against) -> Vec<Prose> {
    let mut all: Vec<Prose> = if found.failures.is_empty() {
        let compared = figure::number_of(found.unchanged, "figure");
        vec![Prose::words(&format!("Nothing got worse for certain; {compared} are as they were."))]
    } else {
        found.failures.iter().take(MOST_SENTENCES).map(|one| sentence(&one.sentence)).collect()
    };
    let more = found.failures.len().saturating_sub(MOST_SENTENCES);
    if more > 0 {
        all.push(Prose::words(&format!("And {}, below.", figure::number_of(more, "more change"))));
    }
    if !found.suspicions.is_empty() {
        let some = figure::number_of(found.suspicions.len(), "figure");
        let words = format!("Of {some} more it looks so, on evidence that is not firm.");
        all.push(Prose::words(&words));
    }
    if !found.improvements.is_empty() {
        let some = figure::number_of(found.improvements.len(), "figure");
        let words = format!("{some} got better: to hold on to that, save the baseline anew with ");
        let option = format!("--save-baseline {}", found.baseline);
        all.push(Prose::words(&words).then_name(&option).then("."));
    }
    all
}

fn table(title: &str, changes: &[Change], kind: Kind) -> Option<Section> {
    let table = Table {
        columns: vec![
            Column::name("Name"),
            Column::name("Where"),
            Column::word("What changed"),
            Column::word("Before"),
            Column::word("Now"),
            Column::figure("Cost now over before", ""),
        ],
        rows: changes.iter().map(|change| row(change, kind)).collect(),
        fold_after: Some(FOLD),
        of: "change",
    };
    (!changes.is_empty()).then(|| Section::chapter(title, vec![Block::Table(table)]))
}

fn row(change: &Change, kind: Kind) -> Vec<Cell> {
    let power = |exponent: &Option<Exponent>| match exponent {
        Some(Exponent { value, low, high }) => figure::power(Some(*value), Some(*low), Some(*high)),
        None => None,
    };
    let power = |exponent| Cell::plain(power(exponent).as_deref().unwrap_or(figure::UNKNOWN));
    let what = match change.what {
        What::NewCulprit => "new culprit",
        What::Growth => "growth",
        What::Cost => "cost",
        What::Mended => "mended",
    };
    let ratio = change.cost_ratio.map(|ratio| format!("{ratio:.2}"));
    vec![
        Cell::name(&change.name),
        Cell::place(&place(&change.file, change.line)),
        Cell::new(what, kind),
        power(&change.before),
        power(&change.now),
        Cell::plain(ratio.as_deref().unwrap_or(figure::UNKNOWN)),
    ]
}

fn gone(found: &Against) -> Vec<Prose> {
    let named = found.gone.iter().take(MOST_GONE).map(|name| Prose::from_marked(name));
    let more = found.gone.len().saturating_sub(MOST_GONE);
    let more = (more > 0).then(|| Prose::words(&format!("and {more} more")));
    named.chain(more).collect()
}

fn list(title: &str, items: Vec<Prose>, detail: Detail) -> Option<Section> {
    let is_shown = !items.is_empty() && (detail != Detail::Brief || title != "Gone");
    is_shown.then(|| Section::chapter(title, vec![Block::List(items)]))
}

fn sentence(text: &str) -> Prose {
    Prose::from_marked(text).as_sentence()
}

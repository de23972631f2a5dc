//! Figures measured elsewhere: what grows too fast first, then everything in the order given.

use crate::analysis::document::Verdict;
use crate::analysis::measurements::MeasuredGrowth;
use crate::analysis::measurements::Measurements;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::prose::Prose;
use crate::report::prose::listed;
use crate::report::style::Detail;

/// Ids shown at a terminal.
const FOLD: usize = 40;
/// Ids that the summary names.
const MOST_NAMED: usize = 5;
/// Notes and skipped ids that are listed.
const MOST_NOTES: usize = 20;

/// The verdicts, then what would settle the open ones, then what was left out.
pub fn outline(judged: &Measurements, detail: Detail) -> Outline {
    let notes = (detail != Detail::Brief).then(|| notes(judged)).flatten();
    Outline {
        title: "How the measurements grow with size".into(),
        summary: summary(judged),
        sections: [table(judged), advice(judged), notes, skipped(judged)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn summary(judged: &Measurements) -> Vec<Prose> {
    let all = &judged.measurements;
    let of = |verdict: Verdict| all.iter().filter(move |one| one.verdict == verdict);
    let count = format!("{} measured series", figure::count(Some(all.len() as f64)));
    let mut sentences = Vec::new();
    for (verdict, words) in
        [(Verdict::Superlinear, "superlinear"), (Verdict::Suspected, "suspected to be superlinear")]
    {
        let found: Vec<&MeasuredGrowth> = of(verdict).collect();
        if !found.is_empty() {
            let verb = if found.len() == 1 { "is" } else { "are" };
            let number = figure::count(Some(found.len() as f64));
            let lead = Prose::words(&format!("{number} of {count} {verb} {words}: "));
            sentences.push(lead.then_prose(named(&found)).then("."));
        }
    }
    if sentences.is_empty() {
        sentences.push(Prose::words(&format!("None of {count} is found to be superlinear.")));
    }
    let open = of(Verdict::CannotTell).count();
    if open > 0 {
        let number = figure::count(Some(open as f64));
        sentences.push(Prose::words(&format!("Of {number}, it cannot be told.")));
    }
    if judged.expected_false_flags >= 0.05 {
        sentences.push(Prose::words(&format!(
            "{:.1} of those called superlinear are to be expected not to be.",
            judged.expected_false_flags
        )));
    }
    sentences
}

/// `parse n^2.00 [1.98, 2.02] and 3 more`.
fn named(found: &[&MeasuredGrowth]) -> Prose {
    let mut names: Vec<Prose> = found
        .iter()
        .take(MOST_NAMED)
        .map(|one| {
            let power = figure::power(one.exponent, one.low, one.high).unwrap_or_default();
            Prose::name(&one.id).then(&format!(" {power}"))
        })
        .collect();
    let more = found.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        names.push(Prose::words(&format!("{} more", figure::count(Some(more as f64)))));
    }
    listed(names)
}

fn table(judged: &Measurements) -> Option<Section> {
    let foretells = judged.measurements.iter().any(|one| one.foretold.is_some());
    let mut columns = vec![
        Column::name("Id"),
        Column::word("Verdict"),
        Column::figure("Exponent", ""),
        Column::word("95 % interval"),
        Column::word("Class"),
        Column::word("Class set").spare(),
        Column::figure("P superlinear", "").spare(),
        Column::figure("Sizes", ""),
    ];
    columns.extend(foretells.then(|| Column::figure("Foretold", "")));
    let mut order: Vec<&MeasuredGrowth> = judged.measurements.iter().collect();
    order.sort_by_key(|one| one.verdict.rank());
    let table = Table {
        columns,
        rows: order.into_iter().map(|one| row(one, foretells)).collect(),
        fold_after: Some(FOLD),
        of: "id",
    };
    (!table.rows.is_empty()).then(|| Section::chapter("Verdicts", vec![Block::Table(table)]))
}

fn row(one: &MeasuredGrowth, foretells: bool) -> Vec<Cell> {
    let interval = figure::interval(one.low, one.high);
    let known = |text: &str| match text {
        "" => Cell::plain(figure::UNKNOWN),
        text => Cell::plain(text),
    };
    let mut cells = vec![
        Cell::name(&one.id),
        verdict(one),
        Cell::plain(&figure::exponent(one.exponent)),
        known(interval.as_deref().unwrap_or_default()),
        known(one.class.as_deref().unwrap_or_default()),
        known(&one.class_set.join(", ")),
        Cell::plain(&one.p_superlinear.map_or(figure::UNKNOWN.into(), |p| format!("{p:.3}"))),
        Cell::plain(&figure::count(Some(one.sizes as f64))),
    ];
    cells.extend(
        foretells.then(|| Cell::plain(&figure::count(one.foretold.map(|foretold| foretold.value)))),
    );
    cells
}

fn verdict(one: &MeasuredGrowth) -> Cell {
    let kind = match one.verdict {
        Verdict::Superlinear => Kind::Alarm,
        Verdict::Suspected | Verdict::CannotTell => Kind::Caution,
        Verdict::NotSuperlinear => Kind::Plain,
    };
    Cell::new(one.verdict.name(), kind)
}

fn advice(judged: &Measurements) -> Option<Section> {
    let items = judged.measurements.iter().filter_map(|one| Some((&one.id, one.advice.as_ref()?)));
    list("What to do next", items)
}

fn notes(judged: &Measurements) -> Option<Section> {
    let items = judged.measurements.iter().filter_map(|one| Some((&one.id, one.note.as_ref()?)));
    list("Notes", items)
}

fn skipped(judged: &Measurements) -> Option<Section> {
    list("Skipped", judged.skipped.iter().map(|skipped| (&skipped.name, &skipped.reason)))
}

fn list<'a>(title: &str, items: impl Iterator<Item = (&'a String, &'a String)>) -> Option<Section> {
    let mut items: Vec<Prose> = items
        .map(|(id, text)| Prose::name(id).then(": ").then_prose(Prose::from_marked(text)))
        .collect();
    let more = items.len().saturating_sub(MOST_NOTES);
    if more > 0 {
        items.truncate(MOST_NOTES);
        items.push(Prose::words(&format!("and {} more", figure::count(Some(more as f64)))));
    }
    (!items.is_empty()).then(|| Section::chapter(title, vec![Block::List(items)]))
}

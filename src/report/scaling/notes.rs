//! What a reader must know besides the findings: warnings, advice, what was left out, and how fast
//! the machine was in each run.

use crate::analysis::document::Phase1;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::prose::Prose;

/// Skipped functions that are named.
const MOST_SKIPPED: usize = 5;
/// Runs whose speed is shown at a terminal.
const FOLD_FACTORS: usize = 20;
/// Factor, up or down, from which a run's speed is out of the ordinary.
const UNUSUAL: f64 = 1.5;

/// What would settle an open question.
pub fn advice(doc: &Phase1) -> Option<Section> {
    let items: Vec<Prose> =
        doc.advice.iter().map(|advice| Prose::from_marked(advice).as_sentence()).collect();
    (!items.is_empty()).then(|| Section::chapter("What to do next", vec![Block::List(items)]))
}

/// What was left out, counted, the first few by name.
pub fn skipped(doc: &Phase1) -> Option<Section> {
    if doc.skipped.is_empty() {
        return None;
    }
    let mut items: Vec<Prose> = doc
        .skipped
        .iter()
        .take(MOST_SKIPPED)
        .map(|skipped| {
            Prose::name(&skipped.name).then(": ").then_prose(Prose::from_marked(&skipped.reason))
        })
        .collect();
    let more = doc.skipped.len().saturating_sub(MOST_SKIPPED);
    if more > 0 {
        items.push(Prose::words(&format!("and {} more", figure::count(Some(more as f64)))));
    }
    let count = figure::count(Some(doc.skipped.len() as f64));
    let lead = Prose::words(&format!("Not judged, {count} in all:"));
    let blocks = vec![Block::Paragraph(lead), Block::List(items)];
    Some(Section::chapter("Skipped", blocks))
}

/// How fast the machine was in each run, read from the profiles themselves.
pub fn speed(doc: &Phase1) -> Option<Section> {
    let known = doc.runs.iter().any(|run| run.factor.is_some());
    if !known && doc.speed.why.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    let why = Prose::from_marked(&doc.speed.why).as_sentence();
    if !why.is_empty() {
        blocks.push(Block::Paragraph(why));
    }
    if known {
        blocks.push(Block::Table(factors(doc)));
    }
    if let Some(floor) = doc.speed.noise_floor.filter(|floor| floor.is_finite()) {
        let text = format!("Times are taken to scatter by {}.", figure::relative(floor));
        blocks.push(Block::Paragraph(Prose::words(&text)));
    }
    Some(Section::chapter("Speed of the machine", blocks))
}

fn factors(doc: &Phase1) -> Table {
    let rows = doc.runs.iter().map(|run| {
        let factor = run.factor.filter(|factor| factor.is_finite());
        let unusual = factor.is_some_and(|factor| !(1.0 / UNUSUAL..=UNUSUAL).contains(&factor));
        let kind = if unusual { Kind::Caution } else { Kind::Plain };
        vec![
            Cell::name(&figure::run(run)),
            Cell::plain(&figure::count(Some(run.size))),
            Cell::new(&figure::exponent(factor), kind),
        ]
    });
    Table {
        columns: vec![
            Column::name("Run"),
            Column::figure("Size", ""),
            Column::figure("Slower by a factor of", ""),
        ],
        rows: rows.collect(),
        fold_after: Some(FOLD_FACTORS),
        of: "run",
    }
}

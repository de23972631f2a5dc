//! What the program counts itself, and how that grows.

use crate::analysis::document::CounterGrowth;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;

/// Counters shown at a terminal.
const FOLD: usize = 20;

/// The table of counters; `None` when there are none.
pub fn section(doc: &Phase1) -> Option<Section> {
    if doc.counters.is_empty() {
        return None;
    }
    let table = Table {
        columns: vec![
            Column::name("Counter"),
            Column::figure("Exponent", ""),
            Column::word("95 % interval"),
            Column::word("Verdict"),
            Column::figure("At the largest size", ""),
        ],
        rows: doc.counters.iter().map(|counter| row(doc, counter)).collect(),
        fold_after: Some(FOLD),
        of: "counter",
    };
    Some(Section::chapter("What the program counts", vec![Block::Table(table)]))
}

fn row(doc: &Phase1, counter: &CounterGrowth) -> Vec<Cell> {
    let growth = &counter.growth;
    let interval = figure::interval(growth.low, growth.high);
    let band = growth.band.as_deref().unwrap_or(growth.verdict.name());
    let verdict = match growth.verdict {
        Verdict::Superlinear => Cell::new(band, Kind::Alarm),
        Verdict::Suspected => Cell::new(&format!("suspected {band}"), Kind::Caution),
        Verdict::CannotTell => Cell::plain("cannot tell"),
        Verdict::NotSuperlinear => Cell::plain(band),
    };
    vec![
        Cell::name(&counter.name),
        Cell::plain(&figure::exponent(growth.exponent)),
        Cell::plain(interval.as_deref().unwrap_or(figure::UNKNOWN)),
        verdict,
        Cell::plain(&figure::count(doc.largest_of(growth).map(|(_, value)| value))),
    ]
}

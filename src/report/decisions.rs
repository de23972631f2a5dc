//! The benchmarks of a plan as a chapter of another report: what was decided, and why.

use crate::analysis::decision::Benchmark;
use crate::analysis::decision::Decision;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::prose::Prose;
use crate::units::Seconds;
use crate::units::three_digits;

/// A line for each suite, then the rationales; `None` where there are none.
pub fn section(benchmarks: &[Benchmark]) -> Option<Section> {
    if benchmarks.is_empty() {
        return None;
    }
    let mean = |seconds: Option<f64>| {
        Cell::plain(&seconds.map_or_else(|| figure::UNKNOWN.into(), |s| Seconds(s).to_string()))
    };
    let row = |found: &Benchmark| {
        let speedup = found.comparison.as_ref().and_then(|comparison| comparison.speedup);
        vec![
            Cell::name(&found.suite),
            decision(found.decision),
            mean(found.baseline.as_ref().map(|version| version.mean_seconds)),
            mean(found.optimized.as_ref().map(|version| version.mean_seconds)),
            Cell::plain(&figure::percent(found.improvement_percent)),
            Cell::plain(&speedup.map_or_else(|| figure::UNKNOWN.into(), three_digits)),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name("Benchmark"),
            Column::word("Decision"),
            Column::figure("Baseline, mean", ""),
            Column::figure("Optimised, mean", ""),
            Column::figure("Improvement", "%"),
            Column::figure("Speed-up", "times"),
        ],
        rows: benchmarks.iter().map(row).collect(),
        fold_after: None,
        of: "benchmark",
    };
    let why = benchmarks.iter().map(|found| {
        Prose::name(&found.suite)
            .then(": ")
            .then_prose(Prose::from_marked(&found.rationale).as_sentence())
    });
    let blocks = vec![Block::Table(table), Block::List(why.collect())];
    Some(Section::chapter("Benchmarks", blocks).about(Topic::Benchmarks))
}

/// The decision as a cell.
pub fn decision(decision: Option<Decision>) -> Cell {
    let word = decision.map_or("measured", Decision::word);
    let kind = match decision {
        Some(Decision::Accepted) | None => Kind::Plain,
        Some(Decision::Blocked) => Kind::Alarm,
        Some(Decision::Rejected) => Kind::Caution,
    };
    Cell::new(word, kind)
}

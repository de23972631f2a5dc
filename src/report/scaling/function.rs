//! The table of all functions, and the one of those that only wait.

use rust_decimal::Decimal;

use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::analysis::document::WaitingFunction;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::place::place;
use crate::report::prose::Prose;

/// Functions shown at a terminal.
const FOLD_FUNCTIONS: usize = 30;
const FOLD_WAITING: usize = 10;
/// Share, in per cent, from which a function that grows too fast is listed before costlier ones.
const BOTTLENECK_PERCENT: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// Every function with its exponents: first those that grow too fast, then the costliest.
pub fn table(doc: &Phase1) -> Option<Section> {
    if doc.functions.is_empty() {
        return None;
    }
    let functions = ordered(doc);
    let self_cost = format!("Self {}", figure::cost_word(doc.unit));
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Self n^", ""),
            Column::figure("Calls n^", ""),
            Column::figure("Total n^", "").spare(),
            Column::word("Verdict"),
            Column::word("by"),
            Column::figure("Calls", ""),
            Column::figure(&self_cost, ""),
            Column::figure("Share", "%"),
            Column::figure("Total", "%").spare(),
        ],
        rows: functions.iter().map(|f| row(doc, f)).collect(),
        fold_after: Some(FOLD_FUNCTIONS),
        of: "function",
    };
    let legend = Prose::words(&legend(doc));
    let blocks = vec![Block::Paragraph(legend), Block::Table(table)];
    Some(Section::chapter("All functions", blocks).about(Topic::Functions))
}

/// First those that grow too fast, then the costliest.
pub fn ordered(doc: &Phase1) -> Vec<&FunctionGrowth> {
    let mut functions: Vec<&FunctionGrowth> = doc.functions.iter().collect();
    functions.sort_by_key(|function| rank(function));
    functions
}

/// Functions that wait rather than work.
pub fn waiting(doc: &Phase1) -> Option<Section> {
    if doc.waiting.is_empty() {
        return None;
    }
    let row = |function: &WaitingFunction| {
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            Cell::plain(&figure::percent(function.share_percent)),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Share of all", "%"),
        ],
        rows: doc.waiting.iter().map(row).collect(),
        fold_after: Some(FOLD_WAITING),
        of: "function",
    };
    let note = "These wait rather than work: they grow like the program around them, \
                so they are no culprits, and the shares above do not count them.";
    let blocks = vec![Block::Paragraph(Prose::words(note)), Block::Table(table)];
    Some(Section::chapter("Waiting", blocks))
}

/// What the columns are, in sentences.
pub fn legend(doc: &Phase1) -> String {
    let cost = figure::cost_word(doc.unit);
    let own = figure::metric(MetricName::Tsub, doc.unit);
    let largest = doc
        .largest_run()
        .map(|run| format!(" ({})", figure::size(run.size, &doc.size_unit)))
        .unwrap_or_default();
    format!(
        "Exponents (n^) are of the {own}, the number of calls and the total {cost} with callees: \
         1 is linear, 2 quadratic. Each function has one verdict, by \
         the more alarming of its own two. The other figures are of the largest run{largest}; \
         shares are of its busy {cost}, for the function itself and with its callees."
    )
}

/// Bottlenecks that grow too fast, then bottlenecks that may, then the rest in the order given.
fn rank(function: &FunctionGrowth) -> u8 {
    let heavy = function.share_percent.is_some_and(|share| share >= BOTTLENECK_PERCENT);
    match judged(function).map(|growth| growth.verdict) {
        Some(Verdict::Superlinear) if heavy => 0,
        Some(Verdict::Suspected) if heavy => 1,
        _ => 2,
    }
}

/// The growth that the verdict is taken from.
pub fn judged(function: &FunctionGrowth) -> Option<&Growth> {
    function.judged().map(|(_, growth)| growth)
}

/// What the verdict is taken from: `time`, `calls`.
fn by(doc: &Phase1, function: &FunctionGrowth) -> Cell {
    match function.judged() {
        _ if function.fixed => Cell::plain(figure::UNKNOWN),
        Some((MetricName::Ncall, _)) => Cell::plain("calls"),
        Some(_) => Cell::plain(figure::cost_word(doc.unit)),
        None => Cell::plain(figure::UNKNOWN),
    }
}

fn row(doc: &Phase1, function: &FunctionGrowth) -> Vec<Cell> {
    let metrics = &function.metrics;
    let exponent = |growth: &Option<Growth>| {
        let value = growth.as_ref().and_then(|growth| growth.exponent);
        Cell::plain(&figure::exponent(value))
    };
    let largest = |growth: &Option<Growth>| doc.at_largest(growth.as_ref()?);
    vec![
        Cell::name(&function.name),
        Cell::place(&place(&function.file, function.line)),
        exponent(&metrics.tsub),
        exponent(&metrics.ncall),
        exponent(&metrics.ttot),
        verdict(function),
        by(doc, function),
        Cell::plain(&figure::count(largest(&metrics.ncall))),
        Cell::plain(&figure::cost(doc.unit, largest(&metrics.tsub))),
        Cell::plain(&figure::percent(function.share_percent)),
        Cell::plain(&figure::percent(function.cumulative_percent)),
    ]
}

/// Its verdict in a word.
pub fn verdict(function: &FunctionGrowth) -> Cell {
    if function.fixed {
        return Cell::plain("fixed");
    }
    let Some(growth) = judged(function) else {
        return Cell::plain(figure::UNKNOWN);
    };
    let band = growth.band.as_deref();
    match growth.verdict {
        Verdict::Superlinear => Cell::new(band.unwrap_or("superlinear"), Kind::Alarm),
        Verdict::Suspected => {
            let band = band.unwrap_or("superlinear");
            Cell::new(&format!("suspected {band}"), Kind::Caution)
        }
        Verdict::NotSuperlinear => Cell::plain(band.unwrap_or("not superlinear")),
        Verdict::CannotTell => Cell::plain("cannot tell"),
    }
}

//! A program before and after a change: the whole, how growth changed, what improved, what got
//! worse, what is new and what vanished.

use crate::analysis::sets::FunctionChange;
use crate::analysis::sets::GrowthChange;
use crate::analysis::sets::Power;
use crate::analysis::sets::SetComparison;
use crate::analysis::sets::Sets;
use crate::analysis::sets::SizeChange;
use crate::profile::CostUnit;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::style::Detail;

/// Functions of each table that are shown at a terminal.
const FOLD: usize = 10;
/// Changes of growth that are told in a sentence each.
const MOST_SENTENCES: usize = 5;

/// The summary of every scenario first, then its tables.
pub fn outline(found: &Sets, detail: Detail) -> Outline {
    let several = found.comparisons.len() > 1;
    let mut summary = Vec::new();
    let mut sections = Vec::new();
    for comparison in &found.comparisons {
        summary.extend(sentences(comparison));
        if several {
            sections.push(Section::chapter(&comparison.scenario, Vec::new()));
        }
        sections.extend(tables(comparison, detail));
    }
    let all = found.comparisons.iter().flat_map(|comparison| &comparison.warnings);
    let warnings: Vec<Prose> =
        all.chain(&found.warnings).map(|text| Prose::from_marked(text).as_sentence()).collect();
    if !warnings.is_empty() {
        sections.push(Section::chapter("Warnings", vec![Block::List(warnings)]));
    }
    Outline { title: "Before and after".into(), summary, sections }
}

fn sentences(found: &SetComparison) -> Vec<Prose> {
    let mut sentences: Vec<Prose> =
        found.sizes.last().map(|size| whole(found, size)).into_iter().collect();
    let certain = |growth: &Option<GrowthChange>| growth.clone().filter(|growth| growth.is_certain);
    if let Some(growth) = certain(&found.growth) {
        sentences.push(went(Prose::words("The whole"), &growth, found.unit));
    }
    let functions = found.functions.iter().filter_map(|function| {
        Some(went(Prose::name(&function.name), &certain(&function.growth)?, found.unit))
    });
    sentences.extend(functions.take(MOST_SENTENCES));
    sentences
}

fn whole(found: &SetComparison, size: &SizeChange) -> Prose {
    let unit = if size.is_wall { CostUnit::WallSeconds } else { found.unit };
    let at = size.size.map(|at| format!(" at {}", figure::size(at, &found.size_unit)));
    let at = at.unwrap_or_default();
    let change = size.change_percent.map(|change| {
        let word = if change.is_sign_negative() { "less" } else { "more" };
        format!(": {} {word}", figure::percent_in_words(change.abs()))
    });
    Prose::name(&found.scenario).then(&format!(
        " took {} before and {} after{at}{}.",
        figure::cost_in_words(unit, size.before),
        figure::cost_in_words(unit, size.after),
        change.unwrap_or_default()
    ))
}

/// `` `concat` went from n^2.00 [1.98, 2.02] to n^1.00 [0.98, 1.02] by self time. ``
fn went(what: Prose, growth: &GrowthChange, unit: CostUnit) -> Prose {
    let by = figure::metric(growth.metric, unit);
    what.then(&format!(" went from {} to {} by {by}.", power(&growth.before), power(&growth.after)))
}

fn power(power: &Power) -> String {
    let text = figure::power(Some(power.exponent), Some(power.low), Some(power.high));
    text.unwrap_or_else(|| figure::UNKNOWN.into())
}

fn tables(found: &SetComparison, detail: Detail) -> Vec<Section> {
    let is_old = |function: &&FunctionChange| function.before.is_some();
    let is_there = |function: &&FunctionChange| function.after.is_some();
    let both = || found.functions.iter().filter(is_old).filter(is_there);
    let mut sections = vec![sizes(found)];
    let parts: [(&str, Vec<&FunctionChange>); 4] = [
        ("Improvements", both().filter(|function| function.change < 0.0).collect()),
        ("Regressions", both().filter(|function| function.change > 0.0).collect()),
        ("New functions", found.functions.iter().filter(|function| !is_old(function)).collect()),
        (
            "Vanished functions",
            found.functions.iter().filter(|function| !is_there(function)).collect(),
        ),
    ];
    let filled = parts.into_iter().filter(|(_, functions)| !functions.is_empty());
    sections.extend(filled.map(|(title, functions)| table(found, title, &functions, detail)));
    sections
}

fn sizes(found: &SetComparison) -> Section {
    let row = |size: &SizeChange| {
        let unit = if size.is_wall { CostUnit::WallSeconds } else { found.unit };
        vec![
            Cell::plain(&figure::count(size.size)),
            Cell::plain(&figure::cost(unit, Some(size.before))),
            Cell::plain(&figure::cost(unit, Some(size.after))),
            Cell::plain(&figure::percent(size.change_percent)),
        ]
    };
    let columns = vec![
        Column::figure("Size", ""),
        Column::figure("Before", ""),
        Column::figure("After", ""),
        Column::figure("Change", "%"),
    ];
    let rows = found.sizes.iter().map(row).collect();
    let table = Table { columns, rows, fold_after: None, of: "size" };
    Section::chapter("The whole", vec![Block::Table(table)])
}

fn table(
    found: &SetComparison,
    title: &str,
    functions: &[&FunctionChange],
    detail: Detail,
) -> Section {
    let cost = |value: Option<f64>| Cell::plain(&figure::cost(found.unit, value));
    let exponent =
        |power: Option<&Power>| Cell::plain(&figure::exponent(power.map(|power| power.exponent)));
    let row = |function: &&FunctionChange| {
        let growth = function.growth.as_ref();
        let worse = function.change > 0.0 && growth.is_some_and(|growth| growth.is_certain);
        let change = figure::cost(found.unit, Some(function.change));
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            cost(function.before),
            cost(function.after),
            Cell::new(&change, if worse { Kind::Alarm } else { Kind::Plain }),
            Cell::plain(&figure::percent(function.change_percent)),
            Cell::plain(&figure::count(function.calls_before)),
            Cell::plain(&figure::count(function.calls_after)),
            exponent(growth.map(|growth| &growth.before)),
            exponent(growth.map(|growth| &growth.after)),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Before", ""),
            Column::figure("After", ""),
            Column::figure("Change", figure::cost_unit(found.unit)),
            Column::figure("Change", "%"),
            Column::figure("Calls before", "").spare(),
            Column::figure("Calls after", "").spare(),
            Column::figure("n^ before", ""),
            Column::figure("n^ after", ""),
        ],
        rows: functions.iter().map(row).collect(),
        fold_after: (detail != Detail::All).then_some(FOLD),
        of: "function",
    };
    Section::chapter(title, vec![Block::Table(table)])
}

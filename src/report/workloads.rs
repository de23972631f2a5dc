//! Several workloads side by side: a sentence and a row for each, with its culprits and the whole.

use crate::analysis::document::Verdict;
use crate::analysis::workloads::CulpritGrowth;
use crate::analysis::workloads::Steepness;
use crate::analysis::workloads::WorkloadGrowth;
use crate::analysis::workloads::Workloads;
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

/// Rows shown at a terminal.
const FOLD: usize = 40;
/// Culprits of one workload in the table, unless everything is shown.
const MOST_CULPRITS: usize = 3;

/// A sentence for each workload, then one table of all.
pub fn outline(found: &Workloads, detail: Detail) -> Outline {
    let mut sections =
        vec![Section::chapter("Side by side", vec![Block::Table(table(found, detail))])];
    if !found.skipped.is_empty() {
        let skipped = found.skipped.iter().map(|skipped| {
            Prose::name(&skipped.name)
                .then(": ")
                .then_prose(Prose::from_marked(&skipped.reason).as_sentence())
        });
        sections.push(Section::chapter("Not judged", vec![Block::List(skipped.collect())]));
    }
    Outline {
        title: "Which workload grows how".into(),
        summary: found.workloads.iter().map(sentence).collect(),
        sections,
    }
}

/// `` `slow`: `concat` (a.py:3) is quadratic, n^2.00 [1.98, 2.02] by self time; the program as a whole
/// n^1.90 [1.52, 2.18] from 7 to 304 days. ``
fn sentence(workload: &WorkloadGrowth) -> Prose {
    let named = Prose::name(&workload.name).then(": ");
    let culprit = workload.culprits.first().filter(|culprit| {
        matches!(culprit.growth.verdict, Verdict::Superlinear | Verdict::Suspected)
    });
    let prose = match culprit {
        None => named.then("nothing that grows too fast"),
        Some(culprit) => {
            let prose = named.then_name(&culprit.name);
            let prose = match place(&culprit.file, culprit.line) {
                place if place.is_empty() => prose,
                place => prose.then(" (").then_place(&place).then(")"),
            };
            let is = match culprit.growth.verdict {
                Verdict::Superlinear => "is",
                _ => "is suspected to be",
            };
            prose.then(&format!(
                " {is} {}{} by {}",
                word(&culprit.growth),
                power(&culprit.growth).map(|power| format!(", {power}")).unwrap_or_default(),
                figure::metric(culprit.metric, workload.unit),
            ))
        }
    };
    let others = match workload.culprits.len() {
        0 | 1 => String::new(),
        count => format!(", and {}", figure::number_of(count - 1, "more culprit")),
    };
    let whole = power(&workload.program)
        .map(|power| format!("; the program as a whole {power}{}", sizes(workload)));
    prose.then(&others).then(&whole.unwrap_or_else(|| sizes(workload))).then(".")
}

/// ` from 7 to 304 days`.
fn sizes(workload: &WorkloadGrowth) -> String {
    match (workload.smallest_size, workload.largest_size) {
        (Some(smallest), Some(largest)) => format!(
            " from {} to {}",
            figure::count(Some(smallest)),
            figure::size(largest, &workload.size_unit).trim_start_matches("size ")
        ),
        _ => String::new(),
    }
}

fn power(growth: &Steepness) -> Option<String> {
    figure::power(growth.exponent, growth.low, growth.high)
}

fn table(found: &Workloads, detail: Detail) -> Table {
    let most = if detail == Detail::All { usize::MAX } else { MOST_CULPRITS };
    Table {
        columns: vec![
            Column::name("Workload"),
            Column::name("Culprit"),
            Column::name("Where").spare(),
            Column::figure("n^", ""),
            Column::word("95 % interval"),
            Column::word("Verdict"),
            Column::figure("Cost", ""),
            Column::figure("Share", "%"),
            Column::figure("Whole n^", ""),
            Column::word("95 % interval"),
            Column::figure("Time", ""),
        ],
        rows: found.workloads.iter().flat_map(|workload| rows(workload, most)).collect(),
        fold_after: (detail != Detail::All).then_some(FOLD),
        of: "row",
    }
}

/// The first row has the whole as well.
fn rows(workload: &WorkloadGrowth, most: usize) -> Vec<Vec<Cell>> {
    let whole = |place: usize| match place {
        0 => vec![
            Cell::plain(&figure::exponent(workload.program.exponent)),
            interval(&workload.program),
            Cell::plain(&figure::cost(CostUnit::WallSeconds, workload.wall_seconds)),
        ],
        _ => vec![Cell::plain(""); 3],
    };
    let culprits: Vec<Option<&CulpritGrowth>> = match workload.culprits.as_slice() {
        [] => vec![None],
        culprits => culprits.iter().take(most).map(Some).collect(),
    };
    let row = |(place, culprit): (usize, Option<&CulpritGrowth>)| {
        let mut cells = vec![Cell::name(&workload.name)];
        cells.extend(culprit.map_or_else(nothing, |culprit| cells_of(workload, culprit)));
        cells.extend(whole(place));
        cells
    };
    culprits.into_iter().enumerate().map(row).collect()
}

fn nothing() -> Vec<Cell> {
    vec![Cell::plain(figure::UNKNOWN); 7]
}

fn cells_of(workload: &WorkloadGrowth, culprit: &CulpritGrowth) -> Vec<Cell> {
    let steep = word(&culprit.growth);
    vec![
        Cell::name(&culprit.name),
        Cell::place(&place(&culprit.file, culprit.line)),
        Cell::plain(&figure::exponent(culprit.growth.exponent)),
        interval(&culprit.growth),
        match culprit.growth.verdict {
            Verdict::Superlinear => Cell::new(steep, Kind::Alarm),
            Verdict::Suspected => Cell::new(&format!("suspected {steep}"), Kind::Caution),
            Verdict::CannotTell => Cell::new("cannot tell", Kind::Caution),
            Verdict::NotSuperlinear => Cell::plain(steep),
        },
        Cell::plain(&cost(workload.unit, culprit.cost)),
        Cell::plain(&figure::percent(culprit.share_percent)),
    ]
}

/// With its unit, because workloads may have different ones.
fn cost(unit: CostUnit, cost: Option<f64>) -> String {
    cost.map_or_else(|| figure::UNKNOWN.into(), |cost| figure::cost_in_words(unit, cost))
}

fn interval(growth: &Steepness) -> Cell {
    let interval = figure::interval(growth.low, growth.high);
    Cell::plain(interval.as_deref().unwrap_or(figure::UNKNOWN))
}

fn word(growth: &Steepness) -> &str {
    growth.band.as_deref().unwrap_or("superlinear")
}

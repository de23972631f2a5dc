//! Chosen runs side by side: every log ratio between two of them, then the values that they are of.

use crate::analysis::document::MetricName;
use crate::analysis::document::Pair;
use crate::analysis::pair::ComparedFunction;
use crate::analysis::pair::ComparedMetric;
use crate::analysis::pair::ComparedRun;
use crate::analysis::pair::Comparison;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::prose::listed;
use crate::report::record::RunRecord;
use crate::report::runs;
use crate::report::style::Detail;
use crate::units::Seconds;

/// Functions shown at a terminal.
const FOLD: usize = 30;
const METRICS: [MetricName; 4] =
    [MetricName::Tsub, MetricName::Ncall, MetricName::Ttot, MetricName::Tavg];

/// Log ratios first, then calls and costs, then the runs.
pub fn outline(compared: &Comparison, records: &[RunRecord], detail: Detail) -> Outline {
    let mut sections = ratios(compared);
    sections.extend(runs::warnings(&[], records));
    if detail != Detail::Brief {
        sections.extend(METRICS.map(|metric| values(compared, metric)));
        sections.extend(runs::section(records));
    }
    Outline { title: "Runs side by side".into(), summary: summary(compared), sections }
}

/// What the program as a whole took.
fn summary(compared: &Comparison) -> Vec<Prose> {
    let runs = compared.runs.iter().map(|run| {
        let size = figure::size(run.size, &compared.size_unit);
        let name = Prose::name(&run.id).then(" (").then_prose(Prose::from_marked(&size));
        match run.wall_seconds {
            Some(wall) => name.then(&format!(") took {}", Seconds(wall))),
            None => name.then(") has no wall time"),
        }
    });
    let took = listed(runs.collect()).as_sentence();
    let note = "A log ratio of 1 is linear growth, 2 quadratic. It is no verdict: two runs cannot \
                tell growth from fixed cost and noise.";
    vec![took, Prose::words(note)]
}

/// A chapter with one part for every two runs.
fn ratios(compared: &Comparison) -> Vec<Section> {
    let mut sections = vec![Section::chapter("Log ratios", Vec::new())];
    for (index, from) in compared.runs.iter().enumerate() {
        let larger = compared.runs.iter().skip(index + 1);
        sections.extend(larger.map(|to| ratio_part(compared, from, to)));
    }
    sections
}

fn ratio_part(compared: &Comparison, from: &ComparedRun, to: &ComparedRun) -> Section {
    let ratio = |metric: &ComparedMetric| {
        let of = |pair: &&Pair| pair.from == from.id && pair.to == to.id;
        let pair = metric.pairs.iter().find(of);
        Cell::plain(&figure::exponent(pair.map(|pair| pair.exponent)))
    };
    let row = |function: &ComparedFunction| {
        let head = [Cell::name(&function.name), Cell::place(&place(&function.file, function.line))];
        let ratios = METRICS.map(|metric| ratio(metric_of(function, metric)));
        let share = Cell::plain(&figure::percent(function.share_percent));
        head.into_iter().chain(ratios).chain([share]).collect()
    };
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Self", ""),
            Column::figure("Calls", ""),
            Column::figure("Total", ""),
            Column::figure("Per call", ""),
            Column::figure("Share", "%"),
        ],
        rows: compared.functions.iter().map(row).collect(),
        fold_after: Some(FOLD),
        of: "function",
    };
    let wall =
        compared.wall.iter().find(|pair| pair.from == from.id && pair.to == to.id).map(|pair| {
            let ratio = figure::exponent(Some(pair.exponent));
            let text = format!("The wall time of the program as a whole: {ratio}.");
            Block::Paragraph(Prose::words(&text))
        });
    let blocks = wall.into_iter().chain([Block::Table(table)]).collect();
    let title = Prose::words("From ").then_name(&from.id).then(" to ").then_name(&to.id);
    Section::part(title, blocks)
}

/// One metric of every function in every run.
fn values(compared: &Comparison, metric: MetricName) -> Section {
    let shown = |value: &Option<f64>| {
        Cell::plain(&match metric {
            MetricName::Ncall => figure::count(*value),
            _ => figure::cost(compared.unit, *value),
        })
    };
    let row = |function: &ComparedFunction| {
        let head = [Cell::name(&function.name), Cell::place(&place(&function.file, function.line))];
        let values = metric_of(function, metric).values.iter().map(shown);
        head.into_iter().chain(values).collect()
    };
    let head = [Column::name("Function"), Column::name("Where")];
    let sizes = compared
        .runs
        .iter()
        .map(|run| Column::figure(&format!("At {}", figure::count(Some(run.size))), ""));
    let table = Table {
        columns: head.into_iter().chain(sizes).collect(),
        rows: compared.functions.iter().map(row).collect(),
        fold_after: Some(FOLD),
        of: "function",
    };
    let title = Prose::words(&figure::metric(metric, compared.unit)).capitalised();
    Section::chapter(&title.plain(), vec![Block::Table(table)])
}

fn metric_of(function: &ComparedFunction, metric: MetricName) -> &ComparedMetric {
    match metric {
        MetricName::Ncall => &function.ncall,
        MetricName::Ttot => &function.ttot,
        MetricName::Tavg => &function.tavg,
        MetricName::Tsub | MetricName::Wall => &function.tsub,
    }
}

//! The worst offenders: a table of all culprits, then one part for each with the functions that
//! make the extra work and those that bear it.

use crate::analysis::document::AmplifiedFigures;
use crate::analysis::document::Culprit;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::MetricName;
use crate::analysis::document::OriginFigures;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::place::place;
use crate::report::plot::Plot;
use crate::report::prose::Prose;
use crate::report::scaling::sentence;

/// Culprits that get a part of their own; the others are in the table.
const MOST_PARTS: usize = 20;
/// Amplified functions shown at a terminal.
const FOLD_AMPLIFIED: usize = 10;
/// Culprits shown at a terminal.
const FOLD_CULPRITS: usize = 20;
/// Relative amounts below which noise and fixed cost are not worth a word.
const NEGLIGIBLE: f64 = 0.005;

/// The table of all culprits; `None` when there are none.
pub fn table(doc: &Phase1) -> Option<Section> {
    if doc.culprits.is_empty() {
        return None;
    }
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where to look"),
            Column::figure("Exponent", ""),
            Column::word("95 % interval"),
            Column::word("Verdict"),
            Column::figure("Calls", ""),
            Column::figure("Cost", figure::cost_unit(doc.unit)),
            Column::figure("Share", "%"),
        ],
        rows: doc.culprits.iter().map(|culprit| row(doc, culprit)).collect(),
        fold_after: Some(FOLD_CULPRITS),
        of: "culprit",
    };
    Some(Section::chapter("Worst offenders", vec![Block::Table(table)]).about(Topic::Culprits))
}

/// One part per culprit.
pub fn parts(doc: &Phase1) -> impl Iterator<Item = Section> {
    doc.culprits.iter().take(MOST_PARTS).map(|culprit| {
        let title = Prose::name(&culprit.name);
        Section::part(title, blocks(doc, culprit)).about(Topic::Culprits)
    })
}

fn row(doc: &Phase1, culprit: &Culprit) -> Vec<Cell> {
    let calls = function_of(doc, culprit)
        .and_then(|function| function.metrics.ncall.as_ref())
        .and_then(|calls| doc.at_largest(calls));
    let interval = figure::interval(culprit.low, culprit.high);
    vec![
        Cell::name(&culprit.name),
        Cell::place(&place(&culprit.file, culprit.line)),
        Cell::plain(&figure::exponent(culprit.exponent)),
        Cell::plain(interval.as_deref().unwrap_or(figure::UNKNOWN)),
        verdict(culprit),
        Cell::plain(&figure::count(calls)),
        Cell::plain(&figure::cost(doc.unit, culprit.cost)),
        Cell::plain(&figure::percent(culprit.share_percent)),
    ]
}

fn verdict(culprit: &Culprit) -> Cell {
    let steep = sentence::steepness(culprit);
    match culprit.verdict {
        Verdict::Superlinear => Cell::new(steep, Kind::Alarm),
        Verdict::Suspected => Cell::new(&format!("suspected {steep}"), Kind::Caution),
        Verdict::CannotTell => Cell::new("cannot tell", Kind::Caution),
        Verdict::NotSuperlinear => Cell::plain(steep),
    }
}

fn blocks(doc: &Phase1, culprit: &Culprit) -> Vec<Block> {
    let mut blocks = blocks_without_plot(doc, culprit);
    let after_facts = usize::from(matches!(blocks.first(), Some(Block::List(_))));
    if let Some(plot) = plot(doc, culprit) {
        blocks.insert(after_facts, Block::Plot(plot));
    }
    blocks
}

/// What is known of a culprit beyond its place in the table.
pub fn blocks_without_plot(doc: &Phase1, culprit: &Culprit) -> Vec<Block> {
    let facts = facts(doc, culprit);
    let origins = (!culprit.origins.is_empty()).then(|| origins(&culprit.origins, doc));
    let amplified = (!culprit.amplified.is_empty()).then(|| amplified(&culprit.amplified));
    [
        (!facts.is_empty()).then_some(Block::List(facts)),
        origins.map(Block::Table),
        amplified.map(Block::Table),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Its values over the sizes, and the curve through them.
pub fn plot(doc: &Phase1, culprit: &Culprit) -> Option<Plot> {
    let points = |values: &[Option<f64>]| -> Vec<(f64, f64)> {
        let sized = doc.runs.iter().zip(values);
        sized.filter_map(|(run, value)| Some((run.size, (*value)?))).collect()
    };
    let growth = &culprit.growth;
    let value = |value: f64| match culprit.metric {
        MetricName::Ncall => figure::count(Some(value)),
        _ => figure::cost(doc.unit, Some(value)),
    };
    let size = |size: f64| match doc.size_unit.as_str() {
        "days" => figure::size(size, "days"),
        _ => figure::count(Some(size)),
    };
    Plot::new(&points(&growth.values), &points(&growth.fitted), value, size)
}

/// What is known of it beyond the table, one item each.
fn facts(doc: &Phase1, culprit: &Culprit) -> Vec<Prose> {
    let growth = &culprit.growth;
    let item = |label: &str, text: &str| {
        Prose::words(&format!("{label}: ")).then_prose(Prose::from_marked(text))
    };
    let why = Some(culprit.why.as_str()).filter(|why| !why.is_empty());
    // Of a function that makes the extra work itself, the first item has said it.
    let decomposition = function_of(doc, culprit)
        .and_then(|function| function.decomposition.as_deref())
        .filter(|_| why.is_none() || !makes_it_itself(culprit));
    let label = match makes_it_itself(culprit) {
        true => "Calls and cost per call",
        false => "Calls and cost per call of the function with all that it calls",
    };
    let classes = (!growth.class_set.is_empty()).then(|| growth.class_set.join(", "));
    let worth_a_word = |value: &f64| value.is_finite() && *value >= NEGLIGIBLE;
    let fixed = growth.fixed_share.filter(worth_a_word).map(figure::relative);
    let noise = growth.noise.filter(worth_a_word).map(figure::relative);
    [
        why.map(|why| item("Why", why)),
        decomposition.map(|text| item(label, text)),
        culprit.saved_if_linear.zip(doc.projection.as_ref()).map(|(saved, projection)| {
            let size = figure::size(projection.size, &doc.size_unit);
            item("Saved if linear", &format!("{} at {size}", figure::cost(doc.unit, Some(saved))))
        }),
        classes.map(|classes| item("Most probable classes", &classes)),
        fixed.map(|fixed| item("Does not grow", &format!("{fixed} of the smallest run's value"))),
        noise.map(|noise| item("Scatter about the curve", &noise)),
        growth.note.as_deref().map(|note| item("Note", note)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn origins(origins: &[OriginFigures], doc: &Phase1) -> Table {
    let row = |origin: &OriginFigures| {
        let sure = origin.p_superlinear.and_then(figure::certainty);
        let by = match &origin.callee {
            Some(callee) => format!("calls to {callee}"),
            None => figure::metric(origin.metric, doc.unit),
        };
        let kind = if origin.callee.is_some() { Kind::Name } else { Kind::Plain };
        vec![
            Cell::name(&origin.name),
            Cell::place(&place(&origin.file, origin.line)),
            Cell::new(&by, kind),
            Cell::plain(&figure::exponent(origin.exponent)),
            Cell::plain(sure.as_deref().unwrap_or(figure::UNKNOWN)),
            Cell::plain(&figure::percent(origin.share_percent)),
        ]
    };
    Table {
        columns: vec![
            Column::name("Makes the extra work"),
            Column::name("Where"),
            Column::name("Grows by"),
            Column::figure("Exponent", ""),
            Column::figure("Sure", "").spare(),
            Column::figure("Share", "%"),
        ],
        rows: origins.iter().map(row).collect(),
        fold_after: Some(FOLD_AMPLIFIED),
        of: "origin",
    }
}

fn amplified(amplified: &[AmplifiedFigures]) -> Table {
    let row = |function: &AmplifiedFigures| {
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            Cell::plain(&figure::exponent(function.exponent)),
            Cell::plain(&figure::percent(function.share_percent)),
        ]
    };
    Table {
        columns: vec![
            Column::name("Is called too often"),
            Column::name("Where"),
            Column::figure("Exponent of calls", ""),
            Column::figure("Share", "%"),
        ],
        rows: amplified.iter().map(row).collect(),
        fold_after: Some(FOLD_AMPLIFIED),
        of: "function",
    }
}

fn makes_it_itself(culprit: &Culprit) -> bool {
    culprit.origins.first().is_some_and(|origin| sentence::is_itself(culprit, origin))
}

fn function_of<'a>(doc: &'a Phase1, culprit: &Culprit) -> Option<&'a FunctionGrowth> {
    doc.functions.iter().find(|function| {
        function.name == culprit.name
            && function.file == culprit.file
            && function.line == culprit.line
    })
}

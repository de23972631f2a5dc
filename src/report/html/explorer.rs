//! All functions, to be searched, sorted, filtered and unfolded: the first rows as they stand, and
//! all of them as data for the page's script.

use serde::Serialize;

use crate::analysis::category;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::analysis::run_figures;
use crate::error::Result;
use crate::profile::FunctionKey;
use crate::report::figure;
use crate::report::html::Chapter;
use crate::report::html::block;
use crate::report::html::embed;
use crate::report::html::embed::rounded;
use crate::report::name;
use crate::report::outline::Block;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::scaling::function;

/// Columns of a name, of a place and of a note.
const LONGEST_NAME: usize = 160;
const LONGEST_NOTE: usize = 400;
/// Rows that are there without a script.
const STILL_ROWS: usize = 40;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    /// What costs are counted in; times are in seconds.
    unit: &'static str,
    is_time: bool,
    cost_word: &'static str,
    size_unit: String,
    runs: Vec<String>,
    /// Position of the run that the table shows.
    largest: Option<usize>,
    sizes: Vec<f64>,
    modules: Vec<String>,
    functions: Vec<Row>,
}

/// Short names, since there may be ten thousand.
#[derive(Serialize)]
struct Row {
    /// Name.
    n: String,
    /// Place.
    p: String,
    /// Position of the module.
    m: usize,
    /// Position of the verdict: superlinear, suspected, cannot tell, not superlinear, fixed.
    v: u8,
    /// The verdict in a word.
    w: String,
    /// Which of its growths, `a` or `b`, the verdict is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    g: Option<&'static str>,
    /// Share and cumulative share in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<f64>,
    /// Growth of self cost, of calls, of cumulative cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<Series>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<Series>,
    #[serde(skip_serializing_if = "Option::is_none")]
    t: Option<Series>,
    /// How calls and cost per call make up the growth.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<String>,
}

#[derive(Serialize)]
struct Series {
    /// Exponent and the ends of its interval.
    e: [Option<f64>; 3],
    /// Probability of more than n log n, share that does not grow, noise.
    f: [Option<f64>; 3],
    /// Classes considered.
    k: String,
    /// Position of the verdict.
    v: u8,
    /// As measured, one per run.
    y: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    o: Option<String>,
}

const FIXED: u8 = 4;

/// The chapter; `None` without functions.
///
/// # Errors
/// A bug.
pub fn chapter(doc: &Phase1) -> Result<Option<Chapter>> {
    let Some(section) = function::table(doc) else { return Ok(None) };
    let data = embed::json("functions-data", &data(doc))?;
    let legend = block::prose(&Prose::words(&function::legend(doc)));
    let body = format!(
        "<p>{legend} Unfold a row to see its points and what else was considered.</p>\n\
         <div id=\"explorer\">{}</div>\n{data}",
        still(&section)
    );
    Ok(Some(Chapter { title: section.title.plain(), body }))
}

/// The first rows, for a page without scripts and until they run.
fn still(section: &Section) -> String {
    let found = section.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let Some(table) = found else { return String::new() };
    let first = table.rows.iter().take(STILL_ROWS).cloned().collect();
    let columns = table.columns.clone();
    block::table(&Table { columns, rows: first, ..table.clone() })
}

fn data(doc: &Phase1) -> Data {
    let mut modules: Vec<String> = Vec::new();
    let functions = function::ordered(doc)
        .into_iter()
        .map(|function| {
            let module = module(function);
            let known = modules.iter().position(|known| *known == module);
            let module = known.unwrap_or_else(|| {
                modules.push(module);
                modules.len() - 1
            });
            row(function, module)
        })
        .collect();
    Data {
        unit: figure::cost_unit(doc.unit),
        is_time: doc.unit.is_time(),
        cost_word: figure::cost_word(doc.unit),
        size_unit: name::shorten(&doc.size_unit.replace('`', ""), LONGEST_NAME),
        runs: doc.runs.iter().map(|run| name::shorten(&figure::run(run), LONGEST_NAME)).collect(),
        largest: run_figures::largest(&doc.runs),
        sizes: doc.runs.iter().map(|run| rounded(run.size).unwrap_or_default()).collect(),
        functions,
        modules,
    }
}

fn module(function: &FunctionGrowth) -> String {
    let FunctionGrowth { name, file, line, .. } = function;
    let key = FunctionKey { name: name.clone(), file: file.clone(), line: *line };
    let module = name::shorten(category::module(&key), LONGEST_NAME);
    if module.trim().is_empty() { figure::UNKNOWN.into() } else { module }
}

fn row(function: &FunctionGrowth, module: usize) -> Row {
    let percent = |share: Option<rust_decimal::Decimal>| share?.try_into().ok();
    let metrics = &function.metrics;
    let judged = function.judged().filter(|_| !function.fixed);
    let verdict = judged.map(|(_, growth)| growth.verdict).unwrap_or_default();
    let shown = name::shorten(&function.name, LONGEST_NAME);
    Row {
        n: if shown.trim().is_empty() { "(no name)".into() } else { shown },
        p: name::shorten_start(&place(&function.file, function.line), LONGEST_NAME),
        m: module,
        v: if function.fixed { FIXED } else { verdict.rank() },
        w: function::verdict(function).text,
        g: judged.map(|(metric, _)| if metric == MetricName::Ncall { "b" } else { "a" }),
        s: percent(function.share_percent),
        c: percent(function.cumulative_percent),
        a: metrics.tsub.as_ref().map(series),
        b: metrics.ncall.as_ref().map(series),
        t: metrics.ttot.as_ref().map(series),
        d: function.decomposition.as_deref().map(|words| name::shorten(words, LONGEST_NOTE)),
    }
}

fn series(growth: &Growth) -> Series {
    let short = |value: Option<f64>| value.and_then(rounded);
    let verdict: Verdict = growth.verdict;
    Series {
        e: [growth.exponent, growth.low, growth.high].map(short),
        f: [growth.p_superlinear, growth.fixed_share, growth.noise].map(short),
        k: name::shorten(&growth.class_set.join(", "), LONGEST_NOTE),
        v: verdict.rank(),
        y: growth.values.iter().map(|value| short(*value)).collect(),
        o: growth.note.as_deref().map(|note| name::shorten(note, LONGEST_NOTE)),
    }
}

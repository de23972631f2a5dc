//! Every function's growth in all four metrics, the costliest functions first.

use std::cmp::Ordering;

use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::analysis::culprit::words;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::Metrics;
use crate::analysis::document::Skipped;
use crate::analysis::document::WaitingFunction;
use crate::analysis::growth::Fit;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::input::Settings;
use crate::analysis::share;
use crate::analysis::survey::Survey;

/// Calls below which a function may be start-up.
const FEW_CALLS: f64 = 10.0;
/// Exponent below which nothing grows.
const FLAT: f64 = 0.1;
/// Share of the busy cost in per cent below which it does not matter whether a cost grows.
const CHEAP: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// The costliest functions with all their figures, and why the others have none.
///
/// Functions that wait are left to [`waiting`]. A function whose calls grow superlinearly is always
/// among the first.
pub fn functions(survey: &Survey, settings: &Settings) -> (Vec<FunctionGrowth>, Vec<Skipped>) {
    let mut order: Vec<usize> =
        (0..survey.table.functions.len()).filter(|&function| !survey.waits[function]).collect();
    order.sort_by(|&left, &right| by_weight(survey, left, right));
    let detailed = order.len().min(settings.most_functions);
    let judged: Vec<Result<FunctionGrowth, Skipped>> = order[..detailed]
        .par_iter()
        .map(|&function| judged(survey, function, settings.leaves_out(survey.unit)))
        .collect();
    let mut functions = Vec::new();
    let mut skipped = Vec::new();
    for judged in judged {
        match judged {
            Ok(function) => functions.push(function),
            Err(reason) => skipped.push(reason),
        }
    }
    functions.sort_by_key(|function| std::cmp::Reverse(function.share_percent));
    skipped.extend(order[detailed..].iter().map(|&function| Skipped {
        name: name(survey, function),
        reason: format!(
            "not among the {detailed} costliest functions, and its calls are not superlinear"
        ),
    }));
    (functions, skipped)
}

/// Functions that wait, the longest first.
pub fn waiting(survey: &Survey) -> Vec<WaitingFunction> {
    let all = |series: &FunctionSeries| survey.busy.self_cost(series).max(0.0);
    let total: f64 = survey.table.functions.iter().map(all).sum();
    let mut waiting: Vec<(f64, WaitingFunction)> = survey
        .table
        .functions
        .iter()
        .zip(&survey.waits)
        .filter(|(_, waits)| **waits)
        .map(|(series, _)| {
            let function = WaitingFunction {
                name: series.key.name.clone(),
                file: series.key.file.clone(),
                line: series.key.line,
                share_percent: share::percent(all(series), total),
            };
            (all(series), function)
        })
        .collect();
    waiting.sort_by(|left, right| right.0.total_cmp(&left.0));
    waiting.into_iter().map(|(_, function)| function).collect()
}

/// Whether a function is start-up, for a survey that has not judged its costs.
pub fn is_start_up(survey: &Survey, function: usize) -> bool {
    let series = &survey.table.functions[function];
    let calls = survey.calls[function].as_ref();
    let is_cheap = survey.busy.share(survey.busy.cumulative_cost(series)) < Some(CHEAP);
    let cumulative =
        (is_rarely_called(series) && !is_cheap).then(|| survey.cost_growth(&series.ttot()));
    is_fixed(series, calls, cumulative.as_ref())
}

/// The place of a function in a list: `name (file:line)`.
fn name(survey: &Survey, function: usize) -> String {
    let key = &survey.table.functions[function].key;
    match key.file.as_str() {
        "" => key.name.clone(),
        file => format!("{} ({file}:{})", key.name, key.line),
    }
}

/// Superlinear calls first, then the larger of cumulative and self cost.
fn by_weight(survey: &Survey, left: usize, right: usize) -> Ordering {
    let steep = |function: usize| survey.calls[function].as_ref().is_some_and(Fit::is_steep);
    let cost = |function: usize| {
        let series = &survey.table.functions[function];
        survey.busy.cumulative_cost(series).max(survey.busy.self_cost(series))
    };
    steep(right).cmp(&steep(left)).then(cost(right).total_cmp(&cost(left))).then(left.cmp(&right))
}

fn judged(survey: &Survey, function: usize, counts_only: bool) -> Result<FunctionGrowth, Skipped> {
    let series = &survey.table.functions[function];
    let calls = survey.calls[function].clone();
    let cost = |values: &[Option<f64>]| (!counts_only).then(|| survey.cost_growth(values));
    let own = survey.self_costs[function].clone().or_else(|| cost(&series.tsub()));
    let cumulative = cost(&series.ttot());
    let each = cost(&series.tavg()).filter(|_| survey.counts_calls);
    let fits = [&calls, &own, &cumulative, &each];
    if let Some(reason) = why_skipped(&fits) {
        return Err(Skipped { name: name(survey, function), reason });
    }
    let document = |fit: &Option<Fit>, values: Vec<Option<f64>>| -> Option<Growth> {
        fit.as_ref().map(|fit| survey.judge.growth(fit, values))
    };
    let busy = &survey.busy;
    Ok(FunctionGrowth {
        name: series.key.name.clone(),
        file: series.key.file.clone(),
        line: series.key.line,
        share_percent: busy.share(busy.self_cost(series)),
        cumulative_percent: busy.share(busy.cumulative_cost(series)),
        own_code: survey.own_code[function],
        fixed: is_fixed(series, calls.as_ref(), cumulative.as_ref()),
        decomposition: decomposition(series, calls.as_ref(), each.as_ref()),
        metrics: Metrics {
            ttot: document(&cumulative, series.ttot()),
            tsub: document(&own, series.tsub()),
            ncall: document(&calls, series.ncall()),
            tavg: document(&each, series.tavg()),
        },
    })
}

/// Why no metric has an estimate, by the first of them; `None` when one has.
fn why_skipped(fits: &[&Option<Fit>]) -> Option<String> {
    let known: Vec<&Fit> = fits.iter().filter_map(|fit| fit.as_ref()).collect();
    if known.iter().any(|fit| fit.exponent().is_some()) {
        return None;
    }
    let reason = known.iter().find_map(|fit| fit.skipped());
    Some(reason.unwrap_or_else(|| "nothing was measured".into()))
}

/// Start-up: fewer than ten calls at every size, and no growth. A quadratic function called once is not.
fn is_fixed(series: &FunctionSeries, calls: Option<&Fit>, cumulative: Option<&Fit>) -> bool {
    let flat = |fit: Option<&Fit>| fit.and_then(Fit::low).is_none_or(|low| low < FLAT);
    calls.is_some() && is_rarely_called(series) && flat(calls) && flat(cumulative)
}

fn is_rarely_called(series: &FunctionSeries) -> bool {
    let calls = series.ncall();
    calls.iter().flatten().all(|calls| *calls < FEW_CALLS)
}

fn decomposition(
    series: &FunctionSeries,
    calls: Option<&Fit>,
    each: Option<&Fit>,
) -> Option<String> {
    let most_calls = series.ncall().into_iter().flatten().fold(0.0, f64::max);
    let (calls, each) = (calls?.exponent()?, each?.exponent()?);
    Some(words::decomposition(calls, each, most_calls))
}

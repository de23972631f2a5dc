//! Every function's growth in all four metrics, the costliest functions first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::analysis::culprit::why;
use crate::analysis::culprit::words;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::FunctionVerdicts;
use crate::analysis::document::Growth;
use crate::analysis::document::Metrics;
use crate::analysis::document::Skipped;
use crate::analysis::document::Verdict;
use crate::analysis::document::WaitingFunction;
use crate::analysis::growth::Fit;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::input::Settings;
use crate::analysis::share;
use crate::analysis::start_up;
use crate::analysis::survey::Survey;
use crate::units::grouped;

/// Functions that are judged in all their metrics, the costliest first; the others by calls alone.
const MOST_JUDGED: usize = 10_000;

/// The functions of a survey, by how much is told of them.
#[derive(Debug, Default)]
pub struct Judged {
    /// With all their figures, the costliest first.
    pub functions: Vec<FunctionGrowth>,
    /// With their verdicts, the costliest first.
    pub others: Vec<FunctionVerdicts>,
    /// What has neither, and why.
    pub skipped: Vec<Skipped>,
    /// How many cost even less; their calls alone were judged.
    pub rest: usize,
}

/// The costliest functions with all their figures, further ones with their verdicts.
///
/// Functions that wait are left to [`waiting`]. A function whose calls grow superlinearly is always
/// among the first.
///
/// `own`: how their self cost grows, one per function; `makers`: what is said of the functions that
/// make extra work themselves, by position.
pub fn functions(
    survey: &Survey,
    own: &[Option<Fit>],
    makers: &BTreeMap<usize, String>,
    settings: &Settings,
) -> Judged {
    let order = by_importance(survey);
    let detailed = order.len().min(settings.most_functions);
    let judged: Vec<Result<FunctionGrowth, Skipped>> = order[..detailed]
        .par_iter()
        .map(|&function| {
            let words = makers.get(&function).cloned();
            judged(survey, function, &own[function], words, settings.leaves_out(survey.unit))
        })
        .collect();
    let mut found = Judged::default();
    for judged in judged {
        match judged {
            Ok(function) => found.functions.push(function),
            Err(reason) => found.skipped.push(reason),
        }
    }
    found.functions.sort_by_key(|function| std::cmp::Reverse(function.share_percent));
    let (others, rest) = order[detailed..]
        .split_at(MOST_JUDGED.saturating_sub(detailed).min(order.len() - detailed));
    found.others = others
        .par_iter()
        .map(|&function| verdicts(survey, function, settings.leaves_out(survey.unit)))
        .collect();
    found.rest = rest.len();
    found
}

impl Judged {
    /// What is to be said of the functions without figures, one sentence each.
    pub fn in_brief(&self) -> Vec<String> {
        let worst = |one: &FunctionVerdicts| {
            let known = [one.ttot, one.tsub, one.ncall, one.tavg].into_iter().flatten();
            known.min_by_key(|verdict| verdict.rank()).unwrap_or_default()
        };
        let mut counts = [0_u64; 4];
        self.others.iter().for_each(|one| counts[usize::from(worst(one).rank())] += 1);
        let words: Vec<String> = [
            Verdict::Superlinear,
            Verdict::Suspected,
            Verdict::CannotTell,
            Verdict::NotSuperlinear,
        ]
        .into_iter()
        .filter(|verdict| counts[usize::from(verdict.rank())] > 0)
        .map(|verdict| format!("{} {verdict}", grouped(counts[usize::from(verdict.rank())])))
        .collect();
        let others = (!self.others.is_empty()).then(|| {
            format!(
                "{} functions that cost less than those listed are judged by their verdicts alone; \
                 by the worst of their metrics: {}",
                grouped(self.others.len() as u64),
                words.join(", ")
            )
        });
        let rest = (self.rest > 0).then(|| {
            format!(
                "{} further functions cost less still, and only their calls are judged",
                grouped(self.rest as u64)
            )
        });
        others.into_iter().chain(rest).collect()
    }
}

/// Functions that work: those that are called superlinearly often, then the costliest.
pub fn by_importance(survey: &Survey) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..survey.table.functions.len()).filter(|&function| !survey.waits[function]).collect();
    order.sort_by(|&left, &right| by_weight(survey, left, right));
    order
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

/// A function in a list: `name (file:line)`.
fn name(survey: &Survey, function: usize) -> String {
    let key = &survey.table.functions[function].key;
    format!("{}{}", key.name, why::place(&key.file, key.line))
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

fn judged(
    survey: &Survey,
    function: usize,
    own: &Option<Fit>,
    words: Option<String>,
    counts_only: bool,
) -> Result<FunctionGrowth, Skipped> {
    let series = &survey.table.functions[function];
    let calls = survey.calls[function].clone();
    let cost = |values: &[Option<f64>]| (!counts_only).then(|| survey.cost_growth(values));
    let cumulative = cost(&series.ttot());
    let each = cost(&series.tavg()).filter(|_| survey.counts_calls);
    let fits = [&calls, own, &cumulative, &each];
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
        fixed: start_up::is_start_up_by(survey, function, cumulative.as_ref()),
        decomposition: words.or_else(|| decomposition(series, calls.as_ref(), cumulative.as_ref())),
        metrics: Metrics {
            ttot: document(&cumulative, series.ttot()),
            tsub: document(own, series.tsub()),
            ncall: document(&calls, series.ncall()),
            tavg: document(&each, series.tavg()),
        },
    })
}

fn verdicts(survey: &Survey, function: usize, counts_only: bool) -> FunctionVerdicts {
    let series = &survey.table.functions[function];
    let (ttot, tsub, tavg) = (series.ttot(), series.tsub(), series.tavg());
    let cost = |values: &[Option<f64>]| (!counts_only).then(|| survey.cost_verdict(values));
    let cumulative = cost(&ttot);
    // Equal values have equal verdicts: a function without callees spends all of its time itself,
    // and one that is called once spends it in that call.
    let as_cumulative = |values: &[Option<f64>]| match values == ttot {
        true => cumulative,
        false => cost(values),
    };
    FunctionVerdicts {
        name: series.key.name.clone(),
        file: series.key.file.clone(),
        line: series.key.line,
        share_percent: survey.busy.share(survey.busy.self_cost(series)),
        ttot: cumulative,
        tsub: survey.self_costs[function]
            .as_ref()
            .map(|fit| fit.verdict)
            .or_else(|| as_cumulative(&tsub)),
        ncall: survey.calls[function].as_ref().map(|fit| fit.verdict),
        tavg: as_cumulative(&tavg).filter(|_| survey.counts_calls),
    }
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

fn decomposition(
    series: &FunctionSeries,
    calls: Option<&Fit>,
    cumulative: Option<&Fit>,
) -> Option<String> {
    let most_calls = series.ncall().into_iter().flatten().fold(0.0, f64::max);
    let (calls, total) = (calls?.exponent()?, cumulative?.exponent()?);
    Some(words::decomposition(calls, total, most_calls))
}

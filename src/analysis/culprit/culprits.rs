//! The places to fix, in order of importance, as the document shows them.

use crate::analysis::culprit::blame;
use crate::analysis::culprit::blame::Blame;
use crate::analysis::culprit::origin;
use crate::analysis::culprit::origin::Origin;
use crate::analysis::culprit::origin::Work;
use crate::analysis::culprit::why;
use crate::analysis::document::AmplifiedFigures;
use crate::analysis::document::Culprit;
use crate::analysis::document::MetricName;
use crate::analysis::document::OriginFigures;
use crate::analysis::growth::Fit;
use crate::analysis::identity::EdgeSeries;
use crate::analysis::projection;
use crate::analysis::survey::Survey;
use crate::profile::FunctionKey;

/// How many amplified functions are listed with a culprit.
const MOST_AMPLIFIED: usize = 20;

/// Who is to blame for what, in a survey.
pub fn blames(survey: &Survey) -> Vec<Blame> {
    let blames = blame::blame(survey, origin::origins(survey));
    match survey.table.edges.is_empty() {
        true => folded_without_edges(survey, blames),
        false => blames,
    }
}

/// All culprits of a survey, the most important first: firm before suspected, then by what their
/// origins cost at the target size, or now where none is given.
pub fn culprits(survey: &Survey, blames: &[Blame], target_size: Option<f64>) -> Vec<Culprit> {
    let weighed = |blame: &Blame| {
        Some((extra_cost(survey, blame, target_size), culprit(survey, blame, target_size)?))
    };
    let mut culprits: Vec<(f64, Culprit)> = blames.iter().filter_map(weighed).collect();
    culprits.sort_by(|(cost, left), (other_cost, right)| {
        left.verdict.rank().cmp(&right.verdict.rank()).then(other_cost.total_cmp(cost))
    });
    culprits.into_iter().map(|(_, culprit)| culprit).collect()
}

/// How many of the culprits are to be expected to be none: the sum of `1 − p`.
pub fn expected_false_flags(culprits: &[Culprit]) -> f64 {
    culprits.iter().map(|culprit| 1.0 - culprit.p_superlinear.unwrap_or(1.0)).sum()
}

/// Without edges nobody can be seen to call a library's functions too often: those are put under
/// the costliest culprit in the user's own code, or under the costliest of them.
fn folded_without_edges(survey: &Survey, blames: Vec<Blame>) -> Vec<Blame> {
    let is_amplified = |blame: &Blame| {
        !survey.own_code[blame.frame] && blame.origins.iter().all(|o| o.work == Work::Called)
    };
    let cost = |blame: &Blame| blame.origins.first().map_or(0.0, |origin| origin.cost);
    let (mut helpers, mut heads): (Vec<Blame>, Vec<Blame>) =
        blames.into_iter().partition(is_amplified);
    helpers.sort_by(|left, right| cost(right).total_cmp(&cost(left)));
    heads.sort_by(|left, right| cost(right).total_cmp(&cost(left)));
    if heads.is_empty() && !helpers.is_empty() {
        heads.push(helpers.remove(0));
    }
    if let Some(head) = heads.first_mut() {
        head.amplified.extend(helpers.iter().map(|helper| helper.frame));
    }
    heads
}

fn culprit(survey: &Survey, blame: &Blame, target_size: Option<f64>) -> Option<Culprit> {
    let leading = blame.origins.first()?;
    let series = &survey.table.functions[blame.frame];
    let FunctionKey { name, file, line } = series.key.clone();
    let growth = survey.judge.growth_with_curve(&leading.fit, values(survey, leading), target_size);
    let cost = cost(survey, blame);
    Some(Culprit {
        name,
        file,
        line,
        metric: metric(leading),
        exponent: growth.exponent,
        low: growth.low,
        high: growth.high,
        class: growth.class.clone(),
        p_superlinear: growth.p_superlinear,
        verdict: leading.fit.verdict,
        band: growth.band.clone(),
        share_percent: survey.busy.share(cost),
        cost: Some(cost).filter(|cost| cost.is_finite()),
        cost_at_target: target_size
            .and_then(|size| projection::cumulative_at(survey, series, size)),
        why: why::why(survey, blame, leading),
        origins: blame.origins.iter().map(|o| origin_figures(survey, o)).collect(),
        amplified: blame
            .amplified
            .iter()
            .take(MOST_AMPLIFIED)
            .map(|&function| amplified_figures(survey, function))
            .collect(),
        growth,
    })
}

/// What the origins of a blame cost together; an inner one is part of an outer one, so never more
/// than the frame.
pub fn cost(survey: &Survey, blame: &Blame) -> f64 {
    let origins: f64 = blame.origins.iter().map(|origin| origin.cost).sum();
    let frame = survey.busy.cumulative_cost(&survey.table.functions[blame.frame]);
    if frame > 0.0 { origins.min(frame) } else { origins }
}

/// What the origins cost together at the target size, by their own curves.
fn extra_cost(survey: &Survey, blame: &Blame, target_size: Option<f64>) -> f64 {
    let grown =
        |origin: &Origin| origin.cost * growth_to(survey, origin, target_size).unwrap_or(1.0);
    let now: f64 = blame.origins.iter().map(|origin| origin.cost).sum();
    let at_target: f64 = blame.origins.iter().map(grown).sum();
    let cost = cost(survey, blame) * at_target / now;
    if cost.is_finite() { cost } else { 0.0 }
}

/// By how much an origin's cost grows from the largest size to the target.
fn growth_to(survey: &Survey, origin: &Origin, target_size: Option<f64>) -> Option<f64> {
    let largest = survey.judge.sizes().get(survey.busy.largest?).copied()?;
    let ratio = origin.fit.at(target_size?)? / origin.fit.at(largest)?;
    ratio.is_finite().then_some(ratio)
}

/// The series that an origin's growth was read from, as measured.
fn values(survey: &Survey, origin: &Origin) -> Vec<Option<f64>> {
    let series = &survey.table.functions[origin.function];
    match origin.work {
        Work::Itself => series.tsub(),
        Work::Recursion | Work::Called => series.ncall(),
        Work::CallsTo(callee) => survey
            .table
            .edge(origin.function, callee)
            .map_or_else(|| vec![None; series.costs.len()], EdgeSeries::ncall),
    }
}

fn metric(origin: &Origin) -> MetricName {
    match origin.work {
        Work::Itself => MetricName::Tsub,
        Work::CallsTo(_) | Work::Recursion | Work::Called => MetricName::Ncall,
    }
}

fn origin_figures(survey: &Survey, origin: &Origin) -> OriginFigures {
    let FunctionKey { name, file, line } = survey.table.functions[origin.function].key.clone();
    let callee = match origin.work {
        Work::CallsTo(callee) => Some(survey.table.functions[callee].key.name.clone()),
        Work::Recursion => Some(name.clone()),
        Work::Itself | Work::Called => None,
    };
    OriginFigures {
        name,
        file,
        line,
        metric: metric(origin),
        callee,
        exponent: origin.fit.exponent(),
        p_superlinear: origin.fit.p_superlinear(),
        share_percent: survey.busy.share(origin.cost),
    }
}

fn amplified_figures(survey: &Survey, function: usize) -> AmplifiedFigures {
    let series = &survey.table.functions[function];
    let FunctionKey { name, file, line } = series.key.clone();
    AmplifiedFigures {
        name,
        file,
        line,
        exponent: survey.calls[function].as_ref().and_then(Fit::exponent),
        share_percent: survey.busy.share(survey.busy.self_cost(series)),
    }
}

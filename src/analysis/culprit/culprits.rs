//! The places to fix, in order of importance, as the document shows them.

use crate::analysis::culprit::blame;
use crate::analysis::culprit::blame::Blame;
use crate::analysis::culprit::origin;
use crate::analysis::culprit::origin::LEAST_EXCESS;
use crate::analysis::culprit::origin::Origin;
use crate::analysis::culprit::origin::Work;
use crate::analysis::culprit::why;
use crate::analysis::document::AmplifiedFigures;
use crate::analysis::document::Culprit;
use crate::analysis::document::MetricName;
use crate::analysis::document::OriginFigures;
use crate::analysis::forecast::Amount;
use crate::analysis::forecast::At;
use crate::analysis::growth::Fit;
use crate::analysis::identity::EdgeSeries;
use crate::analysis::share;
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
pub fn culprits(survey: &Survey, blames: &[Blame], target: Option<&At<'_>>) -> Vec<Culprit> {
    let all = blames.iter().filter_map(|blame| culprit(survey, blame, target));
    let mut culprits: Vec<Culprit> = all.collect();
    let weight = |culprit: &Culprit| culprit.cost_at_target.or(culprit.cost).unwrap_or_default();
    culprits.sort_by(|left, right| {
        let by_verdict = left.verdict.rank().cmp(&right.verdict.rank());
        by_verdict.then(weight(right).total_cmp(&weight(left)))
    });
    culprits
}

/// How many of the culprits are to be expected to be none: the sum of `1 − p`.
pub fn expected_false_flags(culprits: &[Culprit]) -> f64 {
    culprits.iter().map(|culprit| 1.0 - culprit.p_superlinear.unwrap_or(1.0)).sum()
}

/// Without edges nobody can be seen to call a library's functions too often: those that are called
/// no more often than the work of a culprit in the user's own code grows are put under the costliest
/// such culprit, the others under the costliest of them.
fn folded_without_edges(survey: &Survey, blames: Vec<Blame>) -> Vec<Blame> {
    let is_amplified = |blame: &Blame| {
        !survey.own_code[blame.frame] && blame.origins.iter().all(|o| o.work == Work::Called)
    };
    let (mut helpers, mut heads): (Vec<Blame>, Vec<Blame>) =
        blames.into_iter().partition(is_amplified);
    let costliest_first =
        |left: &Blame, right: &Blame| leading_cost(right).total_cmp(&leading_cost(left));
    helpers.sort_by(costliest_first);
    heads.sort_by(costliest_first);
    for helper in helpers {
        let explains = |head: &&mut Blame| {
            steepest(&helper) - steepest(head) < LEAST_EXCESS || is_amplified(head)
        };
        match heads.iter_mut().find(explains) {
            Some(head) => head.amplified.push(helper.frame),
            None => heads.push(helper),
        }
    }
    heads
}

fn leading_cost(blame: &Blame) -> f64 {
    blame.origins.first().map_or(0.0, |origin| origin.cost)
}

fn steepest(blame: &Blame) -> f64 {
    blame.origins.iter().filter_map(|origin| origin.fit.exponent()).fold(0.0, f64::max)
}

fn culprit(survey: &Survey, blame: &Blame, target: Option<&At<'_>>) -> Option<Culprit> {
    let leading = blame.origins.first()?;
    let series = &survey.table.functions[blame.frame];
    let FunctionKey { name, file, line } = series.key.clone();
    let size = target.map(|at| at.size);
    let growth = survey.judge.growth_with_curve(&leading.fit, values(survey, leading), size);
    let cost = cost(survey, blame);
    let foretold = target.map(|at| (at, cost_at(survey, blame, at)));
    // Times that scatter may have a curve below what was measured; of such a one nothing is told.
    let largest = survey.judge.sizes().iter().copied().fold(0.0, f64::max);
    let foretold = foretold.filter(|(at, then)| at.size < largest || then.value >= cost);
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
        cost_at_target: foretold
            .map(|(_, cost)| cost.value)
            .filter(|cost| cost.is_finite() && *cost > 0.0),
        share_at_target_percent: foretold
            .and_then(|(at, cost)| share::percent(cost.value, at.busy.value)),
        saved_if_linear: foretold.and_then(|(_, cost)| cost.saving()),
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

/// The same at the size of `at`: of the same origins, and never more than the frame.
pub fn cost_at(survey: &Survey, blame: &Blame, at: &At<'_>) -> Amount {
    let cost = |origin: &Origin| match origin.work {
        Work::Itself => at.own(origin.function),
        Work::CallsTo(callee) => at.along(origin.function, callee),
        Work::Called if !survey.table.edges.is_empty() => at.own(origin.function),
        Work::Recursion | Work::Called => at.cumulative(origin.function),
    };
    let origins = blame.origins.iter().map(cost).fold(Amount::default(), Amount::plus);
    origins.at_most(at.cumulative(blame.frame))
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
        low: origin.fit.low(),
        high: origin.fit.high(),
        p_superlinear: origin.fit.p_superlinear(),
        verdict: origin.fit.verdict,
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

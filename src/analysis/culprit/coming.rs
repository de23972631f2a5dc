//! What is no culprit yet and will be: it surely grows too fast, costs too little to matter at the
//! largest size, and is foretold to matter at the target.

use rayon::prelude::*;

use crate::analysis::culprit::blame;
use crate::analysis::culprit::blame::Blame;
use crate::analysis::culprit::culprits;
use crate::analysis::culprit::origin;
use crate::analysis::culprit::origin::Origin;
use crate::analysis::culprit::origin::Work;
use crate::analysis::document::Culprit;
use crate::analysis::document::Verdict;
use crate::analysis::forecast::At;
use crate::analysis::growth::Fit;
use crate::analysis::share;
use crate::analysis::survey::Survey;

/// Those of a survey, the costliest at the size of `at` first.
///
/// `own`: how the self cost of each function grows, where that was judged; `known`: who is to blame
/// already.
pub fn coming(survey: &Survey, own: &[Option<Fit>], known: &[Blame], at: &At<'_>) -> Vec<Culprit> {
    let is_known = |function: usize| {
        let of = |blame: &Blame| {
            blame.frame == function
                || blame.amplified.contains(&function)
                || blame.origins.iter().any(|one| one.function == function)
        };
        known.iter().any(of)
    };
    let mut origins = by_self_cost(survey, own, at);
    origins.extend(match survey.table.edges.is_empty() {
        true => by_own_calls(survey, at),
        false => by_edges(survey, at),
    });
    origins.retain(|one| one.fit.verdict == Verdict::Superlinear && !is_known(one.function));
    origins.sort_by_key(|origin| origin.function);
    let mut blames = blame::blame(survey, origins);
    blames.retain(|blame| !is_known(blame.frame));
    let matters = |culprit: &Culprit| {
        let share = culprit.share_at_target_percent;
        share.is_some_and(|share| share >= survey.least_share)
    };
    let mut coming = culprits::culprits(survey, &blames, Some(at));
    coming.retain(matters);
    coming
}

fn by_self_cost(survey: &Survey, own: &[Option<Fit>], at: &At<'_>) -> Vec<Origin> {
    let own = own.iter().enumerate().filter(|(function, _)| !survey.waits[*function]);
    own.filter(|(function, _)| will_matter(survey, at.own(*function).value, at))
        .filter_map(|(function, fit)| origin::itself(survey, function, fit.as_ref()?))
        .collect()
}

fn by_edges(survey: &Survey, at: &At<'_>) -> Vec<Origin> {
    if !survey.counts_calls {
        return Vec::new();
    }
    let is_steep = |function: usize| survey.calls[function].as_ref().is_some_and(Fit::is_steep);
    let edges = survey.table.edges.par_iter();
    edges
        .filter(|edge| !survey.waits[edge.caller] && is_steep(edge.callee))
        .filter(|edge| will_matter(survey, at.along(edge.caller, edge.callee).value, at))
        .filter_map(|edge| {
            let fit = survey.judge.count(&edge.ncall());
            origin::calls_too_often(survey, edge, &fit)
        })
        .collect()
}

/// Without edges, what is called too often is named itself.
fn by_own_calls(survey: &Survey, at: &At<'_>) -> Vec<Origin> {
    let functions = survey.calls.iter().enumerate();
    functions
        .filter(|(function, _)| !survey.waits[*function])
        .filter(|(function, _)| will_matter(survey, at.cumulative(*function).value, at))
        .filter_map(|(function, fit)| {
            let fit = fit.clone().filter(Fit::is_steep)?;
            let cost = survey.busy.cumulative_cost(&survey.table.functions[function]);
            Some(Origin { function, work: Work::Called, calls: fit.exponent(), fit, cost })
        })
        .collect()
}

fn will_matter(survey: &Survey, cost: f64, at: &At<'_>) -> bool {
    share::percent(cost, at.busy.value).is_some_and(|share| share >= survey.least_share)
}

//! How the self cost of every function grows that is reported with its figures, also of those that
//! cost little now.

use rayon::prelude::*;

use crate::analysis::chance::LookedAt;
use crate::analysis::functions;
use crate::analysis::growth::Fit;
use crate::analysis::input::Settings;
use crate::analysis::survey::Survey;

/// One per function; `None` where the self cost is not judged.
pub fn own_costs(survey: &Survey, settings: &Settings) -> Vec<Option<Fit>> {
    let mut own = survey.self_costs.clone();
    if settings.leaves_out(survey.unit) {
        return own;
    }
    let cost = |function: usize| survey.busy.self_cost(&survey.table.functions[function]);
    let mut order = functions::by_importance(survey);
    order.truncate(settings.most_functions);
    let missing = order.into_par_iter().filter(|&function| own[function].is_none());
    let judged: Vec<(usize, Fit)> = missing
        .map(|function| {
            let series = &survey.table.functions[function];
            (function, survey.cost_growth(&series.tsub()))
        })
        .collect();
    let known = (0..own.len()).filter(|&function| own[function].is_some());
    let costs = known.chain(judged.iter().map(|(function, _)| *function)).map(cost);
    let looked_at = LookedAt::new(costs);
    for (function, fit) in judged {
        own[function] = Some(match survey.is_exact() {
            true => fit,
            false => looked_at.with_chance_in_mind(fit, cost(function)),
        });
    }
    own
}

//! What to do next: what would settle the verdicts that are open and matter. What is sure already,
//! by its calls or because a culprit explains it, is left alone: nobody waits for a run that
//! changes no verdict.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::analysis::ceiling::Ceiling;
use crate::analysis::culprit::blame::Blame;
use crate::analysis::culprit::culprits;
use crate::analysis::document::Verdict;
use crate::analysis::growth::Fit;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::input::Settings;
use crate::analysis::input::SizeBy;
use crate::analysis::middle;
use crate::analysis::runs::Ordered;
use crate::analysis::runs::SizedRun;
use crate::analysis::settling::Price;
use crate::analysis::settling::Settling;
use crate::analysis::share;
use crate::analysis::size;
use crate::analysis::survey::Survey;

/// Calls from which their number says how it grows.
const LEAST_CALLS: f64 = 10.0;
/// Functions for which it is said what would settle an open verdict.
const MOST_ADVICE: usize = 3;
/// Share of the busy cost in per cent from which a sure culprit decides how the program grows: from
/// the largest size on, more than half of it does.
const DECIDES: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// What would settle the open verdicts, the costliest functions first and then the program, and the
/// command for the first that a person would give.
pub fn advice(
    survey: &Survey,
    blames: &[Blame],
    program: &Fit,
    ordered: &Ordered,
    settings: &Settings,
) -> Vec<String> {
    let mut advice: Vec<String> = better_size(survey, settings).into_iter().collect();
    let busy = survey.cost_growth(&survey.busy.costs);
    let is_timed = program.exponent().is_some();
    let whole = if is_timed { program } else { &busy };
    let costs = if is_timed { ordered.walls() } else { survey.busy.costs.clone() };
    let price = Price {
        round: round(&ordered.runs, &costs),
        is_seconds: is_timed || survey.unit.is_time(),
    };
    let ceiling = ceiling(survey, &costs);
    let at = |size| Some(ceiling.as_ref()?.run_cost(size, whole.at(size)?));
    let mut first: Option<Settling> = None;
    let mut add = |name: String, fit: &Fit| {
        let Some(settling) = survey.judge.settling(fit, price, at) else { return };
        first = first.or(Some(settling).filter(|settling| settling.is_practical));
        advice.push(format!("{name}: {}", settling.words(&ordered.size_unit, price)));
    };
    for (function, fit) in open_functions(survey, blames).into_iter().take(MOST_ADVICE) {
        add(format!("`{}`", function.key.name), fit);
    }
    if is_open(program) && !is_decided(survey, blames) {
        add("the whole program".into(), program);
    }
    if let (Some(how), Some(first), SizeBy::Size) = (&settings.how_to_run, first, &settings.size_by)
    {
        advice.extend(how.command(first.way));
    }
    advice
}

/// Functions whose own work may grow too fast at a share that matters, the costliest first, without
/// those that are known to be called too often or to make extra work.
fn open_functions<'a>(survey: &'a Survey, blames: &[Blame]) -> Vec<(&'a FunctionSeries, &'a Fit)> {
    let mut is_sure: Vec<bool> =
        survey.calls.iter().map(|fit| fit.as_ref().is_some_and(sure)).collect();
    for blame in blames.iter().filter(|blame| is_firm(blame)) {
        is_sure[blame.frame] = true;
        blame.origins.iter().for_each(|origin| is_sure[origin.function] = true);
    }
    let mut functions: Vec<(f64, &FunctionSeries, &Fit)> = survey
        .table
        .functions
        .iter()
        .zip(&survey.self_costs)
        .zip(&is_sure)
        .filter_map(|((function, fit), is_sure)| {
            let cost = survey.busy.self_cost(function);
            let fit = fit.as_ref().filter(|fit| !is_sure && is_open(fit))?;
            let p_superlinear = fit.p_superlinear().unwrap_or(1.0);
            let weighs = share::is_worth_asking(p_superlinear, survey.busy.share(cost));
            weighs.then_some((cost, function, fit))
        })
        .collect();
    functions.sort_by(|left, right| right.0.total_cmp(&left.0));
    functions.into_iter().map(|(_, function, fit)| (function, fit)).collect()
}

/// Whether the program grows too fast whatever its own times say, since sure culprits make most of
/// it.
fn is_decided(survey: &Survey, blames: &[Blame]) -> bool {
    let firm = blames.iter().filter(|blame| is_firm(blame));
    let share = |blame: &Blame| survey.busy.share(culprits::cost(survey, blame));
    firm.filter_map(share).fold(Decimal::ZERO, Decimal::saturating_add) >= DECIDES
}

fn is_firm(blame: &Blame) -> bool {
    blame.origins.first().is_some_and(|leading| sure(&leading.fit))
}

fn sure(fit: &Fit) -> bool {
    fit.verdict == Verdict::Superlinear
}

fn is_open(fit: &Fit) -> bool {
    matches!(fit.verdict, Verdict::CannotTell | Verdict::Suspected)
}

/// What one repetition of all runs costs; `costs`: one per run.
///
/// Example: of a run that took 3 s and 5 s and one that took 10 s once it is 14 s.
fn round(runs: &[SizedRun], costs: &[Option<f64>]) -> f64 {
    let mut by_id: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (run, cost) in runs.iter().zip(costs) {
        by_id.entry(&run.name.id).or_default().extend(cost);
    }
    by_id.values().filter_map(|costs| middle::median(costs)).sum()
}

/// What a run costs at most: by the whole, and by each function's own cost and calls.
fn ceiling(survey: &Survey, costs: &[Option<f64>]) -> Option<Ceiling> {
    let sizes = survey.judge.sizes();
    let mut ceiling = Ceiling::of(sizes, costs)?;
    let busy = survey.busy.at_largest();
    for (function, waits) in survey.table.functions.iter().zip(&survey.waits) {
        let cost = survey.busy.self_cost(function);
        if *waits || cost <= 0.0 {
            continue;
        }
        // What costs next to nothing has a time that is chance; calls are exact, but of few of them
        // the next size may have any number.
        let calls = function.ncall().into_iter().map(|calls| calls.filter(|n| *n >= LEAST_CALLS));
        let calls: Vec<Option<f64>> = calls.collect();
        let times = function.tsub();
        let known: &[&[Option<f64>]] =
            if survey.matters(cost) { &[&calls, &times] } else { &[&calls] };
        ceiling.add(cost / busy, sizes, known);
    }
    Some(ceiling)
}

fn better_size(survey: &Survey, settings: &Settings) -> Option<String> {
    if settings.size_by != SizeBy::Size {
        return None;
    }
    let sizes: Vec<Option<f64>> = survey.judge.sizes().iter().copied().map(Some).collect();
    let better = size::better(&sizes, &survey.by_importance())?;
    let name = size::unambiguous(better, &survey.table.functions)?;
    Some(format!(
        "the calls fit the {} badly but the calls of `{name}` well: judge by work with \
         `--size-by calls:{name}`",
        settings.size_unit,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::input::MeasuredRun;
    use crate::profile::Cost;
    use crate::profile::Function;
    use crate::profile::FunctionKey;
    use crate::profile::Profile;

    /// 1 s of start-up, and calls of 1 µs that double with each unit of size.
    fn doubling(size: f64) -> MeasuredRun {
        let function = |name: &str, ncall: f64, tsub: f64| Function {
            key: FunctionKey { name: name.into(), file: "a.py".into(), line: 1 },
            cost: Cost { ncall: ncall as u64, nactual: 1, tsub, ttot: tsub },
        };
        let calls = size.exp2();
        let profile = Profile {
            counts_calls: true,
            functions: vec![function("start", 1.0, 1.0), function("fib", calls, 1e-6 * calls)],
            ..Profile::default()
        };
        MeasuredRun { id: size.to_string(), size, profile: Some(profile), ..Default::default() }
    }

    #[test]
    fn a_function_that_is_cheap_today_prices_a_larger_run() {
        let runs = [8.0, 10.0, 12.0, 14.0].map(doubling);
        let (survey, _) = Survey::of(&runs, &Settings::default()).unwrap();
        let ceiling = ceiling(&survey, &survey.busy.costs).unwrap();
        // 16 ms of 1.016 s today, and 2¹⁴ times as much at 28, where the whole has hardly grown.
        let cost = ceiling.run_cost(28.0, 1.1);
        assert_eq!(cost.foretold, 1.1);
        assert!((cost.at_most - (1.0 + 1e-6 * 28f64.exp2())).abs() < 1.0, "{cost:?}");
    }
}

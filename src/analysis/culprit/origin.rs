//! Which functions make extra work themselves: by their own growth, not by what they were asked to
//! do.

use rust_decimal::Decimal;

use crate::analysis::culprit::recursion;
use crate::analysis::document::Verdict;
use crate::analysis::growth::Fit;
use crate::analysis::identity::EdgeSeries;
use crate::analysis::survey::Survey;

/// By how much own growth must exceed the growth of what is to explain it, such as the calls of the
/// function.
pub const LEAST_EXCESS: f64 = 0.4;

/// Share of the busy cost in per cent from which calls are named that no origin explains.
const MAJOR: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// A function that makes extra work, and which.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Position in the survey's table.
    pub function: usize,
    pub work: Work,
    pub fit: Fit,
    /// Exponent of the function's own calls; `None` where they were not counted.
    pub calls: Option<f64>,
    /// Cost at the largest size of the self time or the calls concerned.
    pub cost: f64,
}

/// The work that grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Its self cost.
    Itself,
    /// The number of calls it makes to the function at this position.
    CallsTo(usize),
    /// The number of calls within a circle of functions that it is the door of.
    Recursion,
    /// The number of its own calls: by whom cannot be seen, or by several callers.
    Called,
}

/// All origins of the survey, in the order of its functions.
pub fn origins(survey: &Survey) -> Vec<Origin> {
    let mut origins = by_self_cost(survey);
    if survey.table.edges.is_empty() {
        origins.extend(by_own_calls(survey, &origins));
    } else {
        let edges = by_edges(survey);
        let circles = by_recursion(survey, &edges);
        origins.extend(edges);
        origins.extend(circles);
        origins.extend(by_unexplained_calls(survey, &origins));
    }
    origins.sort_by_key(|origin| origin.function);
    origins
}

fn by_self_cost(survey: &Survey) -> Vec<Origin> {
    let judged = survey.self_costs.iter().enumerate();
    let origins = judged.filter_map(|(function, fit)| itself(survey, function, fit.as_ref()?));
    origins.collect()
}

/// A function whose self cost grows too fast for how often it is called.
pub fn itself(survey: &Survey, function: usize, fit: &Fit) -> Option<Origin> {
    let origin = Origin {
        function,
        work: Work::Itself,
        fit: doubted_by_calls(survey, function, fit.clone()),
        calls: calls(survey, function),
        cost: survey.busy.self_cost(&survey.table.functions[function]),
    };
    exceeds(&origin, calls_to_explain(survey, function)).then_some(origin)
}

/// Only suspected where calls that grow too fast would do as an explanation: the interval of the
/// self cost's exponent holds the exponent of the calls.
///
/// Example: a function that is called n² times and costs n^2.4 [1.9, 2.9].
fn doubted_by_calls(survey: &Survey, function: usize, fit: Fit) -> Fit {
    let steep = survey.calls[function].as_ref().filter(|calls| calls.is_steep());
    let explains = steep.and_then(Fit::exponent).zip(fit.low()).is_some_and(|(n, low)| low <= n);
    match explains && fit.verdict == Verdict::Superlinear {
        true => fit.suspected("each call may cost the same"),
        false => fit,
    }
}

fn by_edges(survey: &Survey) -> Vec<Origin> {
    let edges = survey.table.edges.iter().zip(&survey.edge_calls);
    edges.filter_map(|(edge, fit)| calls_too_often(survey, edge, fit.as_ref()?)).collect()
}

/// A function that calls another too often for how often it is called itself.
pub fn calls_too_often(survey: &Survey, edge: &EdgeSeries, fit: &Fit) -> Option<Origin> {
    let origin = Origin {
        function: edge.caller,
        work: Work::CallsTo(edge.callee),
        fit: fit.clone(),
        calls: calls(survey, edge.caller),
        cost: survey.busy.largest_of(&edge.ttot()).unwrap_or_default(),
    };
    let is_too_often = exceeds(&origin, calls_to_explain(survey, edge.caller));
    (edge.caller != edge.callee && is_too_often).then_some(origin)
}

/// Circles in which no single function makes too many calls per call, but which go round more often
/// than they are entered.
fn by_recursion(survey: &Survey, edges: &[Origin]) -> Vec<Origin> {
    recursion::circles(survey.table.functions.len(), &survey.table.edges)
        .into_iter()
        .filter(|circle| {
            let inside = |function: &usize| circle.functions.binary_search(function).is_ok();
            !edges.iter().any(|origin| {
                let Work::CallsTo(callee) = origin.work else {
                    return false;
                };
                inside(&origin.function) && inside(&callee)
            })
        })
        .filter_map(|circle| {
            let function = circle.door;
            let series = &survey.table.functions[function];
            let cost = survey.busy.cumulative_cost(series);
            let origin = Origin {
                function,
                work: Work::Recursion,
                fit: survey.calls[function].clone()?,
                calls: entries(survey, &circle),
                cost,
            };
            let counts = !survey.waits[function] && survey.matters(cost);
            (counts && exceeds(&origin, origin.calls)).then_some(origin)
        })
        .collect()
}

/// Growth of the calls into a circle; of the outermost calls when nobody is seen to call it.
fn entries(survey: &Survey, circle: &recursion::Circle) -> Option<f64> {
    let outermost = survey.table.functions[circle.door].nactual();
    let entered = circle.entries.iter().any(Option::is_some);
    let entries = if entered { &circle.entries } else { &outermost };
    survey.judge.count(entries).exponent().or(Some(0.0))
}

/// Functions called too often that no origin leads to: their extra calls come from several callers,
/// each of which makes too few to be judged, or costs too little. Their self cost counts, since
/// what they ask for is explained by them; and it must be a major one, since where to mend it is
/// not seen.
fn by_unexplained_calls(survey: &Survey, known: &[Origin]) -> Vec<Origin> {
    let mut explained = vec![false; survey.table.functions.len()];
    known.iter().for_each(|origin| mark_below(survey, origin.function, &mut explained));
    let mut found = Vec::new();
    for function in callers_first(survey) {
        let cost = survey.busy.self_cost(&survey.table.functions[function]);
        let steep = survey.calls[function].clone().filter(Fit::is_steep);
        let least = MAJOR.max(survey.least_share);
        let is_major = survey.weighs(cost, least);
        let Some(fit) = steep.filter(|_| is_major && !survey.waits[function]) else {
            continue;
        };
        if explained[function] {
            continue;
        }
        mark_below(survey, function, &mut explained);
        found.push(Origin { function, work: Work::Called, calls: fit.exponent(), fit, cost });
    }
    found
}

/// Functions by their cumulative cost, so that a caller comes before what it calls.
fn callers_first(survey: &Survey) -> Vec<usize> {
    let cost = |function: usize| survey.busy.cumulative_cost(&survey.table.functions[function]);
    let mut order: Vec<usize> = (0..survey.table.functions.len()).collect();
    order.sort_by(|&left, &right| cost(right).total_cmp(&cost(left)).then(left.cmp(&right)));
    order
}

/// Marks a function and all that it calls, directly or through others.
fn mark_below(survey: &Survey, function: usize, marks: &mut [bool]) {
    let edges = &survey.table.edges;
    let mut left = vec![function];
    while let Some(function) = left.pop() {
        if std::mem::replace(&mut marks[function], true) {
            continue;
        }
        let first = edges.partition_point(|edge| edge.caller < function);
        let own = edges[first..].iter().take_while(|edge| edge.caller == function);
        left.extend(own.map(|edge| edge.callee));
    }
}

/// Without edges, a function that is called too often is named itself.
fn by_own_calls(survey: &Survey, known: &[Origin]) -> Vec<Origin> {
    let functions = survey.table.functions.iter().zip(&survey.calls);
    functions
        .enumerate()
        .filter(|(function, _)| !known.iter().any(|origin| origin.function == *function))
        .filter_map(|(function, (series, fit))| {
            let fit = fit.clone()?;
            let cost = survey.busy.cumulative_cost(series);
            let counts = fit.is_steep() && !survey.waits[function] && survey.matters(cost);
            counts.then(|| Origin {
                function,
                work: Work::Called,
                calls: fit.exponent(),
                fit,
                cost,
            })
        })
        .collect()
}

fn calls(survey: &Survey, function: usize) -> Option<f64> {
    survey.calls[function].as_ref()?.exponent()
}

/// The growth of a function's calls for which somebody else is to blame: no more than linear where
/// they do not surely grow too fast, since nobody is named for those.
///
/// Example: of n^1.3 calls that cannot be told from n log n it is 1, so that n^1.65 of own work is
/// the function's.
fn calls_to_explain(survey: &Survey, function: usize) -> Option<f64> {
    let calls = survey.calls[function].as_ref()?;
    let exponent = calls.exponent()?;
    Some(if calls.is_steep() { exponent } else { exponent.min(1.0) })
}

/// Whether work grows too fast, and for more than the calls that ask for it.
fn exceeds(origin: &Origin, calls: Option<f64>) -> bool {
    let own = origin.fit.exponent().unwrap_or_default();
    origin.fit.is_steep() && own - calls.unwrap_or_default() >= LEAST_EXCESS
}

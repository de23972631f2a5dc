//! What the program will cost at a size that was not run, and what mending a function would save.

use rayon::prelude::*;

use crate::analysis::document::Foretold;
use crate::analysis::document::FunctionForetold;
use crate::analysis::document::Projection;
use crate::analysis::growth::Fit;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::share;
use crate::analysis::survey::Survey;
use crate::profile::FunctionKey;

/// How many functions are foretold, the costliest at the largest size first.
const MOST_FUNCTIONS: usize = 40;
/// How far beyond the largest size the half of the run is sought.
const FARTHEST: f64 = 10_000.0;
/// Sizes at which it is sought, evenly on a logarithmic scale.
const STEPS: usize = 40;

/// The cost of the whole program and of its costliest functions at `size`.
///
/// `program`: the fit of the program's wall time; `of_program_alone`: nothing is said of functions.
pub fn projection(survey: &Survey, program: &Fit, size: f64, of_program_alone: bool) -> Projection {
    if of_program_alone {
        return Projection { size, program: foretold(program, size), functions: Vec::new() };
    }
    let busy = survey.cost_growth(&survey.busy.costs);
    let path = Path::new(survey, &busy);
    let mut functions: Vec<FunctionForetold> = costliest(survey)
        .par_iter()
        .filter_map(|function| foretold_function(survey, function, &busy, &path, size))
        .collect();
    functions.sort_by(|left, right| right.cost.value.total_cmp(&left.cost.value));
    Projection { size, program: foretold(program, size), functions }
}

/// What a function is foretold to cost at `size` with all that it calls: the same figure wherever
/// the function is named.
pub fn cumulative_at(survey: &Survey, function: &FunctionSeries, size: f64) -> Option<f64> {
    cumulative(survey, function, size).map(|(_, cost)| cost.value)
}

/// Sizes beyond the largest, and the busy cost at each.
struct Path {
    smallest: f64,
    points: Vec<(f64, f64)>,
}

impl Path {
    fn new(survey: &Survey, busy: &Fit) -> Self {
        let sizes = survey.judge.sizes();
        let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let at = |step: usize| largest * FARTHEST.powf(step as f64 / STEPS as f64);
        let points = (0..=STEPS).into_par_iter().filter_map(|step| {
            let size = at(step);
            Some((size, busy.at(size)?))
        });
        Self { smallest, points: points.collect() }
    }

    /// The size at which a cost first is half of the busy cost, read between the two steps around
    /// it.
    fn half_passed_at(&self, cost: &Fit) -> Option<f64> {
        let mut before: Option<(f64, f64)> = None;
        for &(size, busy) in &self.points {
            let excess = (2.0 * cost.at(size)? / busy).ln();
            if excess >= 0.0 {
                return Some(before.map_or(size, |(last, missing)| {
                    let part = missing / (missing - excess);
                    last * (size / last).powf(part)
                }))
                .filter(|size| size.is_finite());
            }
            before = Some((size, excess));
        }
        None
    }
}

fn costliest(survey: &Survey) -> Vec<&FunctionSeries> {
    let cost = |function: &FunctionSeries| survey.busy.cumulative_cost(function);
    let mut functions: Vec<&FunctionSeries> = survey
        .table
        .functions
        .iter()
        .zip(&survey.waits)
        .filter(|(function, waits)| !**waits && survey.matters(cost(function)))
        .map(|(function, _)| function)
        .collect();
    functions.sort_by(|left, right| cost(right).total_cmp(&cost(left)));
    functions.truncate(MOST_FUNCTIONS);
    functions
}

fn foretold_function(
    survey: &Survey,
    function: &FunctionSeries,
    busy: &Fit,
    path: &Path,
    size: f64,
) -> Option<FunctionForetold> {
    let (fit, cost) = cumulative(survey, function, size)?;
    let FunctionKey { name, file, line } = function.key.clone();
    Some(FunctionForetold {
        name,
        file,
        line,
        cost,
        share_percent: share::percent(cost.value, busy.at(size)?.max(cost.value)),
        half_of_run_at: fit.is_steep().then(|| path.half_passed_at(&fit)).flatten(),
        saved_if_linear: fit
            .is_steep()
            .then(|| saved_if_linear(&fit, cost.value, path.smallest, size))
            .flatten(),
    })
}

fn cumulative(survey: &Survey, function: &FunctionSeries, size: f64) -> Option<(Fit, Foretold)> {
    let fit = survey.cost_growth(&function.ttot());
    let cost = foretold(&fit, size)?;
    Some((fit, cost))
}

/// Cost at `size` less what linear growth from the smallest size would have led to.
///
/// Example: 1 s at 10 days that grows as n² costs 100 s at 100 days, linear 10 s: 90 s are saved.
fn saved_if_linear(fit: &Fit, cost: f64, smallest: f64, size: f64) -> Option<f64> {
    let saved = cost - fit.at(smallest)? * size / smallest;
    (saved.is_finite() && saved > 0.0).then_some(saved)
}

fn foretold(fit: &Fit, size: f64) -> Option<Foretold> {
    Foretold::of(fit.range_at(size)?)
}

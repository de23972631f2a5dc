//! What the program will cost at a size that was not run, and what mending a function would save.

use rayon::prelude::*;

use crate::analysis::document::FunctionForetold;
use crate::analysis::document::Projection;
use crate::analysis::forecast::program;
use crate::analysis::forecast::whole::At;
use crate::analysis::forecast::whole::Forecast;
use crate::analysis::growth::Fit;
use crate::analysis::share;
use crate::profile::FunctionKey;

/// How many functions are foretold, the costliest at that size first.
const MOST_FUNCTIONS: usize = 40;
/// Sizes from the smallest to the largest at which the half of the run is sought.
const STEPS_WITHIN: usize = 12;
/// How far beyond the largest size it is sought, and at how many sizes.
const FARTHEST: f64 = 10_000.0;
const STEPS_BEYOND: usize = 40;

/// The cost of the whole program and of its costliest functions at the size of `at`.
///
/// `program`: the fit of the program's wall time; `walls`: its times, one per run.
pub fn projection(
    forecast: &Forecast<'_>,
    at: &At<'_>,
    program: &Fit,
    walls: &[Option<f64>],
) -> Projection {
    let costliest = costliest(forecast, at);
    let path = Path::new(forecast);
    let functions = costliest.into_iter().filter_map(|function| {
        let cost = at.cumulative(function);
        let FunctionKey { name, file, line } =
            forecast.survey.table.functions[function].key.clone();
        Some(FunctionForetold {
            name,
            file,
            line,
            cost: cost.foretold()?,
            share_percent: share::percent(cost.value, at.busy.value),
            half_of_run_at: cost.saving().and_then(|_| path.half_passed_at(function)),
            saved_if_linear: cost.saving(),
        })
    });
    Projection {
        size: at.size,
        program: program::program(forecast.survey, at, program, walls),
        busy: at.busy.foretold().filter(|busy| busy.value > 0.0),
        functions: functions.collect(),
    }
}

/// Of the program alone, by its wall time: nothing is said of functions.
pub fn of_program(program: &Fit, size: f64) -> Projection {
    let program = program::by_its_own(program, size);
    Projection { size, program, busy: None, functions: Vec::new() }
}

/// The functions that matter at the size of `at`, the costliest first.
fn costliest(forecast: &Forecast<'_>, at: &At<'_>) -> Vec<usize> {
    let survey = forecast.survey;
    let cost = |function: usize| at.cumulative(function).value;
    let matters = |function: usize| {
        let share = share::percent(cost(function), at.busy.value);
        share.is_some_and(|share| share >= survey.least_share)
    };
    let works = (0..survey.waits.len()).filter(|&function| !survey.waits[function]);
    let mut functions: Vec<usize> = works.filter(|&function| matters(function)).collect();
    functions.sort_by(|&left, &right| cost(right).total_cmp(&cost(left)));
    functions.truncate(MOST_FUNCTIONS);
    functions
}

/// The costs from the smallest size to far beyond the largest, in order of size.
struct Path<'a> {
    steps: Vec<At<'a>>,
}

impl<'a> Path<'a> {
    fn new(forecast: &'a Forecast<'a>) -> Self {
        let sizes = forecast.survey.judge.sizes();
        let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let between = |from: f64, to: f64, steps: usize| {
            (0..steps).map(move |step| from * (to / from).powf(step as f64 / steps as f64))
        };
        let farthest = largest * FARTHEST;
        let within = between(smallest, largest, STEPS_WITHIN);
        let steps = within.chain(between(largest, farthest, STEPS_BEYOND)).chain([farthest]);
        let mut steps: Vec<f64> = steps.collect();
        steps.dedup();
        Self { steps: steps.into_par_iter().map(|size| forecast.values_at(size)).collect() }
    }

    /// The size at which a function comes to be half of the busy cost, read between the two steps
    /// around it; `None` where it never does, also since it is more from the smallest size on.
    fn half_passed_at(&self, function: usize) -> Option<f64> {
        let excess = |at: &At<'_>| (2.0 * at.cumulative(function).value / at.busy.value).ln();
        self.steps.windows(2).find_map(|pair| {
            let (before, after) = (excess(&pair[0]), excess(&pair[1]));
            let part = before / (before - after);
            let size = pair[0].size * (pair[1].size / pair[0].size).powf(part);
            (before < 0.0 && after >= 0.0 && size.is_finite()).then_some(size)
        })
    }
}

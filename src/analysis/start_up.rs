//! Start-up: what a longer run does not repeat. Only what is known not to grow is start-up; a
//! question that is left open is none.

use rust_decimal::Decimal;

use crate::analysis::growth::Fit;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::survey::Survey;
use crate::stats::LEAST_SIZES;
use crate::stats::ratio;

/// Calls below which a function may be start-up.
const FEW_CALLS: f64 = 10.0;
/// Exponent below which nothing grows.
const FLAT: f64 = 0.1;
/// Exponent over all sizes that must be out of the question: noise alone seldom fakes a square
/// root, and no cost that matters in a longer run grows by less.
const RISES: f64 = 0.5;
/// Share of the busy cost in per cent below which it does not matter whether a cost grows.
const CHEAP: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// Whether a function is start-up: called fewer than ten times at every size, always as often, and
/// at a cost that does not grow, or is too small to matter. A quadratic function called once is
/// not.
pub fn is_start_up(survey: &Survey, function: usize) -> bool {
    let series = &survey.table.functions[function];
    let may_be = is_rarely_called(series) && !is_cheap(survey, series);
    let cumulative = may_be.then(|| survey.cost_growth(&series.ttot()));
    is_start_up_by(survey, function, cumulative.as_ref())
}

/// The same for a function whose cumulative cost was judged; `None` where it was not.
pub fn is_start_up_by(survey: &Survey, function: usize, cumulative: Option<&Fit>) -> bool {
    let series = &survey.table.functions[function];
    let sizes = survey.judge.sizes();
    let is_constant = |fit: &Fit| is_constant(fit, sizes);
    is_rarely_called(series)
        && survey.calls[function].as_ref().is_some_and(is_constant)
        && (is_cheap(survey, series) || cumulative.is_some_and(is_constant))
}

/// Whether the sizes tell at all what does not grow.
pub fn can_be_told(survey: &Survey) -> bool {
    let mut sizes: Vec<u64> = survey.judge.sizes().iter().map(|size| size.to_bits()).collect();
    sizes.sort_unstable();
    sizes.dedup();
    survey.counts_calls && sizes.len() >= LEAST_SIZES
}

fn is_rarely_called(series: &FunctionSeries) -> bool {
    series.ncall().iter().flatten().all(|calls| *calls < FEW_CALLS)
}

fn is_cheap(survey: &Survey, series: &FunctionSeries) -> bool {
    survey.busy.share(survey.busy.cumulative_cost(series)).is_some_and(|share| share < CHEAP)
}

/// Whether nothing speaks for growth and the values rule it out.
///
/// `sizes`: one per run.
fn is_constant(fit: &Fit, sizes: &[f64]) -> bool {
    fit.estimate().is_some_and(|estimate| estimate.sizes >= LEAST_SIZES)
        && fit.low().is_some_and(|low| low < FLAT)
        && steepest(fit, sizes).is_some_and(|exponent| exponent < RISES)
}

/// The largest exponent from the smallest to the largest size that the fit's 95 % bands allow.
///
/// Example: at most 2.2 s at size 80 after at least 1.1 s at size 10: ln 2 / ln 8 = 0.33.
fn steepest(fit: &Fit, sizes: &[f64]) -> Option<f64> {
    let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let (first, last) = (fit.curve_at(smallest)?, fit.curve_at(largest)?);
    ratio::exponent(smallest, first.low, largest, last.high)
}

#[cfg(test)]
mod tests {
    use crate::analysis::input::MeasuredRun;
    use crate::analysis::input::Settings;
    use crate::profile::Cost;
    use crate::profile::Function;
    use crate::profile::FunctionKey;
    use crate::profile::Profile;

    use super::*;

    const SIZES: [f64; 4] = [100.0, 200.0, 400.0, 800.0];

    /// `calls`, `seconds`: of one function, one per size; beside it stands one that takes `rest`
    /// seconds at every size.
    fn check(calls: &[u64], seconds: &[f64], rest: f64, expected: bool) {
        let function = |name: &str, ncall, ttot| Function {
            key: FunctionKey { name: name.into(), file: "a.py".into(), line: 1 },
            cost: Cost { ncall, nactual: ncall, tsub: ttot, ttot },
        };
        let measured = SIZES.iter().zip(calls.iter().zip(seconds));
        let runs: Vec<MeasuredRun> = measured
            .map(|(&size, (&calls, &seconds))| MeasuredRun {
                id: format!("r{size}"),
                size,
                profile: Some(Profile {
                    counts_calls: true,
                    functions: vec![function("f", calls, seconds), function("rest", 100, rest)],
                    ..Profile::default()
                }),
                ..MeasuredRun::default()
            })
            .collect();
        let (survey, _) = Survey::of(&runs, &Settings::default()).unwrap();
        assert_eq!(is_start_up(&survey, 0), expected, "{calls:?} {seconds:?}");
    }

    #[test]
    fn constant_cost_of_few_calls_is_start_up() {
        check(&[1; 4], &[0.5; 4], 1.0, true);
        check(&[9; 4], &[0.5; 4], 1.0, true);
        check(&[1; 4], &[0.50, 0.53, 0.47, 0.52], 1.0, true);
        check(&[1; 4], &[0.50, 0.70, 0.45, 0.55], 1.0, true);
        check(&[10; 4], &[0.5; 4], 1.0, false);
    }

    #[test]
    fn what_may_grow_is_none() {
        check(&[1; 4], &[0.1, 0.4, 1.6, 6.4], 1.0, false);
        check(&[1; 4], &[0.1, 0.2, 0.4, 0.8], 1.0, false);
        // Noise leaves everything open, from no growth to cubic.
        check(&[1; 4], &[0.83e-3, 5.6e-3, 3.2e-3, 8.4e-3], 1e-3, false);
        check(&[1, 2, 4, 8], &[0.5; 4], 1.0, false);
    }

    #[test]
    fn what_was_not_judged_is_none() {
        check(&[1; 1], &[0.5], 1.0, false);
        check(&[1; 2], &[0.5, 0.5], 1.0, false);
    }

    #[test]
    fn what_costs_nothing_needs_no_answer() {
        check(&[1; 4], &[0.83e-3, 5.6e-3, 3.2e-3, 8.4e-3], 100.0, true);
        check(&[1, 2, 4, 8], &[1e-3; 4], 100.0, false);
    }
}

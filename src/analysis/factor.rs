//! The speed of the machine in each run, read from the profile itself: what slowed all functions
//! alike is no growth of any one of them. It decides whether to divide that out; it judges no
//! function.

use crate::analysis::document::Speed;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::middle::median;
use crate::analysis::trend::correlate;
use crate::analysis::trend::follows;
use crate::analysis::trend::monotone;
use crate::stats::Line;
use crate::stats::bench::mean;
use crate::units::three_digits;

/// Calls that a function needs in every run to serve as a clock.
const LEAST_CALLS: u64 = 50;
/// Self time in seconds that a function needs in every run to serve as a clock.
const LEAST_SECONDS: f64 = 0.000_2;
/// Functions needed before their median is trusted.
const LEAST_FUNCTIONS: usize = 20;
/// Runs of different sizes below which their order and their sizes are the same.
const LEAST_RUNS: usize = 3;
/// Relative scatter of wall time where the runs say nothing better.
const USUAL_FLOOR: f64 = 0.01;
/// Scatter below which the steps of the estimate's own grid would pass for evidence.
const LEAST_FLOOR: f64 = 0.001;
/// A run slower than the others by this much is worth a warning.
const SLOW_RUN: f64 = 1.5;
/// From the median absolute deviation to the standard deviation of a normal distribution.
const MAD_TO_SPREAD: f64 = 1.4826;

/// How fast the machine was in each run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pace {
    /// One per run, 1 where the run was as fast as the others; `None` where it cannot be told.
    pub factors: Vec<Option<f64>>,
    /// What times are to be divided by, one per run.
    pub divisors: Vec<f64>,
    /// Relative scatter to expect of a corrected time.
    pub noise_floor: f64,
    pub speed: Speed,
    pub warnings: Vec<String>,
}

/// Where and when a run was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunPlace {
    pub size: f64,
    /// Position in the order of execution.
    pub order: usize,
}

/// Reads the common factor of each run from the functions that work.
///
/// `functions`: those that do not wait, costs in seconds; `runs`: one per run, as in the costs.
///
/// Source: the median over functions of `ln(tsub / ncall)`, centred on each function's own mean;
/// spread 1.4826 · MAD / √(1 − 1/R).
/// Example: twenty functions that all take 2 s per call in one run and 1 s in another: factors √2
/// and 1/√2.
pub fn pace(functions: &[&FunctionSeries], runs: &[RunPlace]) -> Pace {
    let measured: Vec<usize> = (0..runs.len())
        .filter(|&run| functions.iter().any(|f| f.costs.get(run).is_some_and(Option::is_some)))
        .collect();
    let clocks: Vec<Vec<f64>> =
        functions.iter().filter_map(|function| clock(function, &measured)).collect();
    if measured.len() < 2 || clocks.len() < LEAST_FUNCTIONS {
        let why = format!(
            "times are as measured: {} of the {LEAST_FUNCTIONS} functions that are needed have \
             enough calls and time in every run to tell how fast the machine was",
            clocks.len()
        );
        return unchanged(runs.len(), clocks.len(), USUAL_FLOOR, why);
    }
    let logs: Vec<f64> = (0..measured.len())
        .filter_map(|run| median(&clocks.iter().map(|clock| clock[run]).collect::<Vec<f64>>()))
        .collect();
    let spread = spread(&clocks, &logs);
    judge(runs, &measured, &logs, spread, clocks.len())
}

/// `ln(tsub / ncall)` per measured run, centred on the function's mean; `None` for a function with
/// too little of either in some run.
fn clock(function: &FunctionSeries, measured: &[usize]) -> Option<Vec<f64>> {
    let logs = measured
        .iter()
        .map(|&run| {
            let cost = function.costs.get(run).copied().flatten()?;
            let enough = cost.ncall >= LEAST_CALLS && cost.tsub >= LEAST_SECONDS;
            (enough && cost.tsub.is_finite()).then(|| (cost.tsub / cost.ncall as f64).ln())
        })
        .collect::<Option<Vec<f64>>>()?;
    let mean = mean(&logs)?;
    Some(logs.into_iter().map(|log| log - mean).collect())
}

/// Scatter of the functions about the factors, undoing what centring took away.
fn spread(clocks: &[Vec<f64>], logs: &[f64]) -> f64 {
    let distances: Vec<f64> = clocks
        .iter()
        .flat_map(|clock| clock.iter().zip(logs).map(|(own, common)| (own - common).abs()))
        .collect();
    MAD_TO_SPREAD * median(&distances).unwrap_or_default() / (1.0 - 1.0 / logs.len() as f64).sqrt()
}

fn judge(runs: &[RunPlace], measured: &[usize], logs: &[f64], spread: f64, clocks: usize) -> Pace {
    let size: Vec<f64> = measured.iter().map(|&run| runs[run].size.ln()).collect();
    let order: Vec<f64> = measured.iter().map(|&run| runs[run].order as f64).collect();
    let typical = (logs.iter().map(|log| log * log).sum::<f64>() / logs.len() as f64).sqrt();
    let error = 1.25 * spread / (clocks as f64).sqrt();
    let mut divided = vec![0.0; logs.len()];
    let corrected;
    let why;
    let mut warnings = Vec::new();
    if logs.len() < LEAST_RUNS && size[0] != size[size.len() - 1] {
        corrected = false;
        why = "times are as measured: two runs of different sizes cannot tell a slow machine from \
               growth that all functions share"
            .to_string();
    } else if error >= typical {
        corrected = false;
        why = "times are as measured: the machine was equally fast in all runs, as far as the \
               functions can tell"
            .to_string();
    } else if !follows(logs, &size) {
        corrected = true;
        why = format!(
            "the speed of the machine in each run, read from {clocks} functions, is divided out of times"
        );
        divided.copy_from_slice(logs);
    } else if follows(logs, &order) && correlate(&size, &order) {
        corrected = false;
        why =
            "times are as measured: most functions' cost per call changes with the size, and the \
               sizes were run in order, so that a drift of the machine cannot be told from growth"
                .to_string();
        warnings.push(
            "sizes were run in order and most functions slowed down or sped up along it; \
             interleave the runs (repetitions in rounds) to tell drift from growth"
                .to_string(),
        );
    } else {
        corrected = true;
        why = format!(
            "what is left of the speed of the machine, read from {clocks} functions, after its trend \
             with the size is divided out of times"
        );
        let points: Vec<(f64, f64)> = size.iter().copied().zip(logs.iter().copied()).collect();
        let slope = Line::through_logs(&points).map_or(0.0, |line| line.exponent);
        warnings.push(format!(
            "the cost per call of most functions changes together as size^{}: memory or cache \
             rather than any one function",
            three_digits(slope)
        ));
        for (divided, (trend, log)) in
            divided.iter_mut().zip(monotone(&size, logs).iter().zip(logs))
        {
            *divided = log - trend;
        }
    }
    let floor = if corrected { spread.max(LEAST_FLOOR) } else { spread.max(USUAL_FLOOR) };
    let mut pace = unchanged(runs.len(), clocks, floor, why);
    pace.speed.corrected = corrected;
    for ((&run, &log), &divided) in measured.iter().zip(logs).zip(&divided) {
        pace.factors[run] = Some(log.exp());
        pace.divisors[run] = divided.exp();
    }
    let slowest = divided.iter().copied().fold(f64::NEG_INFINITY, f64::max).exp();
    if slowest > SLOW_RUN {
        warnings.push(format!(
            "the machine was {} times slower in one run than in the others; run it again when the \
             machine is quiet",
            three_digits(slowest)
        ));
    }
    pace.warnings = warnings;
    pace
}

fn unchanged(runs: usize, functions: usize, noise_floor: f64, why: String) -> Pace {
    Pace {
        factors: vec![None; runs],
        divisors: vec![1.0; runs],
        noise_floor,
        speed: Speed { corrected: false, why, functions, noise_floor: Some(noise_floor) },
        warnings: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;

    use super::*;

    const SIZES: [f64; 5] = [10.0, 20.0, 40.0, 80.0, 160.0];

    /// Thirty functions of different cost, `speeds[run]` times as slow in each run, with a scatter
    /// of `scatter` between them that averages out.
    fn functions(speeds: &[f64], scatter: f64) -> Vec<FunctionSeries> {
        (0..30)
            .map(|function| FunctionSeries {
                costs: speeds
                    .iter()
                    .enumerate()
                    .map(|(run, speed)| {
                        let odd = if (function + run) % 2 == 0 { 1.0 } else { -1.0 };
                        let each = f64::from(function as u32 + 1) * 1e-4 * speed;
                        Some(Cost {
                            ncall: 100,
                            nactual: 100,
                            tsub: 100.0 * each * (odd * scatter).exp(),
                            ttot: 0.0,
                        })
                    })
                    .collect(),
                ..FunctionSeries::default()
            })
            .collect()
    }

    fn paced(speeds: &[f64], scatter: f64, order: &[usize]) -> Pace {
        let functions = functions(speeds, scatter);
        let places: Vec<RunPlace> =
            SIZES.iter().zip(order).map(|(&size, &order)| RunPlace { size, order }).collect();
        pace(&functions.iter().collect::<Vec<_>>(), &places[..speeds.len()])
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn a_slow_run_is_divided_out() {
        let pace = paced(&[1.0, 1.0, 4.0, 1.0, 1.0], 0.0, &[0, 1, 2, 3, 4]);
        assert!(pace.speed.corrected, "{}", pace.speed.why);
        // The mean of the logs is ln 4 / 5.
        close(pace.divisors[2], 4f64.powf(0.8));
        close(pace.divisors[0], 4f64.powf(-0.2));
        close(pace.divisors[2] / pace.divisors[0], 4.0);
        assert_eq!(pace.warnings.len(), 1);
    }

    #[test]
    fn the_spread_is_that_of_the_functions() {
        let pace = paced(&[1.0, 1.0, 4.0, 1.0, 1.0], 0.05, &[0, 1, 2, 3, 4]);
        // Half of the functions lie 0.05 above, half below; centring took 0.01 of each.
        assert!((pace.noise_floor - 0.05 * 1.4826 / 0.8f64.sqrt()).abs() < 0.02);
    }

    #[test]
    fn two_runs_differ_by_the_ratio_of_their_factors() {
        let functions = functions(&[2.0, 1.0], 0.0);
        let functions: Vec<&FunctionSeries> = functions.iter().collect();
        let of_sizes = |first: f64, second: f64| {
            let place = |(order, size)| RunPlace { size, order };
            pace(&functions, &[(0, first), (1, second)].map(place))
        };
        let repeated = of_sizes(10.0, 10.0);
        close(repeated.divisors[0], 2f64.sqrt());
        close(repeated.divisors[1], 0.5f64.sqrt());
        // Of two sizes, what all functions share may be growth.
        let grown = of_sizes(10.0, 20.0);
        close(grown.factors[0].unwrap(), 2f64.sqrt());
        assert_eq!(grown.divisors, [1.0, 1.0]);
        assert!(!grown.speed.corrected && grown.warnings.is_empty(), "{:?}", grown.warnings);
        assert!(grown.speed.why.contains("two runs of different sizes"), "{}", grown.speed.why);
    }

    #[test]
    fn growth_that_all_functions_share_is_not_divided_out() {
        let rising = [1.0, 1.2, 1.44, 1.728, 2.0736];
        let interleaved = paced(&rising, 0.0, &[3, 0, 4, 1, 2]);
        for divisor in &interleaved.divisors {
            close(*divisor, 1.0);
        }
        assert!(interleaved.warnings[0].contains("size^0.263"), "{:?}", interleaved.warnings);
        let in_order = paced(&rising, 0.0, &[0, 1, 2, 3, 4]);
        assert!(!in_order.speed.corrected);
        assert_eq!(in_order.divisors, [1.0; 5]);
        assert!(in_order.warnings[0].contains("interleave"));
    }

    #[test]
    fn growth_that_all_functions_share_need_be_no_power() {
        // 1 + (n / 80)² per call: the logs rise ever faster, 0.92 and less in a line.
        let bent = [1.016, 1.063, 1.25, 2.0, 5.0];
        let in_order = paced(&bent[..4], 0.0, &[0, 1, 2, 3]);
        assert_eq!(in_order.divisors, [1.0; 4]);
        assert!(in_order.warnings[0].contains("interleave"), "{:?}", in_order.warnings);
        let interleaved = paced(&bent, 0.0, &[3, 0, 4, 1, 2]);
        for divisor in &interleaved.divisors {
            close(*divisor, 1.0);
        }
        // What does not rise with the size is the machine's: half of the way between its neighbours.
        let slowed = paced(&[1.0, 1.5, 1.2, 2.0, 5.0], 0.0, &[3, 0, 4, 1, 2]);
        close(slowed.divisors[1], (1.5f64 / 1.2).sqrt());
        close(slowed.divisors[2], (1.2f64 / 1.5).sqrt());
        close(slowed.divisors[4], 1.0);
    }

    #[test]
    fn a_steady_machine_is_left_alone() {
        let pace = paced(&[1.0; 5], 0.05, &[0, 1, 2, 3, 4]);
        assert!(!pace.speed.corrected);
        assert_eq!(pace.divisors, [1.0; 5]);
    }

    #[test]
    fn few_functions_tell_nothing() {
        let functions = functions(&[1.0, 4.0], 0.0);
        let places = [1.0, 2.0].map(|size| RunPlace { size, order: 0 });
        let few = pace(&functions[..5].iter().collect::<Vec<_>>(), &places);
        assert_eq!(few.divisors, [1.0, 1.0]);
        assert_eq!(few.noise_floor, 0.01);
        assert!(few.speed.why.contains("5 of the 20 functions"));
        assert_eq!(pace(&[], &[]).divisors, Vec::<f64>::new());
    }

    #[test]
    fn a_run_without_a_profile_has_no_factor() {
        let mut functions = functions(&[1.0, 4.0, 1.0], 0.0);
        for function in &mut functions {
            function.costs[1] = None;
        }
        let places = [1.0, 2.0, 3.0].map(|size| RunPlace { size, order: 0 });
        let pace = pace(&functions.iter().collect::<Vec<_>>(), &places);
        assert_eq!(pace.factors[1], None);
        assert_eq!(pace.divisors, [1.0, 1.0, 1.0]);
    }
}

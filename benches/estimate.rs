//! How long an estimate takes: one fit, a table of curves, a whole analysis.
//!
//! ```text
//! cargo bench --bench estimate
//! ```

use divan::Bencher;
use rayon::prelude::*;
use superlinear::stats::Design;
use superlinear::stats::NoiseFloor;

const WINDOWS: [f64; 9] = [7.0, 7.0, 7.0, 7.0, 28.0, 31.0, 30.0, 91.0, 304.0];
const FUNCTIONS: usize = 10_000;

fn main() {
    divan::main();
}

/// The table of curves for nine runs.
#[divan::bench]
fn design() -> Design {
    Design::new(divan::black_box(&WINDOWS)).expect("the sizes are good")
}

/// One time at each of nine distinct sizes, one of which may be slow: the dearest kind of fit.
#[divan::bench]
fn nine_times_one_may_be_slow(bencher: Bencher<'_, '_>) {
    let sizes: Vec<f64> = (0..9).map(|step| 100.0 * 1.5f64.powi(step)).collect();
    fit(bencher, &sizes, NoiseFloor::Clock(0.01));
}

/// Five repetitions at nine distinct sizes.
#[divan::bench]
fn nine_sizes_five_repetitions(bencher: Bencher<'_, '_>) {
    let sizes: Vec<f64> = (0..45).map(|run| 100.0 * 1.5f64.powi(run % 9)).collect();
    fit(bencher, &sizes, NoiseFloor::Clock(0.01));
}

/// Counts at nine distinct sizes.
#[divan::bench]
fn nine_counts(bencher: Bencher<'_, '_>) {
    let sizes: Vec<f64> = (0..9).map(|step| 100.0 * 1.5f64.powi(step)).collect();
    fit(bencher, &sizes, NoiseFloor::Counter);
}

/// Four metrics of 10,000 functions over nine runs, on all cores.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn ten_thousand_functions_in_full(bencher: Bencher<'_, '_>) {
    let noises = [
        NoiseFloor::Counter,
        NoiseFloor::Clock(0.03),
        NoiseFloor::Clock(0.03),
        NoiseFloor::Clock(0.03),
    ];
    all(bencher, &noises);
}

/// Call counts of 10,000 functions over nine runs, on all cores.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn ten_thousand_functions_by_calls(bencher: Bencher<'_, '_>) {
    all(bencher, &[NoiseFloor::Counter]);
}

fn fit(bencher: Bencher<'_, '_>, sizes: &[f64], noise: NoiseFloor) {
    let design = Design::new(sizes).expect("the sizes are good");
    let values: Vec<Option<f64>> =
        sizes.iter().enumerate().map(|(run, size)| Some(value(7, run, *size, noise))).collect();
    bencher.bench(|| design.estimate(divan::black_box(&values), noise));
}

fn all(bencher: Bencher<'_, '_>, noises: &[NoiseFloor]) {
    let design = Design::new(&WINDOWS).expect("the sizes are good");
    bencher.bench(|| {
        let superlinear = |function: usize| -> f64 {
            let estimate = |noise: &NoiseFloor| {
                let runs = WINDOWS.iter().enumerate();
                let values: Vec<Option<f64>> =
                    runs.map(|(run, size)| Some(value(function, run, *size, *noise))).collect();
                design.estimate(&values, *noise).map_or(0.0, |estimate| estimate.p_superlinear)
            };
            noises.iter().map(estimate).sum()
        };
        (0..FUNCTIONS).into_par_iter().map(superlinear).sum::<f64>()
    });
}

/// A program's mixture: of ten functions four are constant, four linear, one `n log n`, one
/// square; times are disturbed by up to 10 %.
fn value(function: usize, run: usize, size: f64, noise: NoiseFloor) -> f64 {
    let start = 1.0 + (function % 97) as f64;
    let growth = match function % 10 {
        0..4 => 1.0,
        4..8 => size,
        8 => size * size.ln(),
        _ => size * size,
    };
    match noise {
        NoiseFloor::Counter => (start * growth).round(),
        _ => {
            let mixed = (function * 31 + run * 17).wrapping_mul(2_654_435_761) % 1_000;
            start * growth * (0.9 + 0.2 * mixed as f64 / 1_000.0)
        }
    }
}

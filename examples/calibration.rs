//! How often decisions are right, by simulation: false acceptance of a version that is no faster,
//! power to see one that is, memory that grows or only scatters, coverage of the intervals, and
//! alternating rounds against one version after the other on a machine that drifts. Everything
//! follows from the seed.
//!
//! `cargo run --release --example calibration -- --trials 2000 --seed 1`

#[allow(dead_code, reason = "the accuracy benchmark uses the rest")]
#[path = "accuracy/random.rs"]
mod random;

use clap::Parser;
use random::Random;
use rust_decimal::Decimal;
use superlinear::analysis::decision::Criteria;
use superlinear::analysis::decision::Sample;
use superlinear::analysis::decision::Trial;
use superlinear::plan::Thresholds;
use superlinear::plan::thresholds::PRESETS;
use superlinear::stats::bench;

#[derive(Debug, Parser)]
struct Arguments {
    /// Simulated benchmarks per line
    #[arg(long, default_value_t = 2_000)]
    trials: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What makes one and the same program take different times.
#[derive(Debug, Clone, Copy)]
struct Noise {
    name: &'static str,
    /// Standard deviation of the logarithm.
    spread: f64,
    /// Change over the whole series, relative.
    drift: f64,
    /// Share of the times that are slowed down, by half as much again on the mean.
    outliers: f64,
}

const NOISES: [Noise; 5] = [
    Noise { name: "log-normal, 2 %", spread: 0.02, drift: 0.0, outliers: 0.0 },
    Noise { name: "log-normal, 10 %", spread: 0.10, drift: 0.0, outliers: 0.0 },
    Noise { name: "2 %, drift of 20 %", spread: 0.02, drift: 0.2, outliers: 0.0 },
    Noise { name: "2 %, outliers 5 %", spread: 0.02, drift: 0.0, outliers: 0.05 },
    Noise { name: "5 %, drift of 20 %, outliers 5 %", spread: 0.05, drift: 0.2, outliers: 0.05 },
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    /// In rounds, each in random order.
    Alternating,
    /// The whole baseline first.
    BackToBack,
}

/// A benchmark of two versions, the second taking `factor` of the time of the first.
fn simulated(random: &mut Random, noise: Noise, order: Order, factor: f64, runs: u32) -> Trial {
    let mut sequence: Vec<bool> = Vec::new();
    for _ in 0..runs {
        let first = random.unit() < 0.5;
        sequence.extend([first, !first]);
    }
    if order == Order::BackToBack {
        sequence.sort_unstable();
    }
    let steps = f64::from(2 * runs - 1);
    let mut samples = [Vec::new(), Vec::new()];
    for (place, is_second) in sequence.into_iter().enumerate() {
        let drift = 1.0 - noise.drift * place as f64 / steps;
        let slow = if random.unit() < noise.outliers {
            1.0 - 0.5 * (1.0 - random.unit()).ln()
        } else {
            1.0
        };
        let seconds = (noise.spread * random.normal()).exp() * drift * slow;
        samples[usize::from(is_second)].push(if is_second { seconds * factor } else { seconds });
    }
    let [before, after] = samples;
    let sample = |wall_seconds: Vec<f64>| Sample {
        peak_memory_bytes: vec![1; wall_seconds.len()],
        wall_seconds,
        ..Sample::default()
    };
    Trial {
        baseline: sample(before),
        optimized: Some(sample(after)),
        pairs: order == Order::Alternating,
        ..Trial::default()
    }
}

/// Shares of simulated benchmarks, in per cent: accepted, and significant.
fn shares(
    arguments: &Arguments,
    noise: Noise,
    order: Order,
    factor: f64,
    limits: &Thresholds,
) -> (f64, f64) {
    let mut random = Random::new(arguments.seed);
    let (mut accepted, mut significant) = (0, 0);
    for _ in 0..arguments.trials {
        let mut trial = simulated(&mut random, noise, order, factor, limits.runs);
        trial.thresholds = limits.clone();
        let Some(after) = &trial.optimized else { continue };
        let found = Criteria::of(&trial, &trial.baseline.wall_seconds, &after.wall_seconds);
        accepted += u32::from(found.hold());
        significant += u32::from(found.significance.passed);
    }
    let share = |count: u32| f64::from(count) / f64::from(arguments.trials) * 100.0;
    (share(accepted), share(significant))
}

/// Scatter of the peak memory from run to run, as a standard deviation of its logarithm: 2 % is
/// what a process of some megabytes has.
const SCATTERS: [f64; 3] = [0.01, 0.02, 0.04];

/// How often a version is rejected for its memory, in per cent, whose true peak is `growth` times
/// that of the baseline: by the median alone, and by the rule.
fn memory(arguments: &Arguments, scatter: f64, growth: f64, limits: &Thresholds) -> (f64, f64) {
    let mut random = Random::new(arguments.seed);
    let (mut by_median, mut rejected) = (0, 0);
    for _ in 0..arguments.trials {
        let mut peaks = |factor: f64| -> Vec<u64> {
            let one = |random: &mut Random| 8e6 * factor * (scatter * random.normal()).exp();
            // Memory comes in pages of 4 KiB.
            (0..limits.runs).map(|_| (one(&mut random) / 4096.0).round() as u64 * 4096).collect()
        };
        let (before, after) = (peaks(1.0), peaks(growth));
        let times: Vec<f64> = (0..limits.runs).map(|run| 1.0 + 0.01 * f64::from(run)).collect();
        let sample = |peak_memory_bytes: Vec<u64>| Sample {
            peak_memory_bytes,
            wall_seconds: times.clone(),
            ..Sample::default()
        };
        let trial = Trial {
            baseline: sample(before),
            optimized: Some(sample(after)),
            thresholds: limits.clone(),
            ..Trial::default()
        };
        let found = Criteria::of(&trial, &times, &times).memory;
        let most: f64 = limits.max_memory_growth_percent.to_string().parse().unwrap_or(f64::NAN);
        by_median += u32::from(found.value.is_some_and(|value| value > most));
        rejected += u32::from(!found.passed);
    }
    let share = |count: u32| f64::from(count) / f64::from(arguments.trials) * 100.0;
    (share(by_median), share(rejected))
}

/// How often the intervals hold the truth, in per cent: of the mean, and of the ratio of medians.
fn coverage(arguments: &Arguments, noise: Noise, runs: u32) -> (f64, f64) {
    let mut random = Random::new(arguments.seed);
    let (mut mean, mut ratio) = (0, 0);
    let truth = (noise.spread * noise.spread / 2.0).exp();
    for number in 0..arguments.trials {
        let trial = simulated(&mut random, noise, Order::Alternating, 1.0, runs);
        let before = &trial.baseline.wall_seconds;
        let after = trial.optimized.map(|sample| sample.wall_seconds).unwrap_or_default();
        let interval = bench::summary(before, 0.95).and_then(|summary| summary.interval);
        mean += u32::from(interval.is_some_and(|(low, high)| (low..=high).contains(&truth)));
        let seed = arguments.seed ^ (u64::from(number) << 20);
        let found = bench::ratio_of_medians(before, &after, true, 0.95, 1_000, seed);
        ratio += u32::from(found.is_some_and(|found| (found.low..=found.high).contains(&1.0)));
    }
    let share = |count: u32| f64::from(count) / f64::from(arguments.trials) * 100.0;
    (share(mean), share(ratio))
}

fn presets() -> Vec<Thresholds> {
    PRESETS.into_iter().filter_map(Thresholds::preset).collect()
}

fn main() {
    let arguments = Arguments::parse();
    println!("{} trials per line, seed {}\n", arguments.trials, arguments.seed);
    println!("False acceptance: both versions are the same (per cent)\n");
    println!("| preset | noise | accepted | significant | stated level |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for limits in presets() {
        for noise in NOISES {
            let (accepted, significant) =
                shares(&arguments, noise, Order::Alternating, 1.0, &limits);
            let (preset, level) = (&limits.preset, limits.alpha() * Decimal::ONE_HUNDRED);
            println!(
                "| {preset} | {} | {accepted:.2} | {significant:.2} | {} |",
                noise.name,
                level.normalize()
            );
        }
    }
    println!("\nPower: accepted when the second version really takes less time (per cent)\n");
    println!("| preset | noise | 5 % less | 10 % less | 20 % less |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for limits in presets() {
        for noise in NOISES {
            let power =
                |less: f64| shares(&arguments, noise, Order::Alternating, 1.0 - less, &limits).0;
            let (five, ten, twenty) = (power(0.05), power(0.1), power(0.2));
            println!("| {} | {} | {five:.1} | {ten:.1} | {twenty:.1} |", limits.preset, noise.name);
        }
    }
    println!(
        "\nAlternating against back to back: false acceptance while the machine gets faster\n"
    );
    println!("| preset | drift | alternating | back to back |");
    println!("| --- | ---: | ---: | ---: |");
    for limits in presets() {
        for drift in [0.05, 0.1, 0.2, 0.4] {
            let noise = Noise { drift, ..NOISES[0] };
            let of = |order: Order| shares(&arguments, noise, order, 1.0, &limits).0;
            println!(
                "| {} | {} % | {:.2} | {:.2} |",
                limits.preset,
                drift * 100.0,
                of(Order::Alternating),
                of(Order::BackToBack)
            );
        }
    }
    println!("\nMemory: rejected for it by the median alone, and by the rule (per cent)\n");
    println!("| preset | limit | scatter | the same | 3 % more | 5 % more | 15 % more |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for limits in presets() {
        for scatter in SCATTERS {
            let cell = |growth: f64| {
                let (by_median, rejected) = memory(&arguments, scatter, growth, &limits);
                format!("{by_median:.1}, {rejected:.1}")
            };
            println!(
                "| {} | {} % | {} % | {} | {} | {} | {} |",
                limits.preset,
                limits.max_memory_growth_percent.normalize(),
                scatter * 100.0,
                cell(1.0),
                cell(1.03),
                cell(1.05),
                cell(1.15)
            );
        }
    }
    println!("\nCoverage of the 95 % intervals (per cent)\n");
    println!("| runs | noise | mean, by t | ratio of medians, by bootstrap |");
    println!("| ---: | --- | ---: | ---: |");
    for runs in [10, 20, 30] {
        for noise in NOISES.iter().filter(|noise| noise.drift == 0.0 && noise.outliers == 0.0) {
            let (mean, ratio) = coverage(&arguments, *noise, runs);
            println!("| {runs} | {} | {mean:.1} | {ratio:.1} |", noise.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest share that chance leaves of `percent` in so many trials, at four standard
    /// deviations.
    fn most(percent: f64, trials: u32) -> f64 {
        let share = percent / 100.0;
        percent + 400.0 * (share * (1.0 - share) / f64::from(trials)).sqrt()
    }

    #[test]
    fn what_is_no_faster_is_accepted_no_more_often_than_stated() {
        let arguments = Arguments { trials: 2_000, seed: 1 };
        for limits in presets() {
            let level: f64 = (limits.alpha() * Decimal::ONE_HUNDRED).to_string().parse().unwrap();
            for noise in NOISES {
                let (accepted, significant) =
                    shares(&arguments, noise, Order::Alternating, 1.0, &limits);
                let most = most(level, arguments.trials);
                let what = format!("{} {noise:?}: {accepted} {significant}", limits.preset);
                assert!(accepted <= most && significant <= most, "{what}");
            }
        }
    }

    #[test]
    fn what_is_much_faster_is_accepted_and_drift_does_not_fool_it() {
        let arguments = Arguments { trials: 200, seed: 2 };
        for limits in presets() {
            let (accepted, _) = shares(&arguments, NOISES[0], Order::Alternating, 0.8, &limits);
            assert!(accepted > 99.0, "{accepted}");
            let drifting = NOISES[2];
            let (alternating, _) = shares(&arguments, drifting, Order::Alternating, 1.0, &limits);
            let (back_to_back, _) = shares(&arguments, drifting, Order::BackToBack, 1.0, &limits);
            assert!(alternating < 5.0 && back_to_back > 40.0, "{alternating} {back_to_back}");
        }
    }
    #[test]
    fn memory_is_rejected_for_its_growth_and_not_for_its_scatter() {
        let arguments = Arguments { trials: 500, seed: 3 };
        for limits in presets() {
            for scatter in SCATTERS {
                let (_, rejected) = memory(&arguments, scatter, 1.0, &limits);
                assert!(rejected <= most(1.0, arguments.trials), "{scatter}: {rejected}");
            }
        }
        let limits = Thresholds::default();
        let (by_median, rejected) = memory(&arguments, 0.02, 1.05, &limits);
        assert!(rejected > 95.0 && rejected <= by_median, "{rejected} {by_median}");
        assert_eq!(memory(&arguments, 0.02, 1.15, &limits).1, 100.0);
    }
}

//! How often a series that is stopped early gets another verdict than one measured to its end.
//!
//! ```text
//! cargo run --release --example adaptive -- [--seed N] [--cases N]
//! ```
//!
//! The cases are those of `accuracy`, with known truth. Sizes are measured from the smallest to the
//! largest, all repetitions of a size together, and after each it is asked whether a larger one
//! would change the verdict, as `runner --adaptive` does of a function that is the whole program.

#[path = "../accuracy/case.rs"]
#[allow(dead_code, reason = "only the cases are needed, not how they are split")]
mod case;
#[path = "../accuracy/random.rs"]
mod random;

use std::process::ExitCode;

use rayon::prelude::*;
use superlinear::stats;
use superlinear::stats::Design;
use superlinear::stats::NoiseFloor;
use superlinear::stats::Verdict;

use crate::case::Case;
use crate::case::Family;
use crate::random::Random;

const FRESH_SEED: u64 = 90_001;
const CASES: usize = 2_000;
const CONFIDENCES: [f64; 3] = [0.90, 0.95, 0.99];
/// Distinct sizes before which nothing is settled: of exact counts, and for times to be
/// superlinear.
const LEAST_SIZES: usize = 3;
const ENOUGH_SIZES: usize = 4;
/// What a call count is at the smallest size.
const CALLS: f64 = 10_000.0;

/// What became of one case at one confidence.
#[derive(Debug, Clone, Copy, Default)]
struct Outcome {
    is_stopped: bool,
    /// Part of the cost of all runs that was not spent.
    saved: f64,
    /// Called superlinear here and not by the whole series, or the other way round.
    is_other: bool,
    /// The same, and neither cannot tell.
    is_contrary: bool,
    is_wrong: bool,
    whole_is_wrong: bool,
}

fn main() -> ExitCode {
    let (seed, cases) = match request(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(fault) => {
            eprintln!("error: {fault}");
            return ExitCode::from(2);
        }
    };
    println!("seed {seed}, {cases} cases a line; per cent");
    println!(
        "{:<20} {:<6} {:>10} {:>8} {:>6} {:>6} {:>9} {:>12} {:>11}",
        "truth",
        "values",
        "confidence",
        "stopped",
        "saved",
        "other",
        "contrary",
        "wrong, early",
        "wrong, full"
    );
    for family in Family::ALL {
        for is_exact in [false, true] {
            let mut random = Random::new(seed + 1_000_003 * family as u64);
            let cases: Vec<Case> =
                (0..cases).map(|_| drawn(family, is_exact, &mut random)).collect();
            for confidence in CONFIDENCES {
                let outcomes: Vec<Outcome> =
                    cases.par_iter().map(|case| followed(case, is_exact, confidence)).collect();
                show(family.name(), is_exact, confidence, &outcomes);
            }
        }
    }
    ExitCode::SUCCESS
}

fn request(mut arguments: impl Iterator<Item = String>) -> Result<(u64, usize), String> {
    let (mut seed, mut cases) = (FRESH_SEED, CASES);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(format!("`{name}` needs a value"))?;
        let number = value.parse::<u64>().map_err(|_| format!("`{value}` is not a number"))?;
        match name.as_str() {
            "--seed" => seed = number,
            "--cases" => cases = number as usize,
            _ => return Err(format!("unknown argument `{name}`")),
        }
    }
    Ok((seed, cases))
}

/// A case as it is, or the exact counts of its law.
fn drawn(family: Family, is_exact: bool, random: &mut Random) -> Case {
    let mut case = Case::draw(family, random);
    if is_exact {
        let exact = case::exact(case.law, case.fixed_share, &case.sizes);
        case.values = exact.iter().map(|value| (value * CALLS).round()).collect();
    }
    case
}

fn followed(case: &Case, is_exact: bool, confidence: f64) -> Outcome {
    let noise = if is_exact { NoiseFloor::Counter } else { NoiseFloor::Clock(0.01) };
    let largest = case.largest();
    let mut sizes = case.sizes.clone();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let truth = case.law.is_superlinear(largest);
    let whole = verdict(case, largest, noise);
    let contradicts = |verdict: Verdict| match verdict {
        Verdict::CannotTell => false,
        sure => (sure == Verdict::Superlinear) != truth,
    };
    let nothing_spared = Outcome {
        is_wrong: contradicts(whole),
        whole_is_wrong: contradicts(whole),
        ..Outcome::default()
    };
    let is_named = |verdict: Verdict| verdict == Verdict::Superlinear;
    let last = sizes.len() - 1;
    let stop = sizes[..last].iter().position(|size| {
        chance(case, *size, largest, noise).is_some_and(|chance| chance <= 1.0 - confidence)
    });
    let Some(stop) = stop.map(|stop| sizes[stop]) else { return nothing_spared };
    let early = verdict(case, stop, noise);
    let cost = |beyond: bool| -> f64 {
        let runs = case.sizes.iter().zip(&case.values);
        runs.filter(|(size, _)| !beyond || **size > stop).map(|(_, value)| value).sum()
    };
    Outcome {
        is_stopped: true,
        saved: cost(true) / cost(false),
        is_other: is_named(early) != is_named(whole),
        is_contrary: is_named(early) != is_named(whole)
            && early != Verdict::CannotTell
            && whole != Verdict::CannotTell,
        is_wrong: contradicts(early),
        whole_is_wrong: contradicts(whole),
    }
}

/// The values of the runs up to `size`, and their design.
fn measured(case: &Case, size: f64) -> (Design, Vec<Option<f64>>) {
    let runs = || case.sizes.iter().zip(&case.values).filter(|(run, _)| **run <= size);
    let sizes: Vec<f64> = runs().map(|(size, _)| *size).collect();
    let values = runs().map(|(_, value)| Some(*value)).collect();
    (Design::new(&sizes).expect("sizes are above 0"), values)
}

fn verdict(case: &Case, size: f64, noise: NoiseFloor) -> Verdict {
    let (design, values) = measured(case, size);
    design.estimate(&values, noise).map_or(Verdict::CannotTell, |estimate| estimate.verdict)
}

/// At most the chance that larger sizes change the verdict; `None` when there are too few sizes to
/// say.
fn chance(case: &Case, size: f64, largest: f64, noise: NoiseFloor) -> Option<f64> {
    let (design, values) = measured(case, size);
    let prospect = design.prospect(&values, noise, largest, f64::MIN_POSITIVE).ok()?;
    let is_exact = noise == NoiseFloor::Counter;
    let least = if is_exact { LEAST_SIZES } else { ENOUGH_SIZES };
    let lost = (prospect.sizes >= least).then(|| stats::chance_to_lose(prospect.superlinear));
    let found = stats::chance_to_find(prospect.finding);
    (prospect.sizes >= LEAST_SIZES).then(|| lost.unwrap_or(1.0).min(found))
}

fn show(truth: &str, is_exact: bool, confidence: f64, outcomes: &[Outcome]) {
    let stopped = outcomes.iter().filter(|outcome| outcome.is_stopped).count();
    let part = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
    let all = |is: fn(&Outcome) -> bool| {
        part(outcomes.iter().filter(|one| is(one)).count(), outcomes.len())
    };
    let of_stopped = |is: fn(&Outcome) -> bool| {
        part(outcomes.iter().filter(|one| one.is_stopped && is(one)).count(), stopped)
    };
    let saved: f64 = outcomes.iter().map(|outcome| outcome.saved).sum();
    println!(
        "{truth:<20} {:<6} {:>10} {:>8.1} {:>6.1} {:>6.2} {:>9.2} {:>12.2} {:>11.2}",
        if is_exact { "counts" } else { "times" },
        100.0 * confidence,
        all(|one| one.is_stopped),
        100.0 * saved / outcomes.len().max(1) as f64,
        of_stopped(|one| one.is_other),
        of_stopped(|one| one.is_contrary),
        all(|one| one.is_wrong),
        all(|one| one.whole_is_wrong),
    );
}

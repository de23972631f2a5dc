//! Random programs, half of them with a bug: it is found, and nothing else.

use superlinear::analysis::Culprit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::Verdict;
use superlinear::analysis::phase1;

use crate::dice::Dice;
use crate::program::AtSize;
use crate::program::PANDAS;
use crate::program::SIZES;
use crate::program::names;
use crate::program::strategy;

/// Random programs judged, half of them with a bug.
const SEEDS: u64 = 20;

/// A program of sixty functions in layers, linear but for one quadratic bug when there is one, on a
/// machine of drifting speed and with scattered times; returns the findings and who is to blame.
fn random_program(seed: u64, has_bug: bool) -> (Phase1, &'static str) {
    let mut dice = Dice::of(seed);
    let (mut program, iteration) = strategy();
    let costs: [AtSize; 4] = [|_| 1e-6, |_| 3e-6, |_| 1e-5, |_| 4e-5];
    let files = ["strategy.py", "indicators.py", PANDAS];
    for _ in 0..60 {
        let function = program.function("helper", files[dice.below(3)], costs[dice.below(4)]);
        let caller = match dice.below(3) {
            0 => iteration,
            _ => iteration + dice.below(function - iteration),
        };
        program.call(caller, function, |_| 1.0);
    }
    let mut blamed = "";
    if has_bug {
        blamed = "bug";
        let caller = iteration + dice.below(20);
        let is_loop = dice.below(2) == 0;
        let each: AtSize = if is_loop { |n| 2e-6 * n } else { |_| 1e-6 };
        let bug = program.function("bug", "strategy.py", each);
        program.call(caller, bug, |_| 1.0);
        if !is_loop {
            let step = program.function("step", PANDAS, |_| 2e-6);
            let inner = program.function("inner", PANDAS, |_| 1e-6);
            program.call(bug, step, |n| n);
            program.call(step, inner, |_| 2.0);
        }
    }
    let slow: Vec<f64> = SIZES.iter().map(|_| (1.2 * (dice.part() - 0.5)).exp()).collect();
    let runs: Vec<MeasuredRun> = SIZES
        .iter()
        .zip(&slow)
        .enumerate()
        .map(|(run, (&size, &slow))| {
            let mut profile = program.profile(size, slow);
            for function in &mut profile.functions {
                let scatter = (0.2 * (dice.part() - 0.5)).exp();
                function.cost.tsub *= scatter;
            }
            MeasuredRun {
                id: format!("{size}"),
                size,
                profile: Some(profile),
                order: [3, 0, 4, 1, 2][run],
                ..MeasuredRun::default()
            }
        })
        .collect();
    (phase1(&runs, &Settings::default()).unwrap(), blamed)
}

#[test]
fn of_random_programs_every_bug_is_found_and_nothing_else() {
    for seed in 1..=SEEDS {
        let (found, blamed) = random_program(seed, seed % 2 == 0);
        let expected: Vec<&str> =
            Some(blamed).into_iter().filter(|name| !name.is_empty()).collect();
        let firm: Vec<Culprit> = found
            .culprits
            .iter()
            .filter(|culprit| culprit.verdict == Verdict::Superlinear)
            .cloned()
            .collect();
        assert_eq!(names(&firm), expected, "seed {seed}: {:#?}", found.culprits);
    }
}

//! Runs that were measured several times: every repetition counts, and each is known by its number.

use superlinear::analysis::FunctionGrowth;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::Verdict;
use superlinear::analysis::bottlenecks;
use superlinear::analysis::pair;
use superlinear::analysis::phase1;

use crate::program::SIZES;
use crate::program::strategy;

/// Slow-downs of `history` by round and size: alone, no round shows that it is called n times at an
/// even cost.
const ROUNDS: [[f64; 5]; 3] =
    [[1.0, 1.1, 0.9, 1.05, 3.2], [1.1, 0.95, 1.0, 0.9, 1.0], [3.0, 1.0, 1.1, 1.0, 0.95]];

/// The strategy at all sizes, in rounds; functions other than `history` have no noise.
fn rounds(count: usize) -> Vec<MeasuredRun> {
    let (program, _) = strategy();
    let places = (0..count).flat_map(|round| (0..SIZES.len()).map(move |size| (round, size)));
    let run = |(order, (round, place)): (usize, (usize, usize))| {
        let mut profile = program.profile(SIZES[place], 1.0);
        let history = profile.functions.iter_mut().find(|f| f.key.name == "history").unwrap();
        history.cost.tsub *= ROUNDS[round][place];
        MeasuredRun {
            id: format!("run-{}", SIZES[place]),
            repetition: (count > 1).then_some(round as u32 + 1),
            size: SIZES[place],
            wall_seconds: Some(profile.functions[0].cost.ttot * ROUNDS[round][place]),
            profile: Some(profile),
            order,
            ..MeasuredRun::default()
        }
    };
    places.enumerate().map(run).collect()
}

fn judged(count: usize) -> Phase1 {
    phase1(&rounds(count), &Settings::default()).unwrap()
}

fn history(found: &Phase1) -> &FunctionGrowth {
    found.functions.iter().find(|function| function.name == "history").unwrap()
}

#[test]
fn every_repetition_counts_for_a_function() {
    let once = judged(1);
    let thrice = judged(3);
    let growth = |found| history(found).metrics.tsub.clone().unwrap();
    let (once, thrice) = (growth(&once), growth(&thrice));
    assert_ne!(once.verdict, Verdict::NotSuperlinear, "{once:?}");
    assert_eq!(thrice.verdict, Verdict::NotSuperlinear, "{thrice:?}");
    assert_eq!((once.values.len(), thrice.values.len()), (5, 15));
    let width = |growth: &superlinear::analysis::Growth| growth.high.unwrap() - growth.low.unwrap();
    assert!(width(&thrice) < width(&once) / 2.0, "{thrice:?}, {once:?}");
}

#[test]
fn repetitions_stand_side_by_side_under_their_numbers() {
    let found = judged(3);
    let names: Vec<(&str, Option<u32>)> =
        found.runs.iter().take(4).map(|run| (run.id.as_str(), run.repetition)).collect();
    let first = |number| ("run-50", Some(number));
    assert_eq!(names, [first(1), first(2), first(3), ("run-100", Some(1))]);
    assert_eq!(found.program.values.len(), 15);
    let note = history(&found).metrics.tsub.as_ref().unwrap().note.clone().unwrap();
    assert_eq!(note, "left out as slow: repetition 3 of `run-50`, repetition 1 of `run-800`");
}

#[test]
fn log_ratios_are_those_of_the_medians() {
    let found = judged(3);
    let growth = history(&found).metrics.tsub.as_ref().unwrap();
    assert_eq!(growth.pairs.len(), 10);
    let first = &growth.pairs[0];
    assert_eq!((first.from.as_str(), first.to.as_str()), ("run-50", "run-100"));
    // The medians are 1.1 times 50 and 1.0 times 100: 1 + ln(1.0 / 1.1) / ln 2 = 0.8625.
    assert!((first.exponent - 0.8625).abs() < 5e-4, "{first:?}");
}

#[test]
fn a_run_is_looked_at_by_its_middle_repetition() {
    let runs = rounds(3);
    let found = bottlenecks(&runs, "run-800", None, &Settings::default()).unwrap();
    // In the rounds `history` was 3.2, 1.0 and 0.95 times as slow at 800.
    assert_eq!((found.run.id.as_str(), found.run.repetition), ("run-800", Some(2)));
    let compared = pair(&runs, &["run-50", "run-800"], &Settings::default()).unwrap();
    let walls: Vec<f64> = compared.runs.iter().map(|run| run.wall_seconds.unwrap()).collect();
    let own = |round: usize, place: usize| {
        let run = &runs[round * SIZES.len() + place];
        run.wall_seconds.unwrap()
    };
    // The middle ones by wall time: 1.1 at 50, 1.0 at 800.
    assert_eq!(walls, [own(1, 0), own(1, 4)]);
}

#[test]
fn the_figures_at_the_largest_size_are_of_its_middle_repetition() {
    let found = judged(3);
    let largest = found.largest_run().unwrap();
    assert_eq!((largest.id.as_str(), largest.repetition), ("run-800", Some(2)));
    let growth = history(&found).metrics.tsub.as_ref().unwrap();
    assert_eq!(found.at_largest(growth), growth.values[13]);
}

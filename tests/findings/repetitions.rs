//! Runs that were measured several times: every repetition counts, and each is known by its number.

use superlinear::analysis::FunctionGrowth;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::SizeBy;
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
fn counts_that_come_again_say_nothing_new() {
    // 10 % more calls at every other size: no law, and the same in every round.
    let counted = |count: usize| {
        let mut runs = rounds(count);
        for run in &mut runs {
            let odd = SIZES.iter().position(|size| *size == run.size).unwrap() % 2 == 1;
            let functions = &mut run.profile.as_mut().unwrap().functions;
            let history = functions.iter_mut().find(|f| f.key.name == "history").unwrap();
            history.cost.ncall = (history.cost.ncall as f64 * if odd { 1.1 } else { 1.0 }) as u64;
        }
        let found = phase1(&runs, &Settings::default()).unwrap();
        history(&found).metrics.ncall.clone().unwrap()
    };
    let (once, thrice) = (counted(1), counted(3));
    assert_eq!((once.low, once.exponent, once.high), (thrice.low, thrice.exponent, thrice.high));
    assert_eq!((once.values.len(), thrice.values.len()), (5, 15));
    assert_eq!(thrice.note, None);
}

#[test]
fn a_run_has_one_size_however_its_work_is_counted() {
    let mut runs = rounds(3);
    for (place, run) in runs.iter_mut().enumerate() {
        run.counters.insert("rows".into(), run.size * 1e3 + place as f64);
    }
    runs[7].profile = None;
    let by_rows = Settings { size_by: SizeBy::Counter("rows".into()), ..Settings::default() };
    let sizes = |settings: &Settings| {
        let found = phase1(&runs, settings).unwrap();
        let mut sizes: Vec<f64> = found.runs.iter().map(|run| run.size).collect();
        assert_eq!(sizes.len(), 15);
        sizes.dedup();
        sizes
    };
    // Of the places 0, 5 and 10 of the first run the middle one.
    assert_eq!(sizes(&by_rows), [50_005.0, 100_006.0, 200_007.0, 400_008.0, 800_009.0]);
    let by_calls =
        Settings { size_by: SizeBy::Calls("on_iteration".into()), ..Settings::default() };
    assert_eq!(sizes(&by_calls), SIZES);
}

#[test]
fn one_time_at_one_of_three_sizes_is_no_evidence() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let run = |(size, repetition): (f64, u32)| MeasuredRun {
        id: format!("run-{size}"),
        repetition: Some(repetition),
        size,
        profile: Some(program.profile(size, 1.0)),
        ..MeasuredRun::default()
    };
    let judged = |times: [u32; 3]| {
        let sizes = [50.0, 200.0, 800.0].into_iter().zip(times);
        let runs: Vec<MeasuredRun> = sizes
            .flat_map(|(size, times)| (1..=times).map(move |time| (size, time)))
            .map(run)
            .collect();
        let found = phase1(&runs, &Settings::default()).unwrap();
        let copy = found.functions.iter().find(|f| f.name == "copy_frames").unwrap();
        copy.metrics.tsub.as_ref().unwrap().verdict
    };
    assert_eq!(judged([3, 3, 1]), Verdict::Suspected);
    assert_eq!(judged([2, 2, 2]), Verdict::Superlinear);
}

#[test]
fn the_program_is_shown_at_the_largest_size_that_was_timed() {
    let mut runs = rounds(3);
    runs.iter_mut().filter(|run| run.size == 800.0).for_each(|run| run.profile = None);
    let found = phase1(&runs, &Settings::default()).unwrap();
    assert_eq!(found.largest_run().unwrap().size, 400.0);
    let middle = runs.iter().find(|run| run.size == 800.0 && run.repetition == Some(2)).unwrap();
    assert_eq!(found.largest_of(&found.program), Some((800.0, middle.wall_seconds.unwrap())));
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

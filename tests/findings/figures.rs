//! Sizes, units, documents, foretold costs and gates.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use superlinear::analysis::Limit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::SizeBy;
use superlinear::analysis::gate;
use superlinear::analysis::phase1;
use superlinear::stats::Bands;

use crate::program::PANDAS;
use crate::program::Program;
use crate::program::SIZES;
use crate::program::names;
use crate::program::strategy;

#[test]
fn sizes_can_be_the_calls_of_a_function() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let by_calls =
        Settings { size_by: SizeBy::Calls("on_iteration".into()), ..Settings::default() };
    let found = program.judged_at(&SIZES, &[1.0], &by_calls);
    assert_eq!(found.size_unit, "calls of `on_iteration`");
    assert_eq!(names(&found.culprits), ["copy_frames"]);
    let unknown = Settings { size_by: SizeBy::Calls("on_iteratoin".into()), ..Settings::default() };
    let error = phase1(
        &[MeasuredRun {
            id: "a".into(),
            size: 1.0,
            profile: Some(program.profile(1.0, 1.0)),
            ..MeasuredRun::default()
        }],
        &unknown,
    )
    .unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean `on_iteration`?"));
}

#[test]
fn what_is_skipped_is_named_as_far_as_its_place_is_known() {
    let (mut program, iteration) = strategy();
    let built_in = program.function("<built-in method builtins.len>", "~", |_| 1e-6);
    program.call(iteration, built_in, |n| if n < SIZES[1] { 1.0 } else { 0.0 });
    let late = program.function("late", "strategy.py", |_| 1e-6);
    program.call(iteration, late, |n| if n < SIZES[1] { 1.0 } else { 0.0 });
    let found = program.judged();
    let skipped: Vec<&str> = found.skipped.iter().map(|one| one.name.as_str()).collect();
    assert!(skipped.contains(&"<built-in method builtins.len> (~)"), "{skipped:?}");
    assert!(skipped.iter().any(|name| name.starts_with("late (strategy.py:")), "{skipped:?}");
}

#[test]
fn the_order_of_runs_and_the_unit_of_time_change_nothing() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let usual = program.judged();
    let mut sizes = SIZES;
    sizes.reverse();
    let turned = program.judged_at(&sizes, &[1.0], &Settings::default());
    assert_eq!(usual.functions, turned.functions);
    let slow = program.judged_at(&SIZES, &[8.0], &Settings::default());
    for (usual, slow) in usual.functions.iter().zip(&slow.functions) {
        let exponent = |f: &superlinear::analysis::FunctionGrowth| {
            f.metrics.ttot.as_ref().unwrap().exponent.unwrap()
        };
        assert!((exponent(usual) - exponent(slow)).abs() < 1e-9);
    }
}

#[test]
fn a_function_added_changes_nothing_of_the_others() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let usual = program.judged();
    let other = program.function("write_log", "log.py", |_| 1e-7);
    program.call(iteration, other, |_| 2.0);
    let more = program.judged();
    assert_eq!(names(&usual.culprits), names(&more.culprits));
    for function in usual.functions.iter().filter(|f| f.name != "main" && f.name != "on_iteration")
    {
        let same = more.functions.iter().find(|f| f.name == function.name).unwrap();
        assert_eq!(same.metrics, function.metrics);
    }
}

#[test]
fn the_document_comes_back_as_it_was_written() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let found = program.judged();
    let text = found.to_json().unwrap();
    assert!(text.contains("\"verdict\": \"superlinear\""));
    let again: Phase1 = serde_json::from_str(&text).unwrap();
    assert_eq!(again.to_json().unwrap(), text);
}

#[test]
fn the_cost_at_another_size_is_foretold_and_what_mending_would_save() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    // `history` has 0.7 % there.
    let settings = Settings {
        target_size: Some(8_000.0),
        least_share_percent: Decimal::new(5, 1),
        ..Settings::default()
    };
    let found = program.judged_at(&SIZES, &[1.0], &settings);
    let projection = found.projection.unwrap();
    let copy = projection.functions.iter().find(|f| f.name == "copy_frames").unwrap();
    // 1 µs · 8000² = 64 s; linear from 50 on it would be 2.5 ms · 160 = 0.4 s.
    assert!((copy.cost.value - 64.0).abs() < 2.0, "{copy:?}");
    assert!(copy.cost.low < 64.0 && copy.cost.high > 64.0, "{copy:?}");
    assert!((copy.saved_if_linear.unwrap() - 63.6).abs() < 2.0, "{copy:?}");
    // 1 µs · n² = (1 + 10 + 60) µs · n at n = 71, between the two smallest sizes.
    let half = copy.half_of_run_at.unwrap();
    assert!((half / 71.0 - 1.0).abs() < 0.05, "{half}");
    let at_target = found.culprits[0].cost_at_target.unwrap();
    assert!((at_target - 64.0).abs() < 2.0, "{at_target}");
    let history = projection.functions.iter().find(|f| f.name == "history").unwrap();
    assert_eq!(history.half_of_run_at, None);
    assert_eq!(history.saved_if_linear, None);
}

#[test]
fn a_culprit_is_foretold_the_same_in_its_sentence_and_in_the_table() {
    // The frame works linearly beside its fault, and every second run is half as fast.
    let (mut program, iteration) = strategy();
    let concat = program.function("concat", PANDAS, |_| 1e-6);
    let check_type = program.function("check_type", PANDAS, |_| 1e-6);
    program.call(iteration, concat, |_| 1.0);
    program.call(concat, check_type, |n| n);
    let settings = Settings { target_size: Some(8_000.0), ..Settings::default() };
    let found = program.judged_at(&SIZES, &[1.0, 2.0], &settings);
    let culprit = &found.culprits[0];
    assert_eq!(culprit.name, "on_iteration");
    let functions = &found.projection.as_ref().unwrap().functions;
    // What it takes now and will take is the calls of `check_type`, without the frame's own work.
    let row = |name: &str| functions.iter().find(|f| f.name == name).unwrap();
    assert_eq!(culprit.cost_at_target, Some(row("check_type").cost.value));
    assert_eq!(culprit.saved_if_linear, row("check_type").saved_if_linear);
    assert!(row("on_iteration").cost.value > row("check_type").cost.value);
    let now = 1e-6 * 800.0 * 800.0;
    assert!((culprit.cost.unwrap() / now - 1.0).abs() < 1e-9, "{culprit:?}");
}

#[test]
fn the_whole_is_foretold_to_take_no_less_than_its_parts() {
    // A start of 5 s, what grows linearly and what grows as the square, half a second beside it.
    let (mut program, iteration) = strategy();
    let start = program.function("load", "strategy.py", |_| 5.0);
    let copy = program.function("copy_frames", "strategy.py", |n| 2e-7 * n);
    program.call(0, start, |_| 1.0);
    program.call(iteration, copy, |_| 1.0);
    let settings = Settings { target_size: Some(80_000.0), ..Settings::default() };
    let found = program.judged_at(&SIZES, &[1.0, 1.04, 0.97], &settings);
    let projection = found.projection.unwrap();
    let busy = projection.busy.unwrap();
    let row = |name: &str| {
        let row = projection.functions.iter().find(|f| f.name == name);
        row.unwrap_or_else(|| panic!("{name} of {:?}", projection.functions))
    };
    // 2e-7 · 80,000² = 1,280 s beside 71 µs · 80,000 = 5.7 s and the start.
    assert!((row("copy_frames").cost.value / 1_280.0 - 1.0).abs() < 0.25, "{projection:?}");
    assert_eq!(row("main").cost, busy);
    assert_eq!(row("main").share_percent, Some(Decimal::ONE_HUNDRED));
    for function in &projection.functions {
        let cost = function.cost;
        assert!(cost.low <= busy.low && cost.value <= busy.value && cost.high <= busy.high);
    }
    let program = projection.program.unwrap();
    assert!(program.value >= busy.value && program.high >= busy.high, "{program:?}, {busy:?}");
    let contained = row("copy_frames").cost.value;
    assert!(row("on_iteration").cost.value > contained, "{projection:?}");
    // Above half of the run from the smallest size on, and never passing it.
    assert_eq!(row("main").half_of_run_at, None);
}

/// A linear program with a square that has less than a thousandth of the time at 800, and most of it
/// at 8,000,000.
fn pairs() -> Program {
    let mut program = Program::default();
    let main = program.function("main", "strategy.py", |_| 1e-4);
    let big = program.function("big", "strategy.py", |_| 1.0);
    let maker = program.function("pairs", "strategy.py", |_| 1e-7);
    let tiny = program.function("is_same", "strategy.py", |_| 1e-6);
    program.call(main, big, |n| n);
    program.call(main, maker, |n| n);
    program.call(maker, tiny, |n| n);
    program
}

#[test]
fn without_call_edges_the_whole_is_still_no_less_than_its_parts() {
    let program = pairs();
    let run = |size: f64| {
        let mut profile = program.profile(size, 1.0);
        profile.edges.clear();
        let id = format!("run-{size}");
        MeasuredRun { id, size, profile: Some(profile), ..MeasuredRun::default() }
    };
    let runs: Vec<MeasuredRun> = SIZES.into_iter().map(run).collect();
    let settings = Settings { target_size: Some(8e6), ..Settings::default() };
    let found = phase1(&runs, &settings).unwrap();
    let projection = found.projection.unwrap();
    assert_eq!(projection.functions[0].name, "main");
    assert_eq!(Some(projection.functions[0].cost), projection.busy);
    // Who calls it cannot be seen, so it is named itself.
    assert_eq!(names(&found.coming), ["is_same"]);
}

#[test]
fn what_will_be_a_culprit_at_the_target_is_told_before_it_is_one() {
    let program = pairs();
    let at = |size: f64| {
        let settings = Settings { target_size: Some(size), ..Settings::default() };
        program.judged_at(&SIZES, &[1.0], &settings)
    };
    assert_eq!(names(&at(1_600.0).coming), Vec::<&str>::new());
    let found = at(8e6);
    assert_eq!((names(&found.culprits), names(&found.coming)), (vec![], vec!["pairs"]));
    let coming = &found.coming[0];
    // 1 µs · n² beside 1 s · n: 8 of 9 parts.
    let share = coming.share_at_target_percent.unwrap().to_f64().unwrap();
    assert!((share - 88.9).abs() < 2.0, "{share}");
    let rows = found.projection.unwrap().functions;
    let named: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(named, ["main", "pairs", "is_same", "big"]);
    // 1 µs · n² = 1 s · n at a million.
    let half = rows[1].half_of_run_at.unwrap();
    assert!((half / 1e6 - 1.0).abs() < 0.1, "{half}");
}

#[test]
fn half_of_the_run_is_passed_where_the_costs_cross() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-8 * n);
    program.call(iteration, copy, |_| 1.0);
    let settings = Settings { target_size: Some(8_000.0), ..Settings::default() };
    let found = program.judged_at(&SIZES, &[1.0], &settings);
    let projection = found.projection.unwrap();
    let copy = projection.functions.iter().find(|f| f.name == "copy_frames").unwrap();
    // 1e-8 · n² = (1e-6 + 1e-5 + 6e-5) · n at n = 7,100.
    let half = copy.half_of_run_at.unwrap();
    assert!((half / 7_100.0 - 1.0).abs() < 0.25, "{half}");
}

#[test]
fn the_gate_names_what_failed() {
    let (mut program, iteration) = strategy();
    let linear = program.judged();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let quadratic = program.judged();
    let failed = |found: &Phase1, limit: &str| -> Vec<String> {
        let limit = Limit::parse(limit).unwrap();
        gate(found, limit, false, &Bands::default()).lines()
    };
    for limit in ["superlinear", "quadratic", "1.3", "2.5"] {
        assert_eq!(failed(&linear, limit), [""; 0]);
    }
    assert_eq!(
        failed(&quadratic, "quadratic")[0],
        "`copy_frames` (strategy.py:4): n^2.00 [1.99, 2.01], superlinear"
    );
    assert_eq!(failed(&quadratic, "2.5"), [""; 0]);
}

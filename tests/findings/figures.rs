//! Sizes, units, documents, foretold costs and gates.

use superlinear::analysis::Limit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::SizeBy;
use superlinear::analysis::gate;
use superlinear::analysis::phase1;
use superlinear::stats::Bands;

use crate::program::PANDAS;
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
    let settings = Settings { target_size: Some(8_000.0), ..Settings::default() };
    let found = program.judged_at(&SIZES, &[1.0], &settings);
    let projection = found.projection.unwrap();
    let copy = projection.functions.iter().find(|f| f.name == "copy_frames").unwrap();
    // 1 µs · 8000² = 64 s; linear from 50 on it would be 2.5 ms · 160 = 0.4 s.
    assert!((copy.cost.value - 64.0).abs() < 2.0, "{copy:?}");
    assert!(copy.cost.low < 64.0 && copy.cost.high > 64.0, "{copy:?}");
    assert!((copy.saved_if_linear.unwrap() - 63.6).abs() < 2.0, "{copy:?}");
    // It passed half of the run before the largest size.
    assert_eq!(copy.half_of_run_at, Some(800.0));
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
    let row = functions.iter().find(|f| f.name == "on_iteration").unwrap();
    assert_eq!(culprit.cost_at_target, Some(row.cost.value));
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

//! Who is to blame, in programs whose bug is known.

use superlinear::analysis::Growth;
use superlinear::analysis::Limit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::Verdict;
use superlinear::analysis::gate;
use superlinear::analysis::phase1;
use superlinear::profile::Cost;
use superlinear::profile::Edge;
use superlinear::profile::Profile;
use superlinear::stats::Bands;

use crate::program::AtSize;
use crate::program::PANDAS;
use crate::program::Program;
use crate::program::SIZES;
use crate::program::check;
use crate::program::names;
use crate::program::strategy;

#[test]
fn a_linear_program_has_no_culprit() {
    let found = check(&strategy().0, &[]);
    assert_eq!(found.program.verdict, Verdict::NotSuperlinear);
    assert_eq!(found.expected_false_flags, 0.0);
}

#[test]
fn the_function_that_makes_n_calls_per_call_is_named_and_not_what_it_amplifies() {
    let (mut program, iteration) = strategy();
    let concat = program.function("concat", PANDAS, |_| 1e-6);
    let check_type = program.function("check_type", PANDAS, |_| 1e-6);
    let helper = program.function("<built-in method isinstance>", "~", |_| 1e-7);
    program.call(iteration, concat, |_| 1.0);
    program.call(concat, check_type, |n| n);
    program.call(check_type, helper, |_| 2.0);
    let found = check(&program, &["on_iteration"]);
    let culprit = &found.culprits[0];
    assert_eq!(culprit.verdict, Verdict::Superlinear);
    assert_eq!(culprit.origins.len(), 1);
    assert_eq!(culprit.origins[0].name, "concat");
    assert_eq!(culprit.origins[0].callee.as_deref(), Some("check_type"));
    let amplified: Vec<&str> = culprit.amplified.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(amplified, ["check_type", "<built-in method isinstance>"]);
    assert_eq!(
        culprit.why,
        "`concat` is called n times but calls `check_type` n² times (n per call); \
         `on_iteration` asks for it"
    );
}

#[test]
fn a_loop_inside_one_function_is_found_by_its_self_time() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let found = check(&program, &["copy_frames"]);
    let exponent = found.culprits[0].exponent.unwrap();
    assert!((exponent - 2.0).abs() < 0.05, "{exponent}");
    assert_eq!(found.culprits[0].band.as_deref(), Some("quadratic"));
    let function = found.functions.iter().find(|f| f.name == "copy_frames").unwrap();
    let words = "called n times, and its own work grows as n² in all (n per call)";
    assert_eq!(function.decomposition.as_deref(), Some(words));
}

#[test]
fn what_may_only_be_called_too_often_is_not_firmly_blamed_itself() {
    let scattered = |n: f64| match n as u32 {
        100 => 2e-6,
        400.. => 4e-6,
        _ => 1e-6,
    };
    let judged = |each: AtSize| {
        let mut program = Program::default();
        let main = program.function("main", "pairs.py", |_| 1e-5);
        let pairs = program.function("pairs", "pairs.py", |_| 1e-5);
        let look = program.function("look", "pairs.py", each);
        program.call(main, pairs, |_| 1.0);
        program.call(pairs, look, |n| n * n / 2.0);
        program.judged()
    };
    // Slow runs, most of them at the largest sizes, make `look` as steep as n^2.5.
    let found = judged(scattered);
    assert_eq!(names(&found.culprits), ["pairs", "look"]);
    let [pairs, look] = &found.culprits[..] else { panic!("two culprits") };
    assert_eq!((pairs.verdict, look.verdict), (Verdict::Superlinear, Verdict::Suspected));
    assert!(look.why.ends_with("each call may cost the same"), "{}", look.why);
    // What surely costs more with each call is to blame as well.
    let found = judged(|n| 1e-8 * n);
    let verdicts: Vec<Verdict> = found.culprits.iter().map(|culprit| culprit.verdict).collect();
    assert_eq!(verdicts, [Verdict::Superlinear; 2]);
}

#[test]
fn nobody_else_is_blamed_for_calls_that_are_not_seen_to_be_too_many() {
    // n^1.2 calls pass for n log n, so nobody asks for too many; n^1.6 in all is the function's.
    let (mut program, iteration) = strategy();
    let work = program.function("work", "strategy.py", |n| 1e-5 * n.powf(0.38));
    program.call(iteration, work, |n| (10.0 * n.powf(0.2)).round());
    check(&program, &["work"]);
}

#[test]
fn the_gate_sees_every_origin_of_a_culprit() {
    // 95 % of the time is n^1.6 of its own, 5 % goes to n² calls, at 800.
    let mut program = Program::default();
    let main = program.function("main", "mixed.py", |_| 1e-5);
    let mixed = program.function("mixed", "mixed.py", |n| 1e-4 * n.powf(1.6));
    let step = program.function("step", "mixed.py", |_| 3.6e-7);
    program.call(main, mixed, |_| 1.0);
    program.call(mixed, step, |n| n * n);
    let found = check(&program, &["mixed"]);
    assert!((found.culprits[0].exponent.unwrap() - 1.6).abs() < 0.05);
    assert_eq!(found.culprits[0].origins[1].verdict, Verdict::Superlinear);
    let gate = |limit: &str| gate(&found, Limit::parse(limit).unwrap(), false, &Bands::default());
    let quadratic = gate("quadratic").lines();
    let words = "`mixed` (mixed.py:2) by calls to `step`: n^2.00 [1.99, 2.01], superlinear";
    assert_eq!(quadratic, [words]);
    assert_eq!(gate("n^1.9").lines(), [words]);
    let superlinear = gate("superlinear").lines();
    assert!(superlinear[0].starts_with("`mixed` (mixed.py:2): n^1.6"), "{superlinear:?}");
}

#[test]
fn a_wait_that_is_known_to_be_linear_is_foretold_as_that() {
    // 0.1 s of work at every size, and 1 ms of waiting for each unit of size.
    let mut program = Program::default();
    program.function("main", "waits.py", |_| 0.1);
    let run = |(order, size): (usize, &f64)| MeasuredRun {
        id: format!("run-{size}"),
        size: *size,
        wall_seconds: Some(0.1 + 1e-3 * size),
        profile: Some(program.profile(*size, 1.0)),
        order,
        ..MeasuredRun::default()
    };
    let runs: Vec<MeasuredRun> = SIZES.iter().enumerate().map(run).collect();
    let settings = Settings { target_size: Some(8_000.0), ..Settings::default() };
    let found = phase1(&runs, &settings).unwrap();
    let wall = found.projection.unwrap().program.unwrap().value;
    assert!((wall / 8.1 - 1.0).abs() < 0.05, "{wall}");
}

#[test]
fn what_is_told_of_a_function_adds_up() {
    // Every call has a fixed part, so that its own exponent is not what the totals say of it.
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-4 + 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let found = check(&program, &["copy_frames"]);
    let exponent = |growth: &Option<Growth>| growth.as_ref().unwrap().exponent.unwrap();
    let growing = ["copy_frames", "on_iteration"];
    for function in found.functions.iter().filter(|f| growing.contains(&f.name.as_str())) {
        let total = exponent(&function.metrics.ttot) - exponent(&function.metrics.ncall);
        let words = function.decomposition.as_deref().unwrap();
        assert!(words.contains(&format!("n^{total:.2}")), "{words}, {total}");
    }
    let per_call = |words: &str| words.rsplit_once("n^").unwrap().1[..4].to_string();
    let own = found.functions.iter().find(|f| f.name == "copy_frames").unwrap();
    assert_eq!(per_call(&found.culprits[0].why), per_call(own.decomposition.as_deref().unwrap()));
}

#[test]
fn what_is_sure_by_its_calls_is_not_asked_about_again() {
    let build = |per_call: AtSize| {
        let (mut program, iteration) = strategy();
        let step = program.function("step", "strategy.py", |n| 1e-6 * (1.0 + n / 400.0));
        program.call(iteration, step, per_call);
        // Times that differ at random by a fifth leave its time open.
        let times = [1.0, 1.25, 0.85, 1.2, 0.8];
        program.judged_at(&SIZES, &times, &Settings::default())
    };
    let sure = build(|n| n);
    assert_eq!(names(&sure.culprits), ["on_iteration"]);
    assert_eq!(sure.advice, [""; 0]);
    let open = build(|_| 40.0);
    assert_eq!(names(&open.culprits), [""; 0]);
    assert!(open.advice.iter().any(|advice| advice.starts_with("`step`: ")), "{:?}", open.advice);
}

#[test]
fn what_comes_with_the_language_is_an_operation_of_the_function_that_calls_it() {
    let build = |start: &'static str, file: &'static str| {
        let mut program = Program::default();
        let module = program.function("<module>", "script.py", |_| 1e-3);
        let start = program.function(start, "script.py", |_| 1e-3);
        let all = program.function("search", file, |_| 1e-6);
        let each = program.function("<genexpr>", "script.py", |_| 1e-6);
        program.call(module, start, |_| 1.0);
        program.call(start, all, |n| n);
        program.call(all, each, |n| n);
        program
    };
    let found = check(&build("dedupe", "~"), &["dedupe"]);
    let why = "`search` is called n times but calls `<genexpr>` n² times (n per call); `dedupe` asks \
               for it";
    assert_eq!((found.culprits[0].why.as_str(), found.culprits[0].line), (why, 2));
    check(&build("main", "~"), &["main"]);
    check(&build("dedupe", "/usr/lib/python3.11/re/__init__.py"), &["dedupe"]);
    check(&build("dedupe", PANDAS), &["search"]);
}

#[test]
fn below_a_driver_the_origin_itself_is_named() {
    let mut program = Program::default();
    let main = program.function("<module>", "script.py", |_| 1e-3);
    let sort = program.function("bubble_sort", PANDAS, |n| 1e-6 * n * n);
    program.call(main, sort, |_| 1.0);
    let found = check(&program, &["bubble_sort"]);
    assert!(
        found.culprits[0].why.ends_with("; it is reached from `<module>` (script.py:1)"),
        "{}",
        found.culprits[0].why
    );
}

#[test]
fn a_quadratic_function_that_is_called_once_is_no_start_up() {
    let mut program = Program::default();
    let main = program.function("main", "a.py", |n| 1e-6 * n * n);
    let setup = program.function("setup", "a.py", |_| 1e-2);
    program.call(main, setup, |_| 1.0);
    let found = check(&program, &["main"]);
    let fixed = |found: &Phase1| -> Vec<(String, bool)> {
        found.functions.iter().map(|f| (f.name.clone(), f.fixed)).collect()
    };
    assert_eq!(fixed(&found), [("main".into(), false), ("setup".into(), true)]);
    // By counts alone nothing is known of its cost.
    let settings = Settings { counts_only: true, ..Settings::default() };
    let counted = program.judged_at(&SIZES, &[1.0], &settings);
    assert_eq!(fixed(&counted), [("main".into(), false), ("setup".into(), false)]);
}

#[test]
fn what_waits_is_set_apart() {
    let (mut program, iteration) = strategy();
    let wait = program.function("<method 'acquire' of '_thread.lock' objects>", "~", |n| 1e-4 * n);
    program.call(iteration, wait, |n| n);
    let found = check(&program, &[]);
    assert_eq!(found.waiting.len(), 1);
    assert!(found.functions.iter().all(|function| !function.name.contains("acquire")));
    assert!(found.runs[4].busy.unwrap() < 1.0);
}

#[test]
fn cheap_growth_is_no_culprit() {
    let (mut program, iteration) = strategy();
    let tiny = program.function("tiny", "strategy.py", |n| 1e-10 * n);
    program.call(iteration, tiny, |_| 1.0);
    check(&program, &[]);
}

#[test]
fn two_bugs_are_two_culprits_the_costlier_first() {
    let (mut program, iteration) = strategy();
    let one = program.function("append", "strategy.py", |n| 1e-6 * n);
    let two = program.function("scan", "strategy.py", |_| 1e-7);
    let step = program.function("step", "strategy.py", |_| 1e-7);
    program.call(iteration, one, |_| 1.0);
    program.call(iteration, two, |_| 1.0);
    program.call(two, step, |n| n);
    check(&program, &["append", "scan"]);
}

#[test]
fn recursion_that_goes_round_too_often_is_found_at_its_door() {
    let recursive = |rounds: AtSize| -> Phase1 {
        let runs: Vec<MeasuredRun> = SIZES
            .iter()
            .map(|&n| {
                let mut program = Program::default();
                let main = program.function("main", "a.py", |_| 1e-3);
                let visit = program.function("visit", "a.py", |_| 1e-5);
                program.call(main, visit, |n| n);
                let mut profile = program.profile(n, 1.0);
                let inner = rounds(n);
                let total = n + inner;
                profile.functions[visit].cost = Cost {
                    ncall: total as u64,
                    nactual: n as u64,
                    tsub: total * 1e-5,
                    ttot: total * 1e-5,
                };
                profile.edges.push(Edge {
                    caller: visit,
                    callee: visit,
                    cost: Cost {
                        ncall: inner as u64,
                        nactual: 0,
                        tsub: inner * 1e-5,
                        ttot: inner * 1e-5,
                    },
                });
                MeasuredRun {
                    id: format!("{n}"),
                    size: n,
                    profile: Some(profile),
                    ..MeasuredRun::default()
                }
            })
            .collect();
        phase1(&runs, &Settings::default()).unwrap()
    };
    assert_eq!(names(&recursive(|n| n * n).culprits), ["visit"]);
    assert_eq!(names(&recursive(|n| 5.0 * n).culprits), [""; 0]);
}

#[test]
fn a_drifting_machine_neither_hides_nor_makes_growth() {
    let drifting = [1.0, 2.2, 0.8, 1.7, 1.1];
    let build = |bug: bool| {
        let (mut program, iteration) = strategy();
        for _ in 0..30 {
            let helper = program.function("helper", "strategy.py", |_| 1e-5);
            program.call(iteration, helper, |_| 2.0);
        }
        if bug {
            let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
            program.call(iteration, copy, |_| 1.0);
        }
        program.judged_at(&SIZES, &drifting, &Settings::default())
    };
    let linear = build(false);
    assert!(linear.speed.corrected, "{}", linear.speed.why);
    assert_eq!(names(&linear.culprits), [""; 0]);
    assert!((linear.runs[1].factor.unwrap() / linear.runs[0].factor.unwrap() - 2.2).abs() < 0.01);
    let quadratic = build(true);
    assert_eq!(names(&quadratic.culprits), ["copy_frames"]);
    assert!((quadratic.culprits[0].exponent.unwrap() - 2.0).abs() < 0.05);
}

#[test]
fn times_of_three_single_runs_are_suspected_and_counts_are_sure() {
    let (mut program, iteration) = strategy();
    let copy = program.function("copy_frames", "strategy.py", |n| 1e-6 * n);
    program.call(iteration, copy, |_| 1.0);
    let few = program.judged_at(&SIZES[2..], &[1.0], &Settings::default());
    assert_eq!(few.culprits[0].verdict, Verdict::Suspected);

    let (mut program, iteration) = strategy();
    let step = program.function("step", "strategy.py", |_| 1e-6);
    program.call(iteration, step, |n| n);
    let few = program.judged_at(&SIZES[2..], &[1.0], &Settings::default());
    assert_eq!(names(&few.culprits), ["on_iteration"]);
    assert_eq!(few.culprits[0].verdict, Verdict::Superlinear);
}

/// `on_iteration` calls `step` n times, which calls `helper` of a package as often as `per_step`
/// says; nothing is known of who calls whom.
fn without_edges(per_step: AtSize) -> Phase1 {
    let (mut program, iteration) = strategy();
    let step = program.function("step", "strategy.py", |_| 1e-6);
    let helper = program.function("helper", PANDAS, |_| 1e-6);
    program.call(iteration, step, |n| n);
    program.call(step, helper, per_step);
    let runs: Vec<MeasuredRun> = SIZES
        .iter()
        .map(|&size| MeasuredRun {
            id: format!("{size}"),
            size,
            profile: Some(Profile { edges: Vec::new(), ..program.profile(size, 1.0) }),
            ..MeasuredRun::default()
        })
        .collect();
    phase1(&runs, &Settings::default()).unwrap()
}

#[test]
fn without_edges_functions_that_are_called_too_often_are_named_themselves() {
    let found = without_edges(|_| 2.0);
    assert_eq!(names(&found.culprits), ["step"]);
    assert_eq!(found.culprits[0].why, "`step` is called n² times, callers unknown");
    assert_eq!(found.culprits[0].amplified[0].name, "helper");
    assert!(found.warnings.iter().any(|warning| warning.contains("no call edges")));
    // n² of the user's does not explain n³ of a package.
    let found = without_edges(|n| n);
    assert_eq!(names(&found.culprits), ["step", "helper"]);
    assert_eq!(found.culprits[1].why, "`helper` is called n³ times, callers unknown");
}

#[test]
fn below_the_least_share_nothing_is_a_culprit() {
    let (mut program, iteration) = strategy();
    let concat = program.function("concat", PANDAS, |n| 4e-7 * n);
    let check_type = program.function("check_type", PANDAS, |_| 6e-7);
    program.call(iteration, concat, |_| 1.0);
    program.call(concat, check_type, |n| n);
    let judged = |percent: i64| {
        let settings = Settings { least_share_percent: percent.into(), ..Settings::default() };
        let found = program.judged_at(&SIZES, &[1.0], &settings);
        found.culprits.iter().map(|culprit| culprit.why.clone()).collect::<Vec<_>>()
    };
    // Of 712 ms `check_type` takes 384 ms and `concat` as much with it as 640 ms.
    assert!(
        judged(50)[0].starts_with("`concat` is called n times but calls `check_type` n² times")
    );
    assert_eq!(judged(80), Vec::<String>::new());
}

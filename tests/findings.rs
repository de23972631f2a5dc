//! What is blamed for which program: synthetic call graphs with a known bug, or none.

use proptest::collection;
use proptest::option;
use proptest::prelude::*;
use superlinear::analysis::Culprit;
use superlinear::analysis::Limit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::SizeBy;
use superlinear::analysis::Verdict;
use superlinear::analysis::bottlenecks;
use superlinear::analysis::gate;
use superlinear::analysis::pair;
use superlinear::analysis::phase0;
use superlinear::analysis::phase1;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;
use superlinear::stats::Bands;

const SIZES: [f64; 5] = [50.0, 100.0, 200.0, 400.0, 800.0];
/// Random programs judged, half of them with a bug.
const SEEDS: u64 = 20;
const PANDAS: &str = "/v/lib/python3.11/site-packages/pandas/concat.py";

/// A quantity as a function of the size.
type Growth = fn(f64) -> f64;

/// A program as a call graph: callers before what they call.
#[derive(Default)]
struct Program {
    functions: Vec<Node>,
    /// Caller, callee, calls per call of the caller.
    edges: Vec<(usize, usize, AtSize)>,
}

type AtSize = Growth;

struct Node {
    name: &'static str,
    file: &'static str,
    /// Self seconds per call at a size.
    each: AtSize,
}

impl Program {
    fn function(&mut self, name: &'static str, file: &'static str, each: AtSize) -> usize {
        self.functions.push(Node { name, file, each });
        self.functions.len() - 1
    }

    fn call(&mut self, caller: usize, callee: usize, per_call: AtSize) {
        self.edges.push((caller, callee, per_call));
    }

    /// The profile at size `n`, everything `slow` times as slow; the first function is called once.
    fn profile(&self, n: f64, slow: f64) -> Profile {
        let mut calls = vec![0.0; self.functions.len()];
        calls[0] = 1.0;
        for caller in 0..calls.len() {
            for (_, callee, per_call) in self.edges.iter().filter(|edge| edge.0 == caller) {
                calls[*callee] += calls[caller] * per_call(n);
            }
        }
        let mut each: Vec<f64> = self.functions.iter().map(|node| slow * (node.each)(n)).collect();
        let own = each.clone();
        for caller in (0..each.len()).rev() {
            for (_, callee, per_call) in self.edges.iter().filter(|edge| edge.0 == caller) {
                each[caller] += each[*callee] * per_call(n);
            }
        }
        let cost = |ncall: f64, own: f64, total: f64| Cost {
            ncall: ncall as u64,
            nactual: ncall as u64,
            tsub: ncall * own,
            ttot: ncall * total,
        };
        Profile {
            counts_calls: true,
            functions: (0..calls.len())
                .map(|position| Function {
                    key: FunctionKey {
                        name: self.functions[position].name.into(),
                        file: self.functions[position].file.into(),
                        line: if self.functions[position].file == "~" {
                            0
                        } else {
                            position as u32 + 1
                        },
                    },
                    cost: cost(calls[position], own[position], each[position]),
                })
                .collect(),
            edges: self
                .edges
                .iter()
                .map(|&(caller, callee, per_call)| Edge {
                    caller,
                    callee,
                    cost: cost(calls[caller] * per_call(n), own[callee], each[callee]),
                })
                .collect(),
            ..Profile::default()
        }
    }

    fn judged_at(&self, sizes: &[f64], slow: &[f64], settings: &Settings) -> Phase1 {
        let runs: Vec<MeasuredRun> = sizes
            .iter()
            .enumerate()
            .map(|(order, &size)| {
                let profile = self.profile(size, slow[order % slow.len()]);
                MeasuredRun {
                    id: format!("run-{size}"),
                    size,
                    wall_seconds: vec![profile.functions[0].cost.ttot],
                    profile: Some(profile),
                    order: [3, 0, 4, 1, 2][order % 5],
                    ..MeasuredRun::default()
                }
            })
            .collect();
        phase1(&runs, settings).unwrap()
    }

    fn judged(&self) -> Phase1 {
        self.judged_at(&SIZES, &[1.0], &Settings::default())
    }
}

/// The main loop of a strategy: `main` calls `on_iteration` n times.
fn strategy() -> (Program, usize) {
    let mut program = Program::default();
    let main = program.function("main", "strategy.py", |n| 1e-6 * n);
    let iteration = program.function("on_iteration", "strategy.py", |_| 1e-5);
    let history = program.function("history", "strategy.py", |_| 2e-5);
    program.call(main, iteration, |n| n);
    program.call(iteration, history, |_| 3.0);
    (program, iteration)
}

fn names(culprits: &[Culprit]) -> Vec<&str> {
    culprits.iter().map(|culprit| culprit.name.as_str()).collect()
}

fn check(program: &Program, expected: &[&str]) -> Phase1 {
    let found = program.judged();
    assert_eq!(names(&found.culprits), expected, "{:#?}", found.culprits);
    found
}

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
    assert_eq!(function.decomposition.as_deref(), Some("called n times, each call costs n"));
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
    let fixed: Vec<(&str, bool)> =
        found.functions.iter().map(|f| (f.name.as_str(), f.fixed)).collect();
    assert_eq!(fixed, [("main", false), ("setup", true)]);
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

#[test]
fn without_edges_functions_that_are_called_too_often_are_named_themselves() {
    let (mut program, iteration) = strategy();
    let step = program.function("step", "strategy.py", |_| 1e-6);
    let helper = program.function("helper", PANDAS, |_| 1e-6);
    program.call(iteration, step, |n| n);
    program.call(step, helper, |_| 2.0);
    let runs: Vec<MeasuredRun> = SIZES
        .iter()
        .map(|&size| MeasuredRun {
            id: format!("{size}"),
            size,
            profile: Some(Profile { edges: Vec::new(), ..program.profile(size, 1.0) }),
            ..MeasuredRun::default()
        })
        .collect();
    let found = phase1(&runs, &Settings::default()).unwrap();
    assert_eq!(names(&found.culprits), ["step"]);
    assert_eq!(found.culprits[0].why, "`step` is called n² times, callers unknown");
    assert_eq!(found.culprits[0].amplified[0].name, "helper");
    assert!(found.warnings.iter().any(|warning| warning.contains("no call edges")));
}

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

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    /// Evenly from 0 up to 1.
    fn part(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.part() * limit as f64) as usize
    }
}

/// A program of sixty functions in layers, linear but for one quadratic bug when there is one, on a
/// machine of drifting speed and with scattered times; returns the findings and who is to blame.
fn random_program(seed: u64, has_bug: bool) -> (Phase1, &'static str) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
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

/// Any number that a broken profiler might write.
fn odd_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0),
        Just(-1.0),
        Just(1.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        1e-6..1e6f64,
    ]
}

fn odd_cost() -> impl Strategy<Value = Cost> {
    let calls = prop_oneof![Just(0), Just(1), Just(u64::MAX), 0..1_000_000_u64];
    (calls.clone(), calls, odd_number(), odd_number())
        .prop_map(|(ncall, nactual, tsub, ttot)| Cost { ncall, nactual, tsub, ttot })
}

fn odd_profile() -> impl Strategy<Value = Profile> {
    let name = prop_oneof![Just("a"), Just("b.c"), Just("<lambda>"), Just(""), Just("select.poll")];
    let file = prop_oneof![Just(""), Just("~"), Just("x.py"), Just("/v/site-packages/y.py")];
    let function = (name, file, 0..3_u32, odd_cost()).prop_map(|(name, file, line, cost)| {
        Function { key: FunctionKey { name: name.into(), file: file.into(), line }, cost }
    });
    let edge = (0..8_usize, 0..8_usize, odd_cost()).prop_map(|(caller, callee, cost)| Edge {
        caller,
        callee,
        cost,
    });
    let unit = prop_oneof![
        Just(CostUnit::WallSeconds),
        Just(CostUnit::Instructions),
        Just(CostUnit::Samples)
    ];
    let functions = collection::vec(function, 0..6);
    let edges = collection::vec(edge, 0..8);
    (functions, edges, unit, any::<bool>()).prop_map(|(functions, edges, unit, counts_calls)| {
        Profile { unit, counts_calls, functions, edges, ..Profile::default() }
    })
}

fn odd_run() -> impl Strategy<Value = MeasuredRun> {
    let id = prop_oneof![Just("r1"), Just("r2"), Just("")];
    let walls = collection::vec(odd_number(), 0..4);
    let profile = option::of(odd_profile());
    (id, odd_number(), walls, profile, 0..4_usize).prop_map(
        |(id, size, wall_seconds, profile, order)| MeasuredRun {
            id: id.into(),
            size,
            wall_seconds,
            profile,
            order,
            ..MeasuredRun::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn odd_data_never_panics_and_every_number_is_finite(runs in collection::vec(odd_run(), 0..6)) {
        let settings = Settings { target_size: Some(365.0), ..Settings::default() };
        if let Ok(found) = phase1(&runs, &settings) {
            let text = found.to_json().unwrap();
            let again: Phase1 = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(again.to_json().unwrap(), text);
        }
        let by_calls = Settings { size_by: SizeBy::Calls("a".into()), ..Settings::default() };
        let _ = phase1(&runs, &by_calls);
        let _ = bottlenecks(&runs, "r1", Some("a"), &settings);
        let _ = pair(&runs, &["r1", "r2"], &settings);
        if let [cold, warm, ..] = runs.as_slice() {
            let _ = phase0(cold, warm);
        }
    }
}

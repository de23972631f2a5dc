//! What the profile says of programs whose calls are known by hand.

use std::collections::BTreeMap;
use std::fs;

use superlinear::profile::CostUnit;

use crate::measured::BACKENDS;
use crate::measured::builtin;
use crate::measured::cost;
use crate::measured::edge;
use crate::measured::measured;
use crate::measured::program;
use crate::measured::programs;
use crate::support;

#[test]
fn calls_of_a_quadratic_loop_are_counted_exactly() {
    for backend in BACKENDS {
        for size in [20, 40] {
            let profile = measured(backend, &["quadratic.py", &size.to_string()]);
            let cost = |name| cost(&profile, "quadratic.py", name);
            assert_eq!(cost("look_at").ncall, size * size, "{backend}");
            assert_eq!(cost("scan").ncall, size, "{backend}");
            assert_eq!(cost("append").ncall, size, "{backend}");
            assert_eq!(cost("main").ncall, 1, "{backend}");
            assert_eq!(cost("<module>").ncall, 1, "{backend}");
            assert_eq!(builtin(&profile, "'append' of 'list'").ncall, size);
            let edge = edge(&profile, "<genexpr>", "look_at");
            assert_eq!(edge.ncall, size * size, "{backend}");
        }
    }
}

#[test]
fn cumulative_time_contains_that_of_the_callees() {
    for backend in BACKENDS {
        let profile = measured(backend, &["quadratic.py", "200"]);
        let cost = |name| cost(&profile, "quadratic.py", name);
        let (main, scan, look) = (cost("main"), cost("scan"), cost("look_at"));
        assert!(look.ttot > 0.0, "{backend}");
        assert!(main.ttot >= scan.ttot && scan.ttot > look.ttot, "{backend}");
        assert!(main.tsub < 0.5 * main.ttot, "{backend}");
        let from_main = edge(&profile, "main", "scan");
        assert_eq!(from_main.ncall, 200, "{backend}");
        assert!((from_main.ttot - scan.ttot).abs() < 1e-6, "{backend}");
    }
}

#[test]
fn recursion_is_counted_once_from_outside() {
    for backend in BACKENDS {
        let profile = measured(backend, &["recursion.py"]);
        let check = |name, ncall, nactual| {
            let cost = cost(&profile, "recursion.py", name);
            assert_eq!((cost.ncall, cost.nactual), (ncall, nactual), "{backend} {name}");
            assert!(cost.ttot + 1e-9 >= cost.tsub, "{backend} {name}");
        };
        check("fib", 177, 1);
        check("even", 5, 1);
        check("odd", 5, 1);
        // One function, although two classes share it: 4 and 5 calls.
        check("depth", 9, 2);
    }
}

#[test]
fn yappi_tells_threads_apart_and_waits_for_them() {
    let profile = measured("yappi", &["threads.py"]);
    assert_eq!(cost(&profile, "threads.py", "step").ncall, 65);
    assert_eq!(cost(&profile, "threads.py", "work").ncall, 4);
    let steps: BTreeMap<&str, u64> = profile
        .threads
        .iter()
        .map(|thread| {
            let calls = thread.costs.iter().filter_map(|(function, cost)| {
                (profile.functions[*function].key.name == "step").then_some(cost.ncall)
            });
            (thread.name.as_str(), calls.sum())
        })
        .collect();
    let expected =
        [("MainThread", 0), ("pool_0", 5), ("worker 10", 10), ("worker 20", 20), ("worker 30", 30)];
    assert_eq!(steps, BTreeMap::from(expected));
}

#[test]
fn cprofile_says_what_it_cannot_know_of_threads() {
    let profile = measured("cprofile", &["threads.py"]);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("threads") && warnings.contains("`yappi`"), "{warnings}");
    assert!(profile.threads.is_empty());
    let alone = measured("cprofile", &["recursion.py"]);
    assert_eq!(alone.origin.warnings, [""; 0]);
}

#[test]
fn coroutines_are_called_once_however_often_they_wait() {
    let profile = measured("yappi", &["coroutines.py"]);
    assert_eq!(cost(&profile, "coroutines.py", "step").ncall, 8);
    let client = cost(&profile, "coroutines.py", "client");
    assert_eq!(client.ncall, 4);
    assert!(client.ttot > 0.079, "four times 20 ms of waiting: {}", client.ttot);
    assert!(client.tsub < 0.5 * client.ttot, "it does next to nothing itself: {}", client.tsub);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("wall time") && warnings.contains("waiting included"), "{warnings}");

    let busy = measured("yappi-cpu", &["coroutines.py"]);
    let client = cost(&busy, "coroutines.py", "client");
    assert_eq!(client.ncall, 4);
    assert!(client.ttot < 0.079, "waiting takes no processor time: {}", client.ttot);
    let warnings = busy.origin.warnings.join("\n");
    assert!(!warnings.contains("waiting included"), "{warnings}");
}

#[test]
fn a_report_says_that_the_time_of_coroutines_holds_their_waiting() {
    let python = program(&[]).argv[0].clone();
    let place = support::Place::new(&serde_json::json!({
        "workloads": { "w": { "command": [python, "coroutines.py"], "backend": "yappi" } },
        "runs": [{ "id": "a", "size": 1 }],
    }));
    fs::copy(programs().join("coroutines.py"), place.path("coroutines.py")).unwrap();
    support::assert_code(&place.runner(&["--all"]), 0);
    let report = support::stdout(&place.reports(&["--phase", "1", "--format", "markdown"]));
    assert!(report.contains("waiting included"), "{report}");
}

#[test]
fn the_profile_knows_where_it_comes_from() {
    for (backend, unit) in [
        ("yappi", CostUnit::WallSeconds),
        ("yappi-cpu", CostUnit::CpuSeconds),
        ("cprofile", CostUnit::WallSeconds),
    ] {
        let profile = measured(backend, &["-c", "import backtrader"]);
        assert_eq!(profile.unit, unit);
        assert!(profile.counts_calls);
        assert_eq!(profile.origin.backend, backend);
        assert!(profile.origin.interpreter.starts_with("CPython 3."));
        let packages = &profile.origin.packages;
        assert_eq!(packages.get("backtrader").unwrap(), "1.9.78.123");
        assert!(!packages.contains_key("yappi"));
        if backend != "cprofile" {
            assert_eq!(profile.origin.backend_version, "1.7.6");
        }
        let own = |file: &str| file.contains("superlinear_shim") || file.ends_with("yappi.py");
        assert!(!profile.functions.iter().any(|function| own(&function.key.file)));
        let names = profile.functions.iter().map(|function| &function.key.name);
        assert_eq!(names.filter(|name| name.contains(" at 0x")).count(), 0);
    }
}

#[test]
fn two_runs_of_one_program_have_equal_counts() {
    for backend in ["yappi", "cprofile"] {
        let counts = || -> BTreeMap<_, _> {
            let profile = measured(backend, &["quadratic.py", "30"]);
            let functions = profile.functions.into_iter();
            functions.map(|function| (function.key, function.cost.ncall)).collect()
        };
        assert_eq!(counts(), counts(), "{backend}");
    }
}

#[test]
fn greenlets_are_told_apart() {
    let profile = measured("yappi", &["greenlets.py"]);
    let check = |name, ncall| {
        assert_eq!(cost(&profile, "greenlets.py", name).ncall, ncall, "{name}");
    };
    check("idle", 1);
    check("main", 1);
    check("worker", 2);
    check("step", 10);
    let step = cost(&profile, "greenlets.py", "step");
    assert!(step.ttot > 0.019, "ten times 2 ms of sleep: {}", step.ttot);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("greenlets: each is timed by itself"), "{warnings}");
    let with_worker = profile.threads.iter().filter(|thread| {
        let names = thread.costs.iter().map(|cost| &profile.functions[cost.0].key.name);
        names.into_iter().any(|name| name == "worker")
    });
    assert_eq!(with_worker.count(), 2);
}

#[test]
fn lines_of_a_culprit_are_timed_at_two_sizes() {
    let python = program(&[]).argv[0].clone();
    let runs: Vec<_> = [50, 100, 200, 400]
        .map(|size| serde_json::json!({ "id": format!("n{size}"), "size": size }))
        .into();
    let place = support::Place::new(&serde_json::json!({
        "workloads": { "w": { "command": [python, "slow.py", "{size}"], "backend": "cprofile" } },
        "runs": runs,
    }));
    fs::copy(programs().join("lines.py"), place.path("slow.py")).unwrap();
    support::assert_code(&place.runner(&["--phase", "1"]), 0);
    let before = place.plan_text();
    let output = place.runner(&["--drill", "scan"]);
    support::assert_code(&output, 0);
    let text = support::stdout(&output);
    let row = |code: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.ends_with(code));
        let line = line.unwrap_or_else(|| panic!("no line `{code}` in\n{text}"));
        line.split_whitespace().take(3).map(String::from).collect()
    };
    assert!(text.contains("`scan` (slow.py) line by line at size 200 and 400"), "{text}");
    assert_eq!(row("for item in items:"), ["9", "160400", "n^2.00"]);
    assert_eq!(row("if item == wanted:"), ["10", "160000", "n^2.00"]);
    assert_eq!(row("found = False"), ["8", "400", "n^1.00"]);
    assert_eq!(place.plan_text(), before);

    let unknown = place.runner(&["--drill", "scam"]);
    support::assert_code(&unknown, 2);
    support::assert_says(&unknown, "unknown function `scam`");
}

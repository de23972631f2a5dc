//! Real Python programs under the real profilers: what the program does is unchanged, and what the
//! profile says is known by hand.
#![expect(clippy::disallowed_methods, reason = "these tests start the programs themselves")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;

use superlinear::error::Result;
use superlinear::format::read_profile;
use superlinear::measure::Program;
use superlinear::measure::by_name;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Profile;

const BACKENDS: [&str; 3] = ["yappi", "yappi-cpu", "cprofile"];

struct Ended {
    status: ExitStatus,
    stdout: String,
    stderr: String,
    profile: Result<Profile>,
}

#[test]
fn a_program_notices_no_difference() {
    let folder = programs();
    let script = folder.join("app/__main__.py").display().to_string();
    let code = "import sys; print(sys.argv, sys.path[0], sorted(globals())); sys.exit(2)";
    let ways: [&[&str]; 12] = [
        &[&script, "a", "-b"],
        &["./app/__main__.py"],
        &["-m", "app", "a"],
        &["-m", "app.__main__"],
        &["-u", "-O", "app", "x"],
        &["-I", "app"],
        &["-c", code, "a"],
        &["ending.py", "status"],
        &["ending.py", "words"],
        &["ending.py", "exception"],
        &["ending.py", "own handler"],
        &["-m", "no_such_module"],
    ];
    for arguments in ways {
        let plain = run(&program(arguments));
        for backend in ["yappi", "cprofile"] {
            let measured = measure(backend, arguments);
            let what = format!("{backend}: {arguments:?}");
            assert_eq!(measured.stdout, plain.stdout, "{what}");
            assert_eq!(measured.stderr, plain.stderr, "{what}");
            assert_eq!(measured.status, plain.status, "{what}");
        }
    }
}

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
    assert!(client.ttot > 0.07, "four times 20 ms of waiting: {}", client.ttot);
}

#[test]
fn every_ending_saves_the_profile() {
    for backend in BACKENDS {
        for ending in ["none", "status", "words", "exception", "own handler"] {
            let profile = measured(backend, &["ending.py", ending]);
            let steps = cost(&profile, "ending.py", "step").ncall;
            assert_eq!(steps, 3, "{backend} {ending}");
        }
        let interrupted = measure(backend, &["ending.py", "interrupt"]);
        assert_eq!(interrupted.status.signal(), Some(2), "{backend}");
        assert!(interrupted.stderr.ends_with("KeyboardInterrupt\n"), "{backend}");
        let profile = interrupted.profile.unwrap();
        assert_eq!(cost(&profile, "ending.py", "step").ncall, 3, "{backend}");
    }
}

#[test]
fn a_traceback_shows_the_program_alone() {
    let failed = measure("yappi", &["ending.py", "exception"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(failed.stderr.contains("in work\n"), "{}", failed.stderr);
    assert!(!failed.stderr.contains("superlinear"), "{}", failed.stderr);
}

#[test]
fn a_terminated_program_saves_its_profile_and_ends_with_143() {
    for backend in BACKENDS {
        for ending in ["terminated", "stubborn"] {
            let ended = measure_until_terminated(backend, &["ending.py", ending]);
            let what = format!("{backend} {ending}: {}", ended.stderr);
            assert_eq!(ended.status.code(), Some(143), "{what}");
            let profile = ended.profile.unwrap();
            assert_eq!(cost(&profile, "ending.py", "step").ncall, 3, "{what}");
            assert_eq!(cost(&profile, "ending.py", "work").ncall, 1, "{what}");
        }
    }
}

#[test]
fn children_leave_the_parents_profile_alone() {
    for backend in ["yappi", "cprofile"] {
        for method in ["spawn", "fork"] {
            let ended = measure(backend, &["processes.py", method]);
            let what = format!("{backend} {method}: {}", ended.stderr);
            assert_eq!(ended.stdout, "[0, 1, 4, 9, 16]\n7\n-15\n", "{what}");
            assert!(ended.status.success(), "{what}");
            let profile = ended.profile.unwrap();
            assert_eq!(cost(&profile, "processes.py", "prepare").ncall, 1, "{what}");
            let in_children =
                profile.functions.iter().any(|function| function.key.name == "square");
            assert!(!in_children, "{what}");
        }
    }
}

#[test]
fn a_program_that_skips_its_own_end_is_said_to_have_left_nothing() {
    let ended = measure("yappi", &["ending.py", "at once"]);
    assert_eq!(ended.status.code(), Some(4));
    let error = ended.profile.unwrap_err();
    assert!(error.to_string().contains("left no profile"), "{error}");
    assert!(error.hint().unwrap().contains("sys.exit"));
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
fn check_accepts_what_can_be_measured() {
    for backend in BACKENDS {
        let program = program(&["-u", "quadratic.py", "3"]);
        by_name(backend).unwrap().check(&program).unwrap();
    }
}

#[test]
fn check_says_what_is_missing() {
    let yappi = by_name("yappi").unwrap();
    let without_packages = program(&["-I", "-S", "quadratic.py"]);
    let error = yappi.check(&without_packages).unwrap_err();
    assert!(error.to_string().contains("has no `yappi`"), "{error}");
    let hint = error.hint().unwrap();
    assert!(hint.contains("-m pip install yappi") && hint.contains("cprofile"), "{hint}");

    let mut nowhere = program(&["quadratic.py"]);
    nowhere.argv[0] = "/nowhere/python3".into();
    let error = yappi.check(&nowhere).unwrap_err();
    assert_eq!(error.to_string(), "cannot start `/nowhere/python3`: there is no such program");

    let folder = tempfile::tempdir().unwrap();
    let imposter = folder.path().join("python");
    fs::write(&imposter, "#!/bin/sh\necho out of order >&2; exit 1\n").unwrap();
    Command::new("chmod").arg("+x").arg(&imposter).status().unwrap();
    let mut broken = program(&["quadratic.py"]);
    broken.argv[0] = imposter.display().to_string();
    let error = yappi.check(&broken).unwrap_err();
    assert!(error.to_string().ends_with("Python interpreter: out of order"), "{error}");
}

#[test]
fn every_python_of_the_machine_can_be_measured_by_cprofile() {
    let backend = by_name("cprofile").unwrap();
    let mut measured = 0;
    for name in interpreters() {
        let mut program = program(&["recursion.py"]);
        program.argv[0].clone_from(&name);
        if let Err(error) = backend.check(&program) {
            // Not on this machine, or of an age that is refused.
            let said = error.to_string();
            assert!(said.contains("cannot start"), "{said}");
            continue;
        }
        let scratch = tempfile::tempdir().unwrap();
        let ended = run(&backend.measured(&program, scratch.path()).unwrap());
        assert!(ended.status.success(), "{name}: {}", ended.stderr);
        let profile = backend.collect(scratch.path(), &read_profile).unwrap().unwrap();
        let fib = cost(&profile, "recursion.py", "fib");
        assert_eq!((fib.ncall, fib.nactual), (177, 1), "{name}");
        assert!(profile.origin.call_cost_nanoseconds.is_some(), "{name}");
        measured += 1;
    }
    assert!(measured > 0, "no `python3` on the path");
}

/// On the path by every name, and where pyenv keeps its own.
fn interpreters() -> Vec<String> {
    let numbered = (8..=14).map(|minor| format!("python3.{minor}")).chain(["python3".into()]);
    let home = PathBuf::from(std::env::var("HOME").unwrap_or_default());
    let own = fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let own = own.map(|folder| folder.path().join("bin/python")).filter(|path| path.exists());
    numbered.chain(own.map(|path| path.display().to_string())).collect()
}

#[test]
fn the_shim_is_written_in_the_words_of_the_oldest_python() {
    let shim = root().join("src/measure/python/shim.py").display().to_string();
    let parse = "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))";
    let parsed = run(&program(&["-c", parse, &shim]));
    assert!(parsed.status.success(), "{}", parsed.stderr);
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
fn what_profiling_costs_is_measured_in_the_program() {
    for backend in BACKENDS {
        let cost = measured(backend, &["quadratic.py", "20"]).origin.call_cost_nanoseconds;
        let cost = cost.unwrap();
        assert!((5.0..50_000.0).contains(&cost), "{backend}: {cost} ns a call");
    }
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

#[test]
fn without_a_profiler_the_program_runs_as_it_is() {
    let backend = by_name("none").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let program = program(&["quadratic.py", "3"]);
    backend.check(&program).unwrap();
    assert_eq!(backend.measured(&program, scratch.path()).unwrap(), program);
    assert_eq!(backend.collect(scratch.path(), &read_profile).unwrap(), None);
}

fn measured(backend: &str, arguments: &[&str]) -> Profile {
    let ended = measure(backend, arguments);
    match ended.profile {
        Ok(profile) => profile,
        Err(error) => panic!("{backend} {arguments:?}: {error}: {}", ended.stderr),
    }
}

fn measure(backend: &str, arguments: &[&str]) -> Ended {
    let scratch = tempfile::tempdir().unwrap();
    let backend = by_name(backend).unwrap();
    let program = backend.measured(&program(arguments), scratch.path()).unwrap();
    let profile = |ended: Ended| Ended {
        profile: backend.collect(scratch.path(), &read_profile).map(Option::unwrap_or_default),
        ..ended
    };
    profile(run(&program))
}

fn measure_until_terminated(backend: &str, arguments: &[&str]) -> Ended {
    let scratch = tempfile::tempdir().unwrap();
    let backend = by_name(backend).unwrap();
    let program = backend.measured(&program(arguments), scratch.path()).unwrap();
    let mut child =
        command(&program).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    Ended {
        status: output.status,
        stdout: line,
        stderr: String::from_utf8(output.stderr).unwrap(),
        profile: backend.collect(scratch.path(), &read_profile).map(Option::unwrap_or_default),
    }
}

fn run(program: &Program) -> Ended {
    let output = command(program).output().unwrap();
    Ended {
        status: output.status,
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        profile: Ok(Profile::default()),
    }
}

fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.argv[0]);
    command
        .args(&program.argv[1..])
        .envs(&program.env)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&program.cwd)
        .stdin(Stdio::null());
    command
}

fn program(arguments: &[&str]) -> Program {
    let python = root().join("target/python/bin/python");
    assert!(python.exists(), "the tests' Python environment is missing: run `sh tests/setup.sh`");
    let interpreter = python.display().to_string();
    let words = arguments.iter().copied().map(String::from);
    Program {
        argv: [interpreter].into_iter().chain(words).collect(),
        env: BTreeMap::new(),
        cwd: programs(),
    }
}

fn programs() -> PathBuf {
    root().join("tests/data/python")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cost of a function of one of the test programs, which must be there once.
fn cost(profile: &Profile, file: &str, name: &str) -> Cost {
    let path = programs().join(file).display().to_string();
    let mut found = profile
        .functions
        .iter()
        .filter(|function| function.key.file == path && function.key.name == name);
    let cost = found.next().unwrap_or_else(|| panic!("no `{name}` of {file} in the profile")).cost;
    assert!(found.next().is_none(), "`{name}` of {file} is there twice");
    cost
}

fn builtin(profile: &Profile, part: &str) -> Cost {
    let mut found = profile
        .functions
        .iter()
        .filter(|function| function.key.file == "~" && function.key.name.contains(part));
    found.next().unwrap().cost
}

fn edge(profile: &Profile, caller: &str, callee: &str) -> Cost {
    let name = |function: usize| profile.functions[function].key.name.as_str();
    let own = |function: usize| profile.functions[function].key.file.contains("/data/python/");
    let mut found = profile.edges.iter().filter(|edge| {
        own(edge.caller) && name(edge.caller) == caller && name(edge.callee) == callee
    });
    found.next().unwrap().cost
}

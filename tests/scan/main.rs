//! `superlinear scan` on real programs: Python's, the system's, and those that cannot be scanned.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod place;
mod real;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use place::Place;
use place::culprits;
use place::python;
use serde_json::Value;
use serde_json::json;
use support::assert_code;
use support::assert_says;
use support::kill;
use support::stderr;
use support::stdout;
use support::wait_until;

#[track_caller]
fn check_culprit(backend: &str, python: &str) {
    let place = Place::new();
    let scan = |kind: &str, folder: &str| {
        let arguments = ["--sizes", "40..320 x2", "--backend", backend];
        let limit = if kind == "linear" { "9" } else { "quadratic" };
        let command =
            ["--fail-on", limit, "--dir", folder, "--", python, "words.py", "{size}", kind];
        place.scan(&[&arguments[..], &command[..]].concat())
    };
    let output = scan("quadratic", "q");
    assert_code(&output, 4);
    let analysis = place.analysis("q");
    // On a busy machine the time of what it calls may look steep as well.
    assert!(culprits(&analysis).contains(&"nested"), "{}", stdout(&output));
    let functions = analysis["functions"].as_array().unwrap();
    let step = functions.iter().find(|function| function["name"] == "step").unwrap();
    let exponent = step["metrics"]["ncall"]["exponent"].as_f64().unwrap();
    assert!((exponent - 2.0).abs() < 0.02, "{exponent}");
    assert!(stdout(&output).contains("`nested` (words.py:"), "{}", stdout(&output));
    // Times of some microseconds may look steep; calls never lie.
    let output = scan("linear", "l");
    assert_code(&output, 0);
    let analysis = place.analysis("l");
    for function in analysis["functions"].as_array().unwrap() {
        let calls = &function["metrics"]["ncall"];
        assert_ne!(calls["verdict"], "superlinear", "{function:#}");
    }
}

#[test]
fn cprofile_names_the_culprit_and_is_silent_about_the_control() {
    check_culprit("cprofile", "python3");
}

#[test]
fn yappi_names_the_culprit_and_is_silent_about_the_control() {
    check_culprit("yappi", &python());
}

#[test]
fn chooses_the_profiler_that_the_interpreter_has() {
    let place = Place::new();
    let chosen = |python: &str, folder: &str| {
        let sizes = ["--sizes", "10,20,40", "--dir", folder];
        let output =
            place.scan(&[&sizes[..], &["--", python, "words.py", "{size}", "linear"]].concat());
        assert_code(&output, 0);
        let backend = place.plan(folder)["workloads"]["words"]["backend"].clone();
        (backend.as_str().unwrap().to_string(), stderr(&output))
    };
    let (backend, said) = chosen(&python(), "with");
    assert_eq!(backend, "yappi");
    assert!(said.contains("with   yappi: Python, and its interpreter has `yappi`"), "{said}");
    let bare = place.path("bare");
    let made = Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(&bare).status();
    assert!(made.unwrap().success());
    let (backend, said) = chosen(bare.join("bin/python").to_str().unwrap(), "without");
    assert_eq!(backend, "cprofile");
    assert!(said.contains("-m pip install yappi` to see all threads"), "{said}");
}

#[test]
fn a_program_without_symbols_is_judged_as_a_whole() {
    let place = Place::new();
    let output = place.scan(&["--sizes", "1k..8k x2", "--input", "seq {size}", "--", "sort", "-n"]);
    assert_code(&output, 0);
    assert_says(&output, "with   none: `sort` has no table of symbols");
    let shown = stdout(&output);
    assert!(shown.contains("Nothing was measured inside the program"), "{shown}");
    assert!(shown.contains("The program as a whole"), "{shown}");
    let result = &place.plan("superlinear-scan/sort")["results"]["n-4000"];
    assert_eq!(result["wall_seconds"].as_array().unwrap().len(), 3);
    let log = place.path("superlinear-scan/sort/profiling/runs/n-4000/attempts");
    let log = fs::read_dir(log).unwrap().next().unwrap().unwrap().path().join("stdout.log");
    assert_eq!(fs::read_to_string(log).unwrap().lines().count(), 4000);
}

#[test]
fn an_input_is_given_by_name_where_the_command_asks_for_it() {
    let place = Place::new();
    fs::write(place.path("gen.py"), "import sys\nprint('x' * int(sys.argv[1]))\n").unwrap();
    let arguments = ["--sizes", "10,20,40", "--backend", "none", "--repeat", "1"];
    let command = ["--input", "gen.py {size}", "--", "wc", "-c", "{input}"];
    assert_code(&place.scan(&[&arguments[..], &command[..]].concat()), 0);
    let log = "superlinear-scan/wc/profiling/runs/n-20/attempts/1/stdout.log";
    assert!(fs::read_to_string(place.path(log)).unwrap().starts_with("21 "));
}

#[test]
fn the_same_command_goes_on_and_another_one_is_refused() {
    let place = Place::new();
    let common = ["--backend", "none", "--repeat", "1", "--dir", "kept"];
    let scan = |sizes: &str, command: &[&str]| {
        place.scan(&[&["--sizes", sizes], &common[..], &["--"], command].concat())
    };
    let work = ["sh", "-c", "echo $0 >> trace", "{size}"];
    let trace = || fs::read_to_string(place.path("trace")).unwrap();
    assert_code(&scan("1,2,3", &work), 0);
    assert_code(&scan("1,2,3,4", &work), 0);
    assert_eq!(trace(), "1\n2\n3\n4\n");
    let fresh = [&["--sizes", "1,2,3,4", "--fresh"], &common[..], &["--"], &work[..]].concat();
    assert_code(&place.scan(&fresh), 0);
    assert_eq!(trace(), "1\n2\n3\n4\n".repeat(2));
    let refused = scan("1,2,3", &["sh", "-c", "true", "{size}"]);
    assert_code(&refused, 2);
    assert_says(&refused, "`kept` holds the scan of `sh -c echo $0 >> trace {size}`");
    assert_says(&refused, "hint: give this one a folder of its own: `--dir sh-2`");
}

#[test]
fn more_repetitions_and_sizes_are_added_to_what_is_there() {
    let place = Place::new();
    let scan = |options: &[&str]| {
        let common = ["--dir", "kept"];
        let work = ["--", "sh", "-c", "echo $0 >> trace", "{size}"];
        place.scan(&[options, &common, &work].concat())
    };
    let trace = || fs::read_to_string(place.path("trace")).unwrap();
    assert_code(&scan(&["--sizes", "1,2,3", "--repeat", "1", "--backend", "none"]), 0);
    let more = scan(&["--sizes", "1,2,3,4", "--repeat", "2"]);
    assert_code(&more, 0);
    assert_says(&more, "have   3 sizes that were measured before, 1 more of each follow");
    let mut times: Vec<String> = trace().lines().map(String::from).collect();
    times.sort();
    assert_eq!(times, ["1", "1", "2", "2", "3", "3", "4", "4"]);
    let plan = place.plan("kept");
    assert_eq!(plan["settings"]["repetitions"], 2);
    for size in 1..=4 {
        let result = &plan["results"][format!("n-{size}")];
        assert_eq!(result["wall_seconds"].as_array().unwrap().len(), 2, "{result:#}");
    }
    // Without the option it stays as it is.
    assert_code(&scan(&["--sizes", "1,2,3,4"]), 0);
    assert_eq!(trace().lines().count(), 8);
    let fewer = scan(&["--sizes", "1,2,3,4", "--repeat", "1"]);
    assert_code(&fewer, 2);
    assert_says(
        &fewer,
        "`kept` holds the same scan with `--repeat 2`, and `--repeat 1` would drop",
    );
    assert_says(&fewer, "hint: leave `--repeat` out to go on, add `--fresh`");
    let other = scan(&["--sizes", "1,2,3,4", "--backend", "memory"]);
    assert_code(&other, 2);
    assert_says(&other, "`kept` holds the same scan with the backend `none`, not `memory`");
    assert_code(&scan(&["--sizes", "1,2,3,4", "--repeat", "1", "--fresh"]), 0);
    assert_eq!(trace().lines().count(), 12);
    assert_eq!(place.plan("kept")["settings"]["repetitions"], 1);
}

#[test]
fn the_report_is_kept_as_a_page() {
    let place = Place::new();
    let command = ["--backend", "none", "--", "sh", "-c", "true", "{size}"];
    let output = place.scan(&[&["--sizes", "1,2,3"], &command[..]].concat());
    assert_code(&output, 0);
    let said = stderr(&output);
    let page = "superlinear-scan/sh/report.html";
    assert!(said.lines().last().unwrap().ends_with(&format!("as a page: {page}")), "{said}");
    let html = fs::read_to_string(place.path(page)).unwrap();
    assert!(html.contains("How cost grows with size"), "{html}");
    let named = ["--sizes", "1,2,3", "--html", "out/mine.html"];
    assert_code(&place.scan(&[&named, &command[..]].concat()), 0);
    assert!(place.path("out/mine.html").is_file());
}

/// While something else is measured on the host, a scan with a budget waits, and judges nothing
/// again.
#[test]
fn a_budget_costs_nothing_while_the_host_is_busy() {
    let place = Place::new();
    let lock = fs::File::create(place.path("host.lock")).unwrap();
    lock.lock().unwrap();
    let options =
        ["--sizes", "1,2,3", "--budget", "10m", "--backend", "none", "--repeat", "1", "-vv"];
    let mut scan = place.command(&[&options[..], &["--", "sh", "-c", "true", "{size}"]].concat());
    let log = place.path("log");
    let scan = scan.stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap());
    let mut scan = scan.spawn().unwrap();
    let said = |words: &str| fs::read_to_string(&log).unwrap().matches(words).count();
    wait_until("the wait for the host", || said("wait   this host") == 1);
    thread::sleep(Duration::from_secs(1));
    assert_eq!(said("settled: false"), 1);
    drop(lock);
    assert!(scan.wait().unwrap().success());
    assert!(said("settled: ") <= 4, "{}", fs::read_to_string(&log).unwrap());
}

#[test]
fn an_interrupted_scan_goes_on() {
    let place = Place::new();
    let script = "echo $0 >> trace; [ $0 != 2 ] || [ -e go ] || { touch begun; sleep 60; }";
    let arguments = ["--sizes", "1,2,3", "--backend", "none", "--repeat", "1", "--dir", "d"];
    let arguments = [&arguments[..], &["--", "sh", "-c", script, "{size}"]].concat();
    let scan = place.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let scan = scan.unwrap();
    wait_until("the second size", || place.path("begun").exists());
    kill("INT", i32::try_from(scan.id()).unwrap());
    let output = scan.wait_with_output().unwrap();
    assert_code(&output, 130);
    assert_says(&output, "the same command goes on from here");
    fs::write(place.path("go"), "").unwrap();
    assert_code(&place.scan(&arguments), 0);
    assert_eq!(fs::read_to_string(place.path("trace")).unwrap(), "1\n2\n2\n3\n");
}

#[test]
fn nobody_waits_for_a_judgement_that_was_interrupted() {
    let place = Place::new();
    let functions: String = (0..1_500)
        .map(|one| format!("def f{one}(n):\n    return sum(range(n + {one}))\n"))
        .collect();
    let calls = "import sys\nfor name in [name for name in dir() if name[0] == 'f']:\n    \
                 globals()[name](int(sys.argv[1]))\n";
    fs::write(place.path("many.py"), functions + calls).unwrap();
    let sizes = ["--sizes", "10,20,40", "--backend", "cprofile", "--dir", "d"];
    let command = ["--", "python3", "many.py", "{size}"];
    let mut scan = place.command(&[&sizes[..], &command].concat());
    let log = place.path("log");
    let scan = scan.stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap());
    let mut scan = scan.spawn().unwrap();
    wait_until("the last size", || fs::read_to_string(&log).unwrap().contains("done   n-40"));
    thread::sleep(Duration::from_millis(500));
    kill("INT", i32::try_from(scan.id()).unwrap());
    assert_eq!(scan.wait().unwrap().signal(), Some(2), "it would go on for long");
}

#[test]
fn a_size_that_fails_is_told_and_the_others_are_judged() {
    let place = Place::new();
    let arguments = ["--sizes", "1,2,3,4", "--backend", "none", "--repeat", "1", "--dir", "d"];
    let script = "[ $0 != 3 ] || { echo begun >&2; echo no memory for $0 >&2; exit 1; }";
    let output = place.scan(&[&arguments[..], &["--", "sh", "-c", script, "{size}"]].concat());
    assert_code(&output, 1);
    assert_says(&output, "n-3: exit code 1");
    let log = "d/profiling/runs/n-3/attempts/1/stderr.log";
    assert_says(&output, &format!("wrote  n-3: no memory for 3 (all of it: {log})"));
    assert_eq!(place.analysis("d")["runs"].as_array().unwrap().len(), 3);
}

#[test]
fn within_a_budget_sizes_grow_until_the_verdict_is_settled() {
    let place = Place::new();
    let arguments = ["--sizes", "40..81920 x2", "--budget", "10m", "--backend", "cprofile"];
    let command = ["--", "python3", "words.py", "{size}", "quadratic"];
    let output = place.scan(&[&arguments[..], &command].concat());
    assert_code(&output, 0);
    assert_says(&output, "the verdict is settled");
    let plan = place.plan("superlinear-scan/words");
    let states: Vec<&str> = plan["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["status"].as_str().unwrap_or("pending"))
        .collect();
    assert_eq!(&states[..4], ["done"; 4]);
    assert_eq!(states.last(), Some(&"pending"));
    assert!(culprits(&place.analysis("superlinear-scan/words")).contains(&"nested"));
}

#[test]
fn a_size_that_would_not_fit_is_not_started() {
    let place = Place::new();
    let arguments = ["--sizes", "1,2,3,1000", "--budget", "20s", "--backend", "none"];
    let script = "sleep 0.$0; echo $0 >> trace";
    let command = ["--repeat", "1", "--", "sh", "-c", script, "{size}"];
    let output = place.scan(&[&arguments[..], &command].concat());
    assert_code(&output, 0);
    assert_says(&output, "skip   size 1000: size 1000 would take about");
    assert_eq!(fs::read_to_string(place.path("trace")).unwrap(), "1\n2\n3\n");
}

#[test]
fn says_what_is_missing_before_anything_is_made() {
    let place = Place::new();
    let check = |arguments: &[&str], words: &str| {
        let output = place.scan(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert_says(&output, words);
        assert!(!place.path("superlinear-scan").exists());
    };
    check(&["--sizes", "1,2", "--", "sh", "{size}"], "two sizes give no verdict");
    check(&["--sizes", "1k..1m x2", "--", "sh", "{size}"], "`1m` is no size");
    check(&["--sizes", "1,2,3", "--", "sh", "x"], "the command does not ask for its size");
    check(&["--sizes", "1,2,3", "--", "no-such-tool", "{size}"], "no program `no-such-tool`");
    let backend = ["--backend", "callgrin", "--", "sh", "{size}"];
    check(&[&["--sizes", "1,2,3"], &backend[..]].concat(), "unknown backend `callgrin`");
    let limit = ["--fail-on", "cubicish", "--", "sh", "{size}"];
    check(&[&["--sizes", "1,2,3"], &limit[..]].concat(), "`cubicish`");
    let budget = ["--budget", "soon", "--", "sh", "{size}"];
    check(&[&["--sizes", "1,2,3"], &budget[..]].concat(), "`--budget`");
}

#[test]
fn a_forgotten_separator_is_put_where_it_belongs() {
    let place = Place::new();
    let check = |arguments: &[&str], program: &str, hint: &str| {
        let output = place.scan(arguments);
        assert_code(&output, 2);
        let message = format!("error: `--` is missing before the program `{program}`");
        assert_eq!(stderr(&output), format!("{message}\nhint: write `{hint}`\n"));
        assert!(stdout(&output).is_empty() && !place.path("superlinear-scan").exists());
    };
    let superlinear = env!("CARGO_BIN_EXE_superlinear");
    let sizes = ["--sizes", "1..4", "x2", "--backend", "none", "--repeat", "1"];
    let program = ["sh", "-c", "echo $0 >> trace", "{size}"];
    let said = "--sizes 1..4 x2 --backend none --repeat 1";
    let hint = format!("{superlinear} scan {said} -- sh -c 'echo $0 >> trace' {{size}}");
    check(&[&sizes[..], &program[..]].concat(), "sh", &hint);
    check(&[&program[..1], &sizes[..], &program[1..]].concat(), "sh", &hint);
    // What the hint says is taken as it stands.
    let mut shell = Command::new("sh");
    let scan = shell.args(["-c", &hint]).current_dir(place.path(""));
    assert_code(&scan.env("SUPERLINEAR_HOST_LOCK", place.path("host.lock")).output().unwrap(), 0);
    assert_eq!(fs::read_to_string(place.path("trace")).unwrap(), "1\n2\n4\n");
    let unknown = place.scan(&["--size", "1,2,4", "--", "sh", "{size}"]);
    assert_code(&unknown, 2);
    assert_says(&unknown, "unexpected argument '--size' found");
}

#[test]
fn somebody_is_told_how_a_scan_ends() {
    const TELL: &str = "sh -c 'cat >> told; echo --- >> told'";
    let place = Place::new();
    let told = || -> Vec<Value> {
        let text = fs::read_to_string(place.path("told")).unwrap_or_default();
        let _ = fs::remove_file(place.path("told"));
        let documents = text.split("---\n").filter(|text| !text.is_empty());
        documents.map(|text| serde_json::from_str(text).unwrap()).collect()
    };
    let sizes = ["--sizes", "40..160 x2", "--backend", "cprofile", "--notify", TELL];
    let words = ["--dir", "w", "--", "python3", "words.py", "{size}", "quadratic"];
    let options = ["--counts-only", "--fail-on", "quadratic", "--ascii"];
    let output = place.scan(&[&sizes[..], &options, &words].concat());
    assert_code(&output, 4);
    assert!(output.stdout.is_ascii() && !output.stdout.is_empty(), "{}", stdout(&output));
    let [end] = &told()[..] else { panic!("one document") };
    assert_eq!((&end["occasion"], &end["exit_code"]), (&json!("ended"), &json!(4)));
    assert_eq!(
        end["message"],
        "the scan ended above its limit: 3 done, 0 in error, 0 running, 0 pending"
    );
    assert_eq!(end["plan"], "w/profiling_plan.json");
    assert_eq!(end["culprits"][0]["name"], "nested");
    let sizes = ["--sizes", "1,2,3", "--backend", "none", "--repeat", "1", "--notify", TELL];
    let fails = ["--dir", "f", "--", "sh", "-c", "[ $0 != 2 ]", "{size}"];
    assert_code(&place.scan(&[&sizes[..], &fails].concat()), 1);
    let [first, end] = &told()[..] else { panic!("two documents") };
    assert_eq!((&first["occasion"], &first["exit_code"]), (&json!("failed"), &Value::Null));
    assert_eq!((&end["occasion"], &end["exit_code"]), (&json!("ended"), &json!(1)));
    assert_eq!(end["failures"][0]["run"], "n-2");
    // No command at all is refused before anything is made, one that fails is told and harms
    // nothing.
    let fine = ["--dir", "n", "--", "true", "{size}"];
    let with = |notify: &str| {
        let sizes = ["--sizes", "1,2,3", "--repeat", "1", "--notify", notify];
        place.scan(&[&sizes[..], &fine].concat())
    };
    assert_code(&with("mail | cat"), 2);
    assert!(!place.path("n").exists());
    let output = with("false");
    assert_code(&output, 0);
    assert_says(&output, "warn   `--notify false` failed: exit code 1");
}

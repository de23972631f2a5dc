//! `--adaptive` on real programs, judged by exact instructions: what is left, what is not, and that
//! nothing is lost when the runner is killed.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::kill;
use support::stdout;
use support::wait_until;

const ADAPTIVE: [&str; 3] = ["--phase", "1", "--adaptive"];

/// A place with a program of `tests/data/native` under callgrind; each run waits while there is a
/// file `hold`.
fn place(source: &str, sizes: &[u32]) -> Place {
    let runs: Vec<Value> =
        sizes.iter().map(|size| json!({ "id": format!("n{size}"), "size": size })).collect();
    let place = Place::new(&json!({
        "workloads": { "w": {
            "command": ["./program", "{size}"],
            "backend": "callgrind",
            "prepare": ["sh", "-c", "echo {run_id} >> begun; while [ -e hold ]; do sleep 0.02; done"],
        } },
        "runs": runs,
    }));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/native").join(source);
    let compiler =
        Command::new("cc").args(["-g", "-O1", "-o"]).arg(place.path("program")).arg(path).status();
    assert!(compiler.expect("the tests need a C compiler, `cc`").success());
    place
}

/// Names and verdicts of the culprits, the most important first.
fn culprits(place: &Place) -> Vec<(String, String)> {
    let output = place.analyzer(&["--phase", "1"]);
    assert_code(&output, 0);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let culprits = found["culprits"].as_array().unwrap();
    culprits.iter().map(|one| (text(&one["name"]), text(&one["verdict"]))).collect()
}

#[test]
fn larger_sizes_are_left_once_they_would_change_no_verdict() {
    let place = place("known.c", &[1600, 100, 200, 800, 400]);
    let output = place.runner(&ADAPTIVE);
    assert_code(&output, 0);
    assert_says(&output, "skip   n1600: settled at ");
    assert_eq!(place.lines("begun")[..3], ["n100", "n200", "n400"]);
    let said = stdout(&output);
    for words in ["settled at ", "foretold by the fit", "not checked", "`runner --phase 1`"] {
        assert!(said.contains(words), "{said}");
    }
    let plan = place.plan();
    assert_eq!(plan["runs"][0]["status"], "pending");
    assert!(plan["runs"][0]["skipped"].as_str().unwrap().starts_with("settled at "));
    assert!(stdout(&place.runner(&["--status"])).contains("skipped: settled at "));
    assert!(place.status()["runs"][0]["skipped"].is_string());
    let spared = culprits(&place);
    // What was left can be run at any time, and says the same.
    assert_code(&place.runner(&["--phase", "1"]), 0);
    assert_eq!(place.states(), ["done"; 5]);
    assert_eq!(place.plan()["runs"][0].get("skipped"), None);
    assert_eq!(culprits(&place), spared);
    assert!(spared.contains(&("quadratic".into(), "superlinear".into())), "{spared:?}");
}

#[test]
fn what_is_hidden_at_small_sizes_is_foreseen_and_run() {
    let place = place("hidden.c", &[100, 200, 300, 400, 3200]);
    let output = place.runner(&ADAPTIVE);
    assert_code(&output, 0);
    assert_eq!(place.states(), ["done"; 5]);
    assert!(stdout(&output).contains("every size was needed"), "{}", stdout(&output));
    assert_eq!(culprits(&place), [("square".into(), "superlinear".into())]);
}

#[test]
fn a_killed_adaptive_runner_is_gone_on_with() {
    let place = place("known.c", &[100, 200, 400, 800, 1600]);
    fs::write(place.path("hold"), "").unwrap();
    let mut runner = place.start_runner(&ADAPTIVE);
    wait_until("the first program", || place.lines("begun") == ["n100"]);
    kill("KILL", i32::try_from(runner.id()).unwrap());
    runner.wait().unwrap();
    fs::remove_file(place.path("hold")).unwrap();
    let output = place.runner(&["--resume", "--phase", "1", "--adaptive"]);
    assert_code(&output, 0);
    let begun = place.lines("begun");
    let mut once = begun.clone();
    once.dedup();
    assert_eq!(begun, once);
    let states = place.states();
    assert_eq!((states[2].as_str(), states[4].as_str()), ("done", "pending"));
    // Asked again there is nothing to do, and the answer is the same.
    let again = place.runner(&ADAPTIVE);
    assert_code(&again, 0);
    assert_eq!(place.lines("begun"), begun);
    assert_says(&again, "skip   n1600: settled at ");
    // Without the option the rest is executed.
    assert_code(&place.runner(&["--resume"]), 0);
    assert_eq!(place.states(), ["done"; 5]);
    assert_eq!(place.lines("begun").len(), 5);
}

#[test]
fn three_sizes_are_the_least() {
    let place = place("known.c", &[100, 200, 400]);
    let output = place.runner(&ADAPTIVE);
    assert_code(&output, 0);
    assert_eq!(place.states(), ["done"; 3]);
}

#[test]
fn all_at_once_spares_runs_as_well_and_says_so_in_the_report() {
    let place = place("known.c", &[100, 200, 400, 800, 1600]);
    let output = place.superlinear(&["all", "--adaptive", "--confidence", "90"]);
    assert_code(&output, 0);
    assert_eq!(place.states()[4], "pending");
    let report = place.read("reports/phase1.md");
    assert!(report.contains("`n1600` was skipped, settled at "), "{report}");
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let place = Place::with_shell("true", 1);
    let check = |options: &[&str], words: &str| {
        let output = place.runner(&[&["--all"], options].concat());
        assert_code(&output, 2);
        assert_says(&output, words);
    };
    check(&["--adaptive", "--confidence", "100"], "is not from 50 to below 100 per cent");
    check(&["--adaptive", "--confidence", "x"], "invalid");
    check(&["--confidence", "99"], "--adaptive");
    check(&["--adaptive", "--parallel", "2"], "cannot be used with");
    assert_eq!(place.states(), ["pending"]);
}

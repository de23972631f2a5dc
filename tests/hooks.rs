//! What a workload does around its program: preparing, cleaning up, making and feeding an input,
//! speaking to a shell, and counting.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::kill;
use support::stdout;

/// Runs of sizes 1, 2, 3 … of one workload.
fn place(workload: &Value, runs: usize) -> Place {
    let runs: Vec<Value> =
        (1..=runs).map(|size| json!({ "id": format!("run-{size}"), "size": size })).collect();
    let settings = json!({ "grace": "2s" });
    Place::new(&json!({ "workloads": { "w": workload }, "settings": settings, "runs": runs }))
}

fn message(place: &Place, run: usize) -> String {
    let plan = place.plan();
    let attempts = plan["runs"][run]["attempts"].as_array().unwrap();
    attempts.last().unwrap()["message"].as_str().unwrap().to_string()
}

fn warnings(place: &Place, run: &str) -> String {
    place.plan()["results"][run]["context"]["warnings"].to_string()
}

#[test]
fn each_execution_is_prepared_and_cleaned_up_after() {
    let step = |word: &str| json!(["sh", "-c", format!("echo {word} >> trace")]);
    let workload =
        json!({ "command": step("work"), "prepare": step("prepare"), "cleanup": step("cleanup") });
    let place = place(&workload, 1);
    place.edit(|plan| {
        plan["settings"]["warmups"] = json!(1);
        plan["settings"]["repetitions"] = json!(2);
    });
    assert_code(&place.runner(&["--all"]), 0);
    let once = ["prepare", "work", "cleanup"];
    assert_eq!(place.lines("trace"), once.repeat(4));
}

#[test]
fn what_is_prepared_is_not_measured() {
    let workload = json!({ "command": ["true"], "prepare": ["sleep", "1"], "timeout": "30s" });
    let place = place(&workload, 1);
    assert_code(&place.runner(&["--all"]), 0);
    let wall = place.plan()["results"]["run-1"]["wall_seconds"][0].as_f64().unwrap();
    assert!(wall < 1.0, "{wall}");
}

#[test]
fn nothing_is_measured_when_preparing_fails() {
    let workload = json!({
        "command": ["touch", "worked"],
        "prepare": ["sh", "-c", "echo no disk >&2; exit 3"],
        "cleanup": ["touch", "cleaned"],
    });
    let place = place(&workload, 1);
    assert_code(&place.runner(&["--all"]), 1);
    let log = "profiling/runs/run-1/attempts/1/prepare.log";
    assert_eq!(message(&place, 0), format!("prepare: exit code 3, see `{log}`"));
    assert_eq!(place.read(log), "no disk\n");
    assert!(!place.path("worked").exists() && place.path("cleaned").exists());
}

#[test]
fn a_failing_program_is_cleaned_up_after_and_a_failing_cleanup_is_said() {
    let workload = json!({ "command": ["sh", "-c", "exit $((SIZE - 1))"], "env": { "SIZE": "{size}" },
                "cleanup": ["sh", "-c", "echo {run_id} >> cleaned; exit 4"] });
    let place = place(&workload, 2);
    assert_code(&place.runner(&["--all"]), 1);
    assert_eq!(place.lines("cleaned"), ["run-1", "run-2"]);
    assert!(warnings(&place, "run-1").contains("cleanup: exit code 4, see"));
    assert!(message(&place, 1).starts_with("exit code 1"));
}

#[test]
fn an_interrupted_program_is_cleaned_up_after() {
    let workload = json!({ "command": ["sh", "-c", "touch begun; sleep 60"],
                           "cleanup": ["touch", "cleaned"] });
    let place = place(&workload, 1);
    let runner = place.start_runner(&["--all"]);
    place.wait_for("begun");
    kill("INT", i32::try_from(runner.id()).unwrap());
    assert_code(&runner.wait_with_output().unwrap(), 130);
    assert!(place.path("cleaned").exists());
    assert_eq!(place.states(), ["pending"]);
}

#[test]
fn a_file_is_fed_on_standard_input() {
    let place = place(&json!({ "command": ["cat"], "input": "data/{size}.txt" }), 2);
    fs::create_dir(place.path("data")).unwrap();
    fs::write(place.path("data/1.txt"), "one\n").unwrap();
    let output = place.runner(&["--all"]);
    assert_code(&output, 1);
    assert_eq!(place.read("profiling/runs/run-1/attempts/1/stdout.log"), "one\n");
    assert_says(&output, "2.txt`: no such file");
}

#[test]
fn an_input_is_made_once_per_size_and_anew_when_its_maker_changes() {
    let maker = json!(["sh", "gen.sh", "{size}"]);
    let workload = json!({ "command": ["cat"], "input": maker });
    let place = place(&workload, 2);
    let generator = |word: &str| format!("echo $1 >> made; echo {word} $1\n");
    fs::write(place.path("gen.sh"), generator("old")).unwrap();
    place.edit(|plan| plan["settings"]["repetitions"] = json!(2));
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("made"), ["1", "2"]);
    assert_eq!(place.read("profiling/runs/run-2/attempts/1/stdout.log"), "old 2\n");
    fs::write(place.path("gen.sh"), generator("new")).unwrap();
    assert_code(&place.runner(&["--reset", "run-2"]), 0);
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("made"), ["1", "2", "2"]);
    assert_eq!(place.read("profiling/runs/run-2/attempts/3/stdout.log"), "new 2\n");
}

#[test]
fn an_input_is_a_file_where_the_command_asks_for_it() {
    let command = json!(["sh", "-c", "wc -c < \"$0\"; cat", "{input}"]);
    let maker = json!(["head", "-c", "{size}", "/dev/zero"]);
    let place = place(&json!({ "command": command, "input": maker }), 1);
    let shown = stdout(&place.runner(&["--all", "--dry-run"]));
    assert!(shown.contains("made by head -c 1 /dev/zero"), "{shown}");
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.read("profiling/runs/run-1/attempts/1/stdout.log").trim(), "1");
}

#[test]
fn a_maker_that_fails_leaves_no_input() {
    let maker = json!(["sh", "-c", "echo half; exit 5"]);
    let place = place(&json!({ "command": ["cat"], "input": maker }), 1);
    assert_code(&place.runner(&["--all"]), 1);
    assert!(message(&place, 0).starts_with("the command of `input`: exit code 5"));
    let left = fs::read_dir(place.path("profiling/inputs/w")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn a_shell_is_spoken_to_only_when_it_is_asked_for() {
    let line = json!("printf '%s\\n' b a | sort > out-{size}");
    let refused = place(&json!({ "command": line }), 1);
    let output = refused.runner(&["--all"]);
    assert_code(&output, 3);
    assert_says(&output, "`command` of workload `w` is one text, not a list of words");
    assert_says(&output, "or add `\"shell\": true`");
    let place = place(&json!({ "command": line, "shell": true }), 1);
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("out-1"), ["a", "b"]);
}

#[test]
fn a_program_that_asks_for_an_input_must_have_one() {
    let place = place(&json!({ "command": ["cat", "{input}"] }), 1);
    let output = place.runner(&["--validate"]);
    assert_code(&output, 3);
    assert_says(&output, "asks for `{input}` but has no `input`");
}

#[test]
fn what_a_program_counts_is_a_size_and_is_judged() {
    let script = "echo bars $((SIZE * 10)) >> $SUPERLINEAR_COUNTERS
                  echo bars $((SIZE * 10)) >> $SUPERLINEAR_COUNTERS
                  echo pairs $((SIZE * SIZE)) >> $SUPERLINEAR_COUNTERS
                  echo bad/name 1 >> $SUPERLINEAR_COUNTERS";
    let place = Place::with_shell(script, 4);
    place.edit(|plan| {
        plan["settings"]["repetitions"] = json!(2);
        plan["settings"]["warmups"] = json!(1);
    });
    assert_code(&place.runner(&["--all"]), 0);
    let result = &place.plan()["results"]["run-3"]["counters"];
    assert_eq!(result, &json!({ "bars": [60.0, 60.0], "pairs": [9.0, 9.0] }));
    assert!(warnings(&place, "run-3").contains("1 line of `counters.txt` left out"));
    let analysis = place.analyzer(&["--phase", "1", "--size-by", "counter:bars"]);
    assert_code(&analysis, 0);
    let found: Value = serde_json::from_slice(&analysis.stdout).unwrap();
    let last = &found["runs"][7];
    assert_eq!((&last["id"], &last["repetition"]), (&json!("run-4"), &json!(2)));
    assert_eq!(last["size"], 80.0);
    assert_eq!(found["counters"][0]["name"], "pairs");
    assert_eq!(found["counters"][0]["growth"]["verdict"], "superlinear");
    let exponent = found["counters"][0]["growth"]["exponent"].as_f64().unwrap();
    assert!((exponent - 2.0).abs() < 0.02, "{exponent}");
    let report = stdout(&place.reports(&["--phase", "1"]));
    assert!(report.contains("What the program counts") && report.contains("pairs"), "{report}");
    let unknown = place.analyzer(&["--phase", "1", "--size-by", "counter:bar"]);
    assert_code(&unknown, 2);
    assert_says(&unknown, "unknown counter `bar` (known: `bars`, `pairs`)");
}

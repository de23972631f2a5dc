//! The command `runner`, driven as a person or a script drives it.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;

use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stderr;
use support::stdout;

#[test]
fn executes_every_run_and_records_what_came_out() {
    let place = Place::with_shell("echo out; echo err >&2; echo $ID $SIZE >> executed", 3);
    let output = place.runner(&["--all"]);
    assert_code(&output, 0);
    assert_eq!(stdout(&output), "3 done, 0 in error, 0 running, 0 pending\n");
    assert_eq!(place.lines("executed"), ["run-1 1", "run-2 2", "run-3 3"]);
    let plan = place.plan();
    let result = &plan["results"]["run-2"];
    assert_eq!(result["size"], 2.0);
    assert!(result["wall_seconds"][0].as_f64().unwrap() > 0.0);
    assert!(result["peak_memory_bytes"][0].as_u64().unwrap() > 100_000);
    assert_eq!(result["context"]["versions"]["backend"], "none");
    assert!(result["context"]["revision"]["none"].is_string());
    let attempt = &plan["runs"][1]["attempts"][0];
    assert_eq!(attempt["outcome"], "ok");
    assert!(attempt["pid"].as_u64().unwrap() > 1);
    assert_eq!(place.read("profiling/runs/run-2/attempts/1/stdout.log"), "out\n");
    assert_eq!(place.read("profiling/runs/run-2/attempts/1/stderr.log"), "err\n");
    assert!(place.read("profiling/runs/run-2/metadata.json").contains("\"cores\""));
}

#[test]
fn a_failing_run_does_not_stop_the_queue_and_the_exit_code_tells() {
    let place = Place::with_shell("[ $SIZE != 2 ] || exit 3", 3);
    let output = place.runner(&["--all"]);
    assert_code(&output, 1);
    assert_says(&output, "run-2: exit code 3, see `profiling/runs/run-2/attempts/1/stderr.log`");
    assert_eq!(place.states(), ["done", "error", "done"]);
    assert_eq!(place.plan()["runs"][1]["attempts"][0]["outcome"], json!({ "exit_code": 3 }));
}

#[test]
fn what_is_done_is_not_executed_again() {
    let place = Place::with_shell("echo $ID >> executed", 2);
    place.runner(&["--run", "run-2"]);
    assert_eq!(place.states(), ["pending", "done"]);
    place.runner(&["--all"]);
    place.runner(&["--resume"]);
    assert_eq!(place.lines("executed"), ["run-2", "run-1"]);
}

#[test]
fn repetitions_go_in_rounds_through_all_sizes() {
    let place = Place::with_shell("echo $SIZE >> executed", 3);
    let mut plan = place.plan();
    plan["settings"]["repetitions"] = json!(2);
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed"), ["1", "2", "3", "1", "2", "3"]);
    assert_eq!(place.plan()["results"]["run-3"]["wall_seconds"].as_array().unwrap().len(), 2);
}

#[test]
fn a_reset_run_is_executed_again_under_a_new_number() {
    let place = Place::with_shell("echo $ID >> executed", 2);
    place.runner(&["--all"]);
    assert_code(&place.runner(&["--reset", "run-1"]), 0);
    assert_eq!(place.states(), ["pending", "done"]);
    assert!(place.plan()["results"]["run-1"].is_null());
    place.runner(&["--all"]);
    assert_eq!(place.lines("executed"), ["run-1", "run-2", "run-1"]);
    assert_eq!(place.plan()["runs"][0]["attempts"][1]["number"], 2);
}

#[test]
fn a_retry_takes_up_what_failed_and_nothing_else() {
    let place = Place::with_shell("echo $ID >> executed; [ -e mended ] || exit $((SIZE % 2))", 2);
    assert_code(&place.runner(&["--all"]), 1);
    fs::write(place.path("mended"), "").unwrap();
    assert_code(&place.runner(&["--retry"]), 0);
    assert_eq!(place.lines("executed"), ["run-1", "run-2", "run-1"]);
}

#[test]
fn runs_are_extended_to_the_repetitions_that_the_plan_asks_for_meanwhile() {
    let place = Place::with_shell("echo $ID >> executed", 3);
    assert_code(&place.runner(&["--all"]), 0);
    place.edit(|plan| {
        plan["settings"]["repetitions"] = json!(3);
        plan["runs"][1]["repetitions"] = json!(1);
    });
    assert_code(&place.runner(&["--extend", "--run", "run-1", "run-2"]), 0);
    let again = place.runner(&["--extend", "--run", "run-1"]);
    assert_code(&again, 0);
    assert_says(&again, "0 runs are pending again");
    assert_eq!(place.lines("executed"), ["run-1", "run-2", "run-3", "run-1", "run-1"]);
    let plan = place.plan();
    assert_code(&place.runner(&["--extend", "--all", "--dry-run"]), 2);
    let times = |run: &str| plan["results"][run]["wall_seconds"].as_array().unwrap().len();
    assert_eq!(["run-1", "run-2", "run-3"].map(times), [3, 1, 1]);
}

#[test]
fn a_run_that_is_added_has_its_place_in_the_plan() {
    let place = Place::with_shell("true", 1);
    assert_code(&place.runner(&["--add", "late", "--size", "9", "--label", "large"]), 0);
    let list = stdout(&place.runner(&["--list"]));
    assert!(list.contains("late"), "{list}");
    assert_code(&place.runner(&["--add", "late", "--size", "9"]), 3);
    assert_code(&place.runner(&["--add", "no-size"]), 2);
    assert_code(&place.runner(&["--add", "../x", "--size", "9"]), 3);
    assert_code(&place.runner(&["--run", "late"]), 0);
}

#[test]
fn everything_else_in_the_plan_stays_as_a_person_wrote_it() {
    let text = r#"{
    "note to self": [1,   2.50, "é"],
    "workloads": {"w": {"command": ["true"], "owner": "me"}},
    "runs": [
        {"id": "one", "size": 1, "ticket":   "A-7"},
        {
            "id": "two",
            "size": 2
        }
    ]
}
"#;
    let place = Place::with_text(text);
    assert_code(&place.runner(&["--all"]), 0);
    let after = place.plan_text();
    assert!(after.starts_with(&text[..text.find(r#""runs""#).unwrap()]), "{after}");
    assert!(after.contains(r#"{"id": "one", "size": 1, "ticket":   "A-7", "status": "done", "#));
    assert!(after.contains("            \"size\": 2,\n            \"status\": \"done\",\n"));
    let keys: Vec<String> = place.plan().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["note to self", "workloads", "runs", "results"]);
}

#[test]
fn a_program_that_takes_too_long_is_ended_with_all_it_started() {
    let place = Place::with_shell("sleep 300 & echo $! > child; wait", 1);
    let mut plan = place.plan();
    // Long enough for the child to begin on a machine that is busy with other tests.
    plan["runs"][0]["timeout"] = json!("3s");
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    assert_code(&place.runner(&["--all"]), 1);
    assert_eq!(place.plan()["runs"][0]["attempts"][0]["outcome"], "timeout");
    assert!(!support::is_alive(place.read("child").trim().parse().unwrap()));
}

#[test]
fn what_a_program_leaves_running_is_ended_and_said() {
    let place = Place::with_shell("sleep 300 & echo $! > child", 1);
    assert_code(&place.runner(&["--all"]), 0);
    assert!(!support::is_alive(place.read("child").trim().parse().unwrap()));
    let warnings = place.plan()["results"]["run-1"]["context"]["warnings"].to_string();
    assert!(warnings.contains("outlived"), "{warnings}");
}

#[test]
fn logs_are_kept_below_their_limit() {
    let place = Place::with_shell("yes | head -c 3000000", 1);
    let mut plan = place.plan();
    plan["settings"]["log_limit_bytes"] = json!(1000);
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    let output = place.runner(&["--all"]);
    assert_code(&output, 0);
    assert_says(&output, "run-1: `stdout.log` was cut at its limit of 1000 bytes");
    let log = place.read("profiling/runs/run-1/attempts/1/stdout.log");
    assert!(log[..1000] == "y\n".repeat(500), "{log}");
    assert_eq!(&log[1000..], "\n[cut here: the limit is 1000 bytes, see `log_limit_bytes`]\n");
    let warnings = place.plan()["results"]["run-1"]["context"]["warnings"].to_string();
    assert!(warnings.contains("`stdout.log` was cut"), "{warnings}");
}

#[test]
fn a_violated_invariant_is_named_and_nothing_is_run() {
    let place = Place::with_shell("touch executed", 1);
    let mut plan = place.plan();
    plan["invariants"] = json!({ "env": { "PLOT_PRICE": "true" } });
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    let output = place.runner(&["--all"]);
    assert_code(&output, 1);
    assert_says(&output, "invariant `env.PLOT_PRICE` does not hold");
    assert!(!place.path("executed").exists());
}

#[test]
fn a_dry_run_shows_the_command_and_runs_nothing() {
    let place = Place::with_shell("touch executed", 1);
    let before = place.plan_text();
    let output = place.runner(&["--all", "--dry-run"]);
    assert_code(&output, 0);
    assert!(stdout(&output).contains("command      sh -c 'touch executed'"), "{}", stdout(&output));
    for words in [
        "environment  ID=run-1 SIZE=1",
        "profiling/runs/run-1/attempts/1/stdout.log",
        "profiling/runs/run-1/metadata.json",
    ] {
        assert!(stdout(&output).contains(words), "{}", stdout(&output));
    }
    assert!(!place.path("executed").exists() && place.plan_text() == before);
}

#[test]
fn a_program_that_is_not_there_is_an_error_with_a_hint() {
    let place = Place::new(&json!({
        "workloads": { "w": { "command": ["no-such-program-here"] } },
        "runs": [{ "id": "a", "size": 1 }],
    }));
    let output = place.runner(&["--all"]);
    assert_code(&output, 1);
    assert_says(&output, "cannot start `no-such-program-here`: no such program is on the path");
    assert_says(&output, "install it, or give its full path");
    let output = place.runner(&["--validate"]);
    assert_code(&output, 3);
    assert_says(&output, "workload `w`: no program `no-such-program-here` is on the path");
    assert_says(&output, "^^^^^");
    assert_code(&place.runner(&["--reset", "a"]), 0);
    let dry = place.runner(&["--all", "--dry-run"]);
    assert_code(&dry, 3);
    assert_says(&dry, "install it, or give its full path");
    let dry = stdout(&dry);
    assert!(dry.contains("warning      no program `no-such-program-here` is on the path"), "{dry}");
}

#[test]
fn the_status_says_how_long_the_rest_may_take_and_why_runs_failed() {
    let place = Place::with_shell("[ $SIZE != 2 ] || exit 3; sleep 0.2", 4);
    assert_code(&place.runner(&["--run", "run-1", "run-2"]), 1);
    let table = stdout(&place.runner(&["--status"]));
    let head = table.lines().next().unwrap();
    let words: Vec<&str> = head.split_whitespace().collect();
    let columns = ["run", "phase", "size", "state", "attempts", "elapsed", "left", "note"];
    assert_eq!(words, columns);
    assert!(table.contains("run-2      1     2  error"), "{table}");
    assert!(table.contains("exit code 3, see `"), "{table}");
    assert!(table.lines().last().unwrap().starts_with("about "), "{table}");
    let status = place.status();
    let left = status["runs"][3]["left_seconds"].as_f64().unwrap();
    let known = status["runs"][0]["elapsed_seconds"].as_f64().unwrap();
    assert!((known..known * 40.0).contains(&left), "{left} after {known}");
    assert!(status["runs"][0]["left_seconds"].is_null());
    assert_eq!(status["counts"]["error"], 1);
}

/// A refused plan: exit code 3, these words, and the file as it was.
#[track_caller]
fn check_refused(plan: &str, words: &[&str]) {
    let place = Place::with_text(plan);
    for arguments in [&["--all"][..], &["--status"], &["--validate"], &["--reset", "a"]] {
        let output = place.runner(arguments);
        assert_code(&output, 3);
        for words in words {
            assert_says(&output, words);
        }
        assert!(stderr(&output).contains("hint: "), "{}", stderr(&output));
    }
    assert_eq!(place.plan_text(), plan);
    assert!(!place.path("profiling").exists());
}

fn with_runs(runs: &str) -> String {
    format!("{{\"workloads\": {{\"w\": {{\"command\": [\"true\"]}}}},\n \"runs\": [{runs}]}}")
}

#[test]
fn refuses_a_plan_with_a_mistake_and_shows_where() {
    check_refused("", &["the file is empty"]);
    check_refused("{\"runs\": [", &["it ends in the middle", ":1:10"]);
    check_refused("{\"runs\": 7}", &["`runs` is the number 7, where a list belongs", ":1:10"]);
    check_refused(
        &with_runs("{\"id\": \"a\", \"size\": \"7\"}"),
        &[
            "run `a`: `size` is the text \"7\", where a number belongs",
            "write it without quotes: 7",
        ],
    );
    check_refused(
        "{\"workloads\": {\"w\": {\"command\": \"python x.py\"}}}",
        &[
            "`command` of workload `w` is one text",
            "write `[\"python\", \"x.py\"]`",
            "^^^^^^^^^^^^^",
        ],
    );
    check_refused("[]", &["this is not an object"]);
    check_refused("{\"runs\": [[\"a\"]]}", &["this is not an object"]);
    check_refused(
        "{\"runs\": [{\"id\": \"a\", \"size\": 1,}]}",
        &["it is not JSON", "remove the comma"],
    );
    let twice = with_runs("{\"id\": \"a\", \"size\": 1}, {\"id\": \"a\", \"size\": 2}");
    check_refused(&twice, &["run `a`: its id is used twice"]);
    let status = with_runs("{\"id\": \"a\", \"size\": 1, \"status\": \"dnoe\"}");
    check_refused(&status, &["unknown status `dnoe`", "did you mean `done`?"]);
    let key = with_runs("{\"id\": \"a\", \"size\": 1, \"lable\": \"x\"}");
    check_refused(&key, &["unknown key `lable`", "did you mean `label`?", ":2:34"]);
    let order = with_runs("{\"id\": \"a\", \"start\": \"2025-01-20\", \"end\": \"2025-01-19\"}");
    check_refused(&order, &["`end` 2025-01-19 is before `start` 2025-01-20", "swap"]);
    let day = with_runs("{\"id\": \"a\", \"start\": \"2025-02-30\", \"end\": \"2025-03-01\"}");
    check_refused(&day, &["`2025-02-30` is a day that does not exist", "^"]);
    let id = with_runs("{\"id\": \"../../etc/x\", \"size\": 1}");
    check_refused(&id, &["the id \"../../etc/x\" holds the path separator `/`"]);
    check_refused(&with_runs("{\"id\": \"a\"}"), &["neither a window nor a size"]);
    let both = "{\"id\": \"a\", \"size\": 1, \"start\": \"2025-01-01\", \"end\": \"2025-01-01\"}";
    check_refused(&with_runs(both), &["both a window and a size"]);
    let workload = with_runs("{\"id\": \"a\", \"size\": 1, \"workload\": \"v\"}");
    check_refused(&workload, &["unknown workload `v`"]);
    let backend = "{\"workloads\": {\"w\": {\"command\": [\"x\"], \"backend\": \"yapi\"}}}";
    check_refused(backend, &["unknown backend `yapi`", "did you mean `yappi`?"]);
    let deep = format!("{{\"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    check_refused(&deep, &["nested more than 100 levels deep"]);
}

#[test]
fn a_word_that_is_nearly_a_placeholder_is_doubted_but_not_refused() {
    let command = json!(["sh", "-c", "echo {sizee} ${sizes} {other} > said"]);
    let place = Place::new(&json!({
        "workloads": { "w": { "command": command } }, "runs": [{ "id": "a", "size": 1 }],
    }));
    let output = place.runner(&["--validate"]);
    assert_code(&output, 0);
    assert_says(&output, "`{sizee}` is passed on as it is; did you mean `{size}`?");
    assert!(!stderr(&output).contains("{sizes}"), "{}", stderr(&output));
    let shown = stdout(&place.runner(&["--all", "--dry-run"]));
    assert!(shown.contains("did you mean `{size}`?"), "{shown}");
    assert!(shown.contains("SUPERLINEAR_RUN=a"), "{shown}");
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.read("said"), "{sizee} {other}\n");
}

#[test]
fn says_more_when_asked_to() {
    let place = Place::with_shell("true", 1);
    let quiet = stderr(&place.runner(&["--all"]));
    assert!(!quiet.contains("INFO") && !quiet.contains("DEBUG"), "{quiet}");
    let output = place.runner(&["--reset", "run-1", "-v"]);
    assert_code(&output, 0);
    let output = place.runner(&["--all", "-v"]);
    assert_says(&output, "INFO run `run-1`, attempt 2: worker ");
    assert_says(&output, "INFO run `run-1`, attempt 2: ok");
    assert!(!stderr(&output).contains("DEBUG"), "{}", stderr(&output));
    place.runner(&["--reset", "run-1"]);
    let output = place.runner(&["--all", "-vv"]);
    assert_says(&output, "DEBUG recorded: `run-1` claimed, attempt 3");
    assert_says(&output, "bytes of journal folded into the plan, 1 runs changed");
}

#[test]
fn reports_every_mistake_at_once() {
    let plan = with_runs("{\"id\": \"a\", \"size\": -1}, {\"id\": \"b\", \"size\": 0}");
    let output = Place::with_text(&plan).runner(&["--validate"]);
    assert_code(&output, 3);
    assert_says(&output, "run `a`: `size` -1 is not above 0");
    assert_says(&output, "also: plan `profiling_plan.json`, run `b`: `size` 0 is not above 0");
}

#[test]
fn a_plan_that_is_no_file_is_refused() {
    let place = Place::with_shell("true", 1);
    let output = place.runner(&["--all", "--plan", "missing.json"]);
    assert_code(&output, 3);
    assert_says(&output, "`missing.json`: cannot be read: no such file or directory");
    assert!(!place.path("missing.json.lock").exists());
    fs::create_dir(place.path("folder.json")).unwrap();
    assert_code(&place.runner(&["--all", "--plan", "folder.json"]), 3);
    let made = std::process::Command::new("mkfifo").arg(place.path("pipe.json")).status().unwrap();
    assert!(made.success());
    assert_code(&place.runner(&["--all", "--plan", "pipe.json"]), 3);
}

#[test]
fn the_smallest_plan_of_the_original_is_valid() {
    let plan = r#"{"runs": [{"id": "wk", "start": "2025-01-20", "end": "2025-01-20",
        "label": "day", "phase": 1, "description": "one day", "status": "pending"}]}"#;
    let place = Place::with_text(plan);
    assert_code(&place.runner(&["--phase", "1"]), 0);
    assert!(place.path("profiling/wk.funcs.wall.csv").exists());
    assert!(place.path("profiling/wk.threads.wall.csv").exists());
    assert!(place.path("profiling/wk.wall.pstat").exists());
}

#[test]
fn a_newer_plan_is_read_but_never_written() {
    let plan = r#"{"version": 2, "workloads": {"w": {"command": ["true"]}},
        "runs": [{"id": "a", "size": 1}]}"#;
    let place = Place::with_text(plan);
    assert_code(&place.runner(&["--status"]), 0);
    let output = place.runner(&["--all"]);
    assert_code(&output, 3);
    assert_says(&output, "version 2 is newer than 1, so it is read but never written");
    assert_eq!(place.plan_text(), plan);
}

#[test]
fn a_wrong_command_line_is_answered_with_what_is_right() {
    let place = Place::with_shell("true", 2);
    assert_code(&place.runner(&[]), 2);
    assert_code(&place.runner(&["--phas", "1"]), 2);
    let output = place.runner(&["--run", "run-9"]);
    assert_code(&output, 2);
    assert_says(&output, "unknown run `run-9` (known: `run-1`, `run-2`)");
    let output = place.runner(&["--phase", "7"]);
    assert_code(&output, 2);
    assert_says(&output, "unknown phase `7` (known: `1`)");
    let help = place.runner(&["--help"]);
    assert_code(&help, 0);
    assert!(stdout(&help).contains("Examples:"));
}

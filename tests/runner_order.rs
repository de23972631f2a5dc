//! The command `runner`: which runs are executed, in which order, and how often.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;

use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

#[test]
fn a_transient_failure_is_tried_again_as_often_as_the_plan_says() {
    let place = Place::with_shell("echo $ID >> executed; [ $(wc -l < executed) -ge 3 ]", 1);
    place.edit(|plan| plan["runs"][0]["retries"] = json!(2));
    let output = place.runner(&["--all"]);
    assert_code(&output, 0);
    assert_says(&output, "retry 1 of 2");
    assert_says(&output, "retry 2 of 2");
    let attempts = &place.plan()["runs"][0]["attempts"];
    assert_eq!(attempts[1]["outcome"], json!({ "exit_code": 1 }));
    assert_eq!(attempts[2]["outcome"], "ok");
}

#[test]
fn retries_of_the_settings_hold_for_signals_and_timeouts_and_end() {
    let place = Place::with_shell("[ $SIZE = 1 ] && kill -9 $$ || sleep 60", 2);
    place.edit(|plan| {
        plan["settings"]["retries"] = json!(1);
        plan["settings"]["timeout"] = json!("200ms");
    });
    assert_code(&place.runner(&["--all"]), 1);
    assert_eq!(place.states(), ["error", "error"]);
    for run in place.plan()["runs"].as_array().unwrap() {
        assert_eq!(run["attempts"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_cannot_succeed_is_not_tried_again() {
    let place = Place::with_shell("true", 1);
    place.edit(|plan| {
        plan["settings"]["retries"] = json!(3);
        plan["invariants"] = json!({ "env": { "PLOT_PRICE": "true" } });
    });
    assert_code(&place.runner(&["--all"]), 1);
    assert_eq!(place.plan()["runs"][0]["attempts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_person_who_retries_gives_the_run_its_retries_back() {
    let place = Place::with_shell("exit 1", 1);
    place.edit(|plan| plan["runs"][0]["retries"] = json!(1));
    assert_code(&place.runner(&["--all"]), 1);
    assert_code(&place.runner(&["--retry"]), 1);
    assert_eq!(place.plan()["runs"][0]["attempts"].as_array().unwrap().len(), 4);
}

#[test]
fn a_run_waits_for_those_it_comes_after() {
    let place = Place::with_shell("echo $ID >> executed", 3);
    place.edit(|plan| {
        plan["runs"][0]["after"] = json!(["run-2", "run-3"]);
        plan["runs"][1]["after"] = json!("run-3");
    });
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed"), ["run-3", "run-2", "run-1"]);
}

#[test]
fn a_run_after_one_in_error_is_left_and_the_runner_says_so() {
    let place = Place::with_shell("[ $SIZE != 1 ]", 3);
    place.edit(|plan| {
        plan["runs"][1]["after"] = json!("run-1");
        plan["runs"][2]["after"] = json!("run-2");
    });
    let output = place.runner(&["--all"]);
    assert_code(&output, 1);
    assert_says(&output, "run-2: waits for `run-1`, which is in error");
    assert_says(&output, "run-3: waits for `run-2`, which is pending");
    assert_eq!(place.states(), ["error", "pending", "pending"]);
    let output = place.runner(&["--run", "run-2"]);
    assert_code(&output, 6);
}

#[test]
fn a_warm_run_waits_for_its_cold_one_without_being_told() {
    let place = Place::with_shell("echo $ID >> executed", 2);
    place.edit(|plan| {
        plan["runs"][0]["cache"] = json!("warm");
        plan["runs"][1]["cache"] = json!("cold");
    });
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed"), ["run-2", "run-1"]);
}

#[test]
fn rounds_go_through_all_sizes_also_when_some_need_fewer() {
    let place = Place::with_shell("echo $SIZE >> executed", 3);
    place.edit(|plan| {
        plan["settings"]["repetitions"] = json!(3);
        plan["runs"][1]["repetitions"] = json!(1);
    });
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed"), ["1", "2", "3", "1", "3", "1", "3"]);
}

#[track_caller]
fn check_refused(place: &Place, words: &[&str]) {
    let output = place.runner(&["--all"]);
    assert_code(&output, 3);
    words.iter().for_each(|words| assert_says(&output, words));
}

#[test]
fn refuses_an_order_that_cannot_be_kept() {
    let place = Place::with_shell("true", 3);
    place.edit(|plan| plan["runs"][0]["after"] = json!("run-22"));
    check_refused(&place, &["`after` names `run-22`, which is no run", "did you mean `run-2`?"]);
    place.edit(|plan| plan["runs"][0]["after"] = json!("run-1"));
    check_refused(&place, &["run `run-1`: it waits for itself: `run-1` after `run-1`"]);
    place.edit(|plan| {
        plan["runs"][0]["after"] = json!("run-3");
        plan["runs"][2]["after"] = json!(["run-1"]);
    });
    check_refused(&place, &["it waits for itself: `run-1` after `run-3` after `run-1`", "^"]);
    place.edit(|plan| plan["runs"][0]["after"] = json!({ "run-3": 1 }));
    check_refused(&place, &["the id of a run, or a list of ids"]);
    place.edit(|plan| {
        plan["runs"][0] = json!({ "id": "run-1", "size": 1, "cache": "cold", "after": "run-2" });
        plan["runs"][1]["cache"] = json!("warm");
        plan["runs"][2]["after"] = json!([]);
    });
    check_refused(&place, &["`run-1` after `run-2` after `run-1`"]);
}

fn labelled() -> Place {
    let place = Place::with_shell("echo $ID >> executed", 4);
    place.edit(|plan| {
        plan["workloads"]["other"] = plan["workloads"]["shell"].clone();
        plan["settings"]["workload"] = json!("shell");
        for (index, label) in ["week", "month", "week", "month"].iter().enumerate() {
            plan["runs"][index]["label"] = json!(label);
        }
        plan["runs"][2]["phase"] = json!(2);
        plan["runs"][3]["workload"] = json!("other");
    });
    place
}

#[test]
fn runs_are_selected_by_label_workload_and_state() {
    let place = labelled();
    assert_code(&place.runner(&["--label", "week", "--phase", "1"]), 0);
    assert_eq!(place.lines("executed"), ["run-1"]);
    assert_code(&place.runner(&["--workload", "other"]), 0);
    assert_eq!(place.states(), ["done", "pending", "pending", "done"]);
    let list = stdout(&place.runner(&["--list", "--state", "pending"]));
    assert!(list.contains("run-2") && list.contains("run-3") && !list.contains("run-1"), "{list}");
    let none = place.runner(&["--status", "--state", "error"]);
    assert_code(&none, 0);
    assert!(stdout(&none).ends_with("0 done, 0 in error, 0 running, 0 pending\n"));
    let dry = stdout(&place.runner(&["--dry-run", "--label", "month"]));
    assert!(dry.contains("run-2") && !dry.contains("run-3"), "{dry}");
}

#[test]
fn a_selection_of_nothing_is_a_mistake() {
    let place = labelled();
    let output = place.runner(&["--label", "weak"]);
    assert_code(&output, 2);
    assert_says(&output, "unknown label `weak` (known: `month`, `week`)");
    assert_says(&output, "did you mean `week`?");
    let output = place.runner(&["--label", "week", "--workload", "other"]);
    assert_code(&output, 2);
    assert_says(&output, "no run has all that the selection asks for");
    let output = place.runner(&["--state", "error"]);
    assert_code(&output, 2);
    assert_says(&output, "only pending runs are");
    assert!(!place.path("executed").exists());
}

#[test]
fn a_selection_is_reset_without_being_executed() {
    let place = labelled();
    assert_code(&place.runner(&["--all"]), 0);
    assert_code(&place.runner(&["--reset", "--label", "week"]), 0);
    assert_eq!(place.states(), ["pending", "done", "pending", "done"]);
    assert_eq!(place.lines("executed").len(), 4);
    assert_code(&place.runner(&["--reset"]), 2);
    assert_code(&place.runner(&["--reset", "run-2", "--phase", "1"]), 2);
}

#[test]
fn only_selected_failures_are_retried() {
    let place = labelled();
    fs::write(place.path("broken"), "").unwrap();
    place.edit(|plan| {
        let script = "echo $ID >> executed; [ ! -e broken ]";
        plan["workloads"]["shell"]["command"] = json!(["sh", "-c", script]);
    });
    assert_code(&place.runner(&["--phase", "1"]), 1);
    fs::remove_file(place.path("broken")).unwrap();
    assert_code(&place.runner(&["--retry", "--label", "week", "--phase", "1"]), 0);
    assert_eq!(place.states(), ["done", "error", "pending", "done"]);
}

#[test]
fn an_added_run_takes_its_label_and_what_it_waits_for() {
    let place = Place::with_shell("echo $ID >> executed", 1);
    let added = ["--add", "late", "--size", "9", "--label", "large", "--after", "run-1"];
    assert_code(&place.runner(&added), 0);
    assert!(!place.path("executed").exists());
    let run = &place.plan()["runs"][1];
    assert_eq!((&run["label"], &run["after"]), (&json!("large"), &json!(["run-1"])));
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed"), ["run-1", "late"]);
}

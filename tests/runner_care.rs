//! The command `runner`: what it takes care of, so that a measurement is worth something.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;

use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stderr;

/// Two processes that are in this at once leave their mark.
const ALONE: &str = "mkdir busy || touch collided; sleep 0.2; rmdir busy";

#[test]
fn a_warm_up_is_executed_but_not_measured() {
    let place = Place::with_shell("echo $ID >> executed; echo warm", 1);
    place.edit(|plan| {
        plan["runs"][0]["warmups"] = json!(2);
        plan["runs"][0]["repetitions"] = json!(2);
    });
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed").len(), 6);
    let plan = place.plan();
    assert_eq!(plan["results"]["run-1"]["wall_seconds"].as_array().unwrap().len(), 2);
    assert_eq!(place.read("profiling/runs/run-1/attempts/2/warmup-2.log"), "warm\n");
}

#[test]
fn a_warm_up_that_fails_is_told_and_nothing_is_measured() {
    let place = Place::with_shell("echo why >&2; exit 4", 1);
    place.edit(|plan| plan["settings"]["warmups"] = json!(1));
    let output = place.runner(&["--all"]);
    assert_code(&output, 1);
    let log = "profiling/runs/run-1/attempts/1/warmup-1.log";
    assert_says(&output, &format!("run-1: warm-up 1: exit code 4, see `{log}`"));
    assert_eq!(place.read(log), "why\n");
    assert!(!place.plan_text().contains("wall_seconds"));
}

#[test]
fn a_warm_up_is_bound_by_the_timeout_and_by_signals() {
    let place = Place::with_shell("touch started; sleep 60", 1);
    place.edit(|plan| {
        plan["settings"]["warmups"] = json!(1);
        plan["settings"]["timeout"] = json!("200ms");
    });
    assert_code(&place.runner(&["--all"]), 1);
    assert_eq!(place.plan()["runs"][0]["attempts"][0]["outcome"], "timeout");
    // A slow machine may have ended it before it came that far.
    let _ = fs::remove_file(place.path("started"));
    place.edit(|plan| plan["settings"]["timeout"] = json!("60s"));
    let mut runner = place.start_runner(&["--retry"]);
    place.wait_for("started");
    support::kill("INT", i32::try_from(runner.id()).unwrap());
    assert_eq!(runner.wait().unwrap().code(), Some(130));
    assert_eq!(place.plan()["runs"][0]["attempts"][1]["outcome"], "interrupted");
    assert_eq!(place.states(), ["pending"]);
}

#[test]
fn a_cold_run_is_never_warmed_up() {
    let place = Place::with_shell("echo $ID >> executed", 1);
    place.edit(|plan| {
        plan["settings"]["warmups"] = json!(1);
        plan["runs"][0]["cache"] = json!("cold");
    });
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.lines("executed").len(), 1);
    place.edit(|plan| plan["runs"][0]["warmups"] = json!(1));
    let output = place.runner(&["--all"]);
    assert_code(&output, 3);
    assert_says(&output, "it is a cold run, and a warm-up would fill its cache");
}

#[test]
fn two_plans_are_not_measured_at_the_same_time() {
    let (one, other) = (Place::with_shell(ALONE, 3), Place::with_shell(ALONE, 3));
    for place in [&one, &other] {
        place.edit(|plan| plan["workloads"]["shell"]["cwd"] = json!(one.path(".")));
    }
    let lock = one.path("host.lock");
    let start = |place: &Place| {
        let mut command = place.command(env!("CARGO_BIN_EXE_runner"), &["--all"]);
        command.env("SUPERLINEAR_HOST_LOCK", &lock);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let (first, second) = (start(&one), start(&other));
    let (first, second) = (first.wait_with_output().unwrap(), second.wait_with_output().unwrap());
    assert_code(&first, 0);
    assert_code(&second, 0);
    assert!(!one.path("collided").exists());
    let said = stderr(&first) + &stderr(&second);
    assert!(said.contains("something else is being measured"), "{said}");
}

#[test]
fn a_lock_that_cannot_be_used_is_told_and_keeps_nobody_from_measuring() {
    let place = Place::with_shell("true", 2);
    fs::write(place.path("target"), "kept").unwrap();
    std::os::unix::fs::symlink(place.path("target"), place.path("host.lock")).unwrap();
    let output = place.runner(&["--all"]);
    assert_code(&output, 0);
    assert_eq!(stderr(&output).matches("nothing keeps others from measuring").count(), 1);
    assert_eq!(place.read("target"), "kept");
}

#[test]
fn what_a_program_leaves_running_does_not_keep_others_from_measuring() {
    let script = "setsid sh -c 'echo $$ > daemon; exec sleep 60' & \
                  while [ ! -s daemon ]; do sleep 0.01; done";
    let place = Place::with_shell(script, 1);
    let mut runner = place.start_runner(&["--all", "--no-wait"]);
    let lock = place.path("host.lock");
    place.wait_for("profiling/runs/run-1/attempts/1/report.json");
    support::wait_until("the host to be free again", || is_free(&lock));
    let daemon: i32 = place.read("daemon").trim().parse().unwrap();
    if support::is_alive(daemon) {
        support::kill("KILL", daemon);
    }
    assert!(runner.wait().unwrap().code().is_some());
}

/// Whether `flock` gets the lock at once.
fn is_free(lock: &std::path::Path) -> bool {
    let held = std::process::Command::new("flock").arg("-n").arg(lock).arg("true").status();
    held.unwrap().success()
}

#[test]
fn as_many_are_measured_at_once_as_was_said() {
    let place = Place::with_shell(
        "mkdir in-$SIZE; while [ ! -e in-1 -o ! -e in-2 ]; do sleep 0.01; done",
        2,
    );
    place.edit(|plan| plan["settings"]["timeout"] = json!("60s"));
    assert_code(&place.runner(&["--all", "--parallel", "2"]), 0);
    let warnings = place.plan()["results"]["run-1"]["context"]["warnings"].to_string();
    assert!(warnings.contains("up to 1 other runs were measured at the same time"), "{warnings}");
}

#[test]
fn every_worker_of_a_parallel_runner_is_stopped_with_it() {
    let place = Place::with_shell("touch in-$SIZE; sleep 60", 3);
    let mut runner = place.start_runner(&["--all", "--parallel", "2"]);
    place.wait_for("in-1");
    place.wait_for("in-2");
    support::kill("TERM", i32::try_from(runner.id()).unwrap());
    assert_eq!(runner.wait().unwrap().code(), Some(143));
    assert_eq!(place.states(), ["pending", "pending", "pending"]);
    assert!(!place.path("in-3").exists());
}

#[test]
fn a_pinned_program_sees_its_processors_and_the_result_says_so() {
    let place = Place::with_shell("grep Cpus_allowed_list /proc/self/status", 1);
    assert_code(&place.runner(&["--all", "--pin", "0"]), 0);
    assert_eq!(place.read("profiling/runs/run-1/attempts/1/stdout.log"), "Cpus_allowed_list:\t0\n");
    assert_eq!(place.plan()["results"]["run-1"]["context"]["pinned"], json!([0]));
    let output = place.runner(&["--all", "--pin", "0,4000"]);
    assert_code(&output, 2);
    assert_says(&output, "unknown processor `4000`");
}

#[test]
fn invariants_are_recorded_by_name_and_never_by_value() {
    let place = Place::with_shell("true", 1);
    place.edit(|plan| {
        plan["workloads"]["shell"]["env"]["PLOT_PRICE"] = json!("true");
        plan["invariants"] = json!({
            "env": { "PLOT_PRICE": "true" }, "required_env": ["API_KEY"], "min_free_bytes": 1,
        });
    });
    let mut command = place.command(env!("CARGO_BIN_EXE_runner"), &["--all"]);
    assert_code(&command.env("API_KEY", "s3cret").output().unwrap(), 0);
    let held = json!(["env.PLOT_PRICE", "required_env.API_KEY", "min_free_bytes"]);
    assert_eq!(place.plan()["results"]["run-1"]["context"]["invariants"], held);
    assert!(!place.plan_text().contains("s3cret"));
    assert!(!place.read("profiling/runs/run-1/metadata.json").contains("s3cret"));
}

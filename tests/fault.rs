//! A crash, and a full disk, at every step of a transition: nothing is lost, the plan stays
//! readable, and each run is executed once to its end (or again only when its result had not been
//! reported).

#![cfg(debug_assertions)]
#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::process::Output;

use support::Place;
use support::assert_code;
use support::stderr;

/// Steps of the runner: whatever breaks there, each run is executed once.
const RUNNER: [&str; 13] = [
    "claim.locked",
    "claim.placed",
    "claim.recorded",
    "claim.begun",
    "journal.half",
    "journal.written",
    "journal.synced",
    "journal.cleared",
    "plan.half",
    "plan.written",
    "plan.synced",
    "plan.renamed",
    "plan.done",
];

/// Steps of the worker before its program runs.
const BEFORE: [&str; 5] = ["mark.half", "mark.written", "mark.synced", "mark.renamed", "mark.done"];

/// Steps of the worker from the start of its program to the moment when its report is visible.
const BESIDE: [&str; 9] = [
    "program.started",
    "output.half",
    "output.written",
    "output.synced",
    "output.renamed",
    "output.done",
    "attempt.made",
    "report.half",
    "report.synced",
];

/// Steps of the worker once its report is visible.
const AFTER: [&str; 2] = ["report.renamed", "report.done"];

const RUNS: usize = 3;

/// A plan that was worked on while the first process to reach `point` broke.
fn broken_at(point: &str, kind: &str) -> (Place, Output) {
    let place = Place::with_shell("echo $ID >> executed", RUNS);
    let fault = format!("{point}:{kind}:{}", place.path("broken").display());
    let mut command = place.command(env!("CARGO_BIN_EXE_runner"), &["--all"]);
    let output = command.env("SUPERLINEAR_FAULT", fault).output().unwrap();
    assert!(place.path("broken").exists(), "nothing ever reaches {point}");
    serde_json::from_str::<serde_json::Value>(&place.plan_text())
        .unwrap_or_else(|error| panic!("{point}: the plan is unreadable: {error}"));
    (place, output)
}

/// After a crash at `point` all runs come to their end, the first one after at most `most` times.
fn check_crash(point: &str, most: usize) {
    let (place, _) = broken_at(point, "kill");
    let output = place.runner(&["--resume"]);
    assert_code(&output, 0);
    check_all_done(&place, point, most);
}

fn check_all_done(place: &Place, point: &str, most: usize) {
    let plan = place.plan();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for run in place.lines("executed") {
        *times.entry(run).or_default() += 1;
    }
    for (index, run) in plan["runs"].as_array().unwrap().iter().enumerate() {
        assert_eq!(run["status"], "done", "{point}: {run}");
        let id = run["id"].as_str().unwrap();
        let results = plan["results"][id]["wall_seconds"].as_array().unwrap().len();
        assert_eq!(results, 1, "{point}: {id}");
        let allowed = if index == 0 { most } else { 1 };
        assert!((1..=allowed).contains(&times[id]), "{point}: {id} {} times", times[id]);
    }
    assert_eq!(place.read("profiling_plan.json.journal"), "", "{point}");
}

#[test]
fn a_crash_of_the_runner_at_any_step_loses_and_repeats_nothing() {
    RUNNER.iter().for_each(|point| check_crash(point, 1));
}

#[test]
fn a_crash_of_the_worker_repeats_only_what_was_not_reported() {
    BEFORE.iter().chain(&AFTER).for_each(|point| check_crash(point, 1));
    BESIDE.iter().for_each(|point| check_crash(point, 2));
}

#[test]
fn a_full_disk_at_any_write_of_the_runner_loses_and_repeats_nothing() {
    for point in RUNNER {
        let (place, output) = broken_at(point, "enospc");
        let said = stderr(&output);
        assert_code(&output, 1);
        assert!(said.contains("storage") && said.contains("hint: free some space"), "{said}");
        assert_code(&place.runner(&["--resume"]), 0);
        check_all_done(&place, point, 1);
    }
}

#[test]
fn a_full_disk_under_the_worker_is_an_error_of_its_run() {
    let points = BEFORE.iter().chain(&BESIDE).chain(&AFTER);
    for point in points.filter(|point| !matches!(**point, "program.started" | "attempt.made")) {
        let (place, output) = broken_at(point, "enospc");
        assert_code(&output, 1);
        assert_eq!(place.states(), ["error", "done", "done"], "{point}");
        let error = place.status()["runs"][0]["error"].to_string();
        assert!(error.contains("storage") && error.contains("free some space"), "{point}: {error}");
        assert_code(&place.runner(&["--retry"]), 0);
        check_all_done(&place, point, 2);
    }
}

/// A file system of `size` in the folder of `place`; gone at the end. `None` without the right to.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(size: &str) -> Option<(Self, Place)> {
        let place =
            Place::with_shell("[ -e mended ] || cat /dev/zero > filler 2> /dev/null; true", 2);
        let plan = place.plan_text();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(place.path(""))
            .output()
            .is_ok_and(|output| output.status.success());
        let disk = Self(place.path(""));
        fs::write(place.plan_path(), plan).unwrap();
        mounted.then_some((disk, place))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn a_disk_that_a_program_fills_is_an_error_of_its_run_and_the_plan_is_intact() {
    let Some((_disk, place)) = SmallDisk::mount("512k") else {
        println!("no right to mount a small disk here: only the limit on files is tested");
        return;
    };
    let output = place.runner(&["--run", "run-1"]);
    assert_code(&output, 1);
    println!("on a full disk: {}", stderr(&output));
    serde_json::from_str::<serde_json::Value>(&place.plan_text()).unwrap();
    fs::remove_file(place.path("filler")).unwrap();
    fs::write(place.path("mended"), "").unwrap();
    assert_code(&place.runner(&["--retry"]), 0);
    assert_eq!(place.states(), ["done", "done"]);
}

#[test]
fn a_limit_on_the_size_of_files_ends_no_process_and_loses_nothing() {
    let place = Place::with_shell("echo $ID >> executed", RUNS);
    let mut plan = place.plan();
    plan["note"] = "x".repeat(20_000).into();
    let before = format!("{plan:#}\n");
    fs::write(place.plan_path(), &before).unwrap();
    // Eight kilobytes in blocks of 512 bytes: room for the journal, not for the plan.
    let limited = format!("ulimit -f 16; exec {} --all", env!("CARGO_BIN_EXE_runner"));
    let output = place.command("sh", &["-c", &limited]).output().unwrap();
    assert_code(&output, 1);
    assert!(stderr(&output).contains("cannot write `profiling_plan.json`: file too large"));
    assert_eq!(place.plan_text(), before);
    assert_code(&place.runner(&["--resume"]), 0);
    check_all_done(&place, "ulimit", 1);
}

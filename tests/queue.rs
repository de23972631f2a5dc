//! A queue that nothing breaks: signals, crashes, many runners, and a person who edits the plan.
//!
//! The long forms, for a machine that has nothing else to do:
//!
//! ```sh
//! SUPERLINEAR_KILLS=1000 cargo test --test queue kills_at_random -- --nocapture
//! SUPERLINEAR_RUNS=500 cargo test --test queue many_runners -- --nocapture
//! ```

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::is_alive;
use support::kill;
use support::stderr;
use support::stdout;
use support::wait_until;

/// Says that it began and waits for `go`; what a program does that is in the middle of its work.
const LONG: &str = "echo $$ > pid-$ID; echo $ID >> begun; while [ ! -e go ]; do sleep 0.02; done; \
                    echo $ID >> executed";

fn pid(child: &Child) -> i32 {
    i32::try_from(child.id()).unwrap()
}

/// The process number that a program wrote into `file`.
fn written_pid(place: &Place, file: &str) -> i32 {
    wait_until(file, || place.read(file).ends_with('\n'));
    place.read(file).trim().parse().unwrap()
}

/// How the attempts at a run ended, as far as the plan itself says.
fn outcomes(place: &Place, run: usize) -> Vec<Value> {
    let plan = place.plan();
    let attempts = plan["runs"][run]["attempts"].as_array().cloned().unwrap_or_default();
    let outcomes = attempts.into_iter().map(|mut attempt| attempt["outcome"].take());
    outcomes.filter(|outcome| !outcome.is_null()).collect()
}

/// A runner at work on `run-1`, whose program is in the middle of it.
fn begun(place: &Place) -> (Child, i32) {
    let runner = place.start_runner(&["--all"]);
    let program = written_pid(place, "pid-run-1");
    (runner, program)
}

/// A number for the long form of a test, from the environment.
fn long_form(variable: &str, short: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(short)
}

fn check_polite_stop(signal: &str, code: i32) {
    let script = format!("trap 'echo polite > polite; exit 0' TERM; {LONG}");
    let place = Place::with_shell(&script, 2);
    let (runner, program) = begun(&place);
    kill(signal, pid(&runner));
    let output = runner.wait_with_output().unwrap();
    assert_code(&output, code);
    assert_eq!(place.read("polite"), "polite\n");
    assert!(!is_alive(program));
    assert_eq!(place.plan()["runs"][0]["status"], "pending");
    assert_eq!(outcomes(&place, 0), ["interrupted"]);
    assert_eq!(place.plan()["runs"][0]["attempts"][0]["on_request"], true);
    assert_eq!(place.lines("begun"), ["run-1"]);
    fs::write(place.path("go"), "").unwrap();
    assert_code(&place.runner(&["--resume"]), 0);
    assert_eq!(place.lines("executed"), ["run-1", "run-2"]);
}

#[test]
fn an_interrupt_ends_the_program_politely_and_a_resume_finishes() {
    check_polite_stop("INT", 130);
}

#[test]
fn a_termination_ends_the_program_politely_and_a_resume_finishes() {
    check_polite_stop("TERM", 143);
}

#[test]
fn a_second_signal_ends_at_once_a_program_that_refuses_the_first() {
    let place = Place::with_shell(&format!("trap '' TERM INT; {LONG}"), 1);
    let mut plan = place.plan();
    plan["settings"]["grace"] = json!("10m");
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    let (runner, program) = begun(&place);
    kill("INT", pid(&runner));
    thread::sleep(Duration::from_millis(300));
    assert!(is_alive(program));
    kill("INT", pid(&runner));
    assert_code(&runner.wait_with_output().unwrap(), 130);
    assert!(!is_alive(program));
    assert_eq!(outcomes(&place, 0), ["interrupted"]);
}

#[test]
fn requests_to_stop_never_count_against_a_run() {
    let place = Place::with_shell(LONG, 1);
    for _ in 0..4 {
        let _ = fs::remove_file(place.path("pid-run-1"));
        let (runner, _) = begun(&place);
        kill("INT", pid(&runner));
        assert_code(&runner.wait_with_output().unwrap(), 130);
    }
    assert_eq!(place.states(), ["pending"]);
}

#[test]
fn a_killed_runner_loses_nothing_and_its_worker_is_adopted() {
    let place = Place::with_shell(LONG, 2);
    let (mut runner, program) = begun(&place);
    runner.kill().unwrap();
    runner.wait().unwrap();
    assert!(is_alive(program));
    let resumed = place.start_runner(&["--resume"]);
    // The second run waits, because its neighbour is still being measured on this host.
    thread::sleep(Duration::from_millis(300));
    assert!(is_alive(program));
    assert_eq!(place.lines("begun"), ["run-1"]);
    fs::write(place.path("go"), "").unwrap();
    let output = resumed.wait_with_output().unwrap();
    assert_code(&output, 0);
    assert_eq!(place.lines("executed"), ["run-1", "run-2"]);
    assert_eq!(place.lines("begun"), ["run-1", "run-2"]);
    assert_eq!(outcomes(&place, 0), ["ok"]);
    assert!(place.plan()["results"]["run-1"]["wall_seconds"][0].as_f64().unwrap() > 0.0);
}

#[test]
fn a_result_that_nobody_recorded_is_found_later() {
    let place = Place::with_shell(LONG, 1);
    let (mut runner, _) = begun(&place);
    let worker = place.worker_of("run-1");
    runner.kill().unwrap();
    runner.wait().unwrap();
    fs::write(place.path("go"), "").unwrap();
    wait_until("the worker's end", || !is_alive(worker));
    assert_eq!(place.states(), ["running"]);
    let output = place.runner(&["--resume"]);
    assert_code(&output, 0);
    assert_eq!(place.lines("begun"), ["run-1"]);
    assert_eq!(place.states(), ["done"]);
}

#[test]
fn a_run_whose_worker_is_killed_is_held_by_its_program_and_then_pending() {
    let place = Place::with_shell(LONG, 1);
    let (runner, program) = begun(&place);
    let worker = place.worker_of("run-1");
    kill("KILL", worker);
    wait_until("the worker's end", || !is_alive(worker));
    thread::sleep(Duration::from_millis(300));
    assert!(is_alive(program));
    assert_eq!(place.lines("begun"), ["run-1"], "it is not started beside itself");
    assert_eq!(place.states(), ["running"]);
    fs::write(place.path("go"), "").unwrap();
    assert_code(&runner.wait_with_output().unwrap(), 0);
    assert_eq!(outcomes(&place, 0), ["interrupted", "ok"]);
    assert_eq!(place.plan()["runs"][0]["attempts"][0]["on_request"], Value::Null);
}

#[test]
fn a_program_that_lets_go_of_the_lock_still_holds_its_run() {
    let place = Place::with_shell(&format!("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; {LONG}"), 1);
    let (runner, program) = begun(&place);
    kill("KILL", place.worker_of("run-1"));
    thread::sleep(Duration::from_millis(400));
    assert!(is_alive(program));
    assert_eq!(place.lines("begun"), ["run-1"]);
    fs::write(place.path("go"), "").unwrap();
    assert_code(&runner.wait_with_output().unwrap(), 0);
    assert_eq!(outcomes(&place, 0), ["interrupted", "ok"]);
}

/// Kills worker and program of `run-1`; the runner, when it lives, goes on by itself.
fn crash(place: &Place) {
    let _ = fs::remove_file(place.path("pid-run-1"));
    let (mut runner, program) = begun(place);
    let worker = place.worker_of("run-1");
    runner.kill().unwrap();
    runner.wait().unwrap();
    kill("KILL", worker);
    kill("KILL", -program);
    wait_until("both ends", || !is_alive(worker) && !is_alive(program));
}

#[test]
fn a_run_that_crashes_three_times_is_given_up_and_a_reset_gives_it_another_chance() {
    let place = Place::with_shell(LONG, 1);
    crash(&place);
    crash(&place);
    assert_eq!(outcomes(&place, 0), ["interrupted"]);
    crash(&place);
    let output = place.runner(&["--resume"]);
    assert_code(&output, 1);
    assert_eq!(outcomes(&place, 0), ["interrupted", "interrupted", "interrupted"]);
    let error = place.status()["runs"][0]["error"].to_string();
    assert!(error.contains("interrupted 3 times while its program was running"), "{error}");
    fs::write(place.path("go"), "").unwrap();
    assert_code(&place.runner(&["--reset", "run-1"]), 0);
    assert_code(&place.runner(&["--resume"]), 0);
    assert_eq!(outcomes(&place, 0).last().unwrap(), "ok");
}

#[test]
fn a_runner_killed_before_or_beside_its_worker_does_not_count() {
    let place = Place::with_shell(LONG, 1);
    for _ in 0..4 {
        let mut runner = place.start_runner(&["--resume"]);
        thread::sleep(Duration::from_millis(5));
        runner.kill().unwrap();
        runner.wait().unwrap();
    }
    fs::write(place.path("go"), "").unwrap();
    assert_code(&place.runner(&["--resume"]), 0);
    assert_eq!(place.lines("executed"), ["run-1"]);
    assert!(outcomes(&place, 0).iter().all(|outcome| outcome != "interrupted"));
}

#[test]
fn a_run_in_flight_when_the_machine_went_down_can_be_skipped() {
    let place = Place::with_shell(LONG, 2);
    crash(&place);
    fs::write(place.path("go"), "").unwrap();
    let output = place.runner(&["--resume", "--skip-in-flight"]);
    assert_code(&output, 1);
    assert_says(&output, "run-1: its worker disappeared while its program was running");
    assert_eq!(place.states(), ["error", "done"]);
    assert_eq!(place.lines("executed"), ["run-2"]);
    let error = place.status()["runs"][0]["error"].to_string();
    assert!(error.contains("was not to be tried again"), "{error}");
    assert_code(&place.runner(&["--retry"]), 0);
    assert_eq!(place.lines("executed"), ["run-2", "run-1"]);
}

#[test]
fn a_program_that_is_killed_is_an_error_with_the_signal() {
    let place = Place::with_shell("kill -SEGV $$", 1);
    assert_code(&place.runner(&["--all"]), 1);
    assert_eq!(outcomes(&place, 0), [json!({ "signal": 11 })]);
    let error = place.status()["runs"][0]["error"].to_string();
    assert!(error.contains("ended by signal 11"), "{error}");
}

#[test]
fn orphans_are_shown_and_reaped() {
    let place = Place::with_shell(LONG, 2);
    let (mut runner, program) = begun(&place);
    let shown = stdout(&place.runner(&["--status"]));
    assert!(!shown.contains("runner is gone"), "{shown}");
    runner.kill().unwrap();
    runner.wait().unwrap();
    let shown = stdout(&place.runner(&["--status"]));
    assert!(shown.contains("its runner is gone") && shown.contains("--reap"), "{shown}");
    assert!(shown.contains(&program.to_string()), "{shown}");
    assert_eq!(place.status()["runs"][0]["orphan"], true);
    let output = place.runner(&["--reap"]);
    assert_code(&output, 0);
    assert_says(&output, "ended `run-1`: ");
    assert!(!is_alive(program));
    assert_eq!(place.states(), ["pending", "pending"]);
    assert_eq!(outcomes(&place, 0), ["interrupted"]);
    assert_eq!(place.plan()["runs"][0]["attempts"][0]["on_request"], true);
    assert_says(&place.runner(&["--reap"]), "nothing goes on without its runner");
}

#[test]
fn an_orphan_without_its_worker_is_reaped_even_when_it_refuses() {
    let place = Place::with_shell(&format!("trap '' TERM; {LONG}"), 1);
    let mut plan = place.plan();
    plan["settings"]["grace"] = json!("200ms");
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    let (mut runner, program) = begun(&place);
    runner.kill().unwrap();
    runner.wait().unwrap();
    kill("KILL", place.worker_of("run-1"));
    assert_code(&place.runner(&["--reap"]), 0);
    assert!(!is_alive(program));
    assert_eq!(place.states(), ["pending"]);
}

#[test]
fn what_is_attended_to_is_not_reaped() {
    let place = Place::with_shell(LONG, 1);
    let (runner, program) = begun(&place);
    assert_says(&place.runner(&["--reap"]), "nothing goes on without its runner");
    assert!(is_alive(program));
    fs::write(place.path("go"), "").unwrap();
    assert_code(&runner.wait_with_output().unwrap(), 0);
}

#[test]
fn a_daemon_that_a_program_leaves_behind_is_found_ended_and_named() {
    let script = "setsid sh -c 'setsid sleep 300 & echo $! > child; wait' & \
                  until grep -q sleep /proc/$(cat child || echo self)/comm; do sleep 0.01; done";
    let place = Place::with_shell(script, 1);
    assert_code(&place.runner(&["--all"]), 0);
    assert!(!is_alive(written_pid(&place, "child")));
    let warnings = place.plan()["results"]["run-1"]["context"]["warnings"].to_string();
    assert!(warnings.contains("outlived it and were ended") && warnings.contains("`sleep`"));
}

#[test]
fn a_program_that_asks_for_input_gets_none() {
    let place = Place::with_shell("read line; echo \"$?\" > answer", 1);
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.read("answer"), "1\n");
}

#[test]
fn a_report_that_is_damaged_is_an_error_of_its_run_alone() {
    let place = Place::with_shell(LONG, 2);
    let (mut runner, _) = begun(&place);
    let worker = place.worker_of("run-1");
    runner.kill().unwrap();
    runner.wait().unwrap();
    fs::write(place.path("go"), "").unwrap();
    wait_until("the worker's end", || !is_alive(worker));
    fs::write(place.path("profiling/runs/run-1/attempts/1/report.json"), "{\"outcome").unwrap();
    assert_code(&place.runner(&["--resume"]), 1);
    assert_eq!(place.states(), ["error", "done"]);
    assert!(place.status()["runs"][0]["error"].as_str().unwrap().contains("report.json"));
}

#[test]
fn many_runners_execute_each_run_once_and_claim_in_the_order_of_the_plan() {
    for (runners, runs) in [(4, 40), (8, long_form("SUPERLINEAR_RUNS", 120))] {
        let place = Place::with_shell("echo $ID >> executed", runs);
        let arguments = ["--all", "--wait", "120", "--parallel", "1"];
        let started: Vec<Child> = (0..runners).map(|_| place.start_runner(&arguments)).collect();
        for runner in started {
            let output = runner.wait_with_output().unwrap();
            assert_code(&output, 0);
        }
        let plan = place.plan();
        let runs = plan["runs"].as_array().unwrap();
        let mut executed: BTreeMap<String, usize> = BTreeMap::new();
        for run in place.lines("executed") {
            *executed.entry(run).or_default() += 1;
        }
        assert_eq!(executed.len(), runs.len());
        assert!(executed.values().all(|times| *times == 1), "{executed:?}");
        assert!(runs.iter().all(|run| run["status"] == "done"));
        assert!(runs.iter().all(|run| run["attempts"].as_array().unwrap().len() == 1));
        let started: Vec<DateTime<Utc>> = runs
            .iter()
            .map(|run| run["attempts"][0]["started"].as_str().unwrap().parse().unwrap())
            .collect();
        assert!(started.is_sorted(), "claims in another order than the plan's: {started:?}");
    }
}

#[test]
fn a_person_may_add_remove_and_edit_runs_meanwhile() {
    let place = Place::with_shell(LONG, 3);
    let (runner, _) = begun(&place);
    let mut plan = place.plan();
    let runs = plan["runs"].as_array_mut().unwrap();
    runs.remove(1);
    runs[1]["description"] = json!("edited");
    runs.push(json!({ "id": "late", "size": 9 }));
    fs::write(place.plan_path(), format!("{plan:#}\n")).unwrap();
    fs::write(place.path("go"), "").unwrap();
    assert_code(&runner.wait_with_output().unwrap(), 0);
    assert_eq!(place.lines("executed"), ["run-1", "run-3", "late"]);
    let plan = place.plan();
    assert_eq!(plan["runs"].as_array().unwrap().len(), 3);
    assert_eq!(plan["runs"][1]["description"], "edited");
    assert!(plan["runs"].as_array().unwrap().iter().all(|run| run["status"] == "done"));
}

#[test]
fn a_run_removed_while_it_executes_stays_removed() {
    let place = Place::with_shell(LONG, 2);
    let (runner, _) = begun(&place);
    let mut plan = place.plan();
    plan["runs"].as_array_mut().unwrap().remove(0);
    fs::write(place.plan_path(), format!("{plan:#}\n")).unwrap();
    fs::write(place.path("go"), "").unwrap();
    assert_code(&runner.wait_with_output().unwrap(), 0);
    assert_eq!(place.plan()["runs"].as_array().unwrap().len(), 1);
    assert!(place.plan()["results"]["run-1"].is_null());
}

#[test]
fn a_plan_edited_into_nonsense_stops_new_claims_and_loses_nothing() {
    let place = Place::with_shell(LONG, 3);
    let (runner, _) = begun(&place);
    let good = place.plan_text();
    fs::write(place.plan_path(), &good[..good.len() / 2]).unwrap();
    fs::write(place.path("go"), "").unwrap();
    let output = runner.wait_with_output().unwrap();
    assert_code(&output, 3);
    assert_says(&output, "it ends in the middle");
    assert_says(&output, "its last good state is kept in `profiling_plan.json.good`");
    assert_says(&output, "1 changes in its journal are safe");
    assert_eq!(place.plan_text(), good[..good.len() / 2], "it is not overwritten");
    assert_eq!(place.lines("begun"), ["run-1"], "nothing more was claimed");
    let kept: Value = serde_json::from_str(&place.read("profiling_plan.json.good")).unwrap();
    assert_eq!(kept["runs"][0]["status"], "running");
    // A second runner says the same and changes nothing.
    assert_code(&place.runner(&["--resume"]), 3);
    fs::write(place.plan_path(), &good).unwrap();
    assert_code(&place.runner(&["--resume"]), 0);
    assert_eq!(place.lines("executed"), ["run-1", "run-2", "run-3"]);
    assert!(!place.path("profiling_plan.json.good").exists());
}

#[test]
fn a_plan_that_an_editor_is_just_writing_is_given_a_moment() {
    let place = Place::with_shell(LONG, 2);
    let (runner, _) = begun(&place);
    let good = place.plan_text();
    fs::write(place.plan_path(), "").unwrap();
    fs::write(place.path("go"), "").unwrap();
    wait_until("the end of the first run", || !place.lines("executed").is_empty());
    thread::sleep(Duration::from_millis(100));
    fs::write(place.plan_path(), &good).unwrap();
    assert_code(&runner.wait_with_output().unwrap(), 0);
    assert_eq!(place.lines("executed"), ["run-1", "run-2"]);
}

/// A small generator, so that a failing storm can be told from another by its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[test]
fn kills_at_random_moments_lose_nothing_and_repeat_nothing() {
    let kills = long_form("SUPERLINEAR_KILLS", 60);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut killed, mut runs, mut plans) = (0, 0, 0);
    while killed < kills {
        let place = Place::with_shell("echo $ID >> executed", 30);
        plans += 1;
        while killed < kills {
            let mut runner = place.start_runner(&["--resume", "--wait", "120"]);
            thread::sleep(Duration::from_micros(dice.below(120_000)));
            if runner.try_wait().unwrap().is_some() {
                break;
            }
            runner.kill().unwrap();
            runner.wait().unwrap();
            killed += 1;
            let readable = serde_json::from_str::<Value>(&place.plan_text());
            assert!(readable.is_ok(), "after {killed} kills: {readable:?}");
        }
        let output = place.runner(&["--resume", "--wait", "120"]);
        assert_code(&output, 0);
        let plan = place.plan();
        let mut executed = place.lines("executed");
        executed.sort();
        runs += executed.len();
        let all = executed.len();
        executed.dedup();
        assert_eq!(all, executed.len(), "a run was executed twice");
        assert_eq!(executed.len(), 30);
        for run in plan["runs"].as_array().unwrap() {
            assert_eq!(run["status"], "done", "{run}");
            let result = &plan["results"][run["id"].as_str().unwrap()];
            assert_eq!(result["wall_seconds"].as_array().unwrap().len(), 1, "{result}");
        }
        assert!(stderr(&place.runner(&["--validate"])).is_empty());
    }
    println!(
        "{killed} kills over {plans} plans: {runs} runs executed once each, \
         0 unreadable plans, 0 results lost"
    );
}

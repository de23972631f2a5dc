//! From the plan on disk to the plan that is true inside: this conversion is the validation.
//! It finds every mistake, not only the first, and says where each stands.

use std::time::Duration;

use indexmap::IndexMap;

use crate::plan::convert_analysis;
use crate::plan::convert_order;
use crate::plan::convert_run;
use crate::plan::convert_run::Defaults;
use crate::plan::convert_suite;
use crate::plan::convert_workload::DEFAULT_SAMPLE;
use crate::plan::convert_workload::embedded_sample;
use crate::plan::convert_workload::workload;
use crate::plan::found::Found;
use crate::plan::id::RunId;
use crate::plan::measurement::RunResult;
use crate::plan::model::Invariants;
use crate::plan::model::Plan;
use crate::plan::model::Run;
use crate::plan::model::Settings;
use crate::plan::model::VERSION;
use crate::plan::model::Workload;
use crate::plan::problem::Problem;
use crate::plan::problem::Step;
use crate::plan::wire::InvariantsWire;
use crate::plan::wire::PlanWire;
use crate::plan::wire::RunWire;
use crate::plan::wire::SettingsWire;
use crate::plan::wire::WorkloadWire;

const DEFAULT_GRACE: Duration = Duration::from_secs(10);
const DEFAULT_MEMORY_INTERVAL: Duration = Duration::from_millis(100);
const DEFAULT_LOG_LIMIT: u64 = 64 << 20;

/// Names that only other rooms know, for checking what a plan refers to.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub samples: &'a [&'a str],
    pub backends: &'a [&'a str],
    pub executors: &'a [&'a str],
    /// The words for exponents and where each ends, rising; the last has no end.
    pub bands: &'a [(&'a str, Option<f64>)],
}

/// Checks `wire` and makes it a plan.
///
/// # Errors
/// Every mistake found, in the order of the document.
pub fn plan(wire: PlanWire, names: Names<'_>) -> Result<Plan, Vec<Problem>> {
    let mut found = Found::default();
    let workloads = workloads(&mut found, &wire.workloads, names);
    let settings = settings(&mut found, &wire.settings, &workloads, names);
    let suites = convert_suite::suites(&mut found, &wire.suites, &wire.thresholds, &workloads);
    let sequences = convert_suite::sequences(&mut found, &wire.sequences, &wire.suites);
    let defaults = Defaults {
        workload: settings.workload.as_deref(),
        repetitions: settings.repetitions,
        warmups: settings.warmups,
        retries: settings.retries,
        workloads: &workloads,
        suites: &suites,
        suite_names: wire.suites.keys().map(String::as_str).collect(),
    };
    let runs = runs(&mut found, wire.runs, &defaults);
    let results = results(&mut found, wire.results);
    if !found.problems.is_empty() {
        return Err(found.problems);
    }
    Ok(Plan {
        version: wire.version.unwrap_or(VERSION),
        invariants: invariants(wire.invariants),
        workloads,
        settings,
        suites,
        sequences,
        runs,
        results,
    })
}

fn workloads(
    found: &mut Found,
    wire: &IndexMap<String, WorkloadWire>,
    names: Names<'_>,
) -> IndexMap<String, Workload> {
    if wire.is_empty() {
        return IndexMap::from([(DEFAULT_SAMPLE.to_string(), embedded_sample())]);
    }
    let checked = |(name, entry): (&String, &WorkloadWire)| {
        (name.clone(), workload(found, name, entry, names.samples, names.backends))
    };
    wire.iter().map(checked).collect()
}

fn settings(
    found: &mut Found,
    wire: &SettingsWire,
    workloads: &IndexMap<String, Workload>,
    names: Names<'_>,
) -> Settings {
    let at = |key: &str| vec![Step::from("settings"), Step::from(key)];
    let executor = wire.executor.clone().unwrap_or_else(|| "local".into());
    found.known(&at("executor"), "executor", &executor, names.executors);
    if let Some(name) = &wire.workload {
        let known: Vec<&str> = workloads.keys().map(String::as_str).collect();
        found.known(&at("workload"), "workload", name, &known);
    }
    let only = workloads.keys().next().filter(|_| workloads.len() == 1);
    Settings {
        workload: wire.workload.as_ref().or(only).cloned(),
        executor,
        timeout: found.duration(&at("timeout"), wire.timeout.as_deref()),
        grace: found.duration(&at("grace"), wire.grace.as_deref()).unwrap_or(DEFAULT_GRACE),
        repetitions: found.repetitions(&at("repetitions"), wire.repetitions).unwrap_or(1),
        warmups: found.count(&at("warmups"), "warmups", wire.warmups).unwrap_or(0),
        retries: found.count(&at("retries"), "retries", wire.retries).unwrap_or(0),
        log_limit: wire.log_limit_bytes.unwrap_or(DEFAULT_LOG_LIMIT),
        memory_interval: match wire.memory_interval.as_deref().map(str::trim) {
            Some("off") => None,
            given => {
                let interval = found.duration(&at("memory_interval"), given);
                Some(interval.unwrap_or(DEFAULT_MEMORY_INTERVAL))
            }
        },
        analysis: convert_analysis::analysis(found, &wire.analysis, names.bands),
    }
}

fn invariants(wire: InvariantsWire) -> Invariants {
    Invariants {
        env: wire.env.into_iter().collect(),
        required_env: wire.required_env,
        clean_git: wire.clean_git,
        min_free_bytes: wire.min_free_bytes,
        max_load: wire.max_load,
    }
}

fn runs(found: &mut Found, wire: Vec<RunWire>, defaults: &Defaults<'_>) -> IndexMap<RunId, Run> {
    let before = found.problems.len();
    let mut runs = IndexMap::with_capacity(wire.len());
    for (index, entry) in wire.into_iter().enumerate() {
        let Some(run) = convert_run::run(found, index, entry, defaults) else {
            continue;
        };
        let id = run.id.clone();
        if runs.insert(id.clone(), run).is_some() {
            let at = [Step::from("runs"), Step::from(index), Step::from("id")];
            let problem = Problem::new(&at, "its id is used twice", "give every run its own id");
            found.problems.push(problem.in_run(id.as_str()));
        }
    }
    // A run with a mistake is missing here, so that whoever waits for it would be blamed in vain.
    if found.problems.len() == before {
        convert_order::check(found, &runs);
    }
    runs
}

fn results(found: &mut Found, wire: IndexMap<String, RunResult>) -> IndexMap<RunId, RunResult> {
    let mut results = IndexMap::with_capacity(wire.len());
    for (name, result) in wire {
        match RunId::new(&name) {
            Ok(id) => {
                check_lengths(found, &name, &result);
                results.insert(id, result);
            }
            Err(why) => {
                let at = [Step::from("results"), Step::from(name.as_str())];
                found.push(&at, format!("the id {name:?} of a result {why}"), "remove that result");
            }
        }
    }
    results
}

/// Every repetition has its time, its attempt and its end.
fn check_lengths(found: &mut Found, name: &str, result: &RunResult) {
    let times = result.wall_seconds.len();
    let lists = [("attempts", result.attempts.len()), ("finished", result.finished.len())];
    for (list, length) in lists.into_iter().filter(|(_, length)| *length != times) {
        let at = [Step::from("results"), Step::from(name), Step::from(list)];
        let problem = format!(
            "`{list}` of the result `{name}` has {length} entries and `wall_seconds` {times}"
        );
        let hint = "give each of them one entry per repetition, or remove the whole result and \
                    reset the run";
        found.push(&at, problem, hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::model::CacheUse;
    use serde_json::Value;
    use serde_json::json;

    const NAMES: Names<'_> = Names {
        samples: &["gc_futures"],
        backends: &["spans", "none"],
        executors: &["local"],
        bands: &[],
    };

    fn converted(json: Value) -> Result<Plan, Vec<Problem>> {
        plan(serde_json::from_value(json).unwrap(), NAMES)
    }

    fn path(at: &[Step]) -> String {
        let words = at.iter().map(|step| match step {
            Step::Key(key) | Step::Name(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        });
        words.collect::<Vec<_>>().join("/")
    }

    /// The only mistake in a plan: where it stands, what it is, and what to do.
    #[track_caller]
    fn check(json: Value, at: &str, problem: &str, hint: &str) {
        let problems = converted(json).unwrap_err();
        let found: Vec<_> =
            problems.iter().map(|p| (path(&p.at), p.problem.as_str(), p.hint.as_str())).collect();
        assert_eq!(found, [(at.to_string(), problem, hint)]);
    }

    #[test]
    fn every_list_of_a_result_has_one_entry_per_repetition() {
        let mut result = serde_json::to_value(RunResult::default()).unwrap();
        result["wall_seconds"] = json!([1.0, 1.5]);
        result["attempts"] = json!([1]);
        result["finished"] = json!(["2025-01-20T10:00:00Z", "2025-01-20T10:00:02Z"]);
        check(
            json!({
                "workloads": { "w": { "command": ["x"] } },
                "runs": [{ "id": "a", "size": 1 }],
                "results": { "a": result },
            }),
            "results/a/attempts",
            "`attempts` of the result `a` has 1 entries and `wall_seconds` 2",
            "give each of them one entry per repetition, or remove the whole result and reset the run",
        );
    }

    #[track_caller]
    fn check_run(run: &Value, at: &str, problem: &str, hint: &str) {
        let plan = json!({ "workloads": { "w": { "command": ["x"] } }, "runs": [run] });
        check(plan, &format!("runs/0{at}"), problem, hint);
    }

    #[track_caller]
    fn check_workload(workload: &Value, at: &str, problem: &str, hint: &str) {
        check(json!({ "workloads": { "w": workload } }), at, problem, hint);
    }

    #[test]
    fn says_what_is_wrong_with_a_run() {
        check_run(
            &json!({ "id": "a/b", "size": 1 }),
            "/id",
            "the id \"a/b\" holds the path separator `/`",
            "use ASCII letters, digits, `-`, `_` and `.`; other words belong in `label`",
        );
        check_run(
            &json!({ "id": "a" }),
            "",
            "it has neither a window nor a size",
            "give `start` and `end`, or `size`",
        );
        let both = json!({ "id": "a", "size": 1, "start": "2025-01-01", "end": "2025-01-02" });
        check_run(&both, "/size", "it has both a window and a size", "remove one of them");
        let half = json!({ "id": "a", "start": "2025-01-01" });
        check_run(&half, "/start", "it has `start` but no `end`", "add `end`");
        let half = json!({ "id": "a", "end": "2025-01-01" });
        check_run(&half, "/end", "it has `end` but no `start`", "add `start`");
        let zero = json!({ "id": "a", "size": 0 });
        check_run(&zero, "/size", "`size` 0 is not above 0", "give a size above 0");
        check_run(
            &json!({ "id": "a", "start": "2025-02-02", "end": "2025-02-01" }),
            "/end",
            "`end` 2025-02-01 is before `start` 2025-02-02",
            "swap the two dates",
        );
        check_run(
            &json!({ "id": "a", "start": "2025-02-29", "end": "2025-03-01" }),
            "/start",
            "`2025-02-29` is a day that does not exist",
            "write a day of the calendar as year-month-day",
        );
        check_run(
            &json!({ "id": "a", "size": 1, "status": "finished" }),
            "/status",
            "unknown status `finished` (known: `pending`, `running`, `done`, `error`)",
            "use one of `pending`, `running`, `done`, `error`",
        );
        check_run(
            &json!({ "id": "a", "size": 1, "workload": "v" }),
            "/workload",
            "unknown workload `v` (known: `w`)",
            "use one of `w`",
        );
        check_run(
            &json!({ "id": "a", "size": 1, "timeout": "6 weeks" }),
            "/timeout",
            "`weeks` is no unit of time (known: `s`, `m`, `h`, `d`)",
            "write it like `90s`, `10m` or `6h`",
        );
        let none = json!({ "id": "a", "size": 1, "repetitions": 0 });
        check_run(&none, "/repetitions", "`repetitions` is 0", "give at least 1");
        let many = json!({ "id": "a", "size": 1, "retries": 1_000_001 });
        check_run(&many, "/retries", "`retries` is more than 1000000", "give a smaller number");
        check_run(
            &json!({ "id": "a", "size": 1, "cache": "cold", "warmups": 1 }),
            "/warmups",
            "it is a cold run, and a warm-up would fill its cache",
            "remove `warmups`, or set `cache` to `shared`",
        );
        check_run(
            &json!({ "id": "a", "size": 1, "after": "b" }),
            "/after",
            "`after` names `b`, which is no run of this plan",
            "name a run of this plan, or add that run",
        );
        check_run(
            &json!({ "id": "a", "size": 1, "after": "../b" }),
            "/after",
            "`after` names \"../b\", which holds the path separator `/`",
            "name runs of this plan by their ids",
        );
    }

    #[test]
    fn says_what_is_wrong_with_a_workload() {
        let problem = "workload `w` has neither of `sample` and `command`";
        check_workload(&json!({}), "workloads/w", problem, "give exactly one of them");
        let both = json!({ "sample": "gc_futures", "command": ["x"] });
        let problem = "workload `w` has both of `sample` and `command`";
        check_workload(&both, "workloads/w", problem, "give exactly one of them");
        check_workload(
            &json!({ "command": [] }),
            "workloads/w/command",
            "workload `w` has an empty command",
            "give the program and its arguments as a list",
        );
        check_workload(
            &json!({ "sample": "gc_future" }),
            "workloads/w/sample",
            "unknown sample `gc_future` (known: `gc_futures`)",
            "did you mean `gc_futures`?",
        );
        check_workload(
            &json!({ "command": ["x"], "backend": "span" }),
            "workloads/w/backend",
            "unknown backend `span` (known: `spans`, `none`)",
            "did you mean `spans`?",
        );
        check_workload(
            &json!({ "command": ["x"], "env": { "A=B": "" } }),
            "workloads/w/env",
            "\"A=B\" is no name of a variable",
            "rename it",
        );
    }

    #[test]
    fn says_what_is_wrong_between_runs() {
        let command = json!({ "w": { "command": ["x", "{start}"] } });
        check(
            json!({ "workloads": command, "runs": [{ "id": "a", "size": 1 }] }),
            "runs/0/size",
            "it has no dates, but its workload's command asks for `{start}`",
            "give it `start` and `end`, or use `{size}` in the command",
        );
        let twice = json!([{ "id": "a", "size": 1 }, { "id": "a", "size": 2 }]);
        let plan = json!({ "workloads": { "w": { "command": ["x"] } }, "runs": twice });
        check(plan, "runs/1/id", "its id is used twice", "give every run its own id");
        let two = json!({ "v": { "command": ["x"] }, "w": { "command": ["x"] } });
        check(
            json!({ "workloads": two, "runs": [{ "id": "a", "size": 1 }] }),
            "runs/0",
            "it names no workload, and there are `v`, `w`",
            "add `workload` to the run or to `settings`",
        );
        let round = json!([
            { "id": "a", "size": 1 },
            { "id": "b", "size": 1, "after": ["a", "c"] },
            { "id": "c", "size": 1, "after": "b" },
        ]);
        check(
            json!({ "workloads": { "w": { "command": ["x"] } }, "runs": round }),
            "runs/1/after",
            "it waits for itself: `b` after `c` after `b`",
            "remove one `after` of that circle",
        );
    }

    #[test]
    fn a_mistake_in_one_run_is_not_blamed_on_those_that_wait_for_it() {
        let runs = json!([{ "id": "a", "size": 0 }, { "id": "b", "size": 1, "after": "a" }]);
        let plan = json!({ "workloads": { "w": { "command": ["x"] } }, "runs": runs });
        check(plan, "runs/0/size", "`size` 0 is not above 0", "give a size above 0");
    }

    #[test]
    fn a_long_chain_is_no_circle() {
        let run = |n: usize| match n {
            0 => json!({ "id": "r0", "size": 1 }),
            n => json!({ "id": format!("r{n}"), "size": 1, "after": format!("r{}", n - 1) }),
        };
        let runs: Vec<Value> = (0..20_000).rev().map(run).collect();
        let plan = json!({ "workloads": { "w": { "command": ["x"] } }, "runs": runs });
        assert_eq!(converted(plan).unwrap().runs.len(), 20_000);
    }

    #[test]
    fn what_is_not_said_is_taken_from_the_settings() {
        let plan = converted(json!({
            "workloads": { "w": { "command": ["x"] } },
            "settings": { "repetitions": 3, "warmups": 1, "retries": 2 },
            "runs": [
                { "id": "phase0-cold", "phase": 0, "size": 1 },
                { "id": "b", "phase": 0, "size": 1, "label": "warm", "retries": 0 },
            ],
        }));
        let plan = plan.unwrap();
        let (cold, warm) = (&plan.runs[0], &plan.runs[1]);
        assert_eq!((cold.repetitions, cold.warmups, cold.retries), (3, 0, 2));
        assert_eq!((warm.repetitions, warm.warmups, warm.retries), (3, 1, 0));
        assert_eq!((cold.cache, warm.cache), (CacheUse::Cold, CacheUse::Warm));
    }
}

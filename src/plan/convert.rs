//! From the plan on disk to the plan that is true inside: this conversion is the validation.
//! It finds every mistake, not only the first, and says where each stands.

use std::collections::BTreeMap;
use std::time::Duration;

use indexmap::IndexMap;

use crate::plan::convert_order;
use crate::plan::convert_run;
use crate::plan::convert_run::Defaults;
use crate::plan::found::Found;
use crate::plan::id::RunId;
use crate::plan::measurement::RunResult;
use crate::plan::model::Invariants;
use crate::plan::model::Plan;
use crate::plan::model::Run;
use crate::plan::model::Settings;
use crate::plan::model::Task;
use crate::plan::model::VERSION;
use crate::plan::model::Workload;
use crate::plan::problem::Problem;
use crate::plan::problem::Step;
use crate::plan::wire::InvariantsWire;
use crate::plan::wire::PlanWire;
use crate::plan::wire::RunWire;
use crate::plan::wire::SettingsWire;
use crate::plan::wire::WorkloadWire;

/// The sample that a plan without workloads runs.
pub const DEFAULT_SAMPLE: &str = "gc_futures";

const DEFAULT_GRACE: Duration = Duration::from_secs(10);
const DEFAULT_LOG_LIMIT: u64 = 64 << 20;

/// Names that only other rooms know, for checking what a plan refers to.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub samples: &'a [&'a str],
    pub backends: &'a [&'a str],
    pub executors: &'a [&'a str],
}

/// Checks `wire` and makes it a plan.
///
/// # Errors
/// Every mistake found, in the order of the document.
pub fn plan(wire: PlanWire, names: Names<'_>) -> Result<Plan, Vec<Problem>> {
    let mut found = Found::default();
    let workloads = workloads(&mut found, &wire.workloads, names);
    let settings = settings(&mut found, &wire.settings, &workloads, names);
    let defaults = Defaults {
        workload: settings.workload.as_deref(),
        repetitions: settings.repetitions,
        warmups: settings.warmups,
        retries: settings.retries,
        workloads: &workloads,
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
        (name.clone(), workload(found, name, entry, names))
    };
    wire.iter().map(checked).collect()
}

fn embedded_sample() -> Workload {
    Workload {
        task: Task::Sample(DEFAULT_SAMPLE.into()),
        backend: "spans".into(),
        env: BTreeMap::new(),
        timeout: None,
        cwd: None,
    }
}

fn workload(found: &mut Found, name: &str, wire: &WorkloadWire, names: Names<'_>) -> Workload {
    let at = |key: &str| vec![Step::from("workloads"), Step::from(name), Step::from(key)];
    let task = task(found, name, wire, names);
    let backend = wire.backend.clone().unwrap_or_else(|| match task {
        Task::Sample(_) => "spans".into(),
        Task::Command(_) => "none".into(),
    });
    found.known(&at("backend"), "backend", &backend, names.backends);
    for key in wire.env.keys().filter(|key| key.is_empty() || key.contains(['=', '\0'])) {
        found.push(&at("env"), format!("{key:?} is no name of a variable"), "rename it");
    }
    Workload {
        task,
        backend,
        env: wire.env.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        timeout: found.duration(&at("timeout"), wire.timeout.as_deref()),
        cwd: wire.cwd.clone(),
    }
}

fn task(found: &mut Found, name: &str, wire: &WorkloadWire, names: Names<'_>) -> Task {
    let at = |key: &str| vec![Step::from("workloads"), Step::from(name), Step::from(key)];
    match (&wire.sample, &wire.command) {
        (Some(sample), None) => {
            found.known(&at("sample"), "sample", sample, names.samples);
            Task::Sample(sample.clone())
        }
        (None, Some(command)) => {
            check_command(found, &at("command"), name, command);
            Task::Command(command.clone())
        }
        (sample, _) => {
            let how = if sample.is_some() { "both" } else { "neither" };
            found.push(
                &at("command")[..2],
                format!("workload `{name}` has {how} of `sample` and `command`"),
                "give exactly one of them",
            );
            Task::Command(Vec::new())
        }
    }
}

fn check_command(found: &mut Found, at: &[Step], name: &str, command: &[String]) {
    if command.first().is_none_or(String::is_empty) {
        let problem = format!("workload `{name}` has an empty command");
        found.push(at, problem, "give the program and its arguments as a list");
    }
    if command.iter().any(|part| part.contains('\0')) {
        found.push(at, "a command cannot hold the character NUL", "remove it");
    }
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
        analysis: wire.analysis.clone(),
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

//! One suite, from its runs in the plan to a decision: outputs first, then times.

use std::path::Path;

use crate::analysis::decision;
use crate::analysis::decision::Benchmark;
use crate::cli::bench::check;
use crate::cli::bench::raw;
use crate::cli::bench::trial;
use crate::cli::change;
use crate::cli::execution::Execution;
use crate::cli::runner;
use crate::cli::shared::Shared;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Extent;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::suite;
use crate::plan::suite::Suite;
use crate::plan::wire::RunWire;
use crate::store::PlanStore;
use crate::system::process::Signal;

/// What came of a suite.
#[derive(Debug)]
pub enum Judged {
    Benchmark(Box<Benchmark>),
    /// It was stopped on the way; with the exit code.
    Stopped(u8),
}

/// Executes what is pending of the suite `name`, keeps its raw times as `raw` with `.csv` and
/// `.json` behind it, and judges it.
///
/// # Errors
/// When there is no such suite, the plan cannot be used, or the times cannot be judged.
pub fn run(store: &mut PlanStore, shared: &Shared, name: &str, raw: &Path) -> Result<Judged> {
    let suite = add_runs(store, shared, name)?;
    let mut trial = trial::trial_of(store.read()?, name, &suite);
    if suite.optimized.is_some() {
        let checks = check_runs(name, &suite);
        if let Some(code) = execute(store, shared, checks)? {
            return Ok(Judged::Stopped(code));
        }
        let layout = store.layout().clone();
        match check::compared(store.read()?, &layout, name, &suite)? {
            Ok(findings) => trial.equality = findings,
            Err(why) => return Ok(benchmark(decision::blocked(&trial, &why))),
        }
        if let Some(difference) = trial.equality.iter().find(|case| !case.equal) {
            return Ok(benchmark(decision::blocked(&trial, &difference.in_words())));
        }
    }
    let timed = timed_runs(name, &suite);
    if let Some(code) = execute(store, shared, timed)? {
        return Ok(Judged::Stopped(code));
    }
    let plan = store.read()?;
    if let Some(why) = trial::failure(plan, name, &suite) {
        return Ok(benchmark(decision::blocked(&trial, &why)));
    }
    trial::fill(&mut trial, plan, name, &suite);
    let files = raw::write(plan, name, &suite, &trial, raw)?;
    let mut found = decision::decide(&trial)?;
    found.raw_files = files;
    Ok(benchmark(found))
}

/// Makes all runs of the suite `name` pending again, those that are there.
///
/// # Errors
/// When there is no such suite or the plan cannot be used.
pub fn reset(store: &mut PlanStore, shared: &Shared, name: &str) -> Result<()> {
    let plan = store.read()?;
    find(plan, name)?;
    let of_suite = |run: &&Run| run.suite.as_deref() == Some(name);
    let ids: Vec<String> =
        plan.runs.values().filter(of_suite).map(|run| run.id.to_string()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    change::reset(store, shared, &Selection::Runs(ids))
}

/// The suite of that name.
///
/// # Errors
/// When there is none; the error lists those that there are.
pub fn find<'a>(plan: &'a Plan, name: &str) -> Result<&'a Suite> {
    let known = plan.suites.keys().map(String::as_str);
    plan.suites.get(name).ok_or_else(|| Error::unknown("suite", name, known))
}

fn benchmark(found: Benchmark) -> Judged {
    Judged::Benchmark(Box::new(found))
}

/// Adds the runs of the suite that the plan has not got yet.
fn add_runs(store: &mut PlanStore, shared: &Shared, name: &str) -> Result<Suite> {
    let plan = store.read()?;
    let suite = find(plan, name)?.clone();
    let missing: Vec<RunWire> = wanted(name, &suite)
        .into_iter()
        .filter(|run| !plan.runs.contains_key(run.id.as_str()))
        .collect();
    if !missing.is_empty() {
        store.lock(shared.patience())?.add(&missing)?;
    }
    Ok(suite)
}

fn wanted(name: &str, suite: &Suite) -> Vec<RunWire> {
    let (start, end, size) = match suite.extent {
        Extent::Window { start, end } => (Some(start.to_string()), Some(end.to_string()), None),
        Extent::Size(size) => (None, None, Some(size)),
    };
    let run = |id: String, workload: &str| RunWire {
        id,
        phase: Some(suite::PHASE),
        start: start.clone(),
        end: end.clone(),
        size,
        label: Some(name.to_string()),
        workload: Some(workload.to_string()),
        suite: Some(name.to_string()),
        ..RunWire::default()
    };
    let mut runs = Vec::new();
    if suite.optimized.is_some() {
        for (index, case) in suite.cases.iter().enumerate() {
            for (version, workload) in suite.versions() {
                let checked = run(suite::check_id(name, index + 1, version), workload);
                runs.push(RunWire {
                    args: case.args.clone(),
                    keep: suite.files.keys().cloned().collect(),
                    repetitions: Some(1),
                    warmups: Some(0),
                    ..checked
                });
            }
        }
    }
    for (version, workload) in suite.versions() {
        runs.push(run(suite::timed_id(name, version), workload));
    }
    runs
}

fn check_runs(name: &str, suite: &Suite) -> Vec<String> {
    let cases = 1..=suite.cases.len();
    let of = |case: usize| {
        suite.versions().into_iter().map(move |(version, _)| suite::check_id(name, case, version))
    };
    cases.flat_map(of).collect()
}

fn timed_runs(name: &str, suite: &Suite) -> Vec<String> {
    suite.versions().into_iter().map(|(version, _)| suite::timed_id(name, version)).collect()
}

/// Executes these runs unless nothing of them is left to do; the exit code when it was stopped.
fn execute(store: &mut PlanStore, shared: &Shared, ids: Vec<String>) -> Result<Option<u8>> {
    let plan = store.read()?;
    let open = |status: &Status| matches!(status, Status::Pending | Status::Running(_));
    let left = ids.iter().filter_map(|id| plan.runs.get(id.as_str()));
    if !left.into_iter().any(|run| open(&run.status)) {
        return Ok(None);
    }
    let selection = Selection::Runs(ids);
    let summary = runner::executed(store, shared, &selection, &Execution::default(), None)?;
    Ok(match summary.stopped_by {
        Some(Signal::Interrupt) => Some(130),
        Some(_) => Some(143),
        None if summary.outstanding > 0 => Some(6),
        None => None,
    })
}

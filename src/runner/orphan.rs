//! Attempts whose runner is gone while their processes live: finding them, and ending them.

use std::path::Path;
use std::time::Duration;

use crate::error::Result;
use crate::plan::Attempt;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::Status;
use crate::store::Layout;
use crate::store::report;
use crate::system::clock;
use crate::system::clock::Stopwatch;
use crate::system::family;
use crate::system::family::Member;
use crate::system::lock::FileLock;
use crate::system::process;
use crate::system::process::Signal;

/// How often it is looked whether processes are gone.
const LOOK: Duration = Duration::from_millis(20);

/// An attempt that goes on without its runner.
#[derive(Debug, Clone, PartialEq)]
pub struct Orphan {
    pub run: RunId,
    pub attempt: u32,
    /// Its worker, where that still lives, its program, and what this started.
    pub processes: Vec<Member>,
    /// The worker's process number.
    worker: u32,
}

/// The attempts of the plan that go on without a runner.
///
/// # Errors
/// When the lock of a run cannot be looked at.
pub fn all(plan: &Plan, layout: &Layout) -> Result<Vec<Orphan>> {
    let mut orphans = Vec::new();
    for run in plan.runs.values().filter(|run| matches!(run.status, Status::Running(_))) {
        orphans.extend(of(run, layout)?);
    }
    Ok(orphans)
}

/// What goes on of `run` without a runner.
///
/// # Errors
/// When the lock of the run cannot be looked at.
pub fn of(run: &Run, layout: &Layout) -> Result<Option<Orphan>> {
    let Some(attempt) = run.open_attempt() else { return Ok(None) };
    if FileLock::is_held(&layout.runner_lock(&run.id, attempt.number))? {
        return Ok(None);
    }
    let processes = processes(layout, run, attempt);
    Ok((!processes.is_empty()).then(|| Orphan {
        run: run.id.clone(),
        attempt: attempt.number,
        processes,
        worker: attempt.pid,
    }))
}

/// The living processes of an attempt: those that hold the run's lock, and those that let go of it
/// but still carry the attempt's mark.
pub fn processes(layout: &Layout, run: &Run, attempt: &Attempt) -> Vec<Member> {
    members(layout, &run.id, attempt.number)
}

/// Ends the processes of `orphan`: its worker is asked to stop the program and to record that;
/// without a worker the processes are asked. What is left after twice the grace is killed.
pub fn end(orphan: &Orphan, layout: &Layout, grace: Duration) {
    // Somebody who only looked at the lock just now is gone by the second look.
    clock::sleep(LOOK);
    let mut processes = members(layout, &orphan.run, orphan.attempt);
    processes.retain(|process| orphan.processes.contains(process));
    let worker = processes.iter().find(|process| process.pid == orphan.worker);
    for process in worker.map_or(processes.as_slice(), std::slice::from_ref) {
        process::signal_one(process.pid, Signal::Terminate);
    }
    let watch = Stopwatch::start();
    loop {
        let left = members(layout, &orphan.run, orphan.attempt);
        if left.is_empty() {
            return;
        }
        if watch.elapsed() >= grace.saturating_mul(2).saturating_add(Duration::from_secs(1)) {
            for process in left {
                process::signal_one(process.pid, Signal::Kill);
            }
        }
        if watch.elapsed() >= grace.saturating_mul(2).saturating_add(Duration::from_secs(6)) {
            return;
        }
        clock::sleep(LOOK);
    }
}

fn members(layout: &Layout, run: &RunId, attempt: u32) -> Vec<Member> {
    let folder = canonical(&layout.attempt_folder(run, attempt));
    family::members(&layout.run_lock(run), report::MARK_VARIABLE, &folder)
}

fn canonical(folder: &Path) -> String {
    folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf()).to_string_lossy().into_owned()
}

//! What became of the runs that are said to be running: never a guess from a process number alone.
//! A run's lock is held as long as anybody works on it, so a free lock means that it is over.

use crate::error::Result;
use crate::plan::Change;
use crate::plan::Outcome;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::change::Event;
use crate::runner::orphan;
use crate::store::Layout;
use crate::store::LockedPlan;
use crate::store::Report;
use crate::store::report;
use crate::system::lock::FileLock;

/// The ends of attempts that are over but not recorded.
///
/// # Errors
/// When a run's lock or report cannot be read.
pub fn over(locked: &LockedPlan<'_>) -> Result<Vec<Change>> {
    let layout = locked.layout();
    let mut changes = Vec::new();
    for run in locked.running() {
        if !is_worked_on(layout, &run.id)? {
            changes.extend(end(run, layout));
        }
    }
    Ok(changes)
}

/// Whether a worker of this run, its program or anything that this started is alive.
///
/// # Errors
/// When the lock cannot be looked at.
pub fn is_worked_on(layout: &Layout, run: &RunId) -> Result<bool> {
    FileLock::is_held(&layout.run_lock(run))
}

/// The end of the open attempt at `run`, whose lock is free; `None` while there are processes of it
/// that let go of the lock.
fn end(run: &Run, layout: &Layout) -> Option<Change> {
    let number = run.open_attempt().map_or_else(|| run.next_attempt(), |open| open.number);
    let folder = layout.attempt_folder(&run.id, number);
    let report = match Report::load(&folder) {
        Ok(Some(report)) => report,
        // One damaged report must not stop the queue.
        Err(error) => Report::failed(Outcome::Failed, error.to_string()),
        Ok(None) if !report::was_started(&folder) => Report::failed(Outcome::Lost, String::new()),
        Ok(None) => {
            let attempt = run.open_attempt();
            let left = attempt.map(|attempt| orphan::processes(layout, run, attempt));
            if left.is_some_and(|left| !left.is_empty()) {
                return None;
            }
            Report::failed(Outcome::Interrupted, String::new())
        }
    };
    let what = report.outcome.describe();
    let event = Event::Ended {
        attempt: number,
        ended: report.ended,
        outcome: report.outcome,
        on_request: report.on_request,
        message: report.message,
        measurement: report.measurement,
    };
    tracing::info!("run `{}`, attempt {number}: {}", run.id, what);
    Some(Change { run: run.id.to_string(), event })
}

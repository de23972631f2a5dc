//! What became of the runs that are said to be running: never a guess from a process number alone.
//! A run's lock is held as long as anybody works on it, so a free lock means that it is over.

use crate::error::Result;
use crate::plan::Change;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::Status;
use crate::plan::change::Event;
use crate::store::Layout;
use crate::store::Report;
use crate::store::report;
use crate::system::clock;
use crate::system::file;
use crate::system::lock::FileLock;

/// The ends of attempts that are over but not recorded.
///
/// # Errors
/// When a run's lock or report cannot be read.
pub fn over(plan: &Plan, layout: &Layout) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for run in plan.runs.values().filter(|run| matches!(run.status, Status::Running(_))) {
        if !is_worked_on(layout, &run.id)? {
            changes.push(end(run, layout)?);
        }
    }
    Ok(changes)
}

/// Whether a worker of this run, its program or anything that this started is alive.
///
/// # Errors
/// When the lock cannot be looked at.
pub fn is_worked_on(layout: &Layout, run: &RunId) -> Result<bool> {
    let lock = layout.run_lock(run);
    Ok(file::stamp(&lock).is_some() && FileLock::try_take(&lock)?.is_none())
}

fn end(run: &Run, layout: &Layout) -> Result<Change> {
    let number = run.open_attempt().map_or_else(|| run.next_attempt(), |open| open.number);
    let folder = layout.attempt_folder(&run.id, number);
    let event = match Report::load(&folder)? {
        Some(report) => Event::Ended {
            attempt: number,
            ended: report.ended,
            outcome: report.outcome,
            on_request: report.on_request,
            message: report.message,
            measurement: report.measurement,
        },
        None => Event::Ended {
            attempt: number,
            ended: clock::now(),
            outcome: vanished(report::was_started(&folder)),
            on_request: false,
            message: String::new(),
            measurement: None,
        },
    };
    Ok(Change { run: run.id.to_string(), event })
}

fn vanished(program_was_started: bool) -> Outcome {
    if program_was_started { Outcome::Interrupted } else { Outcome::Lost }
}

//! Giving up runs that were in flight when their worker disappeared, so that a run which takes the
//! machine down is not tried again.

use crate::plan::Change;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::change::Event;
use crate::system::clock;

/// The changes that set each such run of the selection in error. Runs that a person stopped, and
/// those whose program was not yet running, are not among them.
pub fn in_flight(plan: &Plan, selection: &Selection) -> Vec<Change> {
    let gave_up = |run: &Run| {
        let last = run.attempts.last()?;
        let vanished = last.outcome == Some(Outcome::Interrupted) && !last.on_request;
        (matches!(run.status, Status::Pending) && vanished).then(|| Change {
            run: run.id.to_string(),
            event: Event::GivenUp { attempt: last.number, at: clock::now() },
        })
    };
    plan.runs.values().filter(|run| selection.covers(run)).filter_map(gave_up).collect()
}

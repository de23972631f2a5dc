//! How the end of an attempt is told: as an event for those who watch the queue.

use crate::plan::Change;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::RunId;
use crate::plan::Status;
use crate::plan::change;
use crate::plan::measurement::Context;
use crate::runner::event::Event;
use crate::runner::event::Retry;
use crate::system::lock::FileLock;
use crate::system::noise;

/// An attempt that this runner attends to.
#[derive(Debug)]
pub struct Own {
    pub run: RunId,
    pub attempt: u32,
    /// Tells others that this runner is there.
    pub attended: Option<FileLock>,
}

/// The event of an attempt's end, for the runner whose own attempts were `own`.
pub fn ended(change: &Change, plan: &Plan, own: &mut Vec<Own>) -> Option<Event> {
    let change::Event::Ended { attempt, outcome, message, measurement, .. } = &change.event else {
        return None;
    };
    let is_own = |own: &Own| own.run.as_str() == change.run && own.attempt == *attempt;
    let at = own.iter().position(is_own);
    let Some(at) = at else {
        let (run, outcome) = (change.run.clone(), outcome.clone());
        return Some(Event::Recovered { run, attempt: *attempt, outcome });
    };
    own.swap_remove(at);
    let again = plan
        .runs
        .get(change.run.as_str())
        .filter(|run| outcome.is_transient() && matches!(run.status, Status::Pending));
    Some(Event::Ended {
        run: change.run.clone(),
        attempt: *attempt,
        outcome: outcome.clone(),
        message: message.clone(),
        wall: measurement.as_ref().map(|measurement| measurement.wall),
        warnings: measurement
            .as_ref()
            .map(|measured| warnings(&measured.context))
            .unwrap_or_default(),
        retry: again.map(|run| Retry { number: run.failures(), of: run.retries }),
    })
}

/// What a reader of a result must know, beyond the signs of a noisy machine, which are told
/// earlier.
fn warnings(context: &Context) -> Vec<String> {
    context.warnings.iter().filter(|warning| !noise::is_noise(warning)).cloned().collect()
}

/// The event of a run that is given up.
pub fn gave_up(plan: &Plan, change: &Change) -> Option<Event> {
    let run = plan.runs.get(change.run.as_str())?;
    let attempt = run.attempts.last()?;
    Some(Event::Ended {
        run: run.id.to_string(),
        attempt: attempt.number,
        outcome: Outcome::Interrupted,
        message: attempt.message.clone(),
        wall: None,
        warnings: Vec::new(),
        retry: None,
    })
}

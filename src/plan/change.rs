//! One transition of a plan, as it is journalled: applied twice, it changes nothing the second time.

use chrono::DateTime;
use chrono::Utc;
use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::plan::id::RunId;
use crate::plan::measurement::Measurement;
use crate::plan::measurement::RunResult;
use crate::plan::model::Attempt;
use crate::plan::model::MOST_INTERRUPTIONS;
use crate::plan::model::Outcome;
use crate::plan::model::Plan;
use crate::plan::model::Run;
use crate::plan::model::Status;

/// What happened to one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub run: String,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A runner claimed the run for a worker that waits for its job.
    Claimed { attempt: Attempt },
    /// The attempt is over.
    Ended {
        attempt: u32,
        ended: DateTime<Utc>,
        outcome: Outcome,
        on_request: bool,
        message: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        measurement: Option<Box<Measurement>>,
    },
    /// A person wants the run done anew; `attempts` is how many it had then.
    Reset { attempts: usize, at: DateTime<Utc> },
}

/// Applies `change`; a run that is no longer in the plan was removed by hand and stays so.
pub fn apply(plan: &mut Plan, change: &Change) {
    let Some(run) = plan.runs.get_mut(change.run.as_str()) else {
        return;
    };
    match &change.event {
        Event::Claimed { attempt } => claim(run, attempt),
        Event::Ended { .. } => end(run, &mut plan.results, &change.event),
        Event::Reset { attempts, .. } => reset(run, &mut plan.results, *attempts),
    }
}

fn claim(run: &mut Run, attempt: &Attempt) {
    if run.attempts.iter().any(|known| known.number == attempt.number) {
        return;
    }
    run.attempts.push(attempt.clone());
    run.status = Status::Running(Some(attempt.lease()));
}

fn end(run: &mut Run, results: &mut IndexMap<RunId, RunResult>, event: &Event) {
    let Event::Ended { attempt, ended, outcome, on_request, message, measurement } = event else {
        return;
    };
    let open = run.attempts.iter_mut().find(|known| known.number == *attempt);
    let Some(record) = open.filter(|record| record.ended.is_none()) else {
        return;
    };
    record.ended = Some(*ended);
    record.outcome = Some(outcome.clone());
    record.on_request = *on_request;
    record.message.clone_from(message);
    let mut repetitions = 0;
    if let Some(measurement) = measurement {
        let result = results.entry(run.id.clone()).or_default();
        result.size = run.extent.size();
        result.add(*attempt, *ended, measurement);
        repetitions = result.repetitions();
    }
    run.status = status_after(run, outcome, *ended, message, repetitions);
}

fn reset(run: &mut Run, results: &mut IndexMap<RunId, RunResult>, attempts: usize) {
    if run.attempts.len() != attempts {
        return;
    }
    run.status = Status::Pending;
    // A person has looked at it, so what went wrong before no longer speaks against the run.
    for attempt in &mut run.attempts {
        attempt.on_request |= attempt.outcome.as_ref().is_some_and(|was| *was != Outcome::Ok);
    }
    results.shift_remove(&run.id);
}

fn status_after(
    run: &Run,
    outcome: &Outcome,
    at: DateTime<Utc>,
    message: &str,
    repetitions: usize,
) -> Status {
    match outcome {
        Outcome::Ok if repetitions < run.repetitions as usize => Status::Pending,
        Outcome::Ok => Status::Done { at: Some(at) },
        Outcome::Lost => Status::Pending,
        Outcome::Interrupted if run.interruptions() < MOST_INTERRUPTIONS => Status::Pending,
        Outcome::Interrupted => Status::Error { at: Some(at), message: given_up() },
        failed if failed.is_transient() && run.failures() <= run.retries => Status::Pending,
        other if message.is_empty() => Status::Error { at: Some(at), message: other.describe() },
        _ => Status::Error { at: Some(at), message: message.to_string() },
    }
}

fn given_up() -> String {
    format!(
        "interrupted {MOST_INTERRUPTIONS} times while its program was running, \
         so it may take the machine down"
    )
}

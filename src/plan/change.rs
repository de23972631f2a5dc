//! One transition of a plan, as it is journalled: applied twice, it changes nothing the second
//! time.

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

impl Change {
    /// What happened, for a log.
    pub fn describe(&self) -> String {
        let run = &self.run;
        match &self.event {
            Event::Claimed { attempt } => format!("`{run}` claimed, attempt {}", attempt.number),
            Event::Ended { attempt, outcome, .. } => {
                format!("`{run}` ended, attempt {attempt}: {}", outcome.describe())
            }
            Event::Reset { .. } => format!("`{run}` reset"),
            Event::Extended { .. } => format!("`{run}` is to be repeated more often"),
            Event::GivenUp { attempt, .. } => format!("`{run}` given up after attempt {attempt}"),
            Event::Skipped { why, .. } => format!("`{run}` skipped: {why}"),
        }
    }
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
    /// A person wants the run repeated more often than it was; what was measured stays, and
    /// `attempts` is how many it had then.
    Extended { attempts: usize, at: DateTime<Utc> },
    /// A person wants the run not to be tried again after this attempt, which was interrupted.
    GivenUp { attempt: u32, at: DateTime<Utc> },
    /// The run is left pending for this reason; `attempts` is how many it had then.
    Skipped { attempts: usize, at: DateTime<Utc>, why: String },
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
        Event::Extended { attempts, .. } => extend(run, *attempts),
        Event::GivenUp { attempt, at } => give_up(run, *attempt, *at),
        Event::Skipped { attempts, why, .. } => skip(run, *attempts, why),
    }
}

fn claim(run: &mut Run, attempt: &Attempt) {
    if run.attempts.iter().any(|known| known.number == attempt.number) {
        return;
    }
    run.attempts.push(attempt.clone());
    run.skipped = None;
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
    note_failure(run, *attempt);
}

/// A failed run says why in the attempt that made it fail, which is what the plan keeps.
fn note_failure(run: &mut Run, attempt: u32) {
    let Status::Error { message, .. } = &run.status else { return };
    let record = run.attempts.iter_mut().find(|known| known.number == attempt);
    if let Some(record) = record.filter(|record| record.message.is_empty()) {
        record.message.clone_from(message);
    }
}

fn reset(run: &mut Run, results: &mut IndexMap<RunId, RunResult>, attempts: usize) {
    if run.attempts.len() != attempts {
        return;
    }
    run.status = Status::Pending;
    run.skipped = None;
    // A person has looked at it, so what went wrong before no longer speaks against the run.
    for attempt in &mut run.attempts {
        attempt.on_request |= attempt.outcome.as_ref().is_some_and(|was| *was != Outcome::Ok);
    }
    results.shift_remove(&run.id);
}

fn extend(run: &mut Run, attempts: usize) {
    if run.attempts.len() == attempts && matches!(run.status, Status::Done { .. }) {
        run.status = Status::Pending;
    }
}

fn give_up(run: &mut Run, attempt: u32, at: DateTime<Utc>) {
    let is_last = |last: &Attempt| {
        last.number == attempt && last.outcome == Some(Outcome::Interrupted) && !last.on_request
    };
    if run.status == Status::Pending && run.attempts.last().is_some_and(is_last) {
        let message = "its worker disappeared while its program was running, \
                       and it was not to be tried again";
        run.status = Status::Error { at: Some(at), message: message.into() };
        note_failure(run, attempt);
    }
}

fn skip(run: &mut Run, attempts: usize, why: &str) {
    if run.status == Status::Pending && run.attempts.len() == attempts {
        run.skipped = Some(why.to_string());
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::convert;
    use crate::plan::convert::Names;
    use serde_json::json;

    fn plan(retries: u32, repetitions: u32) -> Plan {
        let wire = json!({
            "workloads": { "w": { "command": ["x"] } },
            "runs": [{ "id": "a", "size": 1, "retries": retries, "repetitions": repetitions }],
        });
        let names = Names { samples: &[], backends: &["none"], executors: &["local"], bands: &[] };
        convert::plan(serde_json::from_value(wire).unwrap(), names).unwrap()
    }

    fn at(second: u32) -> DateTime<Utc> {
        DateTime::from_timestamp(i64::from(second), 0).unwrap()
    }

    fn change(event: Event) -> Change {
        Change { run: "a".into(), event }
    }

    fn claimed(number: u32) -> Change {
        let started = at(number);
        let (host, boot_id, message) = ("h".into(), "b".into(), String::new());
        let (ended, outcome, on_request) = (None, None, false);
        let attempt =
            Attempt { number, host, boot_id, pid: 7, started, ended, outcome, on_request, message };
        change(Event::Claimed { attempt })
    }

    fn ended(number: u32, outcome: Outcome, on_request: bool) -> Change {
        let (ended, message, measurement) = (at(number + 100), String::new(), None);
        change(Event::Ended { attempt: number, ended, outcome, on_request, message, measurement })
    }

    fn reset(attempts: usize) -> Change {
        change(Event::Reset { attempts, at: at(500) })
    }

    fn skipped(attempts: usize) -> Change {
        change(Event::Skipped { attempts, at: at(500), why: "settled".into() })
    }

    /// The state after attempts that ended so, each of them claimed before.
    #[track_caller]
    fn check(retries: u32, outcomes: &[(Outcome, bool)], expected: &str) {
        let mut plan = plan(retries, 1);
        for (number, (outcome, on_request)) in (1..).zip(outcomes) {
            apply(&mut plan, &claimed(number));
            assert_eq!(plan.runs[0].status.word(), "running");
            apply(&mut plan, &ended(number, outcome.clone(), *on_request));
        }
        assert_eq!(plan.runs[0].status.word(), expected, "{outcomes:?}");
    }

    #[test]
    fn an_attempt_ends_as_its_outcome_says() {
        check(0, &[(Outcome::Lost, false)], "pending");
        check(0, &[(Outcome::ExitCode(3), false)], "error");
        check(0, &[(Outcome::Failed, false)], "error");
        check(0, &[(Outcome::Invariant("max_load".into()), false)], "error");
    }

    #[test]
    fn the_third_interruption_is_one_too_many_unless_it_was_asked_for() {
        let gone = (Outcome::Interrupted, false);
        let asked = (Outcome::Interrupted, true);
        check(0, &[gone.clone(), gone.clone()], "pending");
        check(0, &[gone.clone(), gone.clone(), gone.clone()], "error");
        check(0, &[gone.clone(), asked.clone(), gone.clone()], "pending");
        check(0, &[asked.clone(), asked.clone(), asked.clone(), asked], "pending");
        check(0, &[gone.clone(), (Outcome::Lost, false), gone], "pending");
    }

    #[test]
    fn transient_failures_are_tried_again_as_often_as_allowed() {
        let code = (Outcome::ExitCode(1), false);
        check(2, &[code.clone(), (Outcome::Timeout, false)], "pending");
        check(2, &[code.clone(), (Outcome::Timeout, false), (Outcome::Signal(9), false)], "error");
        check(1, &[code.clone(), (Outcome::Lost, false)], "pending");
        check(1, &[code.clone(), (Outcome::Lost, false), code], "error");
        check(2, &[(Outcome::Failed, false)], "error");
        check(2, &[(Outcome::Invariant("max_load".into()), false)], "error");
    }

    #[test]
    fn a_reset_forgives_what_went_wrong_before() {
        let mut plan = plan(1, 1);
        for number in 1..=2 {
            apply(&mut plan, &claimed(number));
            apply(&mut plan, &ended(number, Outcome::ExitCode(1), false));
        }
        assert_eq!(plan.runs[0].status.word(), "error");
        apply(&mut plan, &reset(2));
        assert_eq!((plan.runs[0].status.word(), plan.runs[0].failures()), ("pending", 0));
        apply(&mut plan, &claimed(3));
        apply(&mut plan, &ended(3, Outcome::ExitCode(1), false));
        assert_eq!((plan.runs[0].status.word(), plan.runs[0].failures()), ("pending", 1));
    }

    #[test]
    fn a_reset_that_comes_late_changes_nothing() {
        let mut plan = plan(0, 1);
        apply(&mut plan, &claimed(1));
        apply(&mut plan, &ended(1, Outcome::ExitCode(1), false));
        apply(&mut plan, &reset(1));
        apply(&mut plan, &claimed(2));
        let before = plan.clone();
        apply(&mut plan, &reset(1));
        assert_eq!(plan, before);
    }

    #[test]
    fn a_run_that_is_extended_is_repeated_and_keeps_what_it_has() {
        let extended = |attempts| change(Event::Extended { attempts, at: at(500) });
        let mut plan = plan(0, 2);
        apply(&mut plan, &claimed(1));
        plan.runs[0].status = Status::Done { at: Some(at(1)) };
        plan.results.insert(plan.runs[0].id.clone(), RunResult::default());
        apply(&mut plan, &extended(1));
        assert_eq!((plan.runs[0].status.word(), plan.results.len()), ("pending", 1));
        // Late, it changes nothing.
        apply(&mut plan, &claimed(2));
        plan.runs[0].status = Status::Done { at: Some(at(2)) };
        apply(&mut plan, &extended(1));
        assert_eq!(plan.runs[0].status.word(), "done");
    }

    #[test]
    fn a_run_is_skipped_until_it_is_claimed_or_reset() {
        for last in [claimed(1), reset(0)] {
            let mut plan = plan(0, 1);
            apply(&mut plan, &skipped(0));
            assert_eq!(plan.runs[0].status, Status::Pending);
            assert_eq!(plan.runs[0].skipped.as_deref(), Some("settled"));
            apply(&mut plan, &last);
            assert_eq!(plan.runs[0].skipped, None);
        }
        let mut plan = plan(0, 1);
        apply(&mut plan, &claimed(1));
        apply(&mut plan, &skipped(0));
        assert_eq!((plan.runs[0].status.word(), &plan.runs[0].skipped), ("running", &None));
    }

    #[test]
    fn a_run_that_was_removed_by_hand_stays_removed() {
        let mut plan = plan(0, 1);
        plan.runs.clear();
        apply(&mut plan, &claimed(1));
        apply(&mut plan, &ended(1, Outcome::ExitCode(1), false));
        assert!(plan.runs.is_empty() && plan.results.is_empty());
    }

    #[test]
    fn a_journal_that_is_replayed_changes_nothing() {
        let changes = [
            skipped(0),
            claimed(1),
            ended(1, Outcome::ExitCode(1), false),
            claimed(2),
            ended(2, Outcome::Timeout, false),
            reset(2),
            claimed(3),
            ended(3, Outcome::Interrupted, true),
            skipped(3),
            claimed(4),
        ];
        for length in 0..=changes.len() {
            let mut once = plan(1, 1);
            changes[..length].iter().for_each(|change| apply(&mut once, change));
            let mut twice = once.clone();
            changes[..length].iter().for_each(|change| apply(&mut twice, change));
            assert_eq!(once, twice, "{length} changes");
        }
    }
}

//! What a run should be, by the words of the state machine, and what may happen to it.

use chrono::DateTime;
use chrono::Utc;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use superlinear::plan::Attempt;
use superlinear::plan::Measurement;
use superlinear::plan::Outcome;
use superlinear::plan::change::Event;

pub fn day(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + number * 86_400, 0).unwrap()
}

pub fn measurement() -> Measurement {
    let machine = json!({ "host": "h", "boot_id": "b", "cpu": "c", "cores": 1, "kernel": "k" });
    serde_json::from_value(json!({
        "wall": 1.5, "user": 1.0, "system": 0.5, "peak_memory": 1000,
        "faults": { "minor": 1, "major": 0 }, "bytes_read": 0, "bytes_written": 0,
        "context": {
            "revision": { "none": "test" }, "machine": machine,
            "load_before": null, "load_after": null,
            "versions": { "superlinear": "0", "backend": "none" },
        },
        "files": [],
    }))
    .unwrap()
}

pub fn attempt(number: u32) -> Attempt {
    Attempt {
        number,
        host: "h".into(),
        boot_id: "b".into(),
        pid: 7,
        started: day(i64::from(number)),
        ended: None,
        outcome: None,
        on_request: false,
        message: String::new(),
    }
}

pub fn ended(number: u32, outcome: Outcome) -> Event {
    let measurement = (outcome == Outcome::Ok).then(|| Box::new(measurement()));
    Event::Ended {
        attempt: number,
        ended: day(i64::from(number) + 1),
        outcome,
        on_request: false,
        message: String::new(),
        measurement,
    }
}

/// What a run should be, by the words of the state machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub status: &'static str,
    /// Outcome of each attempt; `None` while it is open.
    pub attempts: Vec<Option<Outcome>>,
    /// Interruptions that speak against the run.
    pub interruptions: usize,
    pub repetitions: usize,
    pub wanted: usize,
    pub description: String,
}

impl Model {
    pub fn new(wanted: usize) -> Self {
        let description = String::new();
        Self {
            status: "pending",
            attempts: vec![],
            interruptions: 0,
            repetitions: 0,
            wanted,
            description,
        }
    }

    pub fn claim(&mut self) -> Option<Event> {
        if self.status != "pending" {
            return None;
        }
        self.attempts.push(None);
        self.status = "running";
        Some(Event::Claimed { attempt: attempt(self.attempts.len() as u32) })
    }

    pub fn end(&mut self, outcome: &Outcome) -> Option<Event> {
        if self.status != "running" {
            return None;
        }
        *self.attempts.last_mut().unwrap() = Some(outcome.clone());
        self.status = match outcome {
            Outcome::Ok => {
                self.repetitions += 1;
                if self.repetitions < self.wanted { "pending" } else { "done" }
            }
            Outcome::Interrupted => {
                self.interruptions += 1;
                if self.interruptions < 3 { "pending" } else { "error" }
            }
            Outcome::Lost => "pending",
            _ => "error",
        };
        Some(ended(self.attempts.len() as u32, outcome.clone()))
    }

    pub fn reset(&mut self) -> Option<Event> {
        if self.status == "running" {
            return None;
        }
        self.status = "pending";
        self.repetitions = 0;
        self.interruptions = 0;
        Some(Event::Reset { attempts: self.attempts.len(), at: day(0) })
    }

    pub fn give_up(&mut self) -> Option<Event> {
        let last = self.attempts.last()?.clone();
        if self.status != "pending" || last != Some(Outcome::Interrupted) || self.interruptions == 0
        {
            return None;
        }
        self.status = "error";
        Some(Event::GivenUp { attempt: self.attempts.len() as u32, at: day(0) })
    }
}

#[derive(Debug, Clone)]
pub enum Step {
    Claim(Index),
    End(Index, Outcome),
    Reset(Index),
    GiveUp(Index),
    Add(u8),
    Fold,
    /// The holder dies; the next one begins from the disk, behind a torn record or not.
    Crash(bool),
    /// The next operation is another holder's.
    Switch,
    /// A person describes a run, or removes it.
    Describe(Index),
    Remove(Index),
    /// A crash between writing the plan and emptying the journal.
    HalfFold,
}

pub fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        4 => Just(Outcome::Ok),
        1 => Just(Outcome::ExitCode(3)),
        1 => Just(Outcome::Timeout),
        3 => Just(Outcome::Interrupted),
        1 => Just(Outcome::Lost),
    ];
    prop_oneof![
        6 => any::<Index>().prop_map(Step::Claim),
        6 => (any::<Index>(), outcome).prop_map(|(run, outcome)| Step::End(run, outcome)),
        2 => any::<Index>().prop_map(Step::Reset),
        1 => any::<Index>().prop_map(Step::GiveUp),
        1 => (1_u8..3).prop_map(Step::Add),
        1 => Just(Step::Fold),
        1 => any::<bool>().prop_map(Step::Crash),
        2 => Just(Step::Switch),
        1 => any::<Index>().prop_map(Step::Describe),
        1 => any::<Index>().prop_map(Step::Remove),
        1 => Just(Step::HalfFold),
    ]
}

//! What the queue tells whoever shows its progress.

use crate::plan::Outcome;
use crate::units::Seconds;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A run was claimed and its worker given the job.
    Started { run: String, attempt: u32, size: f64, unit: &'static str },
    /// An attempt is over and recorded.
    Ended {
        run: String,
        attempt: u32,
        outcome: Outcome,
        message: String,
        wall: Option<Seconds>,
        /// What a reader of the result must know, one sentence each.
        warnings: Vec<String>,
        /// Set when a failed run is pending again.
        retry: Option<Retry>,
    },
    /// An attempt of a runner that is gone was found and recorded.
    Recovered { run: String, attempt: u32, outcome: Outcome },
    /// A run is being worked on by somebody else; this runner waits for it.
    Adopted { run: String },
    /// Something else is being measured on this host; this runner waits for its end.
    HostBusy,
    /// Nothing keeps others from measuring at the same time.
    Unguarded { why: String },
    /// The machine is such that times will vary.
    Noisy { warning: String },
    /// A run was left pending, because another one is not done.
    Waits { run: String, on: String, state: &'static str },
    /// A run was left pending, because whoever picks has no need of it.
    Skipped { run: String, why: String },
    /// A request to stop arrived: no more claims, and the program is asked to end.
    Stopping { at_once: bool },
}

/// Another try after a transient failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// From 1.
    pub number: u32,
    /// How many the plan allows.
    pub of: u32,
}

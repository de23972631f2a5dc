//! What the queue tells whoever shows its progress.

use crate::plan::Outcome;
use crate::units::Seconds;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A run was claimed and its worker given the job.
    Started { run: String, attempt: u32, size: f64, unit: &'static str },
    /// An attempt is over and recorded.
    Ended { run: String, attempt: u32, outcome: Outcome, message: String, wall: Option<Seconds> },
    /// An attempt of a runner that is gone was found and recorded.
    Recovered { run: String, attempt: u32, outcome: Outcome },
    /// A run is being worked on by somebody else; this runner waits for it.
    Adopted { run: String },
    /// A request to stop arrived: no more claims, and the program is asked to end.
    Stopping { at_once: bool },
}

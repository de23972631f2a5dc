//! Which run is next, when the order of the plan is not to decide: whoever starts the queue may
//! hand it a function that is asked before each claim. The queue itself judges nothing.

use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// The first in the order of claiming.
    InOrder,
    /// This one, as long as it can be started.
    Run(RunId),
    /// None any more; what runs is still waited for.
    Nothing,
    /// None of these: they stay pending, with the reason, and the next answer is asked for.
    Leave { runs: Vec<RunId>, why: String },
}

/// How things stand when the function is asked; the plan's lock is not held meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    pub plan: &'a Plan,
    /// The runs that could be started now, in the order of claiming; at least one.
    pub candidates: &'a [&'a Run],
}

/// Asked before each claim.
pub type Picker<'a> = dyn FnMut(Standing<'_>) -> Pick + 'a;

//! What a measured run is called: by its id, and among several repetitions by its number.

use std::fmt;

/// One repetition of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunName {
    pub id: String,
    /// From 1; `None` for a run that was measured only once.
    pub repetition: Option<u32>,
}

impl RunName {
    /// Of a run that was measured only once.
    pub fn once(id: impl Into<String>) -> Self {
        Self { id: id.into(), repetition: None }
    }
}

impl fmt::Display for RunName {
    /// Example: ``repetition 2 of `wk-a` ``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.repetition {
            Some(repetition) => write!(f, "repetition {repetition} of `{}`", self.id),
            None => write!(f, "`{}`", self.id),
        }
    }
}

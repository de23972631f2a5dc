//! What a report says of a run beside its analysis: how it went, where, and with which source.
//! Plain data that the caller fills; nothing here reads a plan.

use serde::Serialize;

use crate::units::Bytes;

/// One run, whether it was analysed or not.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RunRecord {
    pub id: String,
    pub label: String,
    /// In the unit of the analysis, or days.
    pub size: Option<f64>,
    pub state: State,
    /// `None` for a profile that was made elsewhere.
    pub attempts: Option<usize>,
    /// Of the whole program, one per repetition, in the order run.
    pub wall_seconds: Vec<f64>,
    #[serde(rename = "peak_memory_bytes")]
    pub peak_memory: Option<Bytes>,
    pub revision: Option<Revision>,
    /// Of the workload, when it lies in another repository.
    pub workload_revision: Option<Revision>,
    pub machine: Option<Machine>,
    /// One-minute load average before the program started and after it ended.
    pub load_before: Option<f64>,
    pub load_after: Option<f64>,
    /// Name and version of the tool, the backend, the interpreter and the packages, in that order.
    pub versions: Vec<(String, String)>,
    /// What profiling added to the processor time, in seconds, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overhead_seconds: Option<f64>,
    /// What that figure is, as the end of a sentence.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub overhead_meaning: &'static str,
    /// What a reader of the figures must know, one sentence each.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "status", content = "message", rename_all = "lowercase")]
pub enum State {
    #[default]
    Done,
    Pending,
    Running,
    /// With what went wrong.
    Error(String),
}

/// The state of the source, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Revision {
    Commit {
        commit: String,
        /// `None` when no branch is checked out.
        branch: Option<String>,
        dirty: bool,
    },
    None {
        none: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Machine {
    pub host: String,
    pub cpu: String,
    pub cores: u32,
}

impl State {
    /// The word in the plan.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Error(_) => "error",
        }
    }
}

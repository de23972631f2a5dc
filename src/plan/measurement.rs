//! What came out of a run: the figures of the whole process, and where they were measured.
//! The function-level profile lies in files of its own, which are listed here.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::units::Bytes;
use crate::units::Seconds;

/// One repetition of a run, as its worker measured it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    pub wall: Seconds,
    pub user: Seconds,
    pub system: Seconds,
    pub peak_memory: Bytes,
    pub faults: PageFaults,
    /// Bytes that reached or left storage, as the kernel accounts them to the process.
    pub bytes_read: Bytes,
    pub bytes_written: Bytes,
    /// What the program itself counted, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, f64>,
    /// Over time; `None` where it was not looked at.
    #[serde(default)]
    pub memory: Option<MemoryUse>,
    pub context: Context,
    /// Files of this repetition.
    pub files: Vec<FileRecord>,
}

/// The memory of a program and of all that it started, as it was seen while it ran.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MemoryUse {
    /// Between two looks.
    #[serde(rename = "interval_seconds")]
    #[cfg_attr(test, schemars(with = "f64"))]
    pub interval: Seconds,
    pub looks: u64,
    #[serde(rename = "peak_bytes")]
    #[cfg_attr(test, schemars(with = "u64"))]
    pub peak: Bytes,
    /// Since the program was started, as the other times here.
    #[serde(rename = "peak_at_seconds")]
    #[cfg_attr(test, schemars(with = "f64"))]
    pub peak_at: Seconds,
    #[serde(rename = "mean_bytes")]
    #[cfg_attr(test, schemars(with = "u64"))]
    pub mean: Bytes,
    /// The most that came in addition from one look to the next.
    #[serde(rename = "largest_jump_bytes")]
    #[cfg_attr(test, schemars(with = "u64"))]
    pub largest_jump: Bytes,
    #[serde(rename = "jump_at_seconds")]
    #[cfg_attr(test, schemars(with = "f64"))]
    pub jump_at: Seconds,
    pub most_processes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PageFaults {
    pub minor: u64,
    pub major: u64,
}

/// Where and with what a repetition was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Context {
    /// Revision of the folder in which the plan lies.
    pub revision: Revision,
    /// Revision of the workload's folder, when that is another repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload_revision: Option<Revision>,
    pub machine: Machine,
    /// One-minute load average before the program started and after it ended.
    pub load_before: Option<f64>,
    pub load_after: Option<f64>,
    pub versions: Versions,
    /// What profiling added to the program's time; `None` where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overhead: Option<Overhead>,
    /// Processors that the program was confined to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<usize>,
    /// Names of the invariants that held before it was started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invariants: Vec<String>,
    /// What a reader of the figures must know, one sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// An estimate of the processor time that profiling cost, by what it costs for each thing counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Overhead {
    /// What profiling adds to a call, as measured in the program or beside it.
    Calls { calls: u64, nanoseconds_per_call: f64, seconds: f64 },
    /// What an instruction takes under the profiler more than without it.
    Instructions { instructions: u64, nanoseconds_per_instruction: f64, seconds: f64 },
    /// What the profiler's own process used for a sample.
    Samples { samples: u64, nanoseconds_per_sample: f64, seconds: f64 },
}

/// The state of the source, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Revision {
    Commit {
        commit: String,
        /// `None` when no branch is checked out.
        branch: Option<String>,
        dirty: bool,
        /// SHA-256 of the difference against the commit; `None` when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        difference_sha256: Option<String>,
    },
    None {
        none: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Machine {
    pub host: String,
    pub boot_id: String,
    pub cpu: String,
    pub cores: u32,
    pub kernel: String,
    /// Frequency governor of the first processor, where the system tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Versions {
    pub superlinear: String,
    pub backend: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub backend_version: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub interpreter: String,
    /// Packages that the workload imported.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub packages: BTreeMap<String, String>,
}

/// A file that a run left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileRecord {
    /// Relative to the plan's folder, with `/` between its parts.
    pub path: String,
    pub kind: FileKind,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Functions,
    Threads,
    Pstat,
    /// The exchange form, which loses nothing.
    Profile,
    Stdout,
    Stderr,
    /// Memory over time.
    Memory,
    Metadata,
}

/// Everything that came out of a run; the arrays hold one entry per repetition, in the order run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunResult {
    /// On the axis of growth.
    pub size: f64,
    pub wall_seconds: Vec<f64>,
    pub user_seconds: Vec<f64>,
    pub system_seconds: Vec<f64>,
    pub peak_memory_bytes: Vec<u64>,
    pub page_faults: Vec<PageFaults>,
    pub bytes_read: Vec<u64>,
    pub bytes_written: Vec<u64>,
    /// What the program itself counted, by name; null where a repetition did not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, Vec<Option<f64>>>,
    /// Over time; empty where it was never looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory: Vec<Option<MemoryUse>>,
    /// The program's exit code; a repetition that ended otherwise is no result.
    pub exit_code: i32,
    /// Number of the attempt that made each repetition.
    pub attempts: Vec<u32>,
    pub finished: Vec<DateTime<Utc>>,
    /// Of the latest repetition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    pub files: Vec<FileRecord>,
}

impl Overhead {
    /// Example: 2,000,000 calls at 500 ns each are 1 s.
    pub fn of_calls(calls: u64, nanoseconds_per_call: f64) -> Self {
        let seconds = calls as f64 * nanoseconds_per_call * 1e-9;
        Self::Calls { calls, nanoseconds_per_call, seconds }
    }

    pub fn seconds(&self) -> f64 {
        match self {
            Self::Calls { seconds, .. }
            | Self::Instructions { seconds, .. }
            | Self::Samples { seconds, .. } => *seconds,
        }
    }

    /// What the estimate is, as the end of a sentence.
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::Calls { .. } => {
                "an estimate: the calls, times what the profiler adds to a short one"
            }
            Self::Instructions { .. } => {
                "an estimate: the processor time under the profiler, less 0.3 ns for each instruction, \
                 which is about what they take without it"
            }
            Self::Samples { .. } => {
                "the processor time of the profiler's own process, without what interrupts cost the \
                 program"
            }
        }
    }
}

impl RunResult {
    pub fn repetitions(&self) -> usize {
        self.wall_seconds.len()
    }

    /// The most that one process held, or at one moment all of them together, over the repetitions.
    pub fn peak_memory(&self) -> Option<Bytes> {
        let together = self.memory.iter().flatten().map(|memory| memory.peak);
        self.peak_memory_bytes.iter().copied().map(Bytes).chain(together).max()
    }

    /// The same of one repetition, counted from 0.
    pub fn peak_memory_of(&self, repetition: usize) -> Option<Bytes> {
        let together = self.memory.get(repetition).copied().flatten().map(|memory| memory.peak);
        let alone = self.peak_memory_bytes.get(repetition).copied().map(Bytes);
        alone.max(together)
    }

    /// Adds the repetition that attempt `attempt` measured; a second time changes nothing.
    pub fn add(&mut self, attempt: u32, ended: DateTime<Utc>, measurement: &Measurement) {
        if self.attempts.contains(&attempt) {
            return;
        }
        if measurement.memory.is_some() || !self.memory.is_empty() {
            self.memory.resize(self.repetitions(), None);
            self.memory.push(measurement.memory);
        }
        self.attempts.push(attempt);
        self.finished.push(ended);
        self.wall_seconds.push(measurement.wall.0);
        self.user_seconds.push(measurement.user.0);
        self.system_seconds.push(measurement.system.0);
        self.peak_memory_bytes.push(measurement.peak_memory.0);
        self.page_faults.push(measurement.faults);
        self.bytes_read.push(measurement.bytes_read.0);
        self.bytes_written.push(measurement.bytes_written.0);
        self.add_counters(&measurement.counters);
        self.context = Some(measurement.context.clone());
        for file in &measurement.files {
            self.files.retain(|known| known.path != file.path);
            self.files.push(file.clone());
        }
    }

    fn add_counters(&mut self, counters: &BTreeMap<String, f64>) {
        let repetitions = self.repetitions();
        for name in counters.keys() {
            self.counters.entry(name.clone()).or_default();
        }
        for (name, values) in &mut self.counters {
            values.resize(repetitions, None);
            if let Some(latest) = values.last_mut() {
                *latest = counters.get(name).copied();
            }
        }
    }

    /// The newest exchange-form profile of each attempt, by attempt number.
    pub fn profile_of(&self, attempt: u32) -> Option<&FileRecord> {
        let folder = format!("/attempts/{attempt}/");
        self.files.iter().find(|file| file.kind == FileKind::Profile && file.path.contains(&folder))
    }
}

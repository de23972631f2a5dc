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
    pub context: Context,
    /// Files of this repetition.
    pub files: Vec<FileRecord>,
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

impl RunResult {
    pub fn repetitions(&self) -> usize {
        self.wall_seconds.len()
    }

    /// Adds the repetition that attempt `attempt` measured; a second time changes nothing.
    pub fn add(&mut self, attempt: u32, ended: DateTime<Utc>, measurement: &Measurement) {
        if self.attempts.contains(&attempt) {
            return;
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

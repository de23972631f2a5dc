//! The plan as the rest of the project sees it: every value checked, every state with its data.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::plan::extent::Extent;
use crate::plan::id::RunId;
use crate::plan::measurement::RunResult;
use crate::plan::suite::Sequence;
use crate::plan::suite::Suite;

/// The newest form of the plan that this version writes.
pub const VERSION: u32 = 1;

/// Interruptions of a running program after which a run is given up.
pub const MOST_INTERRUPTIONS: usize = 3;

#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub version: u32,
    pub workloads: IndexMap<String, Workload>,
    pub settings: Settings,
    pub invariants: Invariants,
    pub suites: IndexMap<String, Suite>,
    pub sequences: IndexMap<String, Sequence>,
    /// In the order of the file, which is the order of claiming.
    pub runs: IndexMap<RunId, Run>,
    pub results: IndexMap<RunId, RunResult>,
}

/// One measurement at one size.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub id: RunId,
    pub phase: u32,
    pub extent: Extent,
    pub label: String,
    pub description: String,
    /// A key of [`Plan::workloads`].
    pub workload: String,
    /// After the arguments of the workload.
    pub args: Vec<String>,
    /// Files that the program writes, relative to its working directory, kept with each attempt.
    pub keep: Vec<String>,
    /// A key of [`Plan::suites`], when it is a part of a benchmark.
    pub suite: Option<String>,
    pub cache: CacheUse,
    pub timeout: Option<Duration>,
    pub repetitions: u32,
    /// Times that the program is executed, unrecorded, before each repetition; of a benchmark
    /// before the first one only.
    pub warmups: u32,
    /// Times that a transient failure is followed by another attempt.
    pub retries: u32,
    /// Runs that must be done before this one is started.
    pub after: Vec<RunId>,
    pub status: Status,
    /// Why it was left pending by a runner that executes only what can change a verdict; of a
    /// pending run alone.
    pub skipped: Option<String>,
    /// In the order made.
    pub attempts: Vec<Attempt>,
}

/// Which cache folder a run is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CacheUse {
    /// An empty folder of its own.
    Cold,
    /// The folder that the cold run of the same phase and workload filled.
    Warm,
    /// The folder that all other runs of the workload share.
    Shared,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    Pending,
    Running(Option<Lease>),
    Done { at: Option<DateTime<Utc>> },
    Error { at: Option<DateTime<Utc>>, message: String },
}

/// Who works on a run: for people, and for hosts that do not share the run's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub attempt: u32,
    pub host: String,
    pub boot_id: String,
    pub pid: u32,
    pub started: DateTime<Utc>,
}

/// One try at a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attempt {
    /// From 1, never used twice for a run.
    pub number: u32,
    pub host: String,
    /// Changes with every start of the host, so that a pid is never mistaken for another's.
    pub boot_id: String,
    pub pid: u32,
    pub started: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Whether a person asked for the end, or has reset the run since; such an end does not speak
    /// against the run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_request: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Ok,
    /// The program ended by itself with a code other than 0.
    ExitCode(i32),
    /// The program was ended by a signal that the tool did not send.
    Signal(i32),
    Timeout,
    /// The named invariant did not hold, so that nothing was run.
    Invariant(String),
    /// A person stopped it, or its worker disappeared while the program was running.
    Interrupted,
    /// The worker disappeared before its program was running.
    Lost,
    /// The program could not be started or its measurement not saved.
    Failed,
}

/// What a run executes.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    pub task: Task,
    /// A name of the table in `measure`.
    pub backend: String,
    pub env: BTreeMap<String, String>,
    pub timeout: Option<Duration>,
    /// Relative to the plan's folder; `None` is that folder.
    pub cwd: Option<String>,
    /// Executed before each execution of the program.
    pub prepare: Option<Launch>,
    /// Executed after each execution of the program, however that ended.
    pub cleanup: Option<Launch>,
    pub input: Option<Input>,
    /// Whether braces in its command and environment are no placeholders.
    pub literal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// An embedded sample, by name.
    Sample(String),
    Command(Launch),
}

/// How a program is started; placeholders are not filled in yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launch {
    /// The program and its arguments, without a shell.
    Words(Vec<String>),
    /// A line for `/bin/sh`.
    Shell(String),
}

/// What a program is fed, on standard input or as the file `{input}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, relative to the plan's folder.
    File(String),
    /// The output of this program, made once per size.
    Made(Vec<String>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The workload of runs that name none.
    pub workload: Option<String>,
    pub executor: String,
    pub timeout: Option<Duration>,
    /// Between the polite signal and the one that cannot be refused.
    pub grace: Duration,
    pub repetitions: u32,
    /// Before each repetition of runs that are not cold.
    pub warmups: u32,
    pub retries: u32,
    /// The most that is kept of a run's standard output, and of its standard error, in bytes.
    pub log_limit: u64,
    /// Between two looks at the memory of a running program; `None` for no look at all.
    pub memory_interval: Option<Duration>,
    /// For the judging side.
    pub analysis: AnalysisSettings,
}

/// How the runs are to be judged; what is not said is the analysis's own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnalysisSettings {
    /// What measures the size: `calls:NAME`.
    pub size_by: Option<String>,
    /// The size to foretell the cost at.
    pub at: Option<f64>,
    /// Parts of paths.
    pub user_paths: Vec<String>,
    /// Parts of paths.
    pub library_paths: Vec<String>,
    /// Names, or `file:name`.
    pub waiting: Vec<String>,
    pub categories: Vec<Category>,
    /// The word for exponents and where it ends, one per band that was moved.
    pub bands: Vec<(String, f64)>,
    pub least_share_percent: Option<Decimal>,
    pub most_functions: Option<u32>,
}

/// A kind of work: functions whose name and path hold these parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub category: String,
    pub name: String,
    pub path: String,
}

/// What must hold before an attempt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Invariants {
    /// Values that the workload's final environment must have.
    pub env: BTreeMap<String, String>,
    /// Variables that must be set; their values are never recorded.
    pub required_env: Vec<String>,
    pub clean_git: bool,
    pub min_free_bytes: Option<u64>,
    pub max_load: Option<f64>,
}

impl Workload {
    /// Every text with placeholders but those of the input.
    pub fn texts(&self) -> impl Iterator<Item = &String> {
        let command = match &self.task {
            Task::Command(launch) => Some(launch),
            Task::Sample(_) => None,
        };
        let launches = command.into_iter().chain(&self.prepare).chain(&self.cleanup);
        launches.flat_map(Launch::texts).chain(self.env.values())
    }
}

impl Launch {
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Words(words) => words,
            Self::Shell(line) => std::slice::from_ref(line),
        }
    }

    /// The program that is looked for on the path.
    pub fn program(&self) -> Option<&str> {
        match self {
            Self::Words(words) => words.first().map(String::as_str),
            Self::Shell(_) => Some("/bin/sh"),
        }
    }
}

impl Input {
    pub fn texts(&self) -> &[String] {
        match self {
            Self::File(path) => std::slice::from_ref(path),
            Self::Made(words) => words,
        }
    }
}

impl Plan {
    pub fn workload_of(&self, run: &Run) -> Option<&Workload> {
        self.workloads.get(&run.workload)
    }
}

impl Run {
    /// Attempts whose program was running when the worker disappeared, without anybody's request.
    pub fn interruptions(&self) -> usize {
        let unasked = |attempt: &&Attempt| {
            attempt.outcome == Some(Outcome::Interrupted) && !attempt.on_request
        };
        self.attempts.iter().filter(unasked).count()
    }

    /// Transient failures since the last good repetition or reset.
    ///
    /// Example: exit code 1, ok, timeout, exit code 1 are 2.
    pub fn failures(&self) -> u32 {
        let since = self.attempts.iter().rev();
        let since = since.take_while(|attempt| attempt.outcome != Some(Outcome::Ok));
        let speaks = |attempt: &&Attempt| {
            !attempt.on_request && attempt.outcome.as_ref().is_some_and(Outcome::is_transient)
        };
        since.filter(speaks).count().try_into().unwrap_or(u32::MAX)
    }

    /// The number that the next attempt gets.
    pub fn next_attempt(&self) -> u32 {
        self.attempts.iter().map(|attempt| attempt.number).max().unwrap_or(0).saturating_add(1)
    }

    /// The attempt that has not ended, when there is one.
    pub fn open_attempt(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.ended.is_none())
    }
}

impl Attempt {
    /// Who works on this attempt.
    pub fn lease(&self) -> Lease {
        Lease {
            attempt: self.number,
            host: self.host.clone(),
            boot_id: self.boot_id.clone(),
            pid: self.pid,
            started: self.started,
        }
    }
}

impl Status {
    /// The word in the plan.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running(_) => "running",
            Self::Done { .. } => "done",
            Self::Error { .. } => "error",
        }
    }
}

impl Outcome {
    /// Whether the same attempt may well end otherwise: the program ran and failed. What could not
    /// be started or was not allowed to start will fail again.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::ExitCode(_) | Self::Signal(_) | Self::Timeout)
    }

    /// What happened, as a phrase for a person.
    pub fn describe(&self) -> String {
        match self {
            Self::Ok => "ok".into(),
            Self::ExitCode(code) => format!("exit code {code}"),
            Self::Signal(number) => format!("ended by signal {number}"),
            Self::Timeout => "timeout".into(),
            Self::Invariant(which) => format!("invariant {which} did not hold"),
            Self::Interrupted => "interrupted".into(),
            Self::Lost => "lost before its program was running".into(),
            Self::Failed => "could not be measured".into(),
        }
    }
}

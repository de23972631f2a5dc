//! The plan as it lies on disk. Nothing is checked here beyond types; `convert` does that.
//! The words on the fields are what the shipped JSON Schema says of them.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;

use crate::plan::after::After;
use crate::plan::measurement::RunResult;
use crate::plan::model::Attempt;
use crate::plan::model::CacheUse;
use crate::plan::wire_analysis::AnalysisWire;
use crate::plan::wire_suite::RuleWire;
use crate::plan::wire_suite::SequenceWire;
use crate::plan::wire_suite::SuiteWire;
use crate::plan::words::Words;

/// What is to be run, how far it got, and what came out.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PlanWire {
    /// The form of the plan; a newer one than the tool knows is read but never written.
    pub version: Option<u32>,
    /// What runs execute, by name; a plan without any runs the embedded sample `gc_futures`.
    pub workloads: IndexMap<String, WorkloadWire>,
    /// What holds for every run that does not say otherwise.
    pub settings: SettingsWire,
    /// What must hold before each attempt; otherwise nothing is run.
    pub invariants: InvariantsWire,
    /// Benchmarks, by name.
    pub suites: IndexMap<String, SuiteWire>,
    /// Optimisations in order of priority, each a suite, by name.
    pub sequences: IndexMap<String, SequenceWire>,
    /// What suites must reach, by workflow and size of the data set; the first rule that fits
    /// holds.
    pub thresholds: Vec<RuleWire>,
    /// One measurement at one size each, in the order of claiming.
    pub runs: Vec<RunWire>,
    /// What came out, by the id of the run; written by the tool.
    pub results: IndexMap<String, RunResult>,
}

/// What a run executes: exactly one of `sample` and `command`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WorkloadWire {
    /// An embedded sample, by name.
    pub sample: Option<String>,
    /// The program and its arguments as a list, started without a shell, or with `shell` one line;
    /// `{start}`, `{end}`, `{size}`, `{input}`, `{cache_dir}` and `{run_id}` are filled in.
    pub command: Option<Words>,
    /// Whether texts in place of lists are lines for `/bin/sh`; without it they are refused.
    pub shell: bool,
    /// A command that is executed, unmeasured, before each execution of the program.
    pub prepare: Option<Words>,
    /// A command that is executed after each execution of the program, however that ended.
    pub cleanup: Option<Words>,
    /// A file, or as a list the command whose output it is, made once per size; the program gets it
    /// as `{input}` where it asks for that, else on standard input.
    pub input: Option<Words>,
    /// The profiler; `spans` for a sample and `none` for a command, when nothing is said.
    pub backend: Option<String>,
    /// Variables on top of the environment of the runner; placeholders are filled in.
    pub env: IndexMap<String, String>,
    /// The longest that a run may take, for example `90s`, `10m` or `6h`.
    #[cfg_attr(test, schemars(regex(pattern = r"^\s*[0-9.]+\s*(ms|s|m|min|h|d)?\s*$")))]
    pub timeout: Option<String>,
    /// The working directory, relative to the plan's folder; that folder when nothing is said.
    pub cwd: Option<String>,
    /// Whether braces in its command and environment are no placeholders.
    pub literal: bool,
}

/// What holds for every run that does not say otherwise.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SettingsWire {
    /// The workload of runs that name none; the only one, when there is only one.
    pub workload: Option<String>,
    /// Where runs are placed; `local` when nothing is said.
    pub executor: Option<String>,
    /// The longest that a run may take, for example `90s`, `10m` or `6h`.
    #[cfg_attr(test, schemars(regex(pattern = r"^\s*[0-9.]+\s*(ms|s|m|min|h|d)?\s*$")))]
    pub timeout: Option<String>,
    /// The time between the polite request to end and the one that cannot be refused; `10s` when
    /// nothing is said.
    #[cfg_attr(test, schemars(regex(pattern = r"^\s*[0-9.]+\s*(ms|s|m|min|h|d)?\s*$")))]
    pub grace: Option<String>,
    /// How often each run is measured; 1 when nothing is said.
    #[cfg_attr(test, schemars(range(min = 1, max = 1_000_000)))]
    pub repetitions: Option<u32>,
    /// How often a program is executed, unrecorded, before each repetition; not before cold runs.
    #[cfg_attr(test, schemars(range(max = 1_000_000)))]
    pub warmups: Option<u32>,
    /// How often a run that ended with a code, a signal or a timeout is tried again.
    #[cfg_attr(test, schemars(range(max = 1_000_000)))]
    pub retries: Option<u32>,
    /// The most that is kept of standard output and of standard error, in bytes; 64 MiB when
    /// nothing is said.
    pub log_limit_bytes: Option<u64>,
    /// Between two looks at the memory of a running program, for example `100ms`, which it is when
    /// nothing is said; `off` for none.
    #[cfg_attr(test, schemars(regex(pattern = r"^\s*([0-9.]+\s*(ms|s|m|min|h|d)?|off)\s*$")))]
    pub memory_interval: Option<String>,
    /// How the runs are to be judged.
    pub analysis: AnalysisWire,
}

/// What must hold before each attempt, against the final environment of the workload.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct InvariantsWire {
    /// Variables with the values that they must have.
    pub env: IndexMap<String, String>,
    /// Variables that must be set and not empty; their values are never recorded.
    pub required_env: Vec<String>,
    /// Whether the git tree around the plan must have no changes.
    pub clean_git: bool,
    /// Space that must be free where the plan lies, in bytes.
    pub min_free_bytes: Option<u64>,
    /// The highest one-minute load average.
    pub max_load: Option<f64>,
}

/// One measurement at one size: `start` and `end`, or `size`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunWire {
    /// Its name, which is also that of its files: ASCII, no separators, at most 128 bytes.
    #[cfg_attr(test, schemars(length(min = 1, max = 128)))]
    pub id: String,
    /// 0 for the cache probe, 1 for the scaling series, other numbers for groups of your own; 1
    /// when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<u32>,
    /// First day of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$")))]
    pub start: Option<String>,
    /// Last day of the window, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$")))]
    pub end: Option<String>,
    /// The size in the workload's own unit, instead of a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("exclusiveMinimum" = 0)))]
    pub size: Option<f64>,
    /// A word for its kind, to select by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A sentence for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The workload, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// Arguments after those of the workload's command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Files that the program writes, relative to its working directory, kept with each attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// The suite that it is a part of; written by `superlinear bench`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// Which cache folder it is given; in phase 0 its id or label says it (`cold`, `warm`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheUse>,
    /// The longest that it may take, for example `90s`, `10m` or `6h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = r"^\s*[0-9.]+\s*(ms|s|m|min|h|d)?\s*$")))]
    pub timeout: Option<String>,
    /// How often it is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1, max = 1_000_000)))]
    pub repetitions: Option<u32>,
    /// How often its program is executed, unrecorded, before each repetition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(max = 1_000_000)))]
    pub warmups: Option<u32>,
    /// How often it is tried again after a code, a signal or a timeout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(max = 1_000_000)))]
    pub retries: Option<u32>,
    /// Runs that must be done before it is started.
    #[serde(default, skip_serializing_if = "After::is_empty")]
    pub after: After,
    /// How far it got; `pending` when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("enum" = ["pending", "running", "done", "error", null])))]
    pub status: Option<String>,
    /// Why a runner left it pending that executes only what can change a verdict; written by the
    /// tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// Its tries; written by the tool.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

/// The keys that mean something, by the kind of object they stand in.
pub const PLAN_KEYS: &[&str] = &[
    "$schema",
    "version",
    "workloads",
    "settings",
    "invariants",
    "suites",
    "sequences",
    "thresholds",
    "runs",
    "results",
];
pub const WORKLOAD_KEYS: &[&str] = &[
    "sample", "command", "shell", "prepare", "cleanup", "input", "backend", "env", "timeout",
    "cwd", "literal",
];
pub const SETTINGS_KEYS: &[&str] = &[
    "workload",
    "executor",
    "timeout",
    "grace",
    "repetitions",
    "warmups",
    "retries",
    "log_limit_bytes",
    "memory_interval",
    "analysis",
];
pub const INVARIANTS_KEYS: &[&str] =
    &["env", "required_env", "clean_git", "min_free_bytes", "max_load"];
pub const RUN_KEYS: &[&str] = &[
    "id",
    "phase",
    "start",
    "end",
    "size",
    "label",
    "description",
    "workload",
    "args",
    "keep",
    "suite",
    "cache",
    "timeout",
    "repetitions",
    "warmups",
    "retries",
    "after",
    "status",
    "skipped",
    "attempts",
];

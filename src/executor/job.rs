//! One attempt, complete: everything that a worker needs to make it, and nothing to look up.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

/// The first argument that makes this program a worker.
pub const WORKER: &str = "__worker";

/// The first argument that makes this program an embedded sample.
pub const SAMPLE: &str = "__sample";

/// Handed to the worker on its standard input, never through a file: it holds the environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The plan, as an absolute path; the worker reads neither it nor its journal.
    pub plan: PathBuf,
    pub run: String,
    pub attempt: u32,
    /// On the axis of growth.
    pub size: f64,
    /// The program and its arguments, every placeholder filled in.
    pub argv: Vec<String>,
    /// Executed before each execution of the program.
    pub prepare: Option<Vec<String>>,
    /// Executed after each execution of the program, however that ended.
    pub cleanup: Option<Vec<String>>,
    pub input: Option<Input>,
    /// What is set on top of the inherited environment.
    pub env: BTreeMap<String, String>,
    pub cwd: PathBuf,
    /// Created before the program starts.
    pub cache_folder: PathBuf,
    /// A name of the table in `measure`.
    pub backend: String,
    pub timeout_seconds: Option<f64>,
    pub grace_seconds: f64,
    pub log_limit: u64,
    /// Between two looks at the memory of the program; `None` for no look at all.
    pub memory_interval_seconds: Option<f64>,
    /// Executions before the one that is measured.
    pub warmups: u32,
    /// Files that the program writes, relative to its working directory, kept with the attempt.
    pub keep: Vec<String>,
    /// How many runs are measured at once.
    pub parallel: u32,
    /// Processors that the program is confined to; all when empty.
    pub pin: Vec<usize>,
    /// An inherited descriptor with the host's lock, which ends with the worker: what the program
    /// leaves running must not keep everybody else from measuring.
    pub guard: Option<i32>,
    pub invariants: Invariants,
}

/// What the program is fed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Absolute.
    pub path: PathBuf,
    /// The program whose output it is, made when it is not there or that program has changed;
    /// `None` for a file of the user's own.
    pub maker: Option<Vec<String>>,
    /// Whether the program reads it on standard input.
    pub on_stdin: bool,
}

impl Job {
    /// What is set for the program: what the plan says, and where it is.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut env = self.env.clone();
        let cache = || self.cache_folder.to_string_lossy().into_owned();
        env.entry("SUPERLINEAR_CACHE_DIR".into()).or_insert_with(cache);
        env.entry("SUPERLINEAR_RUN".into()).or_insert_with(|| self.run.clone());
        env
    }
}

/// What must hold before the program starts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Invariants {
    pub env: BTreeMap<String, String>,
    pub required_env: Vec<String>,
    pub clean_git: bool,
    pub min_free_bytes: Option<u64>,
    pub max_load: Option<f64>,
}

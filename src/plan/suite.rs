//! Benchmarks of a plan: what is compared with what, how often, and what it must reach.

use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::plan::extent::Extent;
use crate::plan::thresholds::Thresholds;

/// The phase of the runs that suites are made of: no series of sizes.
pub const PHASE: u32 = 100;

/// One benchmark: a workload measured again and again, or two of them alternately.
#[derive(Debug, Clone, PartialEq)]
pub struct Suite {
    /// A workload, by name.
    pub baseline: String,
    /// Another workload; `None` when only one is measured.
    pub optimized: Option<String>,
    pub extent: Extent,
    /// Measured times of each version.
    pub runs: u32,
    /// Unrecorded executions before the first measured one.
    pub warmups: u32,
    /// Of the order within each round.
    pub seed: u64,
    pub thresholds: Thresholds,
    /// The kind of work, which thresholds may depend on.
    pub workflow: Option<String>,
    pub scale: Scale,
    pub stdout: OutputRule,
    /// Files that both versions write, relative to their working directory.
    pub files: IndexMap<String, OutputRule>,
    /// What the outputs are compared on before anything is timed.
    pub cases: Vec<Case>,
}

/// Optimisations in order of priority, each a suite of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    pub goal_percent: Decimal,
    pub steps: Vec<String>,
}

/// How much work a suite's workload does, for normalised figures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Scale {
    /// Rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter_combinations: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest_count: Option<u64>,
}

/// One execution of both versions whose outputs must be equal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case {
    pub name: String,
    /// After the arguments of the workload.
    pub args: Vec<String>,
}

/// When two outputs are equal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OutputRule {
    pub format: OutputFormat,
    /// Numbers may differ by this, absolutely or relatively.
    pub tolerance: f64,
    /// Whether lines, rows or list entries may come in any order.
    pub any_order: bool,
}

/// How an output is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutputFormat {
    /// Byte by byte.
    Bytes,
    /// Line by line, numbers within the tolerance.
    Text,
    Json,
    Csv,
    /// Not compared.
    Ignore,
}

/// The formats, in the order of `--help`.
pub const FORMATS: [(&str, OutputFormat); 5] = [
    ("text", OutputFormat::Text),
    ("bytes", OutputFormat::Bytes),
    ("json", OutputFormat::Json),
    ("csv", OutputFormat::Csv),
    ("ignore", OutputFormat::Ignore),
];

impl Default for OutputRule {
    fn default() -> Self {
        Self { format: OutputFormat::Text, tolerance: 1e-10, any_order: false }
    }
}

impl Suite {
    /// Its versions: the word for each and its workload.
    pub fn versions(&self) -> Vec<(&'static str, &str)> {
        let optimized = self.optimized.iter().map(|name| ("optimized", name.as_str()));
        std::iter::once(("baseline", self.baseline.as_str())).chain(optimized).collect()
    }
}

/// The id of the run that measures `version` of suite `name`.
pub fn timed_id(name: &str, version: &str) -> String {
    format!("{name}.{version}")
}

/// The id of the run that makes the output of `version` on case `number`, from 1.
pub fn check_id(name: &str, number: usize, version: &str) -> String {
    format!("{name}.check-{number}.{version}")
}

/// What a case without a name is called.
pub fn usual_case_name(index: usize, args: &[String]) -> String {
    match args.is_empty() {
        true => "the bare command".into(),
        false => format!("case {}", index + 1),
    }
}

//! Benchmarks as they stand in the plan. Nothing is checked here beyond types.
//! The words on the fields are what the shipped JSON Schema says of them.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::plan::suite::OutputFormat;

/// One workload measured again and again, or two compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SuiteWire {
    /// The workload as it was, by name.
    pub baseline: Option<String>,
    /// The workload as it is to be, by name; without it only the baseline is measured.
    pub optimized: Option<String>,
    /// First day of the window that both are given.
    #[cfg_attr(test, schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$")))]
    pub start: Option<String>,
    /// Last day of the window, included.
    #[cfg_attr(test, schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$")))]
    pub end: Option<String>,
    /// The size that both are given, instead of a window; 1 when nothing is said.
    #[cfg_attr(test, schemars(extend("exclusiveMinimum" = 0)))]
    pub size: Option<f64>,
    /// Measured times of each version; as many as the thresholds ask for when nothing is said.
    #[cfg_attr(test, schemars(range(min = 2, max = 1_000_000)))]
    pub runs: Option<u32>,
    /// Executions before the first measured one; 1 when nothing is said.
    #[cfg_attr(test, schemars(range(max = 1_000_000)))]
    pub warmups: Option<u32>,
    /// Of the random order within each round; 1 when nothing is said.
    pub seed: Option<u64>,
    /// What it must reach: a preset (`default`, `strict`, `lenient`) or limits of one's own; by the
    /// rules of the plan's `thresholds` when nothing is said.
    pub thresholds: Option<ThresholdsWire>,
    /// The kind of work, for the rules of `thresholds`.
    pub workflow: Option<String>,
    /// Rows of data that it works on, for the rules of `thresholds` and for normalised figures.
    pub dataset_size: Option<u64>,
    /// Parameter combinations that it tries, for normalised figures.
    pub parameter_combinations: Option<u64>,
    /// Backtests that it makes, for normalised figures.
    pub backtest_count: Option<u64>,
    /// How standard output is compared.
    pub stdout: Option<OutputWire>,
    /// Files that both versions write, relative to their working directory, and how they are
    /// compared.
    pub files: IndexMap<String, OutputWire>,
    /// What outputs are compared on; the bare command when nothing is said.
    pub cases: Vec<CaseWire>,
}

/// How one output is compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OutputWire {
    /// `text` when nothing is said.
    pub format: Option<OutputFormat>,
    /// By how much numbers may differ, absolutely or relatively; 1e-10 when nothing is said.
    pub tolerance: Option<f64>,
    /// Whether lines, rows or list entries may come in any order.
    pub any_order: bool,
}

/// One execution of both versions whose outputs must be equal.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CaseWire {
    /// A word for the reader.
    pub name: Option<String>,
    /// Arguments after those of the workload's command.
    pub args: Vec<String>,
}

/// The name of a preset, or limits.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ThresholdsWire {
    Preset(String),
    Own(Box<LimitsWire>),
}

/// Limits of one's own, each that of the preset when nothing is said.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LimitsWire {
    /// The preset to begin from; `default` when nothing is said.
    pub preset: Option<String>,
    /// Least improvement, a number or a decimal in quotes.
    pub min_improvement_percent: Option<Value>,
    /// Confidence that the improvement is none by chance.
    pub confidence_percent: Option<Value>,
    /// Fewest measured times of each version.
    pub runs: Option<u32>,
    /// By how much the peak memory may grow.
    pub max_memory_growth_percent: Option<Value>,
}

/// A rule: suites of this workflow and data-set size have these thresholds; the first that fits
/// holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RuleWire {
    /// Only suites of this workflow.
    pub workflow: Option<String>,
    /// Only data sets of this many rows or more.
    pub min_dataset_size: Option<u64>,
    /// Only data sets of this many rows or fewer.
    pub max_dataset_size: Option<u64>,
    /// The preset to begin from; `default` when nothing is said.
    pub preset: Option<String>,
    /// Least improvement, a number or a decimal in quotes.
    pub min_improvement_percent: Option<Value>,
    /// Confidence that the improvement is none by chance.
    pub confidence_percent: Option<Value>,
    /// Fewest measured times of each version.
    pub runs: Option<u32>,
    /// By how much the peak memory may grow.
    pub max_memory_growth_percent: Option<Value>,
}

/// Optimisations in order of priority.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SequenceWire {
    /// Suites of the plan, by name.
    pub steps: Vec<String>,
    /// Improvement in total at which it ends; 40 when nothing is said.
    pub goal_percent: Option<Value>,
}

pub const SUITE_KEYS: &[&str] = &[
    "baseline",
    "optimized",
    "start",
    "end",
    "size",
    "runs",
    "warmups",
    "seed",
    "thresholds",
    "workflow",
    "dataset_size",
    "parameter_combinations",
    "backtest_count",
    "stdout",
    "files",
    "cases",
];
pub const OUTPUT_KEYS: &[&str] = &["format", "tolerance", "any_order"];
pub const CASE_KEYS: &[&str] = &["name", "args"];
pub const LIMITS_KEYS: &[&str] = &[
    "preset",
    "min_improvement_percent",
    "confidence_percent",
    "runs",
    "max_memory_growth_percent",
];
pub const RULE_KEYS: &[&str] = &[
    "workflow",
    "min_dataset_size",
    "max_dataset_size",
    "preset",
    "min_improvement_percent",
    "confidence_percent",
    "runs",
    "max_memory_growth_percent",
];
pub const SEQUENCE_KEYS: &[&str] = &["steps", "goal_percent"];

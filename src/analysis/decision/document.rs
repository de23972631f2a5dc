//! A benchmark with its decision, as it is written down.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::analysis::decision::criteria::Criteria;
use crate::analysis::digits;
use crate::analysis::equality::CaseFinding;
use crate::analysis::json;
use crate::plan::suite::Scale;
use crate::plan::thresholds::Thresholds;

/// Form of the document; a reader refuses a newer one.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Benchmark {
    pub version: u32,
    pub suite: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    /// `None` when only one version was measured.
    pub decision: Option<Decision>,
    pub rationale: String,
    /// `None` when nothing was compared.
    pub criteria: Option<Criteria>,
    pub thresholds: Thresholds,
    /// Less time on the mean, in per cent of the baseline; negative is slower.
    #[serde(with = "rust_decimal::serde::float_option")]
    pub improvement_percent: Option<Decimal>,
    pub comparison: Option<Comparison>,
    /// `None` when nothing was timed.
    pub baseline: Option<VersionFigures>,
    pub optimized: Option<VersionFigures>,
    pub scale: Scale,
    /// Of the order of execution and of the bootstrap.
    pub seed: Option<u64>,
    pub commit: Option<String>,
    /// The outputs of both versions, case by case.
    pub equality: Vec<CaseFinding>,
    pub warnings: Vec<String>,
    /// Where the raw times are kept, relative to the folder of the plan.
    pub raw_files: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    Accepted,
    Rejected,
    /// Nothing was decided, because the versions do not do the same, or one of them fails.
    Blocked,
}

impl Decision {
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Blocked => "blocked",
        }
    }
}

/// Two versions side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Mean of the baseline over mean of the optimised version.
    #[serde(serialize_with = "digits::option")]
    pub speedup: Option<f64>,
    /// The same of the medians, with its bootstrap interval at the confidence of the thresholds.
    pub median_ratio: Option<RatioFigures>,
    /// One-tailed: the optimised version takes less time.
    pub paired_t_test: Option<TestFigures>,
    pub welch_t_test: Option<TestFigures>,
    /// What this sample would have found significant with a probability of 80 %, in per cent of the
    /// baseline.
    #[serde(serialize_with = "digits::option")]
    pub smallest_detectable_percent: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioFigures {
    #[serde(serialize_with = "digits::one")]
    pub point: f64,
    #[serde(serialize_with = "digits::one")]
    pub low: f64,
    #[serde(serialize_with = "digits::one")]
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TestFigures {
    #[serde(serialize_with = "digits::one")]
    pub t: f64,
    #[serde(serialize_with = "digits::one")]
    pub degrees_of_freedom: f64,
    #[serde(serialize_with = "digits::one")]
    pub p: f64,
}

/// One version by itself; times in seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionFigures {
    pub command: String,
    pub runs: usize,
    #[serde(serialize_with = "digits::one")]
    pub mean_seconds: f64,
    #[serde(serialize_with = "digits::option")]
    pub sd_seconds: Option<f64>,
    #[serde(serialize_with = "digits::one")]
    pub median_seconds: f64,
    #[serde(serialize_with = "digits::one")]
    pub min_seconds: f64,
    #[serde(serialize_with = "digits::one")]
    pub max_seconds: f64,
    /// The t-interval of the mean at the confidence of the thresholds.
    #[serde(serialize_with = "digits::option")]
    pub low_seconds: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub high_seconds: Option<f64>,
    pub median_peak_memory_bytes: Option<u64>,
    #[serde(serialize_with = "digits::option", skip_serializing_if = "Option::is_none")]
    pub seconds_per_backtest: Option<f64>,
    #[serde(serialize_with = "digits::option", skip_serializing_if = "Option::is_none")]
    pub seconds_per_million_rows: Option<f64>,
    #[serde(serialize_with = "digits::option", skip_serializing_if = "Option::is_none")]
    pub seconds_per_combination: Option<f64>,
    /// Repetitions, from 1, whose times lie far from the others; they are counted all the same.
    pub outliers: Vec<usize>,
    /// Trend over all repetitions, in per cent of the mean, and its p-value.
    #[serde(serialize_with = "digits::option")]
    pub drift_percent: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub drift_p: Option<f64>,
    /// Means of two groups that the times fall into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_groups_seconds: Option<(f64, f64)>,
    /// In the order measured.
    #[serde(serialize_with = "digits::list")]
    pub wall_seconds: Vec<f64>,
    pub peak_memory_bytes: Vec<u64>,
}

impl Benchmark {
    /// As JSON, with a final line break.
    ///
    /// # Errors
    /// A bug: plain data can always be written.
    pub fn to_json(&self) -> crate::error::Result<String> {
        json::pretty(self)
    }
}

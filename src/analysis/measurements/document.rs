//! How figures that were measured elsewhere grow, as a document.

use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::analysis::document::Foretold;
use crate::analysis::document::Skipped;
use crate::analysis::document::Verdict;
use crate::analysis::json;
use crate::error::Result;

/// How every id of a table of measurements grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Measurements {
    pub version: u32,
    pub values: ValueKind,
    /// In the order in which the ids first appear.
    pub measurements: Vec<MeasuredGrowth>,
    /// Ids that have no estimate, and why.
    pub skipped: Vec<Skipped>,
    /// Sum of `1 − p` over what is superlinear: how many of them are to be expected not to be.
    #[serde(serialize_with = "digits::one")]
    pub expected_false_flags: f64,
}

/// What the values are, and so how exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// Scatter by 1 % at the least.
    #[default]
    Times,
    /// Exact and repeatable: calls, instructions, comparisons.
    Counters,
}

/// How the values of one id grow with the size.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MeasuredGrowth {
    pub id: String,
    /// Measurements that were judged.
    pub values: usize,
    /// Different sizes among them.
    pub sizes: usize,
    /// Effective exponent at the largest size: 1 is linear, 2 quadratic.
    #[serde(serialize_with = "digits::option")]
    pub exponent: Option<f64>,
    /// 95 % interval of the exponent.
    #[serde(serialize_with = "digits::option")]
    pub low: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub high: Option<f64>,
    /// The most probable named class, such as `n log n`.
    pub class: Option<String>,
    /// The named classes that hold 90 % of the probability, most probable first.
    pub class_set: Vec<String>,
    /// Probability that the growth is meaningfully above `n log n`.
    #[serde(serialize_with = "digits::option")]
    pub p_superlinear: Option<f64>,
    pub verdict: Verdict,
    /// The word for the exponent, such as `quadratic`.
    pub band: Option<String>,
    /// Part of the value at the smallest size that does not grow, 0 to 1.
    #[serde(serialize_with = "digits::option")]
    pub fixed_share: Option<f64>,
    /// Relative scatter of the values about the curve; 0.03 is 3 %.
    #[serde(serialize_with = "digits::option")]
    pub noise: Option<f64>,
    /// What a reader must know: values left out, no single law, too few sizes.
    pub note: Option<String>,
    /// Of the note, what was left out: whoever sees the verdict alone must be told.
    #[serde(skip)]
    pub left_out: Option<String>,
    /// What would settle an open verdict.
    pub advice: Option<String>,
    /// The value at the target size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foretold: Option<Foretold>,
}

impl Measurements {
    /// The document as indented UTF-8 JSON with a final line break.
    ///
    /// # Errors
    /// A bug: the types of this file have no value that JSON cannot hold.
    pub fn to_json(&self) -> Result<String> {
        json::pretty(self)
    }
}

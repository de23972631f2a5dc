//! The form in which a comparison of two sets is kept.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::analysis::document::MetricName;
use crate::analysis::document::Skipped;
use crate::analysis::document::Verdict;
use crate::profile::CostUnit;

/// Everything that two sets have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sets {
    /// One per scenario, by name.
    pub comparisons: Vec<SetComparison>,
    /// What was left out, one sentence each.
    pub warnings: Vec<String>,
}

/// One program, or one scenario of it, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SetComparison {
    pub scenario: String,
    pub unit: CostUnit,
    pub size_unit: String,
    /// The sizes that both sets have, ascending; the functions below are compared at the last one.
    pub sizes: Vec<SizeChange>,
    /// How the cost of the whole grows; `None` where a set has fewer than three sizes.
    pub growth: Option<GrowthChange>,
    /// The largest change first, in either direction.
    pub functions: Vec<FunctionChange>,
    pub skipped: Vec<Skipped>,
    /// What a reader of the figures must know, one sentence each.
    pub warnings: Vec<String>,
}

/// The cost of the whole at one size: wall time where both sets have it, else the busy cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SizeChange {
    /// `None` for profiles whose size is not known.
    #[serde(serialize_with = "digits::option")]
    pub size: Option<f64>,
    /// Whether it is wall time of the whole program in seconds, rather than
    /// [`SetComparison::unit`].
    pub is_wall: bool,
    #[serde(serialize_with = "digits::one")]
    pub before: f64,
    #[serde(serialize_with = "digits::one")]
    pub after: f64,
    /// `after − before` in per cent of `before`.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub change_percent: Option<Decimal>,
}

/// One function at the largest common size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FunctionChange {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// Self cost; `None` where the function is absent, so that it is new or has vanished.
    #[serde(serialize_with = "digits::option")]
    pub before: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub after: Option<f64>,
    /// `after − before`, an absent one counted as 0.
    #[serde(serialize_with = "digits::one")]
    pub change: f64,
    /// In per cent of the self cost before.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub change_percent: Option<Decimal>,
    #[serde(serialize_with = "digits::option")]
    pub calls_before: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub calls_after: Option<f64>,
    /// By the metric whose growth changed most, calls first; `None` where it cannot be judged on
    /// either side.
    pub growth: Option<GrowthChange>,
}

/// How growth changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GrowthChange {
    pub metric: MetricName,
    pub before: Power,
    pub after: Power,
    /// Whether the two 95 % intervals have nothing in common.
    pub is_certain: bool,
}

/// An exponent with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Power {
    #[serde(serialize_with = "digits::one")]
    pub exponent: f64,
    #[serde(serialize_with = "digits::one")]
    pub low: f64,
    #[serde(serialize_with = "digits::one")]
    pub high: f64,
    pub verdict: Verdict,
}

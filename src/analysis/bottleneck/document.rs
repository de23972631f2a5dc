//! Where one run spends its time, as it lies on disk. Plain data.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::profile::CostUnit;

/// Shares of the busy cost, in per cent, from which a function is listed, major, critical.
const LISTED: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
const MAJOR: Decimal = Decimal::from_parts(5, 0, 0, false, 0);
const CRITICAL: Decimal = Decimal::TEN;

/// Where one run spends its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bottlenecks {
    pub unit: CostUnit,
    /// Empty where the size of the run is not known.
    pub size_unit: String,
    pub run: OneRun,
    /// Functions with 0.5 % of the busy cost or more, the costliest first.
    pub functions: Vec<Bottleneck>,
    /// Start-up: functions called fewer than ten times at every size, that are known not to grow.
    /// `None` where fewer than three sizes, or no counts of calls, tell nothing of it.
    pub fixed: Option<Part>,
    /// The rest.
    pub variable: Option<Part>,
    /// The costliest first.
    pub modules: Vec<Part>,
    /// The costliest first.
    pub categories: Vec<Part>,
    /// The twenty functions with the largest cumulative cost.
    pub top_ttot: Vec<Bottleneck>,
    /// The twenty functions with the largest self cost.
    pub top_tsub: Vec<Bottleneck>,
    pub per_iteration: Option<PerIteration>,
    /// `None` where the peak memory is not known.
    pub memory: Option<MemoryEfficiency>,
    /// What to do, the most worthwhile first; names stand in back-ticks.
    pub advice: Vec<String>,
}

/// The run that is looked at.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OneRun {
    pub id: String,
    /// From 1; left out of a run that was measured only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<u32>,
    /// In the size unit of the document; `None` for a profile of which nobody said it.
    #[serde(serialize_with = "digits::option")]
    pub size: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub wall_seconds: Option<f64>,
    /// Self cost of all functions that work rather than wait, in the unit of the document.
    #[serde(serialize_with = "digits::option")]
    pub busy: Option<f64>,
    /// How much slower than the others this run's functions were; 1 is as fast as all.
    #[serde(serialize_with = "digits::option")]
    pub factor: Option<f64>,
    pub peak_memory_bytes: Option<u64>,
}

/// Memory of one run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MemoryEfficiency {
    pub peak_bytes: u64,
    /// Peak of this run per unit of its size.
    #[serde(serialize_with = "digits::one")]
    pub bytes_per_size: f64,
    /// What a unit of size adds to the peak, from the smallest run to this one; `None` of a single
    /// size.
    #[serde(serialize_with = "digits::option")]
    pub added_bytes_per_size: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Bottleneck {
    pub name: String,
    pub file: String,
    pub line: u32,
    pub ncall: u64,
    #[serde(serialize_with = "digits::one")]
    pub tsub: f64,
    #[serde(serialize_with = "digits::one")]
    pub ttot: f64,
    /// Self cost in per cent of the busy cost.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    /// Cumulative cost in per cent of the busy cost.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub cumulative_percent: Option<Decimal>,
    pub mark: Mark,
    pub category: String,
    pub module: String,
    pub own_code: bool,
    /// Whether it is known to be start-up.
    pub fixed: bool,
}

/// How much a function's self cost weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Below 0.5 %; only in the lists of the costliest.
    Small,
    /// 0.5 % or more.
    Minor,
    /// 5 % or more.
    Major,
    /// 10 % or more.
    Critical,
}

/// A part of the cost of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Part {
    pub name: String,
    pub functions: usize,
    #[serde(serialize_with = "digits::one")]
    pub cost: f64,
    /// In per cent of the busy cost; for what waits, of all cost.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
}

/// What a unit of work costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PerIteration {
    /// The function whose calls are the units.
    pub function: String,
    pub calls: u64,
    /// Busy cost of the run per call.
    #[serde(serialize_with = "digits::one")]
    pub busy: f64,
    /// Wall seconds of the run per call.
    #[serde(serialize_with = "digits::option")]
    pub wall_seconds: Option<f64>,
}

impl Mark {
    /// The mark of a share in per cent.
    pub fn of(share: Option<Decimal>) -> Self {
        match share {
            Some(share) if share >= CRITICAL => Self::Critical,
            Some(share) if share >= MAJOR => Self::Major,
            Some(share) if share >= LISTED => Self::Minor,
            _ => Self::Small,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_begin_at_their_limit() {
        let check = |share: &str, expected| assert_eq!(Mark::of(share.parse().ok()), expected);
        check("0.499", Mark::Small);
        check("0.5", Mark::Minor);
        check("5", Mark::Major);
        check("10", Mark::Critical);
        assert_eq!(Mark::of(None), Mark::Small);
    }
}

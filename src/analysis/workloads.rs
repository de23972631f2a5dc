//! Several workloads of one phase side by side: which of them grows how. Each is judged by itself,
//! since two programs have no common growth; here their findings stand beside each other.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::analysis::document::Culprit;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::document::Skipped;
use crate::analysis::document::VERSION;
use crate::analysis::document::Verdict;
use crate::profile::CostUnit;

/// All workloads of a phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Workloads {
    pub version: u32,
    pub phase: u32,
    /// In the order of the plan.
    pub workloads: Vec<WorkloadGrowth>,
    /// Workloads that could not be judged, and why.
    pub skipped: Vec<Skipped>,
}

/// How one workload grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WorkloadGrowth {
    pub name: String,
    /// What the costs of its functions are counted in.
    pub unit: CostUnit,
    pub size_unit: String,
    /// Without their repetitions.
    pub runs: usize,
    #[serde(serialize_with = "digits::option")]
    pub smallest_size: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub largest_size: Option<f64>,
    /// Of the whole program at the largest size.
    #[serde(serialize_with = "digits::option")]
    pub wall_seconds: Option<f64>,
    /// By wall time of the whole program.
    pub program: Steepness,
    /// The most important first.
    pub culprits: Vec<CulpritGrowth>,
}

/// A place to mend, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CulpritGrowth {
    pub name: String,
    pub file: String,
    pub line: u32,
    pub metric: MetricName,
    pub growth: Steepness,
    /// At the largest size, in [`WorkloadGrowth::unit`].
    #[serde(serialize_with = "digits::option")]
    pub cost: Option<f64>,
    /// In per cent of the busy time at the largest size.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    /// The cost foretold at the target size.
    #[serde(serialize_with = "digits::option")]
    pub cost_at_target: Option<f64>,
}

/// An exponent with its 95 % interval, and what is concluded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Steepness {
    #[serde(serialize_with = "digits::option")]
    pub exponent: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub low: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub high: Option<f64>,
    pub verdict: Verdict,
    /// The word for the exponent, such as `quadratic`.
    pub band: Option<String>,
}

impl Workloads {
    /// Of `phase`, with nothing in it yet.
    pub fn of(phase: u32) -> Self {
        Self { version: VERSION, phase, workloads: Vec::new(), skipped: Vec::new() }
    }
}

impl WorkloadGrowth {
    /// What was found of the workload `name`, in short.
    pub fn of(name: &str, found: &Phase1) -> Self {
        Self {
            name: name.into(),
            unit: found.unit,
            size_unit: found.size_unit.clone(),
            runs: found.runs_once().len(),
            smallest_size: found.runs.first().map(|run| run.size),
            largest_size: found.runs.last().map(|run| run.size),
            wall_seconds: found.largest_of(&found.program).map(|(_, wall)| wall),
            program: Steepness::of(&found.program),
            culprits: found.culprits.iter().map(CulpritGrowth::of).collect(),
        }
    }
}

impl CulpritGrowth {
    fn of(culprit: &Culprit) -> Self {
        Self {
            name: culprit.name.clone(),
            file: culprit.file.clone(),
            line: culprit.line,
            metric: culprit.metric,
            growth: Steepness {
                exponent: culprit.exponent,
                low: culprit.low,
                high: culprit.high,
                verdict: culprit.verdict,
                band: culprit.band.clone(),
            },
            cost: culprit.cost,
            share_percent: culprit.share_percent,
            cost_at_target: culprit.cost_at_target,
        }
    }
}

impl Steepness {
    fn of(growth: &Growth) -> Self {
        Self {
            exponent: growth.exponent,
            low: growth.low,
            high: growth.high,
            verdict: growth.verdict,
            band: growth.band.clone(),
        }
    }
}

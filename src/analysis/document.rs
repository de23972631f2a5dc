//! The analysis of a scaling series as it lies on disk, in `phase1_analysis.json`.
//! Plain data; every number is finite, and what is not known is left out, never 0.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
pub use crate::analysis::foretold::Foretold;
pub use crate::analysis::foretold::FunctionForetold;
pub use crate::analysis::foretold::Projection;
use crate::analysis::json;
pub use crate::analysis::run_figures::RunFigures;
use crate::analysis::run_name::RunName;
pub use crate::analysis::speed::Speed;
pub use crate::analysis::verdict::MetricName;
pub use crate::analysis::verdict::Verdict;
use crate::error::Result;
use crate::profile::CostUnit;

/// Form of the document; a reader refuses a newer one.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Phase1 {
    pub version: u32,
    /// What the costs of functions are counted in.
    pub unit: CostUnit,
    /// What sizes count: `days`, `size`, or ``calls of `name` ``.
    pub size_unit: String,
    /// In order of size, each repetition by itself; every list "one per run" below has this order.
    pub runs: Vec<RunFigures>,
    /// Wall time of the whole program, one value per run.
    pub program: Growth,
    /// What the program counted itself, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<CounterGrowth>,
    /// Peak memory of the whole program in bytes, one value per run; `None` where no run has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Growth>,
    /// In order of importance: the most important first.
    pub culprits: Vec<Culprit>,
    /// Functions that surely grow too fast, are no culprits yet by their share at the largest size,
    /// and are foretold to be at the target size; the costliest there first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Culprit>,
    /// The costliest first.
    pub functions: Vec<FunctionGrowth>,
    /// Functions that cost less than those, judged by their verdicts alone; the costliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<FunctionVerdicts>,
    /// Functions that wait rather than work; they are no culprits, and shares do not count them.
    pub waiting: Vec<WaitingFunction>,
    pub speed: Speed,
    pub projection: Option<Projection>,
    pub skipped: Vec<Skipped>,
    /// What a reader of the figures must know, one sentence each.
    pub warnings: Vec<String>,
    /// What would settle an open question, one sentence each.
    pub advice: Vec<String>,
    /// Sum of `1 − p` over the culprits: how many of them are to be expected to be none.
    #[serde(serialize_with = "digits::one")]
    pub expected_false_flags: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FunctionGrowth {
    pub name: String,
    pub file: String,
    /// Line of the definition, from 1; 0 where unknown.
    pub line: u32,
    /// Self cost at the largest size, in per cent of the busy time.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    /// Cumulative cost at the largest size, in per cent of the busy time.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub cumulative_percent: Option<Decimal>,
    /// Whether the function is in the user's own code.
    pub own_code: bool,
    /// Start-up: fewer than ten calls at every size, and no growth.
    pub fixed: bool,
    /// "called n times, each call costs n^0.98"; of a maker of extra work, as its culprit says it.
    pub decomposition: Option<String>,
    pub metrics: Metrics,
}

/// The verdicts on one function; those of a metric that was not judged are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FunctionVerdicts {
    pub name: String,
    pub file: String,
    /// Line of the definition, from 1; 0 where unknown.
    pub line: u32,
    /// Self cost at the largest size, in per cent of the busy time.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttot: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tsub: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ncall: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tavg: Option<Verdict>,
}

/// How something grows that the program counts itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CounterGrowth {
    pub name: String,
    pub growth: Growth,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Metrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttot: Option<Growth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsub: Option<Growth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ncall: Option<Growth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tavg: Option<Growth>,
}

/// How one metric of one function grows with size.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Growth {
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
    /// As measured, one per run; `None` where the function was absent.
    #[serde(serialize_with = "digits::options")]
    pub values: Vec<Option<f64>>,
    /// What the fitted curve says, one per run; empty for functions that are no culprits.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "digits::options")]
    pub fitted: Vec<Option<f64>>,
    /// The fitted curve with its 95 % band, in order of size, from the smallest size to the largest
    /// or the target; empty for functions that are no culprits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curve: Vec<CurvePoint>,
    /// The plain log ratio of every two runs of different size; of more than twelve runs those to the
    /// next larger size, and of the smallest and the largest.
    pub pairs: Vec<Pair>,
    /// What a reader of this metric must know: no single law, why it is only suspected.
    pub note: Option<String>,
}

/// The fitted curve at one size, without the noise of a single run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CurvePoint {
    #[serde(serialize_with = "digits::one")]
    pub size: f64,
    #[serde(serialize_with = "digits::one")]
    pub value: f64,
    /// 95 % band.
    #[serde(serialize_with = "digits::one")]
    pub low: f64,
    #[serde(serialize_with = "digits::one")]
    pub high: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pair {
    /// Id of the smaller run.
    pub from: String,
    /// Id of the larger run.
    pub to: String,
    #[serde(serialize_with = "digits::one")]
    pub exponent: f64,
}

/// One place to fix: a frame in the user's code and the extra work that begins below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Culprit {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// Of the leading origin: `tsub`, or `ncall` for calls made per call.
    pub metric: MetricName,
    #[serde(serialize_with = "digits::option")]
    pub exponent: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub low: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub high: Option<f64>,
    pub class: Option<String>,
    #[serde(serialize_with = "digits::option")]
    pub p_superlinear: Option<f64>,
    pub verdict: Verdict,
    pub band: Option<String>,
    /// What its origins cost together at the largest size, never more than the frame itself, in per
    /// cent of the busy time.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    /// The same, in [`Phase1::unit`].
    #[serde(serialize_with = "digits::option")]
    pub cost: Option<f64>,
    /// What the same origins are foretold to cost at the target size.
    #[serde(serialize_with = "digits::option")]
    pub cost_at_target: Option<f64>,
    /// That in per cent of the busy time foretold there.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_at_target_percent: Option<Decimal>,
    /// What it would be less there if it grew linearly from the smallest size on.
    #[serde(default, serialize_with = "digits::option")]
    pub saved_if_linear: Option<f64>,
    /// What is wrong, in a sentence.
    pub why: String,
    pub origins: Vec<OriginFigures>,
    /// Functions that are called too often because of the origins, the costliest first.
    pub amplified: Vec<AmplifiedFigures>,
    /// One value per run of the leading origin, and the curve through them.
    pub growth: Growth,
}

/// A function that makes the extra work itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OriginFigures {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// `tsub`, or `ncall` for the calls it makes to `callee`.
    pub metric: MetricName,
    /// The function that is called too often; `None` when the self time grows.
    pub callee: Option<String>,
    #[serde(serialize_with = "digits::option")]
    pub exponent: Option<f64>,
    /// 95 % interval of the exponent.
    #[serde(default, serialize_with = "digits::option")]
    pub low: Option<f64>,
    #[serde(default, serialize_with = "digits::option")]
    pub high: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub p_superlinear: Option<f64>,
    #[serde(default)]
    pub verdict: Verdict,
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AmplifiedFigures {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// Exponent of its calls.
    #[serde(serialize_with = "digits::option")]
    pub exponent: Option<f64>,
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WaitingFunction {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// Self cost at the largest size, in per cent of all self cost, waiting included.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Skipped {
    pub name: String,
    pub reason: String,
}

impl Skipped {
    /// A run that was left out, or one repetition of it.
    pub fn run(name: &RunName, reason: String) -> Self {
        let reason = match name.repetition {
            Some(repetition) => format!("repetition {repetition}: {reason}"),
            None => reason,
        };
        Self { name: name.id.clone(), reason }
    }
}

impl Phase1 {
    /// Every run once, by its first repetition.
    pub fn runs_once(&self) -> Vec<&RunFigures> {
        let mut known = HashSet::new();
        self.runs.iter().filter(|run| known.insert(&run.id)).collect()
    }

    /// The document as indented UTF-8 JSON with a final line break.
    ///
    /// # Errors
    /// A bug: the types of this file have no value that JSON cannot hold.
    pub fn to_json(&self) -> Result<String> {
        json::pretty(self)
    }
}

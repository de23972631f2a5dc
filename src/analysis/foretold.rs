//! What a scaling analysis foretells of sizes that were not run, as it stands in the document.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::stats::Range;

/// The cost at a size that was not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Projection {
    #[serde(serialize_with = "digits::one")]
    pub size: f64,
    /// Wall time of the whole program in seconds.
    pub program: Option<Foretold>,
    /// Work of all functions together, waiting left out, in [`Phase1::unit`]: the sum of what each
    /// is foretold to spend itself.
    #[serde(default)]
    pub busy: Option<Foretold>,
    /// Those that matter at this size, the costliest first.
    pub functions: Vec<FunctionForetold>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Foretold {
    #[serde(serialize_with = "digits::one")]
    pub value: f64,
    #[serde(serialize_with = "digits::one")]
    pub low: f64,
    #[serde(serialize_with = "digits::one")]
    pub high: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FunctionForetold {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// With all that it calls, waiting left out, in [`Phase1::unit`].
    pub cost: Foretold,
    /// In per cent of the foretold busy time.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    /// The size at which it comes to be half of the busy time; `None` where it never does, also
    /// since it is more from the smallest size on, or where nothing in it grows too fast.
    #[serde(serialize_with = "digits::option")]
    pub half_of_run_at: Option<f64>,
    /// What it would cost less if all that grows too fast in it grew linearly from the smallest
    /// size on.
    #[serde(serialize_with = "digits::option")]
    pub saved_if_linear: Option<f64>,
}

impl Foretold {
    /// What a curve says; `None` where that is beyond all numbers.
    pub fn of(range: Range) -> Option<Self> {
        let Range { low, middle: value, high } = range;
        [value, low, high].iter().all(|number| number.is_finite()).then_some(Self {
            value,
            low,
            high,
        })
    }
}

//! How fast the machine was, as the analysis of a scaling series keeps it on disk. Plain data.

use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;

/// The speed of the machine over the runs, read from the profiles themselves.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Speed {
    /// Whether the factors were divided out of the times.
    pub corrected: bool,
    /// Why they were, or were not, in a sentence.
    pub why: String,
    /// Functions that the factors were read from.
    pub functions: usize,
    /// Relative scatter taken for times that repetitions do not refine; 0.03 is 3 %.
    #[serde(serialize_with = "digits::option")]
    pub noise_floor: Option<f64>,
}

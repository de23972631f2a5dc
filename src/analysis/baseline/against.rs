//! What changed since a baseline, as a document.

use serde::Deserialize;
use serde::Serialize;

use crate::analysis::baseline::document::Kind;
use crate::analysis::baseline::document::Quantity;
use crate::analysis::digits;
use crate::analysis::json;
use crate::error::Result;

/// Form of the document; a reader refuses a newer one.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Against {
    pub version: u32,
    /// The name of the baseline.
    pub baseline: String,
    /// For the worse and certain: each of them fails a gate.
    pub failures: Vec<Change>,
    /// For the worse on evidence that is not firm: they fail a strict gate.
    pub suspicions: Vec<Change>,
    pub improvements: Vec<Change>,
    /// Quantities that were compared and neither grew nor fell.
    pub unchanged: usize,
    /// What the baseline has and these runs do not.
    pub gone: Vec<String>,
    /// What was not compared, and why, one sentence each.
    pub notes: Vec<String>,
    /// How many of the failures are to be expected by chance alone, at most.
    #[serde(serialize_with = "digits::one")]
    pub expected_false_flags: f64,
}

/// One thing that is not as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    pub what: What,
    pub kind: Kind,
    pub name: String,
    pub file: String,
    /// From 1; 0 where unknown.
    pub line: u32,
    pub quantity: Quantity,
    /// Of the growth, before and now.
    pub before: Option<Exponent>,
    pub now: Option<Exponent>,
    /// The cost now over that before, at the same sizes.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "digits::option")]
    pub cost_ratio: Option<f64>,
    /// The whole of it in a sentence, names in back-ticks.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A culprit that the baseline does not have.
    NewCulprit,
    /// The exponents' intervals are apart.
    Growth,
    /// More, or less, at the same sizes than noise explains.
    Cost,
    /// A culprit of the baseline that is none any more.
    Mended,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Exponent {
    #[serde(serialize_with = "digits::one")]
    pub value: f64,
    #[serde(serialize_with = "digits::one")]
    pub low: f64,
    #[serde(serialize_with = "digits::one")]
    pub high: f64,
}

impl Against {
    /// Whether a gate lets it pass.
    pub fn passes(&self, strict: bool) -> bool {
        self.failures.is_empty() && (!strict || self.suspicions.is_empty())
    }

    /// The document as indented UTF-8 JSON with a final line break.
    ///
    /// # Errors
    /// A bug: the types of this file have no value that JSON cannot hold.
    pub fn to_json(&self) -> Result<String> {
        json::pretty(self)
    }
}

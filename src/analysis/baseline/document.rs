//! A baseline as it lies on disk, small and in a stable order, so that it can be committed.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::analysis::document::Verdict;
use crate::analysis::growth::ENOUGH_SIZES;
use crate::analysis::json;
use crate::error::Result;
use crate::profile::CostUnit;

/// Form of the document; a newer one is refused.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    pub version: u32,
    pub subject: Subject,
    /// What functions cost; of measurements, nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<CostUnit>,
    /// What sizes count: `days`, `size`, or ``calls of `name` ``.
    pub size_unit: String,
    #[serde(flatten)]
    pub setup: Setup,
    /// By kind, file, name, place among those of the name, and quantity.
    pub entries: Vec<Entry>,
}

/// What was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Runs of a program under a profiler.
    Scaling,
    /// A table of exact counts.
    Counters,
    /// A table of times.
    Times,
}

/// With what it was measured, where that is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Setup {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// Processor and number of cores: times of another one are no measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
}

/// How one quantity of one thing grew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    pub name: String,
    /// Left out where no other function of the file has the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namesake: Option<Namesake>,
    pub quantity: Quantity,
    pub verdict: Verdict,
    #[serde(serialize_with = "digits::option")]
    pub exponent: Option<f64>,
    /// 95 % interval of the exponent.
    #[serde(serialize_with = "digits::option")]
    pub low: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub high: Option<f64>,
    /// Relative scatter about the curve.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "digits::option")]
    pub noise: Option<f64>,
    /// In order of size.
    pub costs: Vec<SizeCost>,
    /// Where it stands now; any edit moves it, so it is not kept.
    #[serde(skip)]
    pub line: u32,
    #[serde(skip)]
    pub share_percent: Option<Decimal>,
}

/// Which one of several functions of one name in one file: moved lines keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Namesake {
    /// From 1, by line.
    pub nth: u32,
    /// How many there are.
    pub of: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A place to mend.
    Culprit,
    Program,
    Counter,
    Function,
    Measurement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    SelfCost,
    Calls,
    WallTime,
    Counted,
    Measured,
}

/// The median at one size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SizeCost {
    #[serde(serialize_with = "digits::one")]
    pub size: f64,
    #[serde(serialize_with = "digits::one")]
    pub cost: f64,
    /// Values that it is the median of.
    pub runs: usize,
}

impl Baseline {
    /// The document as indented UTF-8 JSON with a final line break.
    ///
    /// # Errors
    /// A bug: the types of this file have no value that JSON cannot hold.
    pub fn to_json(&self) -> Result<String> {
        json::pretty(self)
    }

    /// Reads what [`to_json`](Self::to_json) wrote; why it cannot, as a phrase.
    ///
    /// # Errors
    /// When it is no baseline, or one of a newer version.
    pub fn from_json(bytes: &[u8]) -> std::result::Result<Self, String> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let versioned: Versioned =
            serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if versioned.version > VERSION {
            return Err(format!(
                "it has version {}, and this superlinear reads {VERSION}",
                versioned.version
            ));
        }
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// Whether the values of `entry` are exact and repeatable.
    pub fn is_exact(&self, entry: &Entry) -> bool {
        match entry.quantity {
            Quantity::Calls | Quantity::Counted => true,
            Quantity::SelfCost => self.unit == Some(CostUnit::Instructions),
            Quantity::Measured => self.subject == Subject::Counters,
            Quantity::WallTime => false,
        }
    }
}

impl Entry {
    /// What it is, whenever it was measured.
    pub fn key(&self) -> (Kind, &str, &str, Option<Namesake>, Quantity) {
        (self.kind, &self.file, &self.name, self.namesake, self.quantity)
    }

    /// From 1: which one it is of the functions of its name in its file.
    pub fn place(&self) -> u32 {
        self.namesake.map_or(1, |namesake| namesake.nth)
    }

    /// How many functions of its name its file has.
    pub fn number(&self) -> u32 {
        self.namesake.map_or(1, |namesake| namesake.of)
    }

    /// Few sizes, and one of them measured only once.
    pub fn is_thin(&self) -> bool {
        self.costs.len() < ENOUGH_SIZES && self.costs.iter().any(|cost| cost.runs < 2)
    }
}

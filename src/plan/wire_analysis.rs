//! How the runs of a plan are to be judged, as it lies on disk. Nothing is checked here beyond
//! types.

use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Deserialize;

/// How the runs are to be judged; unknown keys are refused here, since they would judge nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("additionalProperties" = false)))]
#[serde(default)]
pub struct AnalysisWire {
    /// What measures the size instead of days or `size`: `calls:NAME`, `calls:FILE:NAME` or
    /// `counter:NAME`.
    #[cfg_attr(test, schemars(regex(pattern = r"^[a-z]+:.+$")))]
    pub size_by: Option<String>,
    /// The size to foretell the cost at; where nothing is said, a year of days, or twice the
    /// largest.
    #[cfg_attr(test, schemars(extend("exclusiveMinimum" = 0)))]
    pub at: Option<f64>,
    /// Parts of paths whose functions are your own code, whatever else they look like.
    pub user_paths: Vec<String>,
    /// Parts of paths whose functions are not your own code.
    pub library_paths: Vec<String>,
    /// Functions that wait rather than work, beside those that are known: a name, or `file:name`.
    pub waiting: Vec<String>,
    /// Kinds of work that are tried before those that are known.
    pub categories: Vec<CategoryWire>,
    /// Where the words for exponents end, such as `"linear": 1.2`; the others stay as they are.
    pub bands: IndexMap<String, f64>,
    /// Share of the busy time, in per cent, below which nothing is a culprit; 1 when nothing is
    /// said.
    #[cfg_attr(test, schemars(with = "Option<f64>", range(min = 0, max = 100)))]
    pub least_share_percent: Option<Decimal>,
    /// How many functions are reported with all their figures; 1,000 when nothing is said.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub most_functions: Option<u32>,
}

/// A kind of work: functions whose name holds `name` and whose path holds `path`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("additionalProperties" = false)))]
pub struct CategoryWire {
    /// The word for it.
    pub category: String,
    /// A part of the function's name; any name when nothing is said.
    #[serde(default)]
    pub name: String,
    /// A part of its path; any path when nothing is said.
    #[serde(default)]
    pub path: String,
}

/// The keys that mean something.
pub const ANALYSIS_KEYS: &[&str] = &[
    "size_by",
    "at",
    "user_paths",
    "library_paths",
    "waiting",
    "categories",
    "bands",
    "least_share_percent",
    "most_functions",
];
pub const CATEGORY_KEYS: &[&str] = &["category", "name", "path"];

//! What a report is about: an analysis and the runs that it was made from.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::analysis::document::Phase1;
use crate::report::record::RunRecord;

/// Everything that a renderer is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub subject: Subject,
    /// In the order of the plan; empty when the profiles were made elsewhere.
    pub runs: Vec<RunRecord>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Phase 0: what the cache saves.
    Cache(CacheImpact),
    /// Phase 1: how cost grows with size.
    Scaling(Box<Phase1>),
}

/// What filling the cache costs, from a cold and a warm run of the same window.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct CacheImpact {
    pub cold: Probe,
    pub warm: Probe,
    /// `(cold − warm) / cold`, in per cent; `None` when one of the two is missing.
    #[serde(with = "rust_decimal::serde::arbitrary_precision_option")]
    pub overhead_percent: Option<Decimal>,
    /// What to do about it, in a sentence.
    pub recommendation: String,
    /// What a reader of the figures must know, one sentence each.
    pub warnings: Vec<String>,
}

/// One side of the comparison.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Probe {
    pub id: String,
    /// Median over the repetitions.
    pub wall_seconds: Option<f64>,
}

impl Subject {
    /// The phase of the plan that it reports on.
    pub fn phase(&self) -> u32 {
        match self {
            Self::Cache(_) => 0,
            Self::Scaling(_) => 1,
        }
    }
}

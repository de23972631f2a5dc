//! What growth is too much, and whether a finding exceeds it.

use crate::analysis::document::Verdict;
use crate::error::Error;
use crate::error::Result;
use crate::stats::Band;
use crate::stats::Bands;

/// What growth is too much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    Superlinear,
    /// As steep as the band of this name.
    Quadratic,
    /// This exponent or more.
    Exponent(f64),
}

/// What exceeded a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Exceeded {
    /// A function with its place, `the whole program`, or an id.
    pub name: String,
    pub exponent: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub verdict: Verdict,
}

impl Limit {
    /// Reads `superlinear`, `quadratic`, or an exponent such as `1.6` or `n^1.6`.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "superlinear" => Ok(Self::Superlinear),
            "quadratic" => Ok(Self::Quadratic),
            number => number
                .strip_prefix("n^")
                .unwrap_or(number)
                .parse()
                .ok()
                .filter(|exponent: &f64| exponent.is_finite() && *exponent > 0.0)
                .map(Self::Exponent)
                .ok_or_else(|| {
                    Error::usage(
                        format!("cannot understand the limit `{text}`: it is neither a word nor an exponent above 0"),
                        "give `quadratic`, `superlinear`, or an exponent such as `1.6`",
                    )
                }),
        }
    }

    /// The exponent from which a finding is too steep; `None` where the verdict alone decides.
    pub fn exponent(self, bands: &Bands) -> Option<f64> {
        match self {
            Self::Superlinear => None,
            Self::Quadratic => bands.start(Band::Quadratic),
            Self::Exponent(exponent) => Some(exponent),
        }
    }
}

/// Whether a finding exceeds `limit`; `strict`: also one that is not certain.
pub fn exceeds(found: &Exceeded, limit: Limit, strict: bool, bands: &Bands) -> bool {
    let verdict = match found.verdict {
        Verdict::Superlinear => true,
        Verdict::Suspected => strict,
        Verdict::CannotTell | Verdict::NotSuperlinear => false,
    };
    let Some(least) = limit.exponent(bands) else {
        return verdict;
    };
    let above = |exponent: Option<f64>| exponent.is_some_and(|exponent| exponent >= least);
    match limit {
        Limit::Exponent(_) if strict => above(found.exponent),
        Limit::Exponent(_) => above(found.low) && found.verdict != Verdict::Suspected,
        Limit::Quadratic | Limit::Superlinear => verdict && above(found.exponent),
    }
}

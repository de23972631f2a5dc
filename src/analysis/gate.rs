//! A limit on growth for continuous integration: which findings exceed it.

use crate::analysis::document::Growth;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::error::Error;
use crate::error::Result;
use crate::stats::Band;
use crate::stats::Bands;
use crate::units::three_digits;

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
    /// A function with its place, or `the whole program`.
    pub name: String,
    pub exponent: Option<f64>,
    pub verdict: Verdict,
}

/// The answer of the gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// Empty when the gate is passed.
    pub exceeded: Vec<Exceeded>,
    /// How many of the findings are to be expected to be none.
    pub expected_false_flags: f64,
}

impl Limit {
    /// Reads `superlinear`, `quadratic`, or an exponent such as `1.6`.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "superlinear" => Ok(Self::Superlinear),
            "quadratic" => Ok(Self::Quadratic),
            number => number
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

    fn exponent(self, bands: &Bands) -> Option<f64> {
        match self {
            Self::Superlinear => None,
            Self::Quadratic => bands.start(Band::Quadratic),
            Self::Exponent(exponent) => Some(exponent),
        }
    }
}

/// Which findings exceed `limit`: culprits and the whole program, and for a limit below what counts as
/// superlinear every function with a share of the self cost of at least 1 %.
///
/// `strict`: also findings that are not certain. Otherwise a verdict must be firm, and for an exponent
/// given as a number the whole interval must lie above it.
pub fn gate(findings: &Phase1, limit: Limit, strict: bool, bands: &Bands) -> Gate {
    let mut exceeded: Vec<Exceeded> = findings
        .culprits
        .iter()
        .map(|culprit| (place(&culprit.name, &culprit.file, culprit.line), &culprit.growth))
        .chain([("the whole program".to_string(), &findings.program)])
        .chain(flat_functions(findings, limit, bands))
        .filter(|(_, growth)| exceeds(growth, limit, strict, bands))
        .map(|(name, growth)| Exceeded { name, exponent: growth.exponent, verdict: growth.verdict })
        .collect();
    let mut seen = std::collections::HashSet::new();
    exceeded.retain(|finding| seen.insert(finding.name.clone()));
    Gate { exceeded, expected_false_flags: findings.expected_false_flags }
}

impl Gate {
    /// What exceeded the limit, one line each.
    pub fn lines(&self) -> Vec<String> {
        let line = |finding: &Exceeded| {
            let exponent = finding.exponent.map(three_digits).unwrap_or_default();
            format!("{}: exponent {exponent}, {}", finding.name, finding.verdict)
        };
        self.exceeded.iter().map(line).collect()
    }
}

fn exceeds(growth: &Growth, limit: Limit, strict: bool, bands: &Bands) -> bool {
    let verdict = match growth.verdict {
        Verdict::Superlinear => true,
        Verdict::Suspected => strict,
        Verdict::CannotTell | Verdict::NotSuperlinear => false,
    };
    let Some(least) = limit.exponent(bands) else {
        return verdict;
    };
    let above = |exponent: Option<f64>| exponent.is_some_and(|exponent| exponent >= least);
    match limit {
        Limit::Exponent(_) if strict => above(growth.exponent),
        Limit::Exponent(_) => above(growth.low) && growth.verdict != Verdict::Suspected,
        Limit::Quadratic | Limit::Superlinear => verdict && above(growth.exponent),
    }
}

/// Functions that are no culprits but may exceed a limit below superlinear growth.
fn flat_functions<'a>(
    findings: &'a Phase1,
    limit: Limit,
    bands: &Bands,
) -> impl Iterator<Item = (String, &'a Growth)> {
    let superlinear = bands.start(Band::Superlinear);
    let low = match (limit, superlinear) {
        (Limit::Exponent(exponent), Some(superlinear)) => exponent < superlinear,
        _ => false,
    };
    findings
        .functions
        .iter()
        .filter(move |function| low && function.share_percent >= Some(rust_decimal::Decimal::ONE))
        .filter_map(|function| {
            let growth = function.metrics.tsub.as_ref()?;
            Some((place(&function.name, &function.file, function.line), growth))
        })
}

fn place(name: &str, file: &str, line: u32) -> String {
    match (file, line) {
        ("", _) => format!("`{name}`"),
        (file, 0) => format!("`{name}` ({file})"),
        (file, line) => format!("`{name}` ({file}:{line})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(exponent: f64, verdict: Verdict) -> Growth {
        Growth {
            exponent: Some(exponent),
            low: Some(exponent - 0.1),
            high: Some(exponent + 0.1),
            verdict,
            ..Growth::default()
        }
    }

    fn check(exponent: f64, verdict: Verdict, limit: &str, lax: bool, strict: bool) {
        let growth = growth(exponent, verdict);
        let limit = Limit::parse(limit).unwrap();
        let bands = Bands::default();
        assert_eq!(exceeds(&growth, limit, false, &bands), lax, "{limit:?}");
        assert_eq!(exceeds(&growth, limit, true, &bands), strict, "{limit:?} strict");
    }

    #[test]
    fn only_firm_findings_fail_unless_strict() {
        check(2.0, Verdict::Superlinear, "superlinear", true, true);
        check(2.0, Verdict::Suspected, "superlinear", false, true);
        check(1.4, Verdict::CannotTell, "superlinear", false, false);
        check(1.0, Verdict::NotSuperlinear, "superlinear", false, false);
        check(1.6, Verdict::Superlinear, "quadratic", false, false);
        check(1.8, Verdict::Superlinear, "quadratic", true, true);
        check(2.0, Verdict::Suspected, "quadratic", false, true);
        check(1.35, Verdict::NotSuperlinear, "1.3", false, true);
        check(1.45, Verdict::NotSuperlinear, "1.3", true, true);
        check(1.2, Verdict::NotSuperlinear, "1.3", false, false);
    }

    #[test]
    fn a_limit_is_a_word_or_an_exponent() {
        for text in ["cubic-ish", "", "-1", "nan", "inf", "0"] {
            let error = Limit::parse(text).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(&format!("`{text}`")));
        }
    }
}

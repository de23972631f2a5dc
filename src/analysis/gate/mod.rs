//! A limit on growth for continuous integration: which findings exceed it.

mod held;
mod limit;

use crate::analysis::document::Phase1;
use crate::analysis::gate::held::Finding;
use crate::analysis::gate::limit::exceeds;
use crate::analysis::measurements::Measurements;
use crate::stats::Bands;
use crate::stats::LEAST_SIZES;

pub use limit::Exceeded;
pub use limit::Limit;

/// The answer of the gate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gate {
    /// Empty when the gate is passed.
    pub exceeded: Vec<Exceeded>,
    /// How many of them are to be expected not to exceed it in truth, at most.
    pub expected_false_flags: f64,
    /// Findings that are not certain and would exceed it too.
    pub uncertain: usize,
}

/// Which findings of a scaling series exceed `limit`.
///
/// `strict`: also findings that are not certain. Otherwise a verdict must be firm, and for an
/// exponent given as a number the whole interval must lie above it, of at least three sizes.
pub fn gate(findings: &Phase1, limit: Limit, strict: bool, bands: &Bands) -> Gate {
    judged(held::of_series(findings, limit, bands), limit, strict, bands)
}

/// Which of the measurements exceed `limit`, as [`gate`] does.
pub fn gate_measurements(found: &Measurements, limit: Limit, strict: bool, bands: &Bands) -> Gate {
    judged(held::of_measurements(found), limit, strict, bands)
}

impl Gate {
    /// Adds the answer for `workload`, whose findings are named after it.
    pub fn add(&mut self, workload: &str, one: Self) {
        let named = |exceeded: Exceeded| Exceeded {
            name: format!("`{workload}`, {}", exceeded.name),
            ..exceeded
        };
        self.exceeded.extend(one.exceeded.into_iter().map(named));
        self.expected_false_flags += one.expected_false_flags;
        self.uncertain += one.uncertain;
    }

    /// What exceeded the limit, one line each.
    pub fn lines(&self) -> Vec<String> {
        let line = |finding: &Exceeded| {
            let exponent = finding.exponent.map(two_decimals).unwrap_or_default();
            let interval = match (finding.low, finding.high) {
                (Some(low), Some(high)) => {
                    format!(" [{}, {}]", two_decimals(low), two_decimals(high))
                }
                _ => String::new(),
            };
            format!("{}: n^{exponent}{interval}, {}", finding.name, finding.verdict)
        };
        self.exceeded.iter().map(line).collect()
    }
}

fn judged(all: Vec<Finding>, limit: Limit, strict: bool, bands: &Bands) -> Gate {
    let firm = |finding: &Finding| {
        finding.sizes >= LEAST_SIZES
            && !finding.is_thin
            && exceeds(&finding.exceeded, limit, false, bands)
    };
    let loose = |finding: &Finding| exceeds(&finding.exceeded, limit, true, bands);
    let uncertain = all.iter().filter(|finding| loose(finding) && !firm(finding)).count();
    let exceeded: Vec<Finding> =
        all.into_iter().filter(|finding| firm(finding) || (strict && loose(finding))).collect();
    let chances = exceeded.iter().map(|finding| chance_of_error(finding, limit, bands));
    Gate {
        expected_false_flags: chances.sum(),
        uncertain: if strict { 0 } else { uncertain },
        exceeded: exceeded.into_iter().map(|finding| finding.exceeded).collect(),
    }
}

/// How probable it is, at most, that a finding does not exceed the limit in truth: what the
/// probability of superlinear growth leaves, and what lies below an exponent: a fortieth where the
/// 95 % interval lies above it, half where the interval holds it.
///
/// Example: 1.9 [1.7, 2.1] with a probability of 0.99: 0.01 for `superlinear`, 0.51 for `quadratic`
/// from 1.8, 0.5 for 1.8.
fn chance_of_error(finding: &Finding, limit: Limit, bands: &Bands) -> f64 {
    let below = limit.exponent(bands).map_or(0.0, |least| match finding.exceeded.low {
        Some(low) if low >= least => 0.025,
        _ => 0.5,
    });
    match limit {
        Limit::Exponent(_) => below,
        Limit::Superlinear | Limit::Quadratic => {
            (below + 1.0 - finding.p_superlinear.unwrap_or_default()).min(1.0)
        }
    }
}

fn two_decimals(exponent: f64) -> String {
    format!("{exponent:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::document::Verdict;

    fn finding(exponent: f64, verdict: Verdict) -> Finding {
        let exceeded = Exceeded {
            name: "f".into(),
            exponent: Some(exponent),
            low: Some(exponent - 0.1),
            high: Some(exponent + 0.1),
            verdict,
        };
        Finding { exceeded, p_superlinear: Some(0.99), sizes: 4, is_thin: false }
    }

    fn check(exponent: f64, verdict: Verdict, limit: &str, lax: bool, strict: bool) {
        let finding = finding(exponent, verdict).exceeded;
        let limit = Limit::parse(limit).unwrap();
        let bands = Bands::default();
        assert_eq!(exceeds(&finding, limit, false, &bands), lax, "{limit:?}");
        assert_eq!(exceeds(&finding, limit, true, &bands), strict, "{limit:?} strict");
    }

    #[test]
    fn says_how_many_flags_may_be_false() {
        let all = || vec![finding(2.0, Verdict::Superlinear), finding(1.9, Verdict::Suspected)];
        let gate = |limit: &str, strict| {
            let limit = Limit::parse(limit).unwrap();
            judged(all(), limit, strict, &Bands::default())
        };
        let lax = gate("quadratic", false);
        assert_eq!((lax.exceeded.len(), lax.uncertain), (1, 1));
        assert!((lax.expected_false_flags - 0.035).abs() < 1e-12);
        let strict = gate("quadratic", true);
        assert_eq!((strict.exceeded.len(), strict.uncertain), (2, 0));
        assert!((strict.expected_false_flags - 0.545).abs() < 1e-12);
        assert!((gate("superlinear", true).expected_false_flags - 0.02).abs() < 1e-12);
        assert!((gate("1.9", true).expected_false_flags - 0.525).abs() < 1e-12);
        assert_eq!(lax.lines(), ["f: n^2.00 [1.90, 2.10], superlinear"]);
    }

    #[test]
    fn two_sizes_fail_no_gate_unless_strict() {
        let two = || vec![Finding { sizes: 2, ..finding(2.0, Verdict::CannotTell) }];
        let limit = Limit::parse("1.5").unwrap();
        let gate = |strict| judged(two(), limit, strict, &Bands::default());
        assert_eq!((gate(false).exceeded.len(), gate(false).uncertain), (0, 1));
        assert_eq!(gate(true).exceeded.len(), 1);
    }

    #[test]
    fn thin_evidence_fails_no_gate_whatever_the_verdict_on_it() {
        let of =
            |exponent, verdict| Finding { sizes: 3, is_thin: true, ..finding(exponent, verdict) };
        let all = || vec![of(2.0, Verdict::Suspected), of(1.26, Verdict::CannotTell)];
        let limit = Limit::parse("n^0.95").unwrap();
        let gate = |strict| judged(all(), limit, strict, &Bands::default());
        assert_eq!((gate(false).exceeded.len(), gate(false).uncertain), (0, 2));
        assert_eq!(gate(true).exceeded.len(), 2);
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

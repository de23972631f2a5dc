//! Whether a cost changed at the sizes that both sides have, by more than noise explains.

use crate::analysis::baseline::document::Entry;
use crate::analysis::baseline::document::Kind;
use crate::analysis::baseline::document::Quantity;
use crate::analysis::middle::median;

/// Changes below this are never told: a twentieth, as the usual preset of benchmarks has it.
const LEAST_CHANGE: f64 = 0.05;
/// Standard errors that a change of times must exceed: one in 740 does by chance.
const STANDARD_ERRORS: f64 = 3.0;
/// Scatter of times that is taken where less was seen.
const LEAST_NOISE: f64 = 0.03;
/// Functions from which the common change is read.
const ENOUGH_FUNCTIONS: usize = 5;

/// The change that all functions have in common: the machine's, as far as anybody can tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Common {
    /// Logarithm of the factor.
    pub ln: f64,
}

/// `ln(now / before)` at the common sizes: their median, and of how many sizes.
///
/// Example: 10 and 20 before, 20 and 40 now: ln 2 of 2 sizes.
pub fn ln_ratio(before: &Entry, now: &Entry) -> Option<(f64, usize)> {
    let ratios: Vec<f64> = before
        .costs
        .iter()
        .filter_map(|old| {
            let is_same = |size: f64| (size / old.size - 1.0).abs() < 1e-9;
            let new = now.costs.iter().find(|new| is_same(new.size))?;
            Some((new.cost / old.cost).ln()).filter(|ratio| ratio.is_finite())
        })
        .collect();
    Some((median(&ratios)?, ratios.len()))
}

/// The common change of the functions' times; `None` of too few.
pub fn common(pairs: &[(&Entry, &Entry)]) -> Option<Common> {
    let is_time =
        |entry: &Entry| entry.kind == Kind::Function && entry.quantity == Quantity::SelfCost;
    let changes: Vec<f64> = pairs
        .iter()
        .filter(|(before, _)| is_time(before))
        .filter_map(|(before, now)| ln_ratio(before, now).map(|(ln, _)| ln))
        .collect();
    (changes.len() >= ENOUGH_FUNCTIONS).then(|| median(&changes)).flatten().map(|ln| Common { ln })
}

/// The factor by which the cost changed, when that is more than noise and a twentieth.
///
/// `common`: divided out of times; `None` of exact counts.
pub fn changed(before: &Entry, now: &Entry, exact: bool, common: Option<Common>) -> Option<f64> {
    let (ln, sizes) = ln_ratio(before, now)?;
    let least = (1.0 + LEAST_CHANGE).ln();
    if exact {
        return (ln.abs() > least).then(|| ln.exp());
    }
    let own = ln - common.map_or(0.0, |common| common.ln);
    let noise = |entry: &Entry| entry.noise.unwrap_or(0.0).max(LEAST_NOISE);
    let error = (noise(before).powi(2) + noise(now).powi(2)).sqrt() / (sizes as f64).sqrt();
    (own.abs() > least.max(STANDARD_ERRORS * error)).then(|| own.exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::baseline::document::SizeCost;
    use crate::analysis::document::Verdict;

    fn entry(costs: &[(f64, f64)], noise: f64) -> Entry {
        Entry {
            kind: Kind::Function,
            file: String::new(),
            name: "f".into(),
            namesake: None,
            quantity: Quantity::SelfCost,
            verdict: Verdict::NotSuperlinear,
            exponent: None,
            low: None,
            high: None,
            noise: Some(noise),
            costs: costs.iter().map(|&(size, cost)| SizeCost { size, cost, runs: 1 }).collect(),
            line: 0,
            share_percent: None,
        }
    }

    #[test]
    fn only_common_sizes_count() {
        let before = entry(&[(1.0, 10.0), (2.0, 20.0), (8.0, 1.0)], 0.0);
        let now = entry(&[(1.0, 20.0), (2.0, 40.0), (4.0, 9.0)], 0.0);
        let (ln, sizes) = ln_ratio(&before, &now).unwrap();
        assert_eq!(sizes, 2);
        assert!((ln - 2f64.ln()).abs() < 1e-12);
        assert_eq!(ln_ratio(&before, &entry(&[(3.0, 1.0)], 0.0)), None);
    }

    /// Noise of 10 % on both sides at one size: three standard errors are 0.424, a factor of 1.53.
    #[test]
    fn times_must_leave_the_noise() {
        let check = |factor: f64, exact: bool, expected: bool| {
            let (before, now) = (entry(&[(1.0, 1.0)], 0.1), entry(&[(1.0, factor)], 0.1));
            assert_eq!(changed(&before, &now, exact, None).is_some(), expected, "{factor}");
        };
        check(1.5, false, false);
        check(1.55, false, true);
        check(1.0 / 1.55, false, true);
        check(1.06, true, true);
        check(1.04, true, false);
    }

    #[test]
    fn what_all_share_is_the_machine() {
        let slow = (entry(&[(1.0, 1.0)], 0.0), entry(&[(1.0, 2.0)], 0.0));
        let pairs = vec![(&slow.0, &slow.1); 5];
        let common = common(&pairs).unwrap();
        assert!((common.ln - 2f64.ln()).abs() < 1e-12);
        assert_eq!(changed(&slow.0, &slow.1, false, Some(common)), None);
        assert_eq!(super::common(&pairs[..4]), None);
    }
}

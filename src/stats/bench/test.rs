//! Is the second version faster? One-tailed t-tests, and the difference that they could have seen.

use crate::stats::bench::sample;
use crate::stats::student;

/// A one-tailed test of "the baseline takes longer".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    pub t: f64,
    /// Degrees of freedom, whole or, by Welch, not.
    pub freedom: f64,
    /// Probability of a t at least as large when both take equally long.
    pub p: f64,
}

/// Student's test on pairs, each of a baseline and an optimised value measured side by side.
/// `None` with fewer than two pairs, with slices of different length, or when all differences are
/// equal, which leaves nothing to test against.
///
/// Source: t = mean(d) / (s(d) / √n) with n − 1 degrees of freedom, d = baseline − optimised.
/// Example: differences 1, 2, 3: t = 2 / (1 / √3) = 3.4641 with 2 degrees, p = 0.0371.
pub fn paired(baseline: &[f64], optimized: &[f64]) -> Option<Test> {
    if baseline.len() != optimized.len() {
        return None;
    }
    let differences = differences(baseline, optimized);
    let error = sample::sd(&differences)? / (differences.len() as f64).sqrt();
    let freedom = (differences.len() - 1) as f64;
    tested(sample::mean(&differences)?, error, freedom)
}

/// Welch's test on two samples that are not paired and may differ in spread and number.
/// `None` with fewer than two values on a side, or when neither side varies.
///
/// Source: t = (mean₁ − mean₂) / √(s₁²/n₁ + s₂²/n₂), degrees by Welch and Satterthwaite.
/// Example: 2, 4 and 1, 1, 1: s₁²/n₁ = 1, s₂² = 0, so t = 2 / 1 with 1 degree, p = arctan(1/2)/π.
pub fn welch(baseline: &[f64], optimized: &[f64]) -> Option<Test> {
    let part = |values: &[f64]| Some(sample::sd(values)?.powi(2) / values.len() as f64);
    let (first, second) = (part(baseline)?, part(optimized)?);
    let spent = |part: f64, count: usize| part * part / (count - 1) as f64;
    let both = first + second;
    let freedom = both * both / (spent(first, baseline.len()) + spent(second, optimized.len()));
    tested(sample::mean(baseline)? - sample::mean(optimized)?, both.sqrt(), freedom)
}

/// The smallest mean difference that a paired test at this confidence would have found with
/// probability `power`, in the unit of the values; `None` where [`paired`] is.
///
/// Source: (t₁₋α + t_power) · s(d) / √n with n − 1 degrees of freedom, the usual approximation to
/// the non-central t.
/// Example: differences 1, 2, 3 at 0.95 and 0.8: (2.9200 + 1.0607) · 1 / √3 = 2.2983.
pub fn smallest_paired_difference(
    baseline: &[f64],
    optimized: &[f64],
    confidence: f64,
    power: f64,
) -> Option<f64> {
    paired(baseline, optimized)?;
    let differences = differences(baseline, optimized);
    let error = sample::sd(&differences)? / (differences.len() as f64).sqrt();
    detectable(error, (differences.len() - 1) as f64, confidence, power)
}

/// The same for two samples that are not paired, by Welch's test.
pub fn smallest_difference(
    baseline: &[f64],
    optimized: &[f64],
    confidence: f64,
    power: f64,
) -> Option<f64> {
    let test = welch(baseline, optimized)?;
    let part = |values: &[f64]| Some(sample::sd(values)?.powi(2) / values.len() as f64);
    let error = (part(baseline)? + part(optimized)?).sqrt();
    detectable(error, test.freedom, confidence, power)
}

fn detectable(error: f64, freedom: f64, confidence: f64, power: f64) -> Option<f64> {
    let significant = student::exceeded_with(1.0 - confidence, freedom)?;
    let powerful = student::exceeded_with(1.0 - power, freedom)?;
    Some((significant + powerful) * error)
}

fn tested(difference: f64, error: f64, freedom: f64) -> Option<Test> {
    let t = difference / error;
    let usable = error > 0.0 && t.is_finite() && freedom.is_finite() && freedom > 0.0;
    usable.then(|| Test { t, freedom, p: student::above(t, freedom) })
}

fn differences(baseline: &[f64], optimized: &[f64]) -> Vec<f64> {
    baseline.iter().zip(optimized).map(|(before, after)| before - after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
    }

    #[test]
    fn pairs_by_hand() {
        let test = paired(&[2.0, 4.0, 6.0], &[1.0, 2.0, 3.0]).unwrap();
        close(test.t, 12f64.sqrt());
        close(test.freedom, 2.0);
        // Two degrees: ½ − t / (2 √(2 + t²)).
        close(test.p, 0.5 - 12f64.sqrt() / (2.0 * 14f64.sqrt()));
        let worse = paired(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
        close(worse.p, 1.0 - test.p);
    }

    #[test]
    fn welch_by_hand() {
        let test = welch(&[2.0, 4.0], &[1.0, 1.0, 1.0]).unwrap();
        close(test.t, 2.0);
        close(test.freedom, 1.0);
        close(test.p, 0.5f64.atan() / std::f64::consts::PI);
    }

    #[test]
    fn what_does_not_vary_cannot_be_tested() {
        assert_eq!(paired(&[2.0, 3.0], &[1.0, 2.0]), None);
        assert_eq!(paired(&[2.0], &[1.0]), None);
        assert_eq!(paired(&[2.0, 3.0], &[1.0]), None);
        assert_eq!(welch(&[2.0, 2.0], &[1.0, 1.0]), None);
        assert_eq!(welch(&[], &[1.0, 1.0]), None);
    }

    #[test]
    fn the_smallest_difference_by_hand() {
        let found = smallest_paired_difference(&[2.0, 4.0, 6.0], &[1.0, 2.0, 3.0], 0.95, 0.8);
        let t = |p: f64| {
            let c = 2.0 * p - 1.0;
            (2.0 * c * c / (1.0 - c * c)).sqrt()
        };
        close(found.unwrap(), (t(0.95) + t(0.8)) / 3f64.sqrt());
        assert_eq!(smallest_difference(&[1.0], &[1.0, 2.0], 0.95, 0.8), None);
        let none =
            |optimized: &[f64]| smallest_paired_difference(&[2.0, 3.0], optimized, 0.95, 0.8);
        assert_eq!(none(&[1.0, 2.0]), None);
        assert_eq!(none(&[1.0, 2.5, 9.0]), None);
    }
}

//! What is odd about repeated times: values far off, a trend, two groups. It is told, never
//! dropped.

use crate::stats::bench::sample::mean;
use crate::stats::bench::sample::median;
use crate::stats::student;

/// Scaled median absolute deviations beyond which a value is far off.
const FAR: f64 = 3.5;
/// From the median absolute deviation to the standard deviation of a normal distribution.
const SCALE: f64 = 1.4826;
/// Share of the variance that two groups must explain; one even spread gives 0.75, one bell 0.64.
const APART: f64 = 0.9;
/// Fewest values in the smaller group, as a share of all, so that outliers are no group.
const GROUP: f64 = 0.25;
const LEAST_FOR_GROUPS: usize = 8;
/// With fewer values their own deviation is too rough a measure.
const LEAST_FOR_OUTLIERS: usize = 8;

/// A straight trend over the repetitions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Change per repetition, in the unit of the values.
    pub slope: f64,
    /// Two-tailed probability of such a slope when there is no trend.
    pub p: f64,
}

/// Places of the values that lie more than 3.5 scaled median absolute deviations from the median;
/// none of fewer than eight values.
///
/// Source: Iglewicz and Hoaglin (1993), their modified z-score.
/// Example: 1, 2, 2, 3, 3, 3, 4, 4, 100: median 3, deviation 1, limit 3.5 · 1.4826 = 5.19: the
/// last.
pub fn outliers(values: &[f64]) -> Vec<usize> {
    let Some(middle) = median(values) else { return Vec::new() };
    let deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let limit = median(&deviations).unwrap_or_default() * SCALE * FAR;
    if limit <= 0.0 || values.len() < LEAST_FOR_OUTLIERS {
        return Vec::new();
    }
    (0..values.len()).filter(|place| deviations[*place] > limit).collect()
}

/// The least-squares trend of values in the order measured; `None` of fewer than three, or when
/// they lie on a line exactly.
///
/// Source: simple linear regression, t-test of the slope with n − 2 degrees of freedom.
/// Example: 1, 2, 4: slope 1.5, residuals 1/6, −1/3, 1/6, t = 1.5 / √(1/6 / 2) = 5.196,
/// p = 0.1210.
pub fn drift(values: &[f64]) -> Option<Drift> {
    let count = values.len() as f64;
    let freedom = values.len().checked_sub(2).filter(|left| *left > 0)? as f64;
    let (middle, mean) = ((count - 1.0) / 2.0, mean(values)?);
    let places = || values.iter().enumerate().map(|(place, value)| (place as f64 - middle, value));
    let spread: f64 = places().map(|(x, _)| x * x).sum();
    let slope = places().map(|(x, y)| x * (y - mean)).sum::<f64>() / spread;
    let left: f64 = places().map(|(x, y)| (y - mean - slope * x).powi(2)).sum();
    let t = slope / (left / freedom / spread).sqrt();
    t.is_finite().then(|| Drift { slope, p: 2.0 * student::above(t.abs(), freedom) })
}

/// The means of two groups that the values fall into, lower first; `None` when they form one.
///
/// Source: the split of the sorted values that explains most of their variance, which must be 90 %
/// or more, with a quarter of the values or more on each side.
/// Example: 1, 1, 1, 1, 9, 9, 9, 9: the split between them explains all: 1 and 9.
pub fn two_groups(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < LEAST_FOR_GROUPS {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let overall = mean(&sorted)?;
    let total: f64 = sorted.iter().map(|value| (value - overall).powi(2)).sum();
    let least = ((sorted.len() as f64 * GROUP).ceil() as usize).max(1);
    let explained = |at: usize| {
        let (low, high) = sorted.split_at(at);
        let (low_mean, high_mean) = (mean(low)?, mean(high)?);
        let between = low.len() as f64 * (low_mean - overall).powi(2)
            + high.len() as f64 * (high_mean - overall).powi(2);
        Some((between / total, low_mean, high_mean))
    };
    let splits = (least..=sorted.len() - least).filter_map(explained);
    let best = splits.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (total > 0.0 && best.0 >= APART).then_some((best.1, best.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_values_are_found_on_both_sides() {
        let check = |values: &[f64], places: &[usize]| assert_eq!(outliers(values), places);
        check(&[1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 100.0], &[8]);
        check(&[-90.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 100.0], &[0, 8]);
        check(&[1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 8.0], &[]);
        check(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 5.0], &[]);
        check(&[1.0, 2.0, 3.0, 4.0, 100.0], &[]);
        check(&[], &[]);
    }

    #[test]
    fn a_trend_by_hand() {
        let found = drift(&[1.0, 2.0, 4.0]).unwrap();
        assert!((found.slope - 1.5).abs() < 1e-12);
        // One degree of freedom is Cauchy's.
        let t: f64 = 1.5 / (1.0f64 / 12.0).sqrt();
        assert!((found.p - 2.0 * (1.0 / t).atan() / std::f64::consts::PI).abs() < 1e-10);
        assert_eq!(drift(&[1.0, 2.0]), None);
        assert_eq!(drift(&[1.0, 1.0, 1.0]), None);
    }

    #[test]
    fn two_groups_are_told_from_one() {
        let apart = [1.0, 1.1, 0.9, 1.0, 9.0, 9.1, 8.9, 9.0];
        let (low, high) = two_groups(&apart).unwrap();
        assert!((low - 1.0).abs() < 1e-12 && (high - 9.0).abs() < 1e-12);
        let even: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(two_groups(&even), None);
        assert_eq!(two_groups(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0]), None);
        assert_eq!(two_groups(&[1.0; 10]), None);
        assert_eq!(two_groups(&[1.0, 9.0]), None);
    }
}

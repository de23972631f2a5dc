//! One sample of repeated values, described.

use crate::stats::student;

/// What a sample says of itself; values are in the unit that they came in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub count: usize,
    pub mean: f64,
    /// Sample standard deviation, with one degree of freedom spent; `None` of a single value.
    pub sd: Option<f64>,
    pub median: f64,
    pub least: f64,
    pub most: f64,
    /// The t-interval of the mean; `None` of a single value.
    pub interval: Option<(f64, f64)>,
}

/// Describes `values`; `None` when there are none.
///
/// `confidence`: of the interval, between 0 and 1.
///
/// Source: mean ± t · s / √n with n − 1 degrees of freedom.
/// Example: 1, 2, 3 at 0.95: 2 ± 4.3027 · 1 / √3 = 2 ± 2.484.
pub fn summary(values: &[f64], confidence: f64) -> Option<Summary> {
    let mean = mean(values)?;
    let sd = sd(values);
    let freedom = values.len().saturating_sub(1) as f64;
    let half = sd.and_then(|sd| {
        let t = student::exceeded_with((1.0 - confidence) / 2.0, freedom)?;
        Some(t * sd / (values.len() as f64).sqrt())
    });
    Some(Summary {
        count: values.len(),
        mean,
        sd,
        median: median(values)?,
        least: values.iter().copied().fold(f64::INFINITY, f64::min),
        most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        interval: half.map(|half| (mean - half, mean + half)),
    })
}

/// `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The middle value, or the mean of the two in the middle; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// Sample standard deviation; `None` of fewer than two values.
///
/// Source: √(Σ (x − mean)² / (n − 1)).
/// Example: 1, 2, 3, 4: √(5/3) = 1.291.
pub fn sd(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_by_hand() {
        let found = summary(&[3.0, 1.0, 2.0], 0.95).unwrap();
        assert_eq!((found.count, found.mean, found.sd), (3, 2.0, Some(1.0)));
        assert_eq!((found.median, found.least, found.most), (2.0, 1.0, 3.0));
        let (low, high) = found.interval.unwrap();
        // t of 2 degrees at 0.975 is √(2 · 0.95² / (1 − 0.95²)) = 4.302653.
        let half = (2.0 * 0.95f64.powi(2) / (1.0 - 0.95f64.powi(2))).sqrt() / 3f64.sqrt();
        assert!((high - 2.0 - half).abs() < 1e-10 && (2.0 - low - half).abs() < 1e-10);
        assert_eq!(sd(&[1.0, 2.0, 3.0, 4.0]), Some((5.0f64 / 3.0).sqrt()));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn one_value_has_no_spread_and_none_no_summary() {
        let one = summary(&[2.0], 0.95).unwrap();
        assert_eq!((one.sd, one.interval), (None, None));
        assert_eq!(summary(&[], 0.95), None);
        assert_eq!((median(&[]), sd(&[1.0]), mean(&[])), (None, None, None));
    }
}

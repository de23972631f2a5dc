//! The least-squares line through points on log-log axes.
//! A reference to set beside the estimate, and the local slope where no single law fits.

/// A straight line on log-log axes: `ln m = ln_scale + exponent · ln n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Dimensionless slope: 1 is linear, 2 is quadratic.
    pub exponent: f64,
    /// Natural logarithm of the metric at size 1.
    pub ln_scale: f64,
    /// Standard deviation of the residuals in `ln m`, with two degrees of freedom spent;
    /// `None` with two points, through which a line always passes.
    pub residual: Option<f64>,
}

impl Line {
    /// The line through pairs of size and metric; pairs with a value that is not finite and
    /// above 0 are left out. `None` with fewer than two distinct sizes.
    ///
    /// Source: ordinary least squares in the logarithms.
    /// Example: (1, 1), (2, 4), (4, 8): the slope is (3 − 0) ln 2 · ln 2 / (2 ln² 2) = 1.5.
    pub fn through(points: &[(f64, f64)]) -> Option<Line> {
        let usable = |value: f64| value.is_finite() && value > 0.0;
        let logs: Vec<(f64, f64)> = points
            .iter()
            .filter(|(size, metric)| usable(*size) && usable(*metric))
            .map(|(size, metric)| (size.ln(), metric.ln()))
            .collect();
        Line::through_logs(&logs)
    }

    /// The line through pairs of logarithms of size and metric, all of them finite.
    /// `None` with fewer than two distinct sizes.
    pub fn through_logs(logs: &[(f64, f64)]) -> Option<Line> {
        let count = logs.len() as f64;
        let mean_x = logs.iter().map(|(x, _)| x).sum::<f64>() / count;
        let mean_y = logs.iter().map(|(_, y)| y).sum::<f64>() / count;
        let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
            logs.iter().map(|(x, y)| term(x - mean_x, y - mean_y)).sum()
        };
        let spread = sum(&|x, _| x * x);
        let distinct = logs.windows(2).any(|pair| pair[0].0 != pair[1].0);
        if !distinct || spread <= 0.0 {
            return None;
        }
        let exponent = sum(&|x, y| x * y) / spread;
        let left = sum(&|x, y| (y - exponent * x).powi(2));
        Some(Line {
            exponent,
            ln_scale: mean_y - exponent * mean_x,
            residual: (logs.len() > 2).then(|| (left / (count - 2.0)).sqrt()),
        })
    }

    /// The metric that the line gives at `size`.
    pub fn at(&self, size: f64) -> f64 {
        (self.ln_scale + self.exponent * size.ln()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[(f64, f64)], expected: Option<(f64, f64)>) {
        let found = Line::through(points).map(|line| (line.exponent, line.ln_scale.exp()));
        match (found, expected) {
            (Some(found), Some(expected)) => {
                assert!((found.0 - expected.0).abs() < 1e-9, "{found:?}");
                assert!(
                    (found.1 - expected.1).abs() < 1e-9 * expected.1,
                    "{found:?}"
                );
            }
            (found, expected) => assert_eq!(found, expected),
        }
    }

    #[test]
    fn passes_through_an_exact_power_law() {
        check(&[(1.0, 3.0), (10.0, 300.0)], Some((2.0, 3.0)));
        check(&[(2.0, 10.0), (4.0, 20.0), (8.0, 40.0)], Some((1.0, 5.0)));
        // Mean of ln m is (0 + 2 + 3)/3 ln 2 at mean ln n = ln 2: 2^(5/3 − 1.5) at size 1.
        check(
            &[(1.0, 1.0), (2.0, 4.0), (4.0, 8.0)],
            Some((1.5, 2f64.powf(5.0 / 3.0 - 1.5))),
        );
    }

    #[test]
    fn tells_how_far_the_points_lie_off() {
        let line = Line::through(&[(1.0, 1.0), (2.0, 4.0), (4.0, 8.0)]).unwrap();
        // Residuals are −1/6, 1/3, −1/6 of ln 2: √(1/6) ln 2 with one degree of freedom.
        let expected = (1.0f64 / 6.0).sqrt() * 2f64.ln();
        assert!((line.residual.unwrap() - expected).abs() < 1e-12);
        assert!((line.at(2.0) - 2f64.powf(5.0 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn needs_two_distinct_sizes_with_a_value() {
        check(&[], None);
        check(&[(1.0, 1.0)], None);
        check(&[(2.0, 1.0), (2.0, 3.0)], None);
        check(&[(1.0, 0.0), (2.0, 3.0)], None);
        check(&[(1.0, f64::NAN), (2.0, 3.0), (0.0, 4.0)], None);
    }
}

//! The exponent between two runs, as a person computes it by hand.
//! Always shown, never a verdict: a fixed cost or a noisy run fools it.

/// Scaling exponent between two runs: `ln(m2 / m1) / ln(n2 / n1)`.
///
/// `n1`, `n2`: run sizes in any one unit, above 0 and not equal.
/// `m1`, `m2`: the metric at those sizes (seconds or calls), above 0.
/// Dimensionless: 1 is linear, 2 is quadratic. `None` when a ratio is undefined.
///
/// Source: slope of a power law on log-log axes.
/// Example: 7 to 30 days, 1000 to 18000 calls: ln 18 / ln(30/7) = 1.986.
pub fn exponent(n1: f64, m1: f64, n2: f64, m2: f64) -> Option<f64> {
    let usable = |value: f64| value.is_finite() && value > 0.0;
    if ![n1, m1, n2, m2].into_iter().all(usable) || n1 == n2 {
        return None;
    }
    // Differences of logs: a quotient of extreme values would overflow.
    let exponent = (m2.ln() - m1.ln()) / (n2.ln() - n1.ln());
    exponent.is_finite().then_some(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n1: f64, m1: f64, n2: f64, m2: f64, expected: Option<f64>) {
        match (exponent(n1, m1, n2, m2), expected) {
            (Some(found), Some(expected)) => {
                assert!((found - expected).abs() < 5e-4, "{found} is not {expected}");
            }
            (found, expected) => assert_eq!(found, expected),
        }
    }

    #[test]
    fn is_the_slope_on_log_log_axes() {
        check(7.0, 1_000.0, 30.0, 18_000.0, Some(1.986));
        check(1.0, 5.0, 2.0, 10.0, Some(1.0));
        check(2.0, 10.0, 1.0, 5.0, Some(1.0));
        check(10.0, 3.0, 20.0, 3.0, Some(0.0));
        check(10.0, 8.0, 20.0, 4.0, Some(-1.0));
        check(1e-300, 1e-300, 1e300, 1e300, Some(1.0));
    }

    #[test]
    fn has_no_answer_where_a_ratio_is_undefined() {
        check(7.0, 1.0, 7.0, 2.0, None);
        check(0.0, 1.0, 7.0, 2.0, None);
        check(7.0, 0.0, 14.0, 2.0, None);
        check(7.0, 1.0, -14.0, 2.0, None);
        check(7.0, f64::NAN, 14.0, 2.0, None);
        check(7.0, 1.0, 14.0, f64::INFINITY, None);
    }
}

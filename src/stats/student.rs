//! Student's t: tails and quantiles, exact enough that a test's last digits are the test's.

use crate::stats::gamma::incomplete_beta;

/// Probability that Student's t with `freedom` degrees exceeds `t`, precise also where it is tiny.
///
/// Example: 2 degrees, t = √2: ½ − √2 / (2 √(2 + 2)) = 0.1464.
pub fn above(t: f64, freedom: f64) -> f64 {
    let tail = 0.5 * incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5);
    if t < 0.0 { 1.0 - tail } else { tail }
}

/// The t that is exceeded with probability `tail`; `None` unless `tail` lies between 0 and 1 and
/// `freedom` is above 0.
///
/// Source: bisection on [`above`], to neighbouring floats.
/// Example: 1 degree, tail 0.25: t = 1.
pub fn exceeded_with(tail: f64, freedom: f64) -> Option<f64> {
    if !(tail > 0.0 && tail < 1.0 && freedom > 0.0) {
        return None;
    }
    if tail > 0.5 {
        return exceeded_with(1.0 - tail, freedom).map(|t| -t);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while above(high, freedom) > tail {
        low = high;
        high *= 2.0;
        if !f64::is_finite(high) {
            return None;
        }
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Some(middle);
        }
        match above(middle, freedom) > tail {
            true => low = middle,
            false => high = middle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1e-3), "{found} {expected}");
    }

    #[test]
    fn tails_agree_with_their_closed_forms() {
        close(above(0.0, 3.0), 0.5);
        close(above(2f64.sqrt(), 2.0), 0.5 - 2f64.sqrt() / 4.0);
        close(above(-1.0, 1.0), 0.75);
        // One degree is Cauchy's: arctan(1/t)/π.
        close(above(1e6, 1.0), 1e-6_f64.atan() / std::f64::consts::PI);
    }

    #[test]
    fn quantiles_undo_tails() {
        close(exceeded_with(0.25, 1.0).unwrap(), 1.0);
        close(exceeded_with(0.975, 9.0).unwrap(), -2.262_157_162_798_205);
        close(exceeded_with(0.5, 9.0).unwrap(), 0.0);
        assert_eq!(exceeded_with(0.0, 9.0), None);
        assert_eq!(exceeded_with(1.0, 9.0), None);
        assert_eq!(exceeded_with(f64::NAN, 9.0), None);
        assert_eq!(exceeded_with(0.1, 0.0), None);
    }
}

//! How probable residuals are when their scale and noise are unknown, in closed form.
//! Knows sums of squares only, neither curves nor values.

use crate::stats::noise::NoiseFloor;

/// The evidence of a number of values about a curve, scale and noise integrated out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Exponent `q` of the residual sum: half of `N − 1`, and half of what the prior counts for.
    pub power: f64,
    /// What the prior adds to half of the residual sum: `β = ½·s0²`.
    pub floor: f64,
}

impl Evidence {
    /// For `count` values, at least 2, with the noise floor `s0` of their kind.
    pub fn new(count: usize, noise: NoiseFloor) -> Evidence {
        Evidence {
            power: (noise.prior_values() + count as f64 - 1.0) / 2.0,
            floor: noise.level() * noise.level() / 2.0,
        }
    }

    /// Log evidence of a residual sum of squares about its own mean, up to a constant that is the same
    /// for all curves: `−q·ln(β + RSS/2)`.
    ///
    /// Source: Gaussian noise in `ln value`, flat prior on the log scale, inverse-gamma prior on
    /// the variance.
    /// Example: three times, s0 = 0.1, RSS = 0.01: q = 1, β = 0.005, −1 · ln 0.01 = 4.605170.
    pub fn ln_of(&self, residual_sum: f64) -> f64 {
        -self.power * (self.floor + residual_sum / 2.0).ln()
    }

    /// Standard deviation of the noise in `ln` that a residual sum speaks for.
    ///
    /// Example: the numbers above: √((0.005 + 0.005) / 1) = 0.1.
    pub fn noise(&self, residual_sum: f64) -> f64 {
        ((self.floor + residual_sum / 2.0) / self.power).sqrt()
    }

    /// Twice `q`, which is a whole number.
    pub fn half_powers(&self) -> i32 {
        (2.0 * self.power) as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_numbers_worked_out_by_hand() {
        let evidence = Evidence::new(3, NoiseFloor::Clock(0.1));
        assert!((evidence.ln_of(0.01) - 4.605_170).abs() < 1e-6);
        assert!((evidence.noise(0.01) - 0.1).abs() < 1e-12);
        assert_eq!(evidence.half_powers(), 2);
        // q = 1.5, β = 5e-7: −1.5 · ln 1e-6.
        let counts = Evidence::new(3, NoiseFloor::Counter);
        assert!((counts.ln_of(1e-6) - 20.723_266).abs() < 1e-6);
        assert_eq!(counts.half_powers(), 3);
    }

    /// Residuals of three values: scale and variance integrated by the rectangle rule.
    fn integral(residuals: [f64; 3], noise: NoiseFloor) -> f64 {
        let mut sum = 0.0;
        for step in 1..8_000 {
            let variance = (f64::from(step) * 0.005 - 24.0).exp();
            let floor = noise.level().powi(2);
            let prior =
                variance.powf(-noise.prior_values() / 2.0) * (-floor / 2.0 / variance).exp();
            let mean = residuals.iter().sum::<f64>() / 3.0;
            let squares: f64 = residuals.iter().map(|r| (r - mean).powi(2)).sum();
            let scale = (variance / 3.0).sqrt();
            sum += prior * scale * variance.powf(-1.5) * (-squares / 2.0 / variance).exp();
        }
        sum.ln()
    }

    #[test]
    fn is_the_integral_over_scale_and_noise() {
        for (noise, far) in [(NoiseFloor::Clock(0.1), 0.1), (NoiseFloor::Counter, 0.003)] {
            let expected = integral([-far, 0.0, far], noise) - integral([0.0; 3], noise);
            let evidence = Evidence::new(3, noise);
            let found = evidence.ln_of(2.0 * far * far) - evidence.ln_of(0.0);
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
    }
}

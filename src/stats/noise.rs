//! What kind of value is judged, and so how exact it is before it is seen.
//! The noise that the values themselves show is added by the fit.

/// The least noise that a value is given, by its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoiseFloor {
    /// Exact and repeatable counts (calls, instructions): 0.1 %, and the rounding of whole numbers.
    Counter,
    /// Times, with their relative noise floor: 0.01 unless the runs say otherwise.
    Clock(f64),
    /// Times or counts estimated from samples, with the value that one sample stands for.
    Samples(f64),
}

/// Much less than this, and the steps of the grid of shapes would pass for evidence.
const LEAST: f64 = 0.001;
const LEAST_CLOCK: f64 = 0.01;
/// A relative noise of more than this says nothing about growth.
const MOST: f64 = 10.0;

impl NoiseFloor {
    /// Relative noise floor `s0` of the model.
    pub fn level(self) -> f64 {
        match self {
            NoiseFloor::Counter => LEAST,
            NoiseFloor::Clock(level) if level.is_nan() => LEAST_CLOCK,
            NoiseFloor::Clock(level) => level.clamp(LEAST, MOST),
            NoiseFloor::Samples(_) => LEAST_CLOCK,
        }
    }

    /// How many values with the noise of the floor the prior on the noise counts for.
    ///
    /// One for counts, which are known to be exact. None for times: their noise may be anything
    /// from 1 to 50 %, each of its magnitudes as likely, and a prior that favours the floor would
    /// make few values surer than they are.
    pub fn prior_values(self) -> f64 {
        match self {
            NoiseFloor::Counter => 1.0,
            NoiseFloor::Clock(_) | NoiseFloor::Samples(_) => 0.0,
        }
    }

    /// Whether a value may be far off to the slow side, as times are.
    pub fn errs_to_the_slow_side(self) -> bool {
        matches!(self, NoiseFloor::Clock(_))
    }

    /// Variance of `ln value` known beforehand, on top of the noise that all values share:
    /// 1/12 for the rounding of a whole number, one per sample for samples (Poisson).
    ///
    /// Example: a count of 10: 1/12 / 10² = 0.00083, a relative noise of 2.9 %.
    pub fn known_variance(self, value: f64) -> f64 {
        match self {
            NoiseFloor::Counter if value.fract() == 0.0 => 1.0 / 12.0 / (value * value),
            NoiseFloor::Samples(one) if one > 0.0 => (one / value).min(1.0),
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(noise: NoiseFloor, value: f64, level: f64, variance: f64) {
        assert_eq!(noise.level(), level);
        assert!((noise.known_variance(value) - variance).abs() < 1e-6, "{noise:?}");
    }

    #[test]
    fn counts_are_rounded_samples_scatter_and_clocks_have_a_floor() {
        check(NoiseFloor::Counter, 10.0, 0.001, 0.000_833);
        check(NoiseFloor::Counter, 0.5, 0.001, 0.0);
        check(NoiseFloor::Clock(0.05), 10.0, 0.05, 0.0);
        check(NoiseFloor::Clock(0.0), 10.0, 0.001, 0.0);
        check(NoiseFloor::Clock(f64::NAN), 10.0, 0.01, 0.0);
        check(NoiseFloor::Samples(0.01), 1.0, 0.01, 0.01);
        check(NoiseFloor::Samples(f64::NAN), 1.0, 0.01, 0.0);
    }
}

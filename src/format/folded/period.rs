//! Weights that are no numbers of samples but times or events: collapse scripts write how much each
//! sample stands for, so that all weights are multiples of one large number.

/// Nobody's numbers of samples are all multiples of it by chance.
const SMALLEST: u64 = 1_000;
/// One weight is a multiple of itself.
const FEWEST: u32 = 2;

/// What all weights so far are multiples of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Period {
    divisor: u64,
    weights: u32,
    is_broken: bool,
}

impl Period {
    /// Takes another weight.
    pub fn take(&mut self, weight: f64) {
        if self.divisor == 1 || weight == 0.0 {
            return;
        }
        self.weights = self.weights.saturating_add(1);
        if weight.fract() != 0.0 || weight > u64::MAX as f64 {
            self.is_broken = true;
        } else {
            self.divisor = common(self.divisor, weight as u64);
        }
    }

    /// What one sample stands for; `None` where the weights are numbers of samples.
    ///
    /// Example: 8,000,000 and 12,000,000 are 2 and 3 samples of 4,000,000 each.
    pub fn of_a_sample(self) -> Option<u64> {
        let is_period = !self.is_broken && self.weights >= FEWEST && self.divisor >= SMALLEST;
        is_period.then_some(self.divisor)
    }
}

/// The greatest common divisor, by Euclid; of 0 and another number that number.
fn common(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_samples_or_multiples_of_what_one_stands_for() {
        let check = |weights: &[f64], expected| {
            let mut period = Period::default();
            weights.iter().for_each(|weight| period.take(*weight));
            assert_eq!(period.of_a_sample(), expected, "{weights:?}");
        };
        check(&[8e6, 0.0, 12e6], Some(4_000_000));
        check(&[3.0, 4.0], None);
        check(&[2.0, 4.0], None);
        check(&[5_000.0], None);
        check(&[4e6, 4e6, 0.5], None);
        check(&[1e300, 1e300], None);
        check(&[], None);
    }
}

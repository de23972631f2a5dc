//! Numbers that look random and are the same on every machine.

/// A stream of pseudo-random numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of `seed`. The seed is mixed first: a state that is a multiple of the step would
    /// make neighbouring seeds the same stream, one number apart, and no case fresh.
    pub fn new(seed: u64) -> Random {
        Random(mixed(mixed(seed ^ 0x5851_F42D_4C95_7F2D).wrapping_add(seed)))
    }

    /// Even over 0 (included) to 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Standard normal, by the polar form of Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.unit()).cos()
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.unit() * from.len() as f64) as usize]
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }
}

fn mixed(state: u64) -> u64 {
    let once = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    twice ^ (twice >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_seeds_share_numbers() {
        let numbers = |seed: u64| {
            let mut random = Random::new(seed);
            (0..100_000).map(move |_| random.next())
        };
        let seeds = [1, 2, 3, 4, 5, 11, 1_000_004, 90_001, 90_002, 1_090_004];
        let mut seen = HashSet::new();
        for seed in seeds {
            assert!(numbers(seed).all(|number| seen.insert(number)), "{seed}");
        }
    }
}

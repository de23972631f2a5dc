//! Numbers that look random and are the same on every machine.

/// SplitMix64, by its published constants: one multiplication chain per number, no state to warm
/// up.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Sixty-four bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Even between 0 and 1, 1 excluded.
    pub fn even(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Near to normal with mean 0 and deviation 1: the sum of four even numbers, scaled. Only sums
    /// and products, which every machine rounds alike.
    pub fn bell(&mut self) -> f64 {
        const MEAN: f64 = 2.0 * 65_535.0;
        /// √(4/12) of an even number's width.
        const DEVIATION: f64 = 0.577_350_269_189_625_8 * 65_536.0;
        let bits = self.bits();
        let sum = (0..4).map(|part| bits >> (16 * part) & 0xFFFF).sum::<u64>();
        (sum as f64 - MEAN) / DEVIATION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_published_sequence() {
        let mut random = Random::seeded(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn the_bell_has_mean_0_and_deviation_1() {
        let mut random = Random::seeded(7);
        let drawn: Vec<f64> = (0..100_000).map(|_| random.bell()).collect();
        let mean = drawn.iter().sum::<f64>() / 1e5;
        let square = drawn.iter().map(|value| value * value).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01 && (square - 1.0).abs() < 0.02);
    }
}

//! Two moving averages of any length over one asset, fast enough to be tried by the thousand.

use std::ops::Range;

use crate::workload::scenario::backtest::Position;

/// Closes with their running sums.
#[derive(Debug)]
pub struct Prices {
    closes: Vec<i64>,
    /// At each place the sum of all closes before it.
    sums: Vec<i64>,
}

/// Bars in the short average and in the long one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossover {
    pub fast: usize,
    pub slow: usize,
}

impl Prices {
    pub fn new(closes: Vec<i64>) -> Self {
        let mut sums = vec![0];
        for close in &closes {
            sums.push(sums[sums.len() - 1] + close);
        }
        Self { closes, sums }
    }

    pub fn len(&self) -> usize {
        self.closes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.closes.is_empty()
    }

    /// The sum of the last `length` closes up to and with the one at `bar`.
    fn sum(&self, bar: usize, length: usize) -> Option<i64> {
        Some(self.sums[bar + 1] - self.sums[(bar + 1).checked_sub(length)?])
    }
}

impl Crossover {
    /// Trades `bars`, which lie within the prices: one unit while the short average is above the
    /// long one.
    pub fn trade(&self, prices: &Prices, bars: Range<usize>, position: &mut Position) {
        for bar in bars {
            let sums = prices.sum(bar, self.fast).zip(prices.sum(bar, self.slow));
            let wanted = sums
                .map(|(fast, slow)| i64::from(fast * self.slow as i64 > slow * self.fast as i64));
            position.step(prices.closes[bar], wanted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Averages of 1 and 2 closes: bought at 12 for a fee of 2, sold at 11 for 2 more.
    #[test]
    fn holds_while_the_short_average_is_above() {
        let prices = Prices::new(vec![10, 12, 15, 11, 9]);
        let mut position = Position::default();
        Crossover { fast: 1, slow: 2 }.trade(&prices, 0..5, &mut position);
        assert_eq!((position.gained_steps, position.trades), (3 - 4 - 2 - 2, 2));
    }
}

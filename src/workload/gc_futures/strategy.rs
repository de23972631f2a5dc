//! When to buy and when to sell: the crossing of two moving averages.
//! It knows prices only, neither orders nor money.

/// Bars in the short average: one hour.
pub const FAST: usize = 12;
/// Bars in the long average: four hours.
pub const SLOW: usize = 48;

/// Which way the short average lies from the long one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    Up,
    Down,
}

/// The trend of the last closes, oldest first; `None` with fewer than [`SLOW`] of them or when the
/// averages are equal.
///
/// Compares `sum of FAST / FAST` with `sum of SLOW / SLOW` in whole numbers.
/// Example: 36 closes of 10, then 12 of 11: 11 is above 10.25, the trend is up.
pub fn moving_average_crossover(closes: &[i64]) -> Option<Trend> {
    let _span = crate::span!("moving_average_crossover");
    let slow = closes.last_chunk::<SLOW>()?;
    let fast = closes.last_chunk::<FAST>()?;
    let weighted_fast = fast.iter().sum::<i64>() * SLOW as i64;
    let weighted_slow = slow.iter().sum::<i64>() * FAST as i64;
    match weighted_fast.cmp(&weighted_slow) {
        std::cmp::Ordering::Greater => Some(Trend::Up),
        std::cmp::Ordering::Less => Some(Trend::Down),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(last_twelve: i64, expected: Option<Trend>) {
        let mut closes = vec![10; SLOW - FAST];
        closes.extend([last_twelve; FAST]);
        assert_eq!(moving_average_crossover(&closes), expected);
    }

    #[test]
    fn the_short_average_against_the_long_one() {
        check(11, Some(Trend::Up));
        check(9, Some(Trend::Down));
        check(10, None);
        assert_eq!(moving_average_crossover(&[11; SLOW - 1]), None);
    }
}

//! Daily bars of fifty assets, traded when a moving average of 50 days crosses one of 200.

use std::io::Write;

use crate::error::Result;
use crate::workload::market::history::DAILY;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest::Backtest;

const FAST: usize = 50;
const SLOW: usize = 200;

const BACKTEST: Backtest =
    Backtest { frequency: DAILY, assets: 50, lookback: SLOW, rule: moving_average_crossover };

#[derive(Debug)]
pub struct Daily;

impl Sample for Daily {
    fn name(&self) -> &'static str {
        "daily"
    }

    fn about(&self) -> &'static str {
        "50 assets by the day, up to two years: moving averages of 50 and 200 days"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "days", usual: &[91, 182, 365, 730], tiny: [10, 20, 80] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("run_backtest", Growth::Constant),
                Expected::calls("load_closes", Growth::Constant),
                Expected::calls("on_bar", Growth::Linear),
                Expected::calls("moving_average_crossover", Growth::Linear),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        BACKTEST.run(args, out)
    }
}

/// One unit while the short average is above the long one, else none.
///
/// Example: 150 closes of 10, then 50 of 11: 11 is above 10.25.
fn moving_average_crossover(closes: &[i64]) -> Option<i64> {
    let _span = crate::span!("moving_average_crossover");
    let fast: i64 = closes.last_chunk::<FAST>()?.iter().sum();
    let slow: i64 = closes.last_chunk::<SLOW>()?.iter().sum();
    Some(i64::from(fast * SLOW as i64 > slow * FAST as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_average_against_the_long_one() {
        let check = |last: i64, expected: i64| {
            let mut closes = vec![10; SLOW - FAST];
            closes.extend([last; FAST]);
            assert_eq!(moving_average_crossover(&closes), Some(expected));
        };
        check(11, 1);
        check(10, 0);
        check(9, 0);
    }
}

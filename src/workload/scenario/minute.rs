//! Minute bars of ten assets, traded back to their mean: short above two deviations, long below.

use std::io::Write;

use crate::error::Result;
use crate::workload::market::history::MINUTE;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest::Backtest;

/// Bars that mean and deviation are taken over.
const BARS: usize = 20;
/// Deviations from the mean that are far.
const SIGMA: i64 = 2;

const BACKTEST: Backtest =
    Backtest { frequency: MINUTE, assets: 10, lookback: BARS, rule: mean_reversion };

#[derive(Debug)]
pub struct Minute;

impl Sample for Minute {
    fn name(&self) -> &'static str {
        "minute"
    }

    fn about(&self) -> &'static str {
        "10 assets by the minute, up to a month: mean reversion, 20 bars, 2 sigma"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "days", usual: &[4, 8, 15, 30], tiny: [1, 2, 4] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("run_backtest", Growth::Constant),
                Expected::calls("load_closes", Growth::Constant),
                Expected::calls("on_bar", Growth::Linear),
                Expected::calls("mean_reversion", Growth::Linear),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        BACKTEST.run(args, out)
    }
}

/// Against the price where it is far from its mean; what is held stays in between.
///
/// With `n` closes, their sum `s` and sum of squares `q`, the close `c` is farther than two
/// deviations when `(n·c − s)² > 4·(n·q − s²)`, in whole numbers.
/// Example: 19 closes of 10 and one of 30: s = 220, q = 2,800, 380² = 144,400 > 4 · 7,600 = 30,400.
fn mean_reversion(closes: &[i64]) -> Option<i64> {
    let _span = crate::span!("mean_reversion");
    let count = closes.len() as i64;
    let sum: i64 = closes.iter().sum();
    let squares: i64 = closes.iter().map(|close| close * close).sum();
    let distance = count * closes.last()? - sum;
    let is_far = distance * distance > SIGMA * SIGMA * (count * squares - sum * sum);
    is_far.then(|| -distance.signum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_price_far_from_its_mean_is_traded() {
        let check = |last: i64, expected: Option<i64>| {
            let mut closes: Vec<i64> = (0..BARS as i64 - 1).map(|at| 10 + at % 2).collect();
            closes.push(last);
            assert_eq!(mean_reversion(&closes), expected);
        };
        check(30, Some(-1));
        check(-30, Some(1));
        check(11, None);
    }
}

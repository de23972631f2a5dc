//! Hourly bars of twenty assets, traded by momentum: up or down over the last twenty bars.

use std::io::Write;

use crate::error::Result;
use crate::workload::market::history::HOURLY;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest::Backtest;

/// Bars that the price is compared over.
const BACK: usize = 20;

const BACKTEST: Backtest =
    Backtest { frequency: HOURLY, assets: 20, lookback: BACK + 1, rule: momentum };

#[derive(Debug)]
pub struct Hourly;

impl Sample for Hourly {
    fn name(&self) -> &'static str {
        "hourly"
    }

    fn about(&self) -> &'static str {
        "20 assets by the hour, up to six months: momentum over 20 bars"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "days", usual: &[23, 46, 91, 182], tiny: [2, 4, 16] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("run_backtest", Growth::Constant),
                Expected::calls("load_closes", Growth::Constant),
                Expected::calls("on_bar", Growth::Linear),
                Expected::calls("momentum", Growth::Linear),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        BACKTEST.run(args, out)
    }
}

/// One unit long after a rise, one short after a fall, none when the price is where it was.
fn momentum(closes: &[i64]) -> Option<i64> {
    let _span = crate::span!("momentum");
    let (before, now) = closes.first().zip(closes.last())?;
    Some((now - before).signum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_price_against_that_of_twenty_bars_ago() {
        let check = |closes: &[i64], expected: i64| {
            assert_eq!(momentum(closes), Some(expected));
        };
        check(&[10, 3, 12], 1);
        check(&[10, 30, 9], -1);
        check(&[10, 30, 10], 0);
    }
}

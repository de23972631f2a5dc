//! Parameters chosen on a month, used for the week behind it, and chosen anew: fold after fold.

use std::io::Write;

use crate::error::Result;
use crate::workload::market::Market;
use crate::workload::market::history::HOURLY;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest;
use crate::workload::scenario::backtest::Position;
use crate::workload::scenario::crossover::Crossover;
use crate::workload::scenario::crossover::Prices;

/// Bars that parameters are chosen on: 28 days.
const TRAIN: usize = 28 * 24;
/// Bars that they are used for: a week.
const TEST: usize = 7 * 24;
/// Lengths of the short average that are tried; the long one is four times as long.
const TRIED: [usize; 12] = [2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 36];

#[derive(Debug)]
pub struct WalkForward;

impl Sample for WalkForward {
    fn name(&self) -> &'static str {
        "walk_forward"
    }

    fn about(&self) -> &'static str {
        "parameters chosen on 28 days and used for 7, week after week"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "days", usual: &[91, 182, 364, 728], tiny: [14, 28, 112] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("walk_forward", Growth::Constant),
                Expected::calls("choose_parameters", Growth::Linear),
                Expected::calls("backtest_period", Growth::Linear),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let _span = crate::span!("walk_forward");
        let market = Market::open(&args.cache_dir, HOURLY)?;
        let prices = Prices::new(market.closes(0, (args.start, args.end), TRAIN)?);
        let (mut folds, mut gained) = (0, 0);
        for start in (TRAIN..=prices.len() - TEST).step_by(TEST) {
            let chosen = choose_parameters(&prices, start);
            gained += backtest_period(&prices, chosen, start, TEST);
            folds += 1;
        }
        backtest::say(out, &format!("{folds} folds, {gained} steps gained out of sample"))
    }
}

/// What gained most over the month before `start`.
fn choose_parameters(prices: &Prices, start: usize) -> Crossover {
    let _span = crate::span!("choose_parameters");
    let tried = TRIED.map(|fast| Crossover { fast, slow: 4 * fast });
    let gain = |tried: &Crossover| backtest_period(prices, *tried, start - TRAIN, TRAIN);
    tried.into_iter().max_by_key(gain).unwrap_or(Crossover { fast: 1, slow: 2 })
}

fn backtest_period(prices: &Prices, chosen: Crossover, start: usize, length: usize) -> i64 {
    let _span = crate::span!("backtest_period");
    let mut position = Position::default();
    chosen.trade(prices, start..start + length, &mut position);
    position.gained_steps
}

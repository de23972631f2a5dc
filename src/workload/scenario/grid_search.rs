//! Every pair of two parameters tried on the same prices: work that is quadratic by design.

use std::io::Write;

use crate::error::Result;
use crate::workload::market::Market;
use crate::workload::market::history::MINUTE;
use crate::workload::sample::Expected;
use crate::workload::sample::Growth;
use crate::workload::sample::Sample;
use crate::workload::sample::SampleArgs;
use crate::workload::sample::Sizes;
use crate::workload::scenario::backtest;
use crate::workload::scenario::backtest::Position;
use crate::workload::scenario::crossover::Crossover;
use crate::workload::scenario::crossover::Prices;

/// Days that each pair is tried on.
const DAYS: u64 = 7;

#[derive(Debug)]
pub struct GridSearch;

impl Sample for GridSearch {
    fn name(&self) -> &'static str {
        "grid_search"
    }

    fn about(&self) -> &'static str {
        "every pair of two parameters tried on a week of minutes: quadratic by design"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "values of each parameter", usual: &[8, 16, 32, 64], tiny: [2, 4, 16] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("search_grid", Growth::Constant),
                Expected::calls("try_fast_average", Growth::Linear),
                Expected::calls("backtest_pair", Growth::Quadratic),
            ]
        }
    }

    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let _span = crate::span!("search_grid");
        let market = Market::open(&args.cache_dir, MINUTE)?;
        let prices = Prices::new(market.closes(0, args.first_days(DAYS), 0)?);
        let values = args.size() as usize;
        let best = (0..values).filter_map(|step| try_fast_average(&prices, 5 + step, values)).max();
        let (gained, slow, fast) = best.unwrap_or_default();
        let pairs = values * values;
        backtest::say(
            out,
            &format!("best of {pairs} pairs: {fast} and {slow}, {gained} steps gained"),
        )
    }
}

/// The best long average beside a short one of `fast` bars: what it gained, and both lengths.
fn try_fast_average(prices: &Prices, fast: usize, values: usize) -> Option<(i64, usize, usize)> {
    let _span = crate::span!("try_fast_average");
    let tried = (0..values).map(|step| Crossover { fast, slow: fast + 5 * (step + 1) });
    tried.map(|pair| (backtest_pair(prices, pair), pair.slow, pair.fast)).max()
}

fn backtest_pair(prices: &Prices, pair: Crossover) -> i64 {
    let _span = crate::span!("backtest_pair");
    let mut position = Position::default();
    pair.trade(prices, 0..prices.len(), &mut position);
    position.gained_steps
}

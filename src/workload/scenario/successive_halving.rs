//! A search that tries many parameters on little data, stops all but the best third early, and
//! gives those three times as much, until one is left.

use std::cmp::Reverse;
use std::io::Write;

use crate::error::Result;
use crate::workload::market::Market;
use crate::workload::market::Random;
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

const SEED: u64 = 0x6861_6c76_696e_6700;
/// By how much the data grow and the candidates shrink from rung to rung.
const FACTOR: usize = 3;

#[derive(Debug)]
pub struct SuccessiveHalving;

impl Sample for SuccessiveHalving {
    fn name(&self) -> &'static str {
        "successive_halving"
    }

    fn about(&self) -> &'static str {
        "parameters tried on a day each; the best third goes on with three times the data"
    }

    fn sizes(&self) -> Sizes {
        Sizes { unit: "candidates", usual: &[9, 27, 81, 243], tiny: [3, 9, 27] }
    }

    fn expected(&self) -> &'static [Expected] {
        const {
            &[
                Expected::calls("search", Growth::Constant),
                Expected::calls("replay_day", Growth::NLogN),
            ]
        }
    }

    /// With `n` candidates, a power of three, each of the `log₃ n` rungs replays `n` days in all.
    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let _span = crate::span!("search");
        let mut random = Random::seeded(SEED);
        let mut candidates: Vec<Crossover> = (0..args.size()).map(|_| drawn(&mut random)).collect();
        let market = Market::open(&args.cache_dir, MINUTE)?;
        let most_days = candidates.len() / FACTOR;
        let window = args.first_days(most_days.max(1) as u64);
        let prices = Prices::new(market.closes(0, window, 0)?);
        let (mut days, mut replayed) = (1, 0);
        while candidates.len() >= FACTOR {
            replayed += candidates.len() * days;
            candidates.sort_by_cached_key(|candidate| Reverse(evaluate(&prices, *candidate, days)));
            candidates.truncate(candidates.len() / FACTOR);
            days *= FACTOR;
        }
        let best = candidates.first().copied().unwrap_or(Crossover { fast: 1, slow: 2 });
        let Crossover { fast, slow } = best;
        backtest::say(
            out,
            &format!("best of {}: {fast} and {slow}, {replayed} days replayed", args.size()),
        )
    }
}

fn drawn(random: &mut Random) -> Crossover {
    let fast = 2 + (random.bits() % 60) as usize;
    Crossover { fast, slow: fast + 5 + (random.bits() % 240) as usize }
}

/// What a candidate gains over so many days.
fn evaluate(prices: &Prices, candidate: Crossover, days: usize) -> i64 {
    let _span = crate::span!("evaluate");
    let mut position = Position::default();
    for day in 0..days {
        replay_day(prices, candidate, day, &mut position);
    }
    position.gained_steps
}

fn replay_day(prices: &Prices, candidate: Crossover, day: usize, position: &mut Position) {
    let _span = crate::span!("replay_day");
    let bars = MINUTE.bars_a_day;
    candidate.trade(prices, day * bars..(day + 1) * bars, position);
}

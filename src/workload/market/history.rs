//! Closing prices of many assets over a window, at one frequency, through the cache.
//! Markets never close: every day has as many bars as any other, so that counts are exact.

use std::path::Path;

use chrono::NaiveDate;

use crate::error::Result;
use crate::workload::market::bar::Bar;
use crate::workload::market::bar::day_number;
use crate::workload::market::cache::BarCache;
use crate::workload::market::random::Random;

const SEED: u64 = 0x006d_6172_6b65_7473;
/// Bars of one file.
const BLOCK: usize = 512;
/// Trades summed up in a bar.
const TRADES_A_BAR: usize = 50;
/// Bars from one turning point of a price to the next.
const WAVE: i64 = 64;
const MEAN_STEPS: f64 = 10_000.0;
const WANDER_STEPS: f64 = 1_200.0;
const TRADE_STEPS: f64 = 6.0;
/// How fast a price is drawn to its level, per trade.
const PULL: f64 = 0.004;

/// How many bars a day has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frequency {
    name: &'static str,
    pub bars_a_day: usize,
}

pub const DAILY: Frequency = Frequency { name: "daily", bars_a_day: 1 };
pub const HOURLY: Frequency = Frequency { name: "hourly", bars_a_day: 24 };
pub const MINUTE: Frequency = Frequency { name: "minute", bars_a_day: 1_440 };

/// A market at one frequency; the same prices in every window and on every machine.
#[derive(Debug)]
pub struct Market {
    cache: BarCache,
    frequency: Frequency,
}

impl Market {
    /// # Errors
    /// When the folder of the cache cannot be created.
    pub fn open(cache_dir: &Path, frequency: Frequency) -> Result<Self> {
        let cache = BarCache::open(cache_dir.join(frequency.name))?;
        Ok(Self { cache, frequency })
    }

    /// The closes of an asset from `before` bars ahead of the first day to the end of the last,
    /// oldest first, in steps.
    ///
    /// # Errors
    /// When the cache cannot be read or written.
    pub fn closes(
        &self,
        asset: u32,
        (first_day, last_day): (NaiveDate, NaiveDate),
        before: usize,
    ) -> Result<Vec<i64>> {
        let _span = crate::span!("load_closes");
        let a_day = self.frequency.bars_a_day as i64;
        let first = day_number(first_day) * a_day - before as i64;
        let end = (day_number(last_day) + 1) * a_day;
        let mut closes = Vec::with_capacity((end - first) as usize);
        for block in first.div_euclid(BLOCK as i64)..=(end - 1).div_euclid(BLOCK as i64) {
            let start = block * BLOCK as i64;
            let name = format!("{asset:03}-{block}");
            let bars = self.cache.load(&name, start, BLOCK, || make_block(asset, start))?;
            let wanted = (start..).zip(&bars).filter(|(at, _)| (first..end).contains(at));
            closes.extend(wanted.map(|(_, bar)| bar.close));
        }
        Ok(closes)
    }
}

/// The bars of an asset from the bar at `start` on; they depend on nothing else.
fn make_block(asset: u32, start: i64) -> Vec<Bar> {
    let _span = crate::span!("make_block");
    let mut random = Random::seeded(SEED ^ u64::from(asset) << 40 ^ start.cast_unsigned());
    let mut price = level(asset, start);
    (start..).take(BLOCK).map(|at| make_bar(&mut random, &mut price, level(asset, at))).collect()
}

fn make_bar(random: &mut Random, price: &mut f64, level: f64) -> Bar {
    let open = *price;
    let (mut high, mut low) = (open, open);
    for _ in 0..TRADES_A_BAR {
        *price += (level - *price) * PULL + random.bell() * TRADE_STEPS;
        high = high.max(*price);
        low = low.min(*price);
    }
    let steps = |price: f64| price.round() as i64;
    let volume = TRADES_A_BAR as i64;
    Bar { open: steps(open), high: steps(high), low: steps(low), close: steps(*price), volume }
}

/// Straight lines between points drawn for every wave.
fn level(asset: u32, at: i64) -> f64 {
    let wave = at.div_euclid(WAVE);
    let passed = at.rem_euclid(WAVE) as f64 / WAVE as f64;
    let turning_point = |wave: i64| {
        let seed = !SEED ^ u64::from(asset) << 40 ^ wave.cast_unsigned();
        Random::seeded(seed).even() * 2.0 - 1.0
    };
    let (from, to) = (turning_point(wave), turning_point(wave + 1));
    MEAN_STEPS + WANDER_STEPS * (from + (to - from) * passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, number).unwrap()
    }

    #[test]
    fn a_window_holds_its_bars_and_those_before() {
        let folder = tempfile::tempdir().unwrap();
        let market = Market::open(folder.path(), HOURLY).unwrap();
        let whole = market.closes(3, (day(1), day(20)), 30).unwrap();
        assert_eq!(whole.len(), 20 * 24 + 30);
        let part = market.closes(3, (day(5), day(6)), 0).unwrap();
        assert_eq!(part, whole[30 + 4 * 24..30 + 6 * 24]);
        assert_ne!(part, market.closes(4, (day(5), day(6)), 0).unwrap());
        // A cache that was filled from elsewhere changes nothing.
        let other = tempfile::tempdir().unwrap();
        let cold = Market::open(other.path(), HOURLY).unwrap();
        assert_eq!(part, cold.closes(3, (day(5), day(6)), 0).unwrap());
    }

    #[test]
    fn prices_stay_near_their_level() {
        let folder = tempfile::tempdir().unwrap();
        let market = Market::open(folder.path(), MINUTE).unwrap();
        for close in market.closes(1, (day(1), day(2)), 0).unwrap() {
            assert!((8_000..12_000).contains(&close), "{close}");
        }
    }
}

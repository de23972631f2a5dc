//! Seeded prices: the trades of a day are simulated, ten a second, and summed up in bars.
//! Each day depends on its date alone, so every window sees the same prices.

use chrono::NaiveDate;

use crate::workload::gc_futures::bar::BARS_A_DAY;
use crate::workload::market::Bar;
use crate::workload::market::Random;
use crate::workload::market::bar::day_number;

const SEED: u64 = 0x6763_5f66_7574_7572;
const TRADES_A_BAR: usize = 3_000;
/// Around 2,650 USD.
const MEAN_STEPS: f64 = 26_500.0;
/// Over weeks the price wanders by some 150 USD about its mean.
const WANDER_STEPS: f64 = 1_500.0;
const DAYS_A_WAVE: i64 = 8;
/// Of one trade; a day of them comes to about 1 % of the price.
const TRADE_STEPS: f64 = 0.29;
/// How fast the price is drawn to the level of the day, per trade.
const PULL: f64 = 1e-5;

/// The bars of a day; the same for the same date, on every machine.
pub fn generate_bars(day: NaiveDate) -> Vec<Bar> {
    let _span = crate::span!("generate_bars");
    let number = day_number(day);
    let (first, last) = (level(number), level(number + 1));
    let mut random = Random::seeded(SEED ^ number.cast_unsigned());
    let mut price = first;
    (0..BARS_A_DAY)
        .map(|slot| {
            let passed = slot as f64 / BARS_A_DAY as f64;
            simulate_bar(&mut random, &mut price, first + (last - first) * passed)
        })
        .collect()
}

fn simulate_bar(random: &mut Random, price: &mut f64, level: f64) -> Bar {
    let _span = crate::span!("simulate_bar");
    let open = *price;
    let (mut high, mut low, mut volume) = (open, open, 0);
    for _ in 0..TRADES_A_BAR {
        *price += (level - *price) * PULL + random.bell() * TRADE_STEPS;
        high = high.max(*price);
        low = low.min(*price);
        volume += i64::from(random.bits() & 3 == 0);
    }
    let steps = |price: f64| price.round() as i64;
    Bar { open: steps(open), high: steps(high), low: steps(low), close: steps(*price), volume }
}

/// The price that a day begins near: straight lines between points drawn for every eighth day.
fn level(day: i64) -> f64 {
    let wave = day.div_euclid(DAYS_A_WAVE);
    let passed = day.rem_euclid(DAYS_A_WAVE) as f64 / DAYS_A_WAVE as f64;
    let (from, to) = (turning_point(wave), turning_point(wave + 1));
    MEAN_STEPS + WANDER_STEPS * (from + (to - from) * passed)
}

/// Between −1 and 1.
fn turning_point(wave: i64) -> f64 {
    Random::seeded(!SEED ^ wave.cast_unsigned()).even() * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, number).unwrap()
    }

    #[test]
    fn a_day_is_always_the_same_and_days_differ() {
        assert_eq!(generate_bars(day(3)), generate_bars(day(3)));
        assert_ne!(generate_bars(day(3)), generate_bars(day(4)));
    }

    #[test]
    fn bars_are_whole_and_near_the_price_of_gold() {
        let bars = generate_bars(day(9));
        assert_eq!(bars.len(), BARS_A_DAY);
        for bar in bars {
            assert!(bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close));
            assert!((20_000..33_000).contains(&bar.close), "{bar:?}");
            assert!(bar.volume > 0);
        }
    }
}

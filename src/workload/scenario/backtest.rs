//! A backtest of one rule on many assets: at every bar each asset's last closes are looked at, and
//! held is what the rule says. Whole numbers only.

use std::io::Write;
use std::path::Path;

use crate::error::Error;
use crate::error::Result;
use crate::workload::market::Frequency;
use crate::workload::market::Market;
use crate::workload::sample::SampleArgs;

/// Steps that a change of position costs.
const FEE_STEPS: i64 = 2;

/// How much of an asset to hold from its last closes, oldest first, the present one last; `None`
/// leaves what is held.
pub type Rule = fn(&[i64]) -> Option<i64>;

/// Which assets, and by which rule.
#[derive(Debug, Clone, Copy)]
pub struct Backtest {
    pub frequency: Frequency,
    pub assets: u32,
    /// Closes that the rule looks at.
    pub lookback: usize,
    pub rule: Rule,
}

/// What one asset brought so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    held: i64,
    last_close: i64,
    pub gained_steps: i64,
    pub trades: u64,
}

impl Position {
    /// Takes in the next close, and what is to be held from then on.
    pub fn step(&mut self, close: i64, wanted: Option<i64>) {
        self.gained_steps += self.held * (close - self.last_close);
        self.last_close = close;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != self.held) {
            self.gained_steps -= FEE_STEPS * (wanted - self.held).abs();
            self.held = wanted;
            self.trades += 1;
        }
    }
}

impl Backtest {
    /// Runs the window of `args` and writes what came out.
    ///
    /// # Errors
    /// When the cache cannot be used or `out` cannot be written.
    pub fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
        let _span = crate::span!("run_backtest");
        let market = Market::open(&args.cache_dir, self.frequency)?;
        let before = self.lookback - 1;
        let closes: Vec<Vec<i64>> = (0..self.assets)
            .map(|asset| market.closes(asset, (args.start, args.end), before))
            .collect::<Result<_>>()?;
        let bars = args.days().count() * self.frequency.bars_a_day;
        let mut positions = vec![Position::default(); closes.len()];
        for bar in 0..bars {
            self.on_bar(bar, &closes, &mut positions);
        }
        let trades: u64 = positions.iter().map(|position| position.trades).sum();
        let gained: i64 = positions.iter().map(|position| position.gained_steps).sum();
        say(
            out,
            &format!(
                "{bars} bars of {} assets, {trades} trades, {gained} steps gained",
                self.assets
            ),
        )
    }

    fn on_bar(&self, bar: usize, closes: &[Vec<i64>], positions: &mut [Position]) {
        let _span = crate::span!("on_bar");
        for (closes, position) in closes.iter().zip(positions) {
            let seen = &closes[bar..bar + self.lookback];
            position.step(seen[self.lookback - 1], (self.rule)(seen));
        }
    }
}

/// Writes one line of a result.
///
/// # Errors
/// When `out` cannot be written.
pub fn say(out: &mut dyn Write, line: &str) -> Result<()> {
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|source| Error::write(Path::new("standard output"), source))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bought at 10 for a fee of 2, sold and sold short at 13 for 4, and 11 at the end: 3 + 2 − 6.
    #[test]
    fn what_is_held_gains_what_the_price_moves_less_fees() {
        let mut position = Position::default();
        for (close, wanted) in [(10, Some(1)), (12, None), (13, Some(-1)), (11, Some(-1))] {
            position.step(close, wanted);
        }
        assert_eq!((position.gained_steps, position.trades), (-1, 2));
    }
}

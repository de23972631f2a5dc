//! What a strategy may know of the market: the present bar and those before it, never a later one.
//! Days are loaded when the clock of the backtest reaches them.

use std::collections::VecDeque;

use chrono::NaiveDate;

use crate::error::Result;
use crate::workload::gc_futures::bar::BARS_A_DAY;
use crate::workload::gc_futures::cache::DayCache;
use crate::workload::market::Bar;

/// The market at one moment of the backtest.
#[derive(Debug)]
pub struct DataPortal {
    cache: DayCache,
    today: Vec<Bar>,
    /// The last day's worth of closes up to the present bar, oldest first.
    closes: VecDeque<i64>,
}

impl DataPortal {
    pub fn new(cache: DayCache) -> Self {
        Self { cache, today: Vec::new(), closes: VecDeque::with_capacity(BARS_A_DAY) }
    }

    /// Makes `day` the present day.
    ///
    /// # Errors
    /// As [`DayCache::load_bars`].
    pub fn open_day(&mut self, day: NaiveDate) -> Result<()> {
        self.today = self.cache.load_bars(day)?;
        Ok(())
    }

    /// Makes the bar of `slot` the present one; `None` past the end of the day.
    pub fn advance(&mut self, slot: usize) -> Option<Bar> {
        let bar = *self.today.get(slot)?;
        if self.closes.len() == BARS_A_DAY {
            self.closes.pop_front();
        }
        self.closes.push_back(bar.close);
        Some(bar)
    }

    /// The last `length` closes up to the present bar, oldest first; fewer at the beginning, and
    /// never more than a day's.
    pub fn history_window(&self, length: usize) -> Vec<i64> {
        let _span = crate::span!("history_window");
        let skipped = self.closes.len().saturating_sub(length);
        self.closes.range(skipped..).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_ends_with_the_present_bar_and_crosses_midnight() {
        let folder = tempfile::tempdir().unwrap();
        let mut portal = DataPortal::new(DayCache::open(folder.path()).unwrap());
        let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
        let mut seen = Vec::new();
        for day in first.iter_days().take(2) {
            portal.open_day(day).unwrap();
            for slot in 0..BARS_A_DAY {
                seen.push(portal.advance(slot).unwrap().close);
                let expected = &seen[seen.len().saturating_sub(48)..];
                assert_eq!(portal.history_window(48), expected);
            }
            assert_eq!(portal.advance(BARS_A_DAY), None);
        }
        assert_eq!(portal.history_window(9_999).len(), BARS_A_DAY);
    }
}

//! The bars of a day: from the cache, or generated.

use std::path::Path;

use chrono::NaiveDate;

use crate::error::Result;
use crate::workload::gc_futures::bar::BARS_A_DAY;
use crate::workload::gc_futures::generator::generate_bars;
use crate::workload::market::Bar;
use crate::workload::market::BarCache;
use crate::workload::market::bar;

/// The days that are known.
#[derive(Debug)]
pub struct DayCache(BarCache);

impl DayCache {
    /// The cache below `cache_dir`, made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(cache_dir: &Path) -> Result<Self> {
        BarCache::open(cache_dir.join("gc_five_minutes")).map(Self)
    }

    /// The bars of a day, first to last.
    ///
    /// # Errors
    /// When a file is there and cannot be read, or a new one cannot be written.
    pub fn load_bars(&self, day: NaiveDate) -> Result<Vec<Bar>> {
        let _span = crate::span!("load_bars");
        self.0.load(&day.to_string(), bar::day_number(day), BARS_A_DAY, || generate_bars(day))
    }
}

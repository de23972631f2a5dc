//! The loop of the backtest: one iteration per bar, each doing what a strategy does.
//! What it finds is the same with and without the plot's bug, with a cold cache and a warm one.

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;

use crate::error::Error;
use crate::error::Result;
use crate::workload::gc_futures::bar::BARS_A_DAY;
use crate::workload::gc_futures::bar::CENTS_A_STEP;
use crate::workload::gc_futures::broker::Portfolio;
use crate::workload::gc_futures::cache::DayCache;
use crate::workload::gc_futures::plot::PricePlot;
use crate::workload::gc_futures::plot::PriceRow;
use crate::workload::gc_futures::portal::DataPortal;
use crate::workload::gc_futures::strategy::SLOW;
use crate::workload::gc_futures::strategy::Trend;
use crate::workload::gc_futures::strategy::moving_average_crossover;
use crate::workload::market::Bar;
use crate::workload::sample::SampleArgs;

const MINUTES_A_BAR: i64 = 5;

/// What came out of a backtest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub iterations: i64,
    pub value_cents: i64,
    pub trades: u64,
    /// Held at the end.
    pub contracts: i64,
    pub plotted_rows: usize,
    /// Lowest and highest close of the plot, in steps.
    pub plotted_range: Option<(i64, i64)>,
}

/// Runs the window of `args`; gives what came out and the plot as it was left.
///
/// # Errors
/// When the cache cannot be used or `out` cannot be written.
pub fn run_backtest(
    args: &SampleArgs,
    plot: PricePlot,
    out: &mut dyn Write,
) -> Result<(Outcome, PricePlot)> {
    let _span = crate::span!("run_backtest");
    let mut backtest = Backtest {
        portal: DataPortal::new(DayCache::open(&args.cache_dir)?),
        portfolio: Portfolio::funded(),
        plot,
        log: args.logging.then(|| BufWriter::new(out)),
        iterations: 0,
        last_close: 0,
    };
    for day in args.days() {
        backtest.portal.open_day(day)?;
        for slot in 0..BARS_A_DAY {
            backtest.on_trading_iteration(day, slot)?;
        }
    }
    backtest.end()
}

struct Backtest<'a> {
    portal: DataPortal,
    portfolio: Portfolio,
    plot: PricePlot,
    log: Option<BufWriter<&'a mut dyn Write>>,
    iterations: i64,
    last_close: i64,
}

impl Backtest<'_> {
    fn on_trading_iteration(&mut self, day: NaiveDate, slot: usize) -> Result<()> {
        let _span = crate::span!("on_trading_iteration");
        let Some(bar) = self.portal.advance(slot) else {
            return Ok(());
        };
        self.portfolio.fill_orders(&bar);
        let trend = moving_average_crossover(&self.portal.history_window(SLOW));
        if let Some(trend) = trend {
            self.portfolio.follow(trend, bar.close);
        }
        self.plot.update(PriceRow { minute: self.iterations * MINUTES_A_BAR, close: bar.close });
        self.iterations += 1;
        self.last_close = bar.close;
        self.write_log_line(day, slot, &bar, trend)
    }

    fn write_log_line(
        &mut self,
        day: NaiveDate,
        slot: usize,
        bar: &Bar,
        trend: Option<Trend>,
    ) -> Result<()> {
        let Some(log) = &mut self.log else {
            return Ok(());
        };
        let _span = crate::span!("write_log_line");
        let minute = slot as i64 * MINUTES_A_BAR;
        let (hour, minute) = (minute / 60, minute % 60);
        let price = Money(bar.close * CENTS_A_STEP);
        let value = Money(self.portfolio.value_cents(bar.close));
        let contracts = self.portfolio.contracts();
        let trend = match trend {
            Some(Trend::Up) => "up",
            Some(Trend::Down) => "down",
            None => "none",
        };
        writeln!(
            log,
            "{day} {hour:02}:{minute:02} price {price} trend {trend} contracts {contracts} value {value}"
        )
        .map_err(cannot_write)
    }

    fn end(mut self) -> Result<(Outcome, PricePlot)> {
        if let Some(log) = &mut self.log {
            log.flush().map_err(cannot_write)?;
        }
        let closes = || self.plot.rows().iter().map(|row| row.close);
        let outcome = Outcome {
            iterations: self.iterations,
            value_cents: self.portfolio.value_cents(self.last_close),
            trades: self.portfolio.trades(),
            contracts: self.portfolio.contracts(),
            plotted_rows: self.plot.rows().len(),
            plotted_range: closes().min().zip(closes().max()),
        };
        Ok((outcome, self.plot))
    }
}

impl Outcome {
    /// Writes the result for a person.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> Result<()> {
        self.write_lines(out).map_err(cannot_write)
    }

    fn write_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{} iterations, final portfolio value {} USD, {} trades, {} contracts held",
            self.iterations,
            Money(self.value_cents),
            self.trades,
            self.contracts
        )?;
        if let Some((low, high)) = self.plotted_range {
            writeln!(
                out,
                "price plot: {} rows from {} to {} USD",
                self.plotted_rows,
                Money(low * CENTS_A_STEP),
                Money(high * CENTS_A_STEP)
            )?;
        }
        out.flush()
    }
}

/// Cents, shown as dollars: `-1234.05`.
struct Money(i64);

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

fn cannot_write(source: io::Error) -> Error {
    Error::write(Path::new("standard output"), source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(days: u64, cache_dir: &Path) -> SampleArgs {
        SampleArgs {
            plot_price: true,
            logging: true,
            ..SampleArgs::of_size(days, cache_dir.into()).unwrap()
        }
    }

    fn run(args: &SampleArgs, plot: PricePlot) -> (Outcome, PricePlot, String) {
        let mut out = Vec::new();
        let (outcome, plot) = run_backtest(args, plot, &mut out).unwrap();
        (outcome, plot, String::from_utf8(out).unwrap())
    }

    #[test]
    fn with_the_bug_and_without_the_result_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let args = args(3, folder.path());
        let (buggy, buggy_plot, buggy_log) = run(&args, PricePlot::concatenated());
        let (mended, mended_plot, mended_log) = run(&args, PricePlot::growing());
        assert_eq!(buggy, mended);
        assert_eq!(buggy_log, mended_log);
        assert_eq!(buggy_plot.rows(), mended_plot.rows());
        assert_eq!(buggy_plot.rows_copied(), 864 * 865 / 2);
        assert!(buggy.trades > 5, "{buggy:?}");
    }

    #[test]
    fn a_cold_cache_and_a_warm_one_give_the_same() {
        let (cold, warm) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        run(&args(5, warm.path()), PricePlot::Off);
        let from_cold = run(&args(2, cold.path()), PricePlot::growing());
        let from_warm = run(&args(2, warm.path()), PricePlot::growing());
        assert_eq!(from_cold.0, from_warm.0);
        assert_eq!(from_cold.2, from_warm.2);
    }

    #[test]
    fn every_iteration_writes_one_line_and_the_result_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        let (outcome, _, log) = run(&args(1, folder.path()), PricePlot::Off);
        assert_eq!(log.lines().count(), 288);
        assert!(log.starts_with("2025-01-01 00:00 price 2"), "{log:.80}");
        let mut out = Vec::new();
        outcome.write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("288 iterations, final portfolio value "));
        assert!(!text.contains("plot"), "{text}");
    }

    #[test]
    fn money_is_shown_in_dollars() {
        for (cents, shown) in [(0, "0.00"), (5, "0.05"), (-123_405, "-1234.05")] {
            assert_eq!(Money(cents).to_string(), shown);
        }
    }
}

//! What every embedded sample program can do: say what it is, how it should grow, and run.
//! It does not judge; the growth it declares is what tests hold it to.

use std::io::Write;
use std::path::PathBuf;

use chrono::Days;
use chrono::NaiveDate;

use crate::error::Error;
use crate::error::Result;
use crate::measure::spans::session::Session;
use crate::system::env;

/// A program carried in the binary, whose functions are measured by spans.
pub trait Sample: Sync {
    /// The name in plans.
    fn name(&self) -> &'static str;

    /// One line for `--help`.
    fn about(&self) -> &'static str;

    /// The sizes that it is run at.
    fn sizes(&self) -> Sizes;

    /// How the functions worth naming grow with the size.
    fn expected(&self) -> &'static [Expected];

    /// Runs the whole program; what it has to say goes to `out`, its result last.
    ///
    /// # Errors
    /// When the cache or `out` cannot be written or read.
    fn run(&self, args: &SampleArgs, out: &mut dyn Write) -> Result<()>;
}

/// Sizes of a sample, and what they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    pub unit: &'static str,
    /// From the smallest to the largest.
    pub usual: &'static [u64],
    /// At which its declared growth shows in a moment, from the smallest to the largest.
    pub tiny: [u64; 3],
}

/// How a function of a sample grows by design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    pub function: &'static str,
    pub quantity: Quantity,
    pub growth: Growth,
}

/// What of a function grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    Calls,
    SelfTime,
}

/// Growth with the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Growth {
    Constant,
    Linear,
    NLogN,
    Quadratic,
}

impl Expected {
    /// Of the number of calls.
    pub const fn calls(function: &'static str, growth: Growth) -> Self {
        Self { function, quantity: Quantity::Calls, growth }
    }
}

impl Growth {
    /// The class as it is written everywhere.
    pub fn class(self) -> &'static str {
        match self {
            Self::Constant => "1",
            Self::Linear => "n",
            Self::NLogN => "n log n",
            Self::Quadratic => "n^2",
        }
    }

    /// By how much it multiplies from one size to a larger one.
    ///
    /// Example: n log n from 3 to 9: 9 · 2 / 3 = 6.
    pub fn ratio(self, from: f64, to: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Linear => to / from,
            Self::NLogN => to * to.ln() / (from * from.ln()),
            Self::Quadratic => (to / from).powi(2),
        }
    }
}

/// What a sample is run with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleArgs {
    pub start: NaiveDate,
    /// The last day, included; never before `start`.
    pub end: NaiveDate,
    /// Where the sample keeps its data between runs.
    pub cache_dir: PathBuf,
    /// Whether prices are collected for a plot, which is where the original's bug lies.
    pub plot_price: bool,
    /// Whether every iteration writes a line.
    pub logging: bool,
}

impl SampleArgs {
    /// A window of days, with plot and log as `PLOT_PRICE=true` and `LOGGING=enabled` in the
    /// environment say.
    ///
    /// # Errors
    /// When `end` is before `start`.
    pub fn of_window(start: NaiveDate, end: NaiveDate, cache_dir: PathBuf) -> Result<Self> {
        if end < start {
            return Err(Error::usage(
                format!("the window ends on {end}, before it starts on {start}"),
                "swap the two dates",
            ));
        }
        Ok(Self {
            start,
            end,
            cache_dir,
            plot_price: env::var("PLOT_PRICE").is_some_and(|value| value == "true"),
            logging: env::var("LOGGING").is_some_and(|value| value == "enabled"),
        })
    }

    /// The window of `size` days from 2025-01-01 on, for a run that gives a size and no dates.
    ///
    /// # Errors
    /// When `size` is 0 or goes past the end of the calendar.
    pub fn of_size(size: u64, cache_dir: PathBuf) -> Result<Self> {
        let start = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default();
        let end = size
            .checked_sub(1)
            .and_then(|days| start.checked_add_days(Days::new(days)))
            .ok_or_else(|| {
                Error::usage(
                    format!("a window of {size} days has no last day"),
                    "give a size from 1 to some 90,000,000 days",
                )
            })?;
        Self::of_window(start, end, cache_dir)
    }

    /// The number of days, which is the size where that counts something else.
    pub fn size(&self) -> u64 {
        (self.end - self.start).num_days().unsigned_abs() + 1
    }

    /// A window of so many days that begins where this one does.
    pub fn first_days(&self, days: u64) -> (NaiveDate, NaiveDate) {
        let more = Days::new(days.saturating_sub(1));
        (self.start, self.start.checked_add_days(more).unwrap_or(self.end))
    }

    /// The days of the window, in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let end = self.end;
        self.start.iter_days().take_while(move |day| *day <= end)
    }
}

/// Runs `sample` and records its functions when the environment variable `SUPERLINEAR_PROFILE`
/// names a file; SIGTERM and SIGINT end it with the profile saved.
///
/// # Errors
/// As [`Sample::run`], or when the profile cannot be written.
pub fn measured(sample: &dyn Sample, args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
    let session = Session::from_env().saved_on_termination()?;
    sample.run(args, out)?;
    session.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(args: &SampleArgs) -> usize {
        args.days().count()
    }

    #[test]
    fn a_window_includes_both_its_days() {
        let date = |day| NaiveDate::from_ymd_opt(2025, 2, day).unwrap();
        let args = SampleArgs::of_window(date(1), date(28), "cache".into()).unwrap();
        assert_eq!(days(&args), 28);
        let args = SampleArgs::of_window(date(3), date(3), "cache".into()).unwrap();
        assert_eq!(days(&args), 1);
        let error = SampleArgs::of_window(date(4), date(3), "cache".into()).unwrap_err();
        assert_eq!(error.hint().unwrap(), "swap the two dates");
    }

    #[test]
    fn a_size_is_a_number_of_days() {
        let args = SampleArgs::of_size(304, "cache".into()).unwrap();
        assert_eq!((days(&args), args.size()), (304, 304));
        assert_eq!(args.first_days(7).1.to_string(), "2025-01-07");
        assert_eq!(args.end.to_string(), "2025-10-31");
        for impossible in [0, u64::MAX] {
            assert!(SampleArgs::of_size(impossible, "cache".into()).is_err());
        }
    }
}

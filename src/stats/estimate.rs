//! The words of an answer: what is said of how one series grows.
//! How the answer is found is the fit's business.

use std::fmt;

use crate::stats::class::Class;
use crate::stats::outlook::Outlook;
use crate::stats::series::Unused;

/// How one series grows, how sure that is, and what was set aside to say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Posterior median of the effective exponent of the growing term at the largest size;
    /// the log ratio with fewer than three distinct sizes.
    pub exponent: f64,
    /// Ends of its 95 % interval.
    pub low: f64,
    pub high: f64,
    /// The most probable of the named classes.
    pub class: Class,
    /// The smallest set of named classes with 90 % of their probability, most probable first.
    pub class_set: Vec<Class>,
    /// Probability of each named class among them, most probable first.
    pub classes: Vec<(Class, f64)>,
    /// Probability that growth is meaningfully above `n log n`.
    pub p_superlinear: f64,
    pub verdict: Verdict,
    /// Part of the value at the smallest size that does not grow, 0 to 1 (posterior median).
    pub fixed_share: f64,
    /// Relative standard deviation of the values about the curve.
    pub noise: f64,
    /// Exponent between the smallest and the largest size, by the mean logarithms of their values.
    pub log_ratio: f64,
    /// Distinct sizes with a value above zero.
    pub sizes: usize,
    /// Runs, by position, whose values were left out as slow.
    pub dropped: Vec<usize>,
    pub unused: Vec<Unused>,
    /// Whether each size was taken as one value, since its repetitions do not explain how far it
    /// lies from every curve; more of them would tell nothing.
    pub by_size: bool,
    /// Set when no shape fits what the repetitions show.
    pub misfit: Option<Misfit>,
    pub warnings: Vec<Warning>,
    /// What the fitted curves say of other sizes.
    pub outlook: Outlook,
}

/// The answer to "does it grow faster than it should".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    NotSuperlinear,
    CannotTell,
    Superlinear,
}

/// No single law: the values depart from every shape by more than their repetitions do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Misfit {
    /// Exponent between the two largest sizes.
    pub local_slope: f64,
    /// Probability of so large a departure by chance.
    pub chance: f64,
}

/// A reason to take an estimate with care.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Warning {
    /// Fewer than four distinct sizes.
    FewSizes(usize),
    /// The largest size is less than eight times the smallest.
    NarrowSpan(f64),
}

/// Why a series has no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// The number of values is not the number of runs of the design.
    WrongLength { runs: usize, values: usize },
    /// No value is above zero.
    NothingMeasured,
    /// All values above zero are of one size.
    OneSize,
}

impl Verdict {
    pub(super) const SURE: f64 = 0.9;
    const SURE_NOT: f64 = 0.1;

    /// The verdict for a probability of superlinear growth.
    pub fn of(p_superlinear: f64) -> Verdict {
        match p_superlinear {
            p if p >= Verdict::SURE => Verdict::Superlinear,
            p if p <= Verdict::SURE_NOT => Verdict::NotSuperlinear,
            _ => Verdict::CannotTell,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Verdict::NotSuperlinear => "not superlinear",
            Verdict::CannotTell => "cannot tell",
            Verdict::Superlinear => "superlinear",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::FewSizes(sizes) => {
                write!(f, "only {sizes} distinct sizes; four or more tell classes apart")
            }
            Warning::NarrowSpan(span) => write!(
                f,
                "the largest size is only {span:.1} times the smallest; eight or more tell classes apart"
            ),
        }
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Skipped::WrongLength { runs, values } => {
                write!(f, "there are {values} values for {runs} runs")
            }
            Skipped::NothingMeasured => write!(f, "no value is above zero"),
            Skipped::OneSize => write!(f, "all values above zero are of one size"),
        }
    }
}

impl std::error::Error for Skipped {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_need_nine_tenths() {
        let check =
            |p: f64, expected: &str| assert_eq!(Verdict::of(p).to_string(), expected, "{p}");
        check(1.0, "superlinear");
        check(0.9, "superlinear");
        check(0.899, "cannot tell");
        check(0.101, "cannot tell");
        check(0.1, "not superlinear");
        check(0.0, "not superlinear");
        check(f64::NAN, "cannot tell");
    }
}

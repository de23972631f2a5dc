//! A foretold cost with its interval, and how such are added.

use crate::analysis::document::Foretold;
use crate::stats::Range;

/// A cost at one size, with the ends of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Amount {
    pub low: f64,
    pub value: f64,
    pub high: f64,
    /// What it would be less if all that grows too fast in it grew linearly.
    pub saved: f64,
}

impl Amount {
    /// Without anything that could be saved.
    pub fn of(range: Range) -> Self {
        let Range { low, middle: value, high } = range;
        Self { low, value, high, saved: 0.0 }
    }

    /// One that is known exactly.
    pub fn fixed(value: f64) -> Self {
        Self { low: value, value, high: value, saved: 0.0 }
    }

    /// The sum of two costs, as wide as if both erred to the same side: what makes one function
    /// slow, such as the machine, makes the others slow as well.
    ///
    /// Example: 2 (1 to 4) and 10 (9 to 12) are 12 (10 to 16).
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, |one, other| one + other)
    }

    /// `part` of it, 0 to 1.
    #[must_use]
    pub fn times(self, part: f64) -> Self {
        Self {
            low: part * self.low,
            value: part * self.value,
            high: part * self.high,
            saved: part * self.saved,
        }
    }

    #[must_use]
    pub fn at_least(self, other: Self) -> Self {
        self.with(other, f64::max)
    }

    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        self.with(other, f64::min)
    }

    /// In the words of the document; `None` where that is beyond all numbers.
    pub fn foretold(self) -> Option<Foretold> {
        Foretold::of(Range { low: self.low, middle: self.value, high: self.high })
    }

    /// What could be saved, where that is anything.
    pub fn saving(self) -> Option<f64> {
        Some(self.saved).filter(|saved| saved.is_finite() && *saved > 0.0)
    }

    fn with(self, other: Self, each: fn(f64, f64) -> f64) -> Self {
        Self {
            low: each(self.low, other.low),
            value: each(self.value, other.value),
            high: each(self.high, other.high),
            saved: each(self.saved, other.saved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_as_wide_as_their_parts() {
        let one = Amount { low: 1.0, value: 2.0, high: 4.0, saved: 1.0 };
        let other = Amount { low: 9.0, value: 10.0, high: 12.0, saved: 0.0 };
        let both = Amount { low: 10.0, value: 12.0, high: 16.0, saved: 1.0 };
        assert_eq!(one.plus(other), both);
        assert_eq!(both.times(0.5), Amount { low: 5.0, value: 6.0, high: 8.0, saved: 0.5 });
        assert_eq!(one.at_most(other), Amount { saved: 0.0, ..one });
        assert_eq!(one.at_least(other), Amount { saved: 1.0, ..other });
        assert_eq!(Amount::fixed(f64::INFINITY).foretold(), None);
    }
}

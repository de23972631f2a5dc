//! The growth classes that people name, and how each grows with the size.
//! Which of them a measured series belongs to is decided elsewhere.

use std::fmt;

/// A named growth class, from slow to fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Constant,
    LogN,
    SqrtN,
    N,
    NLogN,
    NSqrtN,
    N2,
    N2LogN,
    N3,
}

impl Class {
    pub const ALL: [Class; 9] = [
        Class::Constant,
        Class::LogN,
        Class::SqrtN,
        Class::N,
        Class::NLogN,
        Class::NSqrtN,
        Class::N2,
        Class::N2LogN,
        Class::N3,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Class::Constant => "1",
            Class::LogN => "log n",
            Class::SqrtN => "n^0.5",
            Class::N => "n",
            Class::NLogN => "n log n",
            Class::NSqrtN => "n^1.5",
            Class::N2 => "n^2",
            Class::N2LogN => "n^2 log n",
            Class::N3 => "n^3",
        }
    }

    pub fn by_name(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Whether the class grows meaningfully faster than `n log n`.
    pub fn is_superlinear(self) -> bool {
        self > Class::NLogN
    }

    pub fn grows(self) -> bool {
        self != Class::Constant
    }

    pub fn has_logarithm(self) -> bool {
        matches!(self, Class::LogN | Class::NLogN | Class::N2LogN)
    }

    /// Local slope on log-log axes at a size with logarithm `ln_size`: `a + b / ln n` for
    /// `n^a · logᵇ n`.
    ///
    /// Example: `n log n` at 304: 1 + 1/5.717 = 1.175.
    pub fn exponent_at(self, ln_size: f64) -> f64 {
        match self.has_logarithm() {
            true => self.power() + 1.0 / ln_size,
            false => self.power(),
        }
    }

    /// Logarithm of the growth between two sizes, given by their logarithms.
    /// With a logarithm in the class both sizes lie above 1.
    pub fn ln_growth(self, ln_from: f64, ln_to: f64) -> f64 {
        let growth = self.power() * (ln_to - ln_from);
        match self.has_logarithm() {
            true => growth + (ln_to / ln_from).ln(),
            false => growth,
        }
    }

    fn power(self) -> f64 {
        match self {
            Class::Constant | Class::LogN => 0.0,
            Class::SqrtN => 0.5,
            Class::N | Class::NLogN => 1.0,
            Class::NSqrtN => 1.5,
            Class::N2 | Class::N2LogN => 2.0,
            Class::N3 => 3.0,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: Class, size: f64, exponent: f64, growth_from_two: f64) {
        let ln_size = size.ln();
        assert!(
            (class.exponent_at(ln_size) - exponent).abs() < 5e-4,
            "{class}"
        );
        let growth = class.ln_growth(2f64.ln(), ln_size).exp();
        assert!((growth - growth_from_two).abs() < 1e-9, "{class}: {growth}");
    }

    #[test]
    fn grows_as_its_name_says() {
        check(Class::Constant, 8.0, 0.0, 1.0);
        check(Class::LogN, 8.0, 0.4809, 3.0);
        check(Class::SqrtN, 8.0, 0.5, 2.0);
        check(Class::N, 8.0, 1.0, 4.0);
        check(Class::NLogN, 8.0, 1.4809, 12.0);
        check(Class::NSqrtN, 8.0, 1.5, 8.0);
        check(Class::N2, 8.0, 2.0, 16.0);
        check(Class::N2LogN, 8.0, 2.4809, 48.0);
        check(Class::N3, 8.0, 3.0, 64.0);
    }

    #[test]
    fn every_name_leads_back_to_its_class() {
        for class in Class::ALL {
            assert_eq!(Class::by_name(class.name()), Some(class));
        }
        assert_eq!(Class::by_name("n!"), None);
    }

    #[test]
    fn superlinear_begins_above_n_log_n() {
        let first = Class::ALL.into_iter().find(|class| class.is_superlinear());
        assert_eq!(first, Some(Class::NSqrtN));
    }
}

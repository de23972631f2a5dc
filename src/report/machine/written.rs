//! How numbers and names are written for machines: numbers without more digits than they have,
//! names on one line, without what hides or turns text around, and never empty.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::report::name;

/// Columns of a name beyond which its middle is left out.
const LONGEST_NAME: usize = 500;

/// `value` to nine significant digits, in the shortest form that gives it back; `None` when it is
/// not finite.
///
/// Example: 1.9749999999999999 is `1.975`.
pub fn number(value: f64) -> Option<f64> {
    format!("{value:.8e}").parse().ok().filter(|value: &f64| value.is_finite())
}

/// The same as text, without an exponent of ten where it is of a usual size.
pub fn digits(value: f64) -> Option<String> {
    let value = number(value)?;
    let is_usual = value == 0.0 || (1e-6..1e15).contains(&value.abs());
    Some(if is_usual { value.to_string() } else { format!("{value:e}") })
}

/// A percentage as a part of one: 83.9 is 0.839.
pub fn ratio(percent: Decimal) -> Option<f64> {
    percent.checked_div(Decimal::ONE_HUNDRED)?.to_f64()
}

/// A name of a stranger, fit for one line; `(no name)` where nothing is left of it.
pub fn named(text: &str) -> String {
    let shown = line(text);
    if shown.is_empty() { "(no name)".into() } else { shown }
}

/// Text of a stranger on one line; empty where nothing is left of it.
pub fn line(text: &str) -> String {
    name::shorten(text, LONGEST_NAME).trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_more_digits_than_they_need() {
        let check = |value: f64, expected: Option<&str>| {
            assert_eq!(digits(value).as_deref(), expected, "{value}");
        };
        check(1.974_999_999_999_999_9, Some("1.975"));
        check(0.0, Some("0"));
        check(87_552.0, Some("87552"));
        check(0.000_012, Some("0.000012"));
        check(1e-9, Some("1e-9"));
        check(-1.0 / 3.0, Some("-0.333333333"));
        check(f64::NAN, None);
        check(f64::INFINITY, None);
    }

    #[test]
    fn names_stay_on_one_line_and_are_never_empty() {
        assert_eq!(named("a\nb\0\u{202e}c"), "a bc");
        assert_eq!(named("\u{202e}"), "(no name)");
        assert!(named(&"x".repeat(1 << 20)).len() < 600);
        assert_eq!(line(" \0"), "");
    }

    #[test]
    fn a_percentage_is_a_part_of_one() {
        assert_eq!(ratio(Decimal::new(839, 1)), Some(0.839));
        assert!(ratio(Decimal::MAX).is_some());
    }
}

//! Numbers as a document writes them: twelve significant digits, which no measurement exceeds and
//! every reader gives back exactly.

use serde::Serialize;
use serde::Serializer;

/// A number rounded to twelve significant digits; what is not finite is written as nothing.
pub fn one<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    rounded(*value).serialize(serializer)
}

/// The same, where there may be none.
pub fn option<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    value.and_then(rounded).serialize(serializer)
}

/// The same for each of a list.
pub fn options<S: Serializer>(values: &[Option<f64>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(|value| value.and_then(rounded)))
}

/// The same for each of a list without gaps.
pub fn list<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(|value| rounded(*value)))
}

/// `value` to twelve significant digits; `None` when it is not finite.
///
/// Example: 1.9749999999999999 is 1.975.
fn rounded(value: f64) -> Option<f64> {
    format!("{value:.11e}").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_are_kept() {
        let check = |value: f64, expected: Option<f64>| assert_eq!(rounded(value), expected);
        check(1.974_999_999_999_999_9, Some(1.975));
        check(0.0, Some(0.0));
        check(-1.0 / 3.0, Some(-0.333_333_333_333));
        check(1e300, Some(1e300));
        check(4_994_902.0, Some(4_994_902.0));
        check(f64::NAN, None);
        check(f64::INFINITY, None);
    }
}

//! Quantities with their unit in the type, and how each is shown to a person.
//! No arithmetic beyond what the project needs; a bare number elsewhere is a ratio or a count.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// A duration in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

/// An amount of memory or storage in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bytes(pub u64);

impl fmt::Display for Seconds {
    /// Three significant digits with the unit that suits: `850 µs`, `1.25 s`, `4 min 10 s`,
    /// `9 h 12 min`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0;
        match seconds.abs() {
            0.0 => write!(f, "0 s"),
            a if a < 0.999_5e-6 => write!(f, "{} ns", three_digits(seconds * 1e9)),
            a if a < 0.999_5e-3 => write!(f, "{} µs", three_digits(seconds * 1e6)),
            a if a < 0.999_5 => write!(f, "{} ms", three_digits(seconds * 1e3)),
            a if a < 119.5 => write!(f, "{} s", three_digits(seconds)),
            a if a < 7_170.0 => write_pair(f, seconds, 60.0, "min", "s"),
            a if a < 172_000.0 => write_pair(f, seconds / 60.0, 60.0, "h", "min"),
            a if a.is_finite() => write_pair(f, seconds / 3_600.0, 24.0, "d", "h"),
            _ => write!(f, "{seconds} s"),
        }
    }
}

impl fmt::Display for Bytes {
    /// Binary multiples: `512 B`, `1.50 KiB`, `23.4 MiB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1024 {
            return write!(f, "{} B", self.0);
        }
        let mut amount = self.0 as f64;
        let mut unit = "B";
        for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
            if amount < 1024.0 {
                break;
            }
            amount /= 1024.0;
            unit = next;
        }
        write!(f, "{} {unit}", three_digits(amount))
    }
}

/// A value with three significant digits, without an exponent: `0.123`, `1.23`, `12.3`, `123`,
/// `1234`.
pub fn three_digits(value: f64) -> String {
    let magnitude = value.abs();
    let decimals = match magnitude {
        m if m >= 99.95 => 0,
        m if m >= 9.995 => 1,
        m if m >= 0.9995 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// A count with thin groups of three: `4,994,902`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn write_pair(
    f: &mut fmt::Formatter<'_>,
    small: f64,
    ratio: f64,
    large_unit: &str,
    small_unit: &str,
) -> fmt::Result {
    let whole = small.round();
    let large = (whole / ratio).trunc();
    let rest = (whole - large * ratio).abs();
    if rest == 0.0 {
        write!(f, "{large} {large_unit}")
    } else {
        write!(f, "{large} {large_unit} {rest} {small_unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_seconds(seconds: f64, expected: &str) {
        assert_eq!(Seconds(seconds).to_string(), expected);
    }

    #[test]
    fn shows_seconds_in_the_unit_that_suits() {
        check_seconds(0.0, "0 s");
        check_seconds(3.2e-8, "32.0 ns");
        check_seconds(8.5e-4, "850 µs");
        check_seconds(0.9997, "1.00 s");
        check_seconds(1.25, "1.25 s");
        check_seconds(119.4, "119 s");
        check_seconds(250.0, "4 min 10 s");
        check_seconds(3_600.0, "60 min");
        check_seconds(33_120.0, "9 h 12 min");
        check_seconds(259_200.0, "3 d");
        check_seconds(-2.0, "-2.00 s");
        check_seconds(f64::NAN, "NaN s");
    }

    #[test]
    fn shows_bytes_in_binary_multiples() {
        assert_eq!(Bytes(512).to_string(), "512 B");
        assert_eq!(Bytes(1536).to_string(), "1.50 KiB");
        assert_eq!(Bytes(u64::MAX).to_string(), "16.0 EiB");
    }

    #[test]
    fn groups_digits_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(4_994_902), "4,994,902");
    }
}

//! Text with numbers in it, equal when the words are the same and the numbers close.

/// Whether two numbers are equal within `tolerance`, absolutely or relative to the larger one.
///
/// Example: 1e12 and 1e12 + 10 differ relatively by 1e-11, so they are equal within 1e-10.
pub fn close(first: f64, second: f64, tolerance: f64) -> bool {
    let largest = first.abs().max(second.abs()).max(1.0);
    first == second || (first - second).abs() <= tolerance * largest
}

/// Whether two texts are equal but for numbers that are close.
pub fn same_text(first: &str, second: &str, tolerance: f64) -> bool {
    if first == second {
        return true;
    }
    let (mut first, mut second) = (Tokens(first), Tokens(second));
    loop {
        let same = match (first.next(), second.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b => true,
            (Some(a), Some(b)) => match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(a), Ok(b)) if a.is_finite() && b.is_finite() => close(a, b, tolerance),
                _ => false,
            },
            _ => false,
        };
        if !same {
            return false;
        }
    }
}

/// Numbers and what stands between them, in turn.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let length = match number_length(self.0) {
            0 => self.words_length(),
            length => length,
        };
        let (token, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

impl Tokens<'_> {
    /// Bytes up to the next number; a letter with digits behind it is a name and no number.
    fn words_length(&self) -> usize {
        let mut in_name = false;
        for (place, letter) in self.0.char_indices() {
            if place > 0 && !in_name && number_length(&self.0[place..]) > 0 {
                return place;
            }
            in_name = letter.is_alphanumeric() || letter == '_';
        }
        self.0.len()
    }
}

/// Bytes of the number at the beginning of `text`; 0 when there is none.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(at);
    at += whole;
    let fraction = if bytes.get(at) == Some(&b'.') { digits(at + 1) } else { 0 };
    if whole == 0 && fraction == 0 {
        return 0;
    }
    if fraction > 0 {
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: &str, second: &str, same: bool) {
        assert_eq!(same_text(first, second, 1e-10), same, "{first:?} {second:?}");
    }

    #[test]
    fn numbers_may_differ_by_the_tolerance_and_words_not_at_all() {
        check("pnl 1.0", "pnl 1.00000000001", true);
        check("pnl 1.0", "pnl 1.000001", false);
        check("pnl=1.5e3;n=2", "pnl=1500.0;n=2.0", true);
        check("pnl 1.0", "PNL 1.0", false);
        check("a 1", "a 1 ", false);
        check("a 1 2", "a 1", false);
        check("x1 = 3", "x2 = 3", false);
        check("2025-01-20", "2025-01-21", false);
        check("-1", "1", false);
        check("nan", "nan", true);
        check("1e400", "1e401", false);
        check("é 0.1", "é 0.10", true);
        check("", "", true);
        check("1.", "1", false);
    }

    #[test]
    fn closeness_is_relative_for_large_numbers() {
        assert!(close(1e12, 1e12 + 10.0, 1e-10));
        assert!(!close(1e12, 1e12 + 1000.0, 1e-10));
        assert!(close(0.0, 1e-11, 1e-10));
        assert!(!close(1.0, 1.1, 0.0));
    }
}

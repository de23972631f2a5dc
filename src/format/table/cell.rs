//! Numbers from the bytes of a cell. Strict: what is not wholly a number is none.

/// A number of calls: `12`, or `12/3` for a recursive function, all calls and the outermost ones.
/// `None` when it is neither, or the second is larger than the first.
pub fn calls(cell: &[u8]) -> Option<(u64, Option<u64>)> {
    if let Some(total) = count(cell) {
        return Some((total, None));
    }
    let slash = cell.iter().position(|&byte| byte == b'/')?;
    let (total, actual) = (count(&cell[..slash])?, count(&cell[slash + 1..])?);
    (actual <= total).then_some((total, Some(actual)))
}

/// A whole number of at least 0, in decimal digits alone. `None` beyond 2⁶⁴ − 1.
pub fn count(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() {
        return None;
    }
    cell.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// A finite decimal number, correctly rounded: `1`, `-0.5`, `.5`, `1e-7`, `2.5E+3`.
/// `None` for anything else, `nan` and `inf` included.
pub fn decimal(cell: &[u8]) -> Option<f64> {
    short_decimal(cell).or_else(|| long_decimal(cell))
}

/// The usual case, exact in one division: digits that fit into 53 bits, and powers of ten up to
/// 10²², are floats without rounding, so their quotient is rounded once.
///
/// Source: W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990, the fast case.
/// Example: `12.5` is 125 / 10.
fn short_decimal(cell: &[u8]) -> Option<f64> {
    const POWERS: [f64; 18] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17,
    ];
    if cell.len() > POWERS.len() {
        return None;
    }
    let (mut digits, mut point) = (0_u64, None);
    for (at, &byte) in cell.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            digits = digits * 10 + u64::from(digit);
        } else if byte == b'.' && point.is_none() {
            point = Some(at);
        } else {
            return None;
        }
    }
    let places = point.map_or(0, |point| cell.len() - 1 - point);
    let any = cell.len() > usize::from(point.is_some());
    (any && digits <= 1 << 53).then(|| digits as f64 / POWERS[places])
}

fn long_decimal(cell: &[u8]) -> Option<f64> {
    let plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    if !cell.iter().all(plain) {
        return None;
    }
    let number: f64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check_calls(cell: &str, expected: Option<(u64, Option<u64>)>) {
        assert_eq!(calls(cell.as_bytes()), expected, "{cell}");
    }

    #[test]
    fn calls_are_counts_with_or_without_the_outermost_ones() {
        check_calls("12", Some((12, None)));
        check_calls("007", Some((7, None)));
        check_calls("12/3", Some((12, Some(3))));
        check_calls("18446744073709551615", Some((u64::MAX, None)));
        for cell in [
            "",
            "/",
            "1/",
            "/1",
            "1/2/3",
            "3/12",
            "-1",
            "+1",
            "1.0",
            "1e3",
            " 1",
            "1 ",
            "nan",
            "1_000",
            "18446744073709551616",
            "٣",
        ] {
            check_calls(cell, None);
        }
    }

    fn check_decimal(cell: &str, expected: Option<f64>) {
        let bits = |number: Option<f64>| number.map(f64::to_bits);
        assert_eq!(bits(decimal(cell.as_bytes())), bits(expected), "{cell}");
    }

    #[test]
    fn decimals_come_in_every_usual_form() {
        check_decimal("0", Some(0.0));
        check_decimal("12.5", Some(12.5));
        check_decimal("1.", Some(1.0));
        check_decimal(".5", Some(0.5));
        check_decimal("-0.25", Some(-0.25));
        check_decimal("+3", Some(3.0));
        check_decimal("1e-7", Some(1e-7));
        check_decimal("2.5E+3", Some(2500.0));
        check_decimal("0.10000000000000000555", Some(0.1));
        check_decimal("123456789012345678901234567890", Some(1.2345678901234568e29));
        for cell in ["", ".", "-", "e5", "1e", "nan", "inf", "-inf", "1e999", "0x1", "1,5", " 1"] {
            check_decimal(cell, None);
        }
    }

    proptest! {
        #[test]
        fn every_number_comes_back_to_the_last_bit(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            for text in [format!("{number:?}"), format!("{number}"), format!("{number:e}")] {
                prop_assert_eq!(decimal(text.as_bytes()).map(f64::to_bits), Some(bits));
            }
        }

        #[test]
        fn short_numbers_are_rounded_as_the_standard_library_does(whole in 0..10_u64.pow(10), places in "[0-9]{1,9}") {
            let text = format!("{whole}.{places}");
            prop_assert_eq!(decimal(text.as_bytes()), text.parse().ok());
        }
    }
}

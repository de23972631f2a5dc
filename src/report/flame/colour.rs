//! The colour of a frame: by its function's share of the time, or by how it grows.

use crate::analysis::document::Verdict;
use crate::analysis::flame::FlameFunction;
use rust_decimal::Decimal;

/// Red, green, blue.
pub type Colour = [u8; 3];

/// Shares of the busy cost in per cent, from which a function has a colour; the last is for the
/// rest.
pub const SHARES: [(Decimal, Colour); 4] = [
    (Decimal::TEN, [0xe9, 0x6a, 0x5a]),
    (Decimal::from_parts(5, 0, 0, false, 0), [0xf4, 0xa2, 0x4c]),
    (Decimal::ONE, [0xf2, 0xd4, 0x5f]),
    (Decimal::ZERO, [0x9c, 0xc3, 0xe8]),
];

/// Exponents and their colours: blue is constant, grey linear, red quadratic and worse. Between two
/// of them the colour is mixed.
pub const EXPONENTS: [(f64, Colour); 5] = [
    (0.0, [0x5b, 0x9b, 0xdd]),
    (0.7, [0xa3, 0xc1, 0xdf]),
    (1.0, [0xcc, 0xcf, 0xd3]),
    (1.4, [0xee, 0xb5, 0xa4]),
    (2.0, [0xe5, 0x57, 0x46]),
];

/// What cannot be told.
pub const PALE: Colour = [0xee, 0xef, 0xf1];

/// By the share of the function's own cost.
pub fn by_share(function: &FlameFunction) -> Colour {
    let share = function.share_percent.unwrap_or_default();
    let found = SHARES.iter().find(|(least, _)| share >= *least);
    found.or(SHARES.last()).map_or(PALE, |(_, colour)| *colour)
}

/// By the exponent of the function's cost with all it calls, as its width is.
pub fn by_exponent(function: &FlameFunction) -> Colour {
    match function.exponent.filter(|exponent| exponent.is_finite()) {
        Some(exponent) if function.verdict != Verdict::CannotTell => of_exponent(exponent),
        _ => PALE,
    }
}

/// Example: 1.7 lies halfway between the colours of 1.4 and of 2.
fn of_exponent(exponent: f64) -> Colour {
    let Some(above) = EXPONENTS.iter().position(|(end, _)| exponent < *end) else {
        return EXPONENTS[EXPONENTS.len() - 1].1;
    };
    let Some(below) = above.checked_sub(1) else { return EXPONENTS[0].1 };
    let ((low, from), (high, to)) = (EXPONENTS[below], EXPONENTS[above]);
    let part = (exponent - low) / (high - low);
    let mix = |index: usize| {
        let [from, to] = [from, to].map(|colour| f64::from(colour[index]));
        (from + part * (to - from)).round() as u8
    };
    [mix(0), mix(1), mix(2)]
}

#[cfg(test)]
mod tests {
    use crate::profile::FunctionKey;

    use super::*;

    fn function(share: i64, exponent: Option<f64>, verdict: Verdict) -> FlameFunction {
        FlameFunction {
            key: FunctionKey::default(),
            share_percent: Some(Decimal::new(share, 1)),
            exponent,
            verdict,
        }
    }

    #[test]
    fn shares_have_four_colours() {
        let check = |tenths: i64, position: usize| {
            let colour = by_share(&function(tenths, None, Verdict::CannotTell));
            assert_eq!(colour, SHARES[position].1, "{tenths}");
        };
        check(1_000, 0);
        check(100, 0);
        check(99, 1);
        check(50, 1);
        check(10, 2);
        check(9, 3);
        check(0, 3);
    }

    #[test]
    fn exponents_go_from_blue_over_grey_to_red() {
        let check = |exponent: f64, expected: Colour| {
            let colour = by_exponent(&function(0, Some(exponent), Verdict::NotSuperlinear));
            assert_eq!(colour, expected, "{exponent}");
        };
        check(-0.3, EXPONENTS[0].1);
        check(1.0, EXPONENTS[2].1);
        check(1.7, [0xea, 0x86, 0x75]);
        check(2.0, EXPONENTS[4].1);
        check(9.0, EXPONENTS[4].1);
        assert_eq!(by_exponent(&function(0, Some(2.0), Verdict::CannotTell)), PALE);
        assert_eq!(by_exponent(&function(0, None, Verdict::Superlinear)), PALE);
    }
}

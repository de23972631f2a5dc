//! Shares in per cent, as exact decimals: what is compared with a threshold and what is printed
//! are the same number.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use rust_decimal::prelude::ToPrimitive;

/// Decimals kept of a percentage: a thousandth of a per cent.
const DECIMALS: u32 = 3;

/// Share of the busy cost in per cent that must be expected to grow too fast for an open question
/// to matter: what the smallest finding has, 1 % with a probability of 0.9.
const WORTH_ASKING: f64 = 0.9;

/// Whether an open question weighs as much as a finding would.
///
/// Example: of 1.5 % of the busy cost that is superlinear with a probability of 0.3, 0.45 % is
/// expected to be, which does not.
pub fn is_worth_asking(p_superlinear: f64, share_percent: Option<Decimal>) -> bool {
    let share = share_percent.and_then(|share| share.to_f64()).unwrap_or_default();
    p_superlinear * share >= WORTH_ASKING
}

/// `part` of `whole` in per cent, rounded to a thousandth.
///
/// Both in any one unit. `None` when either is not finite or `whole` is not above 0.
/// Example: 1 of 3 is 33.333.
pub fn percent(part: f64, whole: f64) -> Option<Decimal> {
    if !part.is_finite() || !whole.is_finite() || whole <= 0.0 {
        return None;
    }
    let share = Decimal::from_f64(100.0 * (part / whole))?;
    Some(share.round_dp(DECIMALS).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(part: f64, whole: f64, expected: Option<&str>) {
        assert_eq!(percent(part, whole).map(|share| share.to_string()), expected.map(String::from));
    }

    #[test]
    fn is_rounded_to_a_thousandth() {
        check(1.0, 3.0, Some("33.333"));
        check(0.3, 1.0, Some("30"));
        check(-1.0, 4.0, Some("-25"));
        check(0.0, 2.0, Some("0"));
    }

    #[test]
    fn a_question_weighs_what_is_expected_to_grow() {
        let asked = |p: f64, percent: i64| is_worth_asking(p, Some(Decimal::new(percent, 1)));
        assert!(!asked(0.3, 15) && asked(0.61, 15) && asked(0.1, 91) && !asked(0.1, 89));
        assert!(!is_worth_asking(1.0, None));
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        check(1.0, 0.0, None);
        check(1.0, -1.0, None);
        check(f64::NAN, 1.0, None);
        check(1.0, f64::INFINITY, None);
        check(1e300, 1e-300, None);
    }
}

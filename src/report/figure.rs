//! Numbers as a reader sees them: exponents, shares, costs, sizes, counts.
//! A number that is not known is `–`, never 0.

use rust_decimal::Decimal;

use crate::analysis::document::MetricName;
use crate::analysis::document::RunFigures;
use crate::profile::CostUnit;
use crate::units::Seconds;
use crate::units::grouped;
use crate::units::three_digits;

/// Stands for what is not known.
pub const UNKNOWN: &str = "–";

/// Largest float below which every whole number is exact.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// An exponent with two decimals: `1.98`.
pub fn exponent(value: Option<f64>) -> String {
    let Some(value) = finite(value) else {
        return UNKNOWN.into();
    };
    let text = format!("{value:.2}");
    if text == "-0.00" { "0.00".into() } else { text }
}

/// The name of a run: `wk-a`, or `wk-a, repetition 2`.
pub fn run(run: &RunFigures) -> String {
    match run.repetition {
        Some(repetition) => format!("{}, repetition {repetition}", run.id),
        None => run.id.clone(),
    }
}

/// An interval of exponents: `[1.98, 2.02]`; `None` when an end is not known.
pub fn interval(low: Option<f64>, high: Option<f64>) -> Option<String> {
    let (low, high) = (finite(low)?, finite(high)?);
    Some(format!("[{}, {}]", exponent(Some(low)), exponent(Some(high))))
}

/// An exponent as a power with its interval: `n^2.00 [1.98, 2.02]`.
pub fn power(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<String> {
    let power = format!("n^{}", exponent(Some(finite(value)?)));
    Some(match interval(low, high) {
        Some(interval) => format!("{power} {interval}"),
        None => power,
    })
}

/// Per cent with one decimal, without the sign: `84.0`, `<0.1`.
pub fn percent(value: Option<Decimal>) -> String {
    let tenth = Decimal::new(1, 1);
    match value {
        None => UNKNOWN.into(),
        Some(value) if value > Decimal::ZERO && value < tenth => "<0.1".into(),
        Some(value) => format!("{:.1}", value.round_dp(1)),
    }
}

/// Per cent within a sentence: `84 %`, `83.7 %`, `less than 0.1 %`.
pub fn percent_in_words(value: Decimal) -> String {
    if value > Decimal::ZERO && value < Decimal::new(1, 1) {
        return "less than 0.1 %".into();
    }
    format!("{} %", value.round_dp(1).normalize())
}

/// A probability as certainty, never rounded up to more than there is: `99.9 %`, `97 %`.
pub fn certainty(probability: f64) -> Option<String> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let tenths = (probability * 1_000.0).floor() / 10.0;
    Some(match tenths {
        tenths if tenths >= 99.9 => "more than 99.9 %".into(),
        tenths => format!("{tenths} %"),
    })
}

/// A cost in a table whose column names the unit where [`cost_unit`] gives one.
pub fn cost(unit: CostUnit, value: Option<f64>) -> String {
    match finite(value) {
        None => UNKNOWN.into(),
        Some(value) if unit.is_time() => Seconds(value).to_string(),
        Some(value) => count(Some(value)),
    }
}

/// The unit that a column of costs must name; none for times, whose cells carry it.
pub fn cost_unit(unit: CostUnit) -> &'static str {
    match unit {
        CostUnit::WallSeconds | CostUnit::CpuSeconds => "",
        CostUnit::Instructions => "instructions",
        CostUnit::Samples => "samples",
    }
}

/// A cost within a sentence: `12.3 s`, `1,200 instructions`.
pub fn cost_in_words(unit: CostUnit, value: f64) -> String {
    let figure = cost(unit, Some(value));
    match unit {
        CostUnit::WallSeconds => figure,
        CostUnit::CpuSeconds => format!("{figure} of processor time"),
        CostUnit::Instructions | CostUnit::Samples => format!("{figure} {}", cost_unit(unit)),
    }
}

/// What a cost is, as a word after `self` or `cumulative`.
pub fn cost_word(unit: CostUnit) -> &'static str {
    match unit {
        CostUnit::WallSeconds => "time",
        CostUnit::CpuSeconds => "processor time",
        CostUnit::Instructions => "instructions",
        CostUnit::Samples => "samples",
    }
}

/// By what something grows: `self time`, `number of calls`.
pub fn metric(metric: MetricName, unit: CostUnit) -> String {
    let cost = cost_word(unit);
    match metric {
        MetricName::Tsub => format!("self {cost}"),
        MetricName::Ttot => format!("cumulative {cost}"),
        MetricName::Tavg => format!("{cost} per call"),
        MetricName::Ncall => "number of calls".into(),
        MetricName::Wall => "wall time".into(),
    }
}

/// A count or size: `4,994,902`, `2.5`.
pub fn count(value: Option<f64>) -> String {
    match finite(value) {
        None => UNKNOWN.into(),
        Some(value) if value >= 0.0 && value.fract() == 0.0 && value < LARGEST_WHOLE => {
            grouped(value as u64)
        }
        Some(value) if value.abs() < 1e6 => three_digits(value),
        Some(value) => format!("{value:.3e}"),
    }
}

/// A size with its unit: `304 days`, `size 8,000`, `8,000 calls of …`.
pub fn size(value: f64, unit: &str) -> String {
    let figure = count(Some(value));
    match unit {
        "size" | "" => format!("size {figure}"),
        "days" if value == 1.0 => format!("{figure} day"),
        unit => match unit.strip_prefix("calls of ").filter(|_| value == 1.0) {
            Some(name) => format!("{figure} call of {name}"),
            None => format!("{figure} {unit}"),
        },
    }
}

/// A number of things: `1 run`, `9 runs`.
pub fn number_of(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(count as u64))
}

/// A relative amount as per cent without decimals where it is large: 0.034 is `3.4 %`.
pub fn relative(value: f64) -> String {
    format!("{} %", three_digits(value * 100.0).trim_start_matches('-'))
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_have_two_decimals() {
        assert_eq!(exponent(Some(1.9861)), "1.99");
        assert_eq!(exponent(Some(-0.001)), "0.00");
        assert_eq!(exponent(None), "–");
        assert_eq!(exponent(Some(f64::NAN)), "–");
        let whole = power(Some(2.0), Some(1.98), Some(2.021));
        assert_eq!(whole.unwrap(), "n^2.00 [1.98, 2.02]");
        assert_eq!(power(Some(2.0), None, Some(2.0)).unwrap(), "n^2.00");
        assert_eq!(power(None, Some(1.0), Some(2.0)), None);
    }

    #[test]
    fn shares_are_decimals() {
        let check = |hundredths: i64, cell: &str, words: &str| {
            let value = Decimal::new(hundredths, 2);
            assert_eq!(percent(Some(value)), cell);
            assert_eq!(percent_in_words(value), words);
        };
        check(8_400, "84.0", "84 %");
        check(8_372, "83.7", "83.7 %");
        check(10_000, "100.0", "100 %");
        check(4, "<0.1", "less than 0.1 %");
        check(0, "0.0", "0 %");
        assert_eq!(percent(None), "–");
    }

    #[test]
    fn certainty_is_never_rounded_up() {
        assert_eq!(certainty(0.99).unwrap(), "99 %");
        assert_eq!(certainty(0.9989).unwrap(), "99.8 %");
        assert_eq!(certainty(0.999_999).unwrap(), "more than 99.9 %");
        assert_eq!(certainty(1.5), None);
        assert_eq!(certainty(f64::NAN), None);
    }

    #[test]
    fn instructions_are_never_called_seconds() {
        assert_eq!(cost(CostUnit::WallSeconds, Some(12.3)), "12.3 s");
        assert_eq!(cost(CostUnit::Instructions, Some(12_300.0)), "12,300");
        let words = cost_in_words(CostUnit::Instructions, 12_300.0);
        assert_eq!(words, "12,300 instructions");
        assert_eq!(metric(MetricName::Tsub, CostUnit::Instructions), "self instructions");
        assert_eq!(metric(MetricName::Tsub, CostUnit::WallSeconds), "self time");
    }

    #[test]
    fn counts_and_sizes_are_grouped() {
        assert_eq!(count(Some(87_552.0)), "87,552");
        assert_eq!(count(Some(2.5)), "2.50");
        assert_eq!(count(Some(1e300)), "1.000e300");
        assert_eq!(size(304.0, "days"), "304 days");
        assert_eq!(size(1.0, "days"), "1 day");
        assert_eq!(size(8_000.0, "size"), "size 8,000");
        assert_eq!(number_of(1, "run"), "1 run");
        assert_eq!(number_of(2_000, "run"), "2,000 runs");
    }

    #[test]
    fn relative_amounts_are_per_cent() {
        assert_eq!(relative(0.034), "3.40 %");
        assert_eq!(relative(0.5), "50.0 %");
    }
}

//! Durations and dates as people write them in a plan.

use std::time::Duration;

use chrono::NaiveDate;

/// The longest time that a plan may ask for: ten years.
const LONGEST_SECONDS: f64 = 315_576_000.0;

/// Reads `90`, `90s`, `10m`, `6h`, `2d` or `1.5h`; a bare number is seconds.
///
/// # Errors
/// What is wrong with it, as a phrase.
/// Example: `6h` is 21,600 seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let factor = match text[digits.len()..].trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        unit => {
            return Err(format!("`{unit}` is no unit of time (known: `s`, `m`, `h`, `d`)"));
        }
    };
    let amount: f64 =
        digits.trim().parse().map_err(|_| format!("`{text}` is not a duration such as `6h`"))?;
    let seconds = amount * factor;
    if !(seconds > 0.0 && seconds <= LONGEST_SECONDS) {
        return Err(format!("`{text}` is not a duration between nothing and ten years"));
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// Reads `2025-01-20`.
///
/// # Errors
/// What is wrong with it, as a phrase.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let shaped = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(date) if shaped => Ok(date),
        _ if shaped => Err(format!("`{text}` is a day that does not exist")),
        _ => Err(format!("`{text}` is not a date such as `2025-01-20`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_duration(text: &str, seconds: Option<f64>) {
        assert_eq!(duration(text).ok().map(|d| d.as_secs_f64()), seconds, "{text}");
    }

    #[test]
    fn reads_durations_as_people_write_them() {
        check_duration("6h", Some(21_600.0));
        check_duration("1.5h", Some(5_400.0));
        check_duration("90", Some(90.0));
        check_duration("10 min", Some(600.0));
        check_duration("250ms", Some(0.25));
        check_duration("0s", None);
        check_duration("-1s", None);
        check_duration("NaN", None);
        check_duration("inf", None);
        check_duration("6 weeks", None);
        check_duration("", None);
        check_duration("9999999d", None);
    }

    #[test]
    fn tells_a_day_that_does_not_exist_from_what_is_no_date() {
        assert!(date("2025-01-20").is_ok());
        assert_eq!(date("2025-02-30"), Err("`2025-02-30` is a day that does not exist".into()));
        assert_eq!(date("20-1-2025"), Err("`20-1-2025` is not a date such as `2025-01-20`".into()));
        assert_eq!(date("soon"), Err("`soon` is not a date such as `2025-01-20`".into()));
    }
}

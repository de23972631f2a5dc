//! Judged measurements as a table for scripts: one line per id, in the order of the ids.

use crate::analysis::document::Verdict;
use crate::analysis::measurements::document::MeasuredGrowth;
use crate::analysis::measurements::document::Measurements;
use crate::error::Error;
use crate::error::Result;
use crate::stats;

const HEADER: [&str; 8] = [
    "id",
    "exponent_low",
    "exponent",
    "exponent_high",
    "class",
    "class_set",
    "p_superlinear",
    "verdict",
];

impl Measurements {
    /// The table; cells of ids without an estimate are empty.
    ///
    /// The verdict is that of the probability alone, in three words: `superlinear` from 0.9 on,
    /// `not superlinear` up to 0.1, else `cannot tell`; on fewer than three sizes `cannot tell`.
    ///
    /// # Errors
    /// A bug: every table can be written.
    pub fn to_csv(&self) -> Result<String> {
        let bug = |problem: String| Error::bug(problem);
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(HEADER).map_err(|error| bug(error.to_string()))?;
        for growth in &self.measurements {
            table.write_record(cells(growth)).map_err(|error| bug(error.to_string()))?;
        }
        let bytes = table.into_inner().map_err(|error| bug(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| bug(error.to_string()))
    }
}

fn cells(growth: &MeasuredGrowth) -> [String; 8] {
    [
        growth.id.clone(),
        figure(growth.low, 4),
        figure(growth.exponent, 4),
        figure(growth.high, 4),
        growth.class.clone().unwrap_or_default(),
        growth.class_set.join("|"),
        figure(growth.p_superlinear, 9),
        verdict(growth).name().to_string(),
    ]
}

fn figure(value: Option<f64>, decimals: usize) -> String {
    let Some(value) = value else { return String::new() };
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|digit| digit == '0' || digit == '.') => digits.into(),
        _ => text,
    }
}

fn verdict(growth: &MeasuredGrowth) -> stats::Verdict {
    match growth.verdict {
        Verdict::Superlinear | Verdict::Suspected => stats::Verdict::Superlinear,
        Verdict::CannotTell => stats::Verdict::CannotTell,
        Verdict::NotSuperlinear => stats::Verdict::NotSuperlinear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::measurements::document::ValueKind;

    fn check(growth: MeasuredGrowth, line: &str) {
        let all = Measurements {
            version: 1,
            values: ValueKind::Times,
            measurements: vec![growth],
            skipped: Vec::new(),
            expected_false_flags: 0.0,
        };
        let header = "id,exponent_low,exponent,exponent_high,class,class_set,p_superlinear,verdict";
        assert_eq!(all.to_csv().unwrap(), format!("{header}\n{line}\n"));
    }

    #[test]
    fn one_line_per_id() {
        check(
            MeasuredGrowth {
                id: "a,\"b\"".into(),
                exponent: Some(2.0),
                low: Some(-0.000_01),
                high: Some(2.123_45),
                class: Some("n^2".into()),
                class_set: vec!["n^2".into(), "n^2 log n".into()],
                p_superlinear: Some(0.999_999_999_9),
                verdict: Verdict::Suspected,
                ..MeasuredGrowth::default()
            },
            "\"a,\"\"b\"\"\",0.0000,2.0000,2.1235,n^2,n^2|n^2 log n,1.000000000,superlinear",
        );
        check(
            MeasuredGrowth { id: "x".into(), ..MeasuredGrowth::default() },
            "x,,,,,,,cannot tell",
        );
    }
}

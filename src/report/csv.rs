//! One table for scripts and spreadsheets: the same columns for culprits, the program and
//! functions.

use crate::error::Error;
use crate::error::Result;
use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::machine;
use crate::report::machine::Judged;
use crate::report::machine::written;
use crate::report::renderer::Renderer;
use crate::report::style::Style;

const HEADER: [&str; 21] = [
    "kind",
    "name",
    "file",
    "line",
    "metric",
    "verdict",
    "band",
    "exponent",
    "exponent_low",
    "exponent_high",
    "class",
    "class_set",
    "p_superlinear",
    "fixed_share",
    "size",
    "value",
    "unit",
    "share_percent",
    "foretold_size",
    "foretold_value",
    "severity",
];

#[derive(Debug)]
pub struct Csv;

impl Renderer for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "a table with a line per judged metric, for scripts and spreadsheets"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    /// Measurements have a table of their own, with a line per id.
    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        if let Subject::Measurements(found) = &report.subject {
            return found.to_csv();
        }
        let bug = |problem: String| Error::bug(problem);
        let mut table = ::csv::Writer::from_writer(Vec::new());
        table.write_record(HEADER).map_err(|error| bug(error.to_string()))?;
        for one in machine::list(report, style.detail, self.name())? {
            table.write_record(cells(&one)).map_err(|error| bug(error.to_string()))?;
        }
        let bytes = table.into_inner().map_err(|error| bug(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| bug(error.to_string()))
    }
}

fn cells(one: &Judged) -> [String; 21] {
    let number = |value: Option<f64>| value.and_then(written::digits).unwrap_or_default();
    let text = |text: Option<&str>| inert(written::line(text.unwrap_or_default()));
    let growth = &one.growth;
    [
        one.kind.name().into(),
        inert(one.name.clone()),
        inert(one.shown_file().to_string()),
        one.line.map(|line| line.to_string()).unwrap_or_default(),
        one.metric.into(),
        growth.verdict.name().into(),
        text(growth.band.as_deref()),
        number(growth.exponent),
        number(growth.low),
        number(growth.high),
        text(growth.class.as_deref()),
        text(Some(&growth.class_set.join("|"))),
        number(growth.p_superlinear),
        number(growth.fixed_share),
        number(one.size),
        number(one.value),
        one.unit.into(),
        one.share_percent.map(|share| share.normalize().to_string()).unwrap_or_default(),
        number(one.foretold_size),
        number(one.foretold),
        one.alarm.map(|alarm| alarm.severity.name()).unwrap_or_default().into(),
    ]
}

/// Text that no spreadsheet takes for a formula.
fn inert(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(inert("=1+1".into()), "'=1+1");
        assert_eq!(inert("-[NSString length]".into()), "'-[NSString length]");
        assert_eq!(inert("f".into()), "f");
    }
}

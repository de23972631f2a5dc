//! Bencher Metric Format: each judged thing is a benchmark with its exponent and its cost, so that
//! a service which keeps them over time tells when one of them steps up.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::error::Error;
use crate::error::Result;
use crate::report::content::Report;
use crate::report::machine;
use crate::report::machine::Judged;
use crate::report::machine::written;
use crate::report::renderer::Renderer;
use crate::report::style::Style;

/// Letters of a name that the service takes.
const LONGEST_NAME: usize = 1_024;

#[derive(Debug)]
pub struct Bencher;

impl Renderer for Bencher {
    fn name(&self) -> &'static str {
        "bencher"
    }

    fn about(&self) -> &'static str {
        "Bencher Metric Format JSON, to follow exponents and costs over time"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let mut benchmarks = Map::new();
        for one in machine::list(report, style.detail, self.name())? {
            let measures = measures(&one);
            if !measures.is_empty() {
                benchmarks.insert(title(&one), Value::Object(measures));
            }
        }
        serde_json::to_string_pretty(&benchmarks)
            .map(|text| text + "\n")
            .map_err(|error| Error::bug(error.to_string()))
    }
}

/// The same from run to run: without the line, which any edit above it moves.
fn title(one: &Judged) -> String {
    let place = match one.shown_file() {
        "" => String::new(),
        file => format!(" ({file})"),
    };
    let title = format!("{} {}{place} {}", one.kind.name(), one.name, one.metric);
    title.chars().take(LONGEST_NAME).collect()
}

fn measures(one: &Judged) -> Map<String, Value> {
    let mut measures = Map::new();
    let growth = &one.growth;
    if let Some(exponent) = growth.exponent.and_then(written::number) {
        let mut measure = json!({ "value": exponent });
        for (key, end) in [("lower_value", growth.low), ("upper_value", growth.high)] {
            if let Some(end) = end.and_then(written::number) {
                measure[key] = json!(end);
            }
        }
        measures.insert("exponent".into(), measure);
    }
    if let Some(value) = one.value.and_then(written::number) {
        let unit = if one.unit.is_empty() { "count" } else { one.unit };
        measures.insert(unit.into(), json!({ "value": value }));
    }
    measures
}

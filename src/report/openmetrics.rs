//! OpenMetrics text, for Prometheus and what reads its format: one family per figure, the judged
//! things as labels.

use std::fmt::Write as _;

use crate::analysis::document::Verdict;
use crate::error::Result;
use crate::report::content::Report;
use crate::report::machine;
use crate::report::machine::Judged;
use crate::report::machine::written;
use crate::report::renderer::Renderer;
use crate::report::style::Style;

/// A family of figures.
struct Family {
    name: &'static str,
    /// Ends the name, as the format demands; empty where there is none.
    unit: &'static str,
    help: &'static str,
    figure: Figure,
}

/// Which figure of a judged thing a family holds.
enum Figure {
    Of(fn(&Judged) -> Option<f64>),
    /// The value at the largest size, of what is measured in this unit.
    ValueIn(&'static str),
}

const FAMILIES: [Family; 12] = [
    family(
        "superlinear_exponent",
        "",
        "Exponent of the growth with the size at the largest size, 1 is linear.",
        Figure::Of(|one| one.growth.exponent),
    ),
    family(
        "superlinear_exponent_low",
        "",
        "Lower end of the 95 % interval of the exponent.",
        Figure::Of(|one| one.growth.low),
    ),
    family(
        "superlinear_exponent_high",
        "",
        "Upper end of the 95 % interval of the exponent.",
        Figure::Of(|one| one.growth.high),
    ),
    family(
        "superlinear_probability_ratio",
        "ratio",
        "Probability that it grows faster than n log n.",
        Figure::Of(|one| one.growth.p_superlinear),
    ),
    family(
        "superlinear_share_ratio",
        "ratio",
        "Part of the busy cost at the largest size.",
        Figure::Of(|one| one.share_percent.and_then(written::ratio)),
    ),
    family(
        "superlinear_size",
        "",
        "The largest size that was measured.",
        Figure::Of(|one| one.size),
    ),
    measured("superlinear_cost_seconds", "seconds", "Time at the largest size."),
    measured("superlinear_cost_instructions", "instructions", "Instructions at the largest size."),
    measured("superlinear_cost_samples", "samples", "Samples at the largest size."),
    family("superlinear_calls", "", "Calls at the largest size.", Figure::ValueIn("calls")),
    measured("superlinear_memory_bytes", "bytes", "Peak memory at the largest size."),
    family(
        "superlinear_counted",
        "",
        "What the program counted itself at the largest size.",
        Figure::ValueIn(""),
    ),
];
const VERDICT: &str = "superlinear_verdict";
const VERDICTS: [Verdict; 4] =
    [Verdict::Superlinear, Verdict::Suspected, Verdict::CannotTell, Verdict::NotSuperlinear];

/// A family that holds values in the unit that ends its name.
const fn measured(name: &'static str, unit: &'static str, help: &'static str) -> Family {
    family(name, unit, help, Figure::ValueIn(unit))
}

const fn family(
    name: &'static str,
    unit: &'static str,
    help: &'static str,
    figure: Figure,
) -> Family {
    Family { name, unit, help, figure }
}

impl Figure {
    fn of(&self, one: &Judged) -> Option<f64> {
        match self {
            Figure::Of(figure) => figure(one),
            Figure::ValueIn(unit) => one.value.filter(|_| one.unit == *unit),
        }
    }
}

#[derive(Debug)]
pub struct OpenMetrics;

impl Renderer for OpenMetrics {
    fn name(&self) -> &'static str {
        "openmetrics"
    }

    fn about(&self) -> &'static str {
        "OpenMetrics text, for Prometheus"
    }

    fn extension(&self) -> &'static str {
        "txt"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let all = machine::list(report, style.detail, self.name())?;
        let mut text = String::new();
        for family in &FAMILIES {
            push_family(&mut text, family, &all);
        }
        push_verdicts(&mut text, &all);
        text += "# EOF\n";
        Ok(text)
    }
}

fn push_family(text: &mut String, family: &Family, all: &[Judged]) {
    let figures: Vec<(&Judged, String)> = all
        .iter()
        .filter_map(|one| Some((one, family.figure.of(one).and_then(written::digits)?)))
        .collect();
    if figures.is_empty() {
        return;
    }
    let Family { name, unit, help, .. } = family;
    let _ = writeln!(text, "# TYPE {name} gauge");
    if !unit.is_empty() {
        let _ = writeln!(text, "# UNIT {name} {unit}");
    }
    let _ = writeln!(text, "# HELP {name} {help}");
    for (one, figure) in figures {
        let _ = writeln!(text, "{name}{{{}}} {figure}", labels(one));
    }
}

fn push_verdicts(text: &mut String, all: &[Judged]) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(text, "# TYPE {VERDICT} stateset");
    let _ = writeln!(text, "# HELP {VERDICT} The verdict; exactly one of them is 1.");
    for one in all {
        for verdict in VERDICTS {
            let holds = u8::from(one.growth.verdict == verdict);
            let _ = writeln!(text, "{VERDICT}{{{},{VERDICT}=\"{verdict}\"}} {holds}", labels(one));
        }
    }
}

fn labels(one: &Judged) -> String {
    format!(
        "kind=\"{}\",name=\"{}\",file=\"{}\",metric=\"{}\"",
        one.kind.name(),
        escaped(&one.name),
        escaped(one.shown_file()),
        one.metric
    )
}

/// The value of a label, between double quotes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_label_early() {
        assert_eq!(escaped("a\\b\"c"), "a\\\\b\\\"c");
    }

    #[test]
    fn units_end_the_names_of_their_families() {
        for family in &FAMILIES {
            assert!(family.name.ends_with(family.unit), "{}", family.name);
        }
    }
}

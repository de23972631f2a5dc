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
    figure: fn(&Judged) -> Option<f64>,
}

const FAMILIES: [Family; 12] = [
    Family {
        name: "superlinear_exponent",
        unit: "",
        help: "Exponent of the growth with the size at the largest size, 1 is linear.",
        figure: |one| one.growth.exponent,
    },
    Family {
        name: "superlinear_exponent_low",
        unit: "",
        help: "Lower end of the 95 % interval of the exponent.",
        figure: |one| one.growth.low,
    },
    Family {
        name: "superlinear_exponent_high",
        unit: "",
        help: "Upper end of the 95 % interval of the exponent.",
        figure: |one| one.growth.high,
    },
    Family {
        name: "superlinear_probability_ratio",
        unit: "ratio",
        help: "Probability that it grows faster than n log n.",
        figure: |one| one.growth.p_superlinear,
    },
    Family {
        name: "superlinear_share_ratio",
        unit: "ratio",
        help: "Part of the busy cost at the largest size.",
        figure: |one| one.share_percent.and_then(written::ratio),
    },
    Family {
        name: "superlinear_size",
        unit: "",
        help: "The largest size that was measured.",
        figure: |one| one.size,
    },
    Family {
        name: "superlinear_cost_seconds",
        unit: "seconds",
        help: "Time at the largest size.",
        figure: |one| one.value.filter(|_| one.unit == "seconds"),
    },
    Family {
        name: "superlinear_cost_instructions",
        unit: "instructions",
        help: "Instructions at the largest size.",
        figure: |one| one.value.filter(|_| one.unit == "instructions"),
    },
    Family {
        name: "superlinear_cost_samples",
        unit: "samples",
        help: "Samples at the largest size.",
        figure: |one| one.value.filter(|_| one.unit == "samples"),
    },
    Family {
        name: "superlinear_calls",
        unit: "",
        help: "Calls at the largest size.",
        figure: |one| one.value.filter(|_| one.unit == "calls"),
    },
    Family {
        name: "superlinear_memory_bytes",
        unit: "bytes",
        help: "Peak memory at the largest size.",
        figure: |one| one.value.filter(|_| one.unit == "bytes"),
    },
    Family {
        name: "superlinear_counted",
        unit: "",
        help: "What the program counted itself at the largest size.",
        figure: |one| one.value.filter(|_| one.unit.is_empty()),
    },
];
const VERDICT: &str = "superlinear_verdict";
const VERDICTS: [Verdict; 4] =
    [Verdict::Superlinear, Verdict::Suspected, Verdict::CannotTell, Verdict::NotSuperlinear];

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
        .filter_map(|one| Some((one, (family.figure)(one).and_then(written::digits)?)))
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

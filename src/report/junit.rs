//! JUnit XML, for the test views of continuous integration: each judged thing is a test case.
//! What grows too fast fails, what could not be told is skipped.

use std::fmt::Write as _;

use crate::analysis::document::Verdict;
use crate::error::Result;
use crate::report::content::Report;
use crate::report::machine;
use crate::report::machine::Alarm;
use crate::report::machine::Judged;
use crate::report::machine::Kind;
use crate::report::machine::written;
use crate::report::place::place;
use crate::report::plot::Plot;
use crate::report::renderer::Renderer;
use crate::report::style::Style;
use crate::report::svg::escape::escape;

#[derive(Debug)]
pub struct Junit;

/// How a test case ended.
enum Outcome {
    Passed,
    /// With why.
    Skipped(String),
    Failed(Alarm),
}

impl Renderer for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML, for the test view of continuous integration"
    }

    fn extension(&self) -> &'static str {
        "xml"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let cases: Vec<(Judged, Outcome)> = machine::alarms(report, style.detail, self.name())?
            .into_iter()
            .filter(is_case)
            .map(|one| {
                let outcome = outcome(&one);
                (one, outcome)
            })
            .collect();
        let failed = cases.iter().filter(|(_, end)| matches!(end, Outcome::Failed(_))).count();
        let skipped = cases.iter().filter(|(_, end)| matches!(end, Outcome::Skipped(_))).count();
        let counts = format!(r#"tests="{}" failures="{failed}" errors="0""#, cases.len());
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"superlinear\" {counts}>\n\
             <testsuite name=\"superlinear\" {counts} skipped=\"{skipped}\">\n"
        );
        cases.iter().for_each(|(one, outcome)| push_case(&mut xml, one, outcome));
        xml += "</testsuite>\n</testsuites>\n";
        Ok(xml)
    }
}

/// A function is one test case, by its own cost, unless that grows too fast: then a culprit stands
/// for it, itself or a caller. A program's peak memory is none.
fn is_case(one: &Judged) -> bool {
    match one.kind {
        Kind::Function => {
            let is_blamed = matches!(one.growth.verdict, Verdict::Superlinear | Verdict::Suspected);
            one.alarm.is_some() || (one.metric == "tsub" && !is_blamed)
        }
        Kind::Memory => false,
        Kind::Culprit | Kind::Program | Kind::Counter | Kind::Measurement => true,
    }
}

fn outcome(one: &Judged) -> Outcome {
    match (one.alarm, one.growth.verdict) {
        (Some(alarm), Verdict::Suspected) => {
            Outcome::Skipped(format!("{}: {}", alarm.rule.title(), one.message))
        }
        (Some(alarm), _) => Outcome::Failed(alarm),
        (None, Verdict::CannotTell) => Outcome::Skipped(one.message.clone()),
        (None, _) => Outcome::Passed,
    }
}

fn push_case(xml: &mut String, one: &Judged, outcome: &Outcome) {
    let place = place(one.shown_file(), one.line.unwrap_or(0));
    let class = if place.is_empty() { one.kind.name() } else { &place };
    let time = one.value.filter(|_| one.unit == "seconds").and_then(written::digits);
    let time = time.map(|time| format!(" time=\"{time}\"")).unwrap_or_default();
    let _ = write!(
        xml,
        "<testcase classname=\"{}\" name=\"{}: {}\"{time}",
        escape(class),
        one.kind.name(),
        escape(&one.name),
    );
    let _ = match outcome {
        Outcome::Passed => writeln!(xml, "/>"),
        Outcome::Skipped(why) => {
            writeln!(xml, "><skipped>{}</skipped></testcase>", escape(why))
        }
        Outcome::Failed(alarm) => writeln!(
            xml,
            "><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
            alarm.rule.id(),
            escape(&one.message),
            escape(&explained(one)),
        ),
    };
}

/// The sentence and, where there is one, the plot.
fn explained(one: &Judged) -> String {
    let plot = one.plot.iter().flat_map(Plot::lines);
    std::iter::once(one.message.clone()).chain(plot).collect::<Vec<_>>().join("\n")
}

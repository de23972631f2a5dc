//! Workflow commands of GitHub Actions: each finding becomes an annotation at its line.

use crate::error::Result;
use crate::report::content::Report;
use crate::report::figure;
use crate::report::machine;
use crate::report::machine::Judged;
use crate::report::machine::Severity;
use crate::report::renderer::Renderer;
use crate::report::style::Style;

#[derive(Debug)]
pub struct Github;

impl Renderer for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations of GitHub Actions, each at its line"
    }

    fn extension(&self) -> &'static str {
        "txt"
    }

    /// One line per finding, then one that counts them and is no command.
    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let all = machine::alarms(report, style.detail, self.name())?;
        let mut lines: Vec<String> = all.iter().filter_map(command).collect();
        let findings = figure::number_of(lines.len(), "finding");
        lines.push(format!("superlinear: {findings}"));
        Ok(lines.join("\n") + "\n")
    }
}

/// `::error file=src/a.rs,line=12,title=…::…`; `None` for what is no finding.
fn command(one: &Judged) -> Option<String> {
    let alarm = one.alarm?;
    let word = match alarm.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = one.has_file().then(|| one.shown_file());
    let place = file.map(|file| {
        let line = one.line.map(|line| format!(",line={line}")).unwrap_or_default();
        format!("file={}{line},", property(file))
    });
    Some(format!(
        "::{word} {}title={}::{}",
        place.unwrap_or_default(),
        property(alarm.rule.title()),
        data(&one.message)
    ))
}

/// A message, as the runner takes it apart: what ends a line is written as its code.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: commas and colons end it too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100 %\r\n::error::x"), "100 %25%0D%0A::error::x");
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
    }
}

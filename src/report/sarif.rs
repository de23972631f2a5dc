//! SARIF 2.1.0, for code hosts that annotate lines: each finding with a file is a result,
//! everything else that is alarming a notification, since hosts refuse results without a place.

use serde_json::Value;
use serde_json::json;
use sha2::Digest as _;
use sha2::Sha256;

use crate::error::Error;
use crate::error::Result;
use crate::report::content::Report;
use crate::report::machine;
use crate::report::machine::Alarm;
use crate::report::machine::Judged;
use crate::report::machine::Rule;
use crate::report::machine::written;
use crate::report::renderer::Renderer;
use crate::report::style::Style;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Under which a host keeps an alert while lines move.
const FINGERPRINT: &str = "superlinearFinding/v1";

#[derive(Debug)]
pub struct Sarif;

impl Renderer for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code hosts that annotate lines"
    }

    fn extension(&self) -> &'static str {
        "sarif"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let all = machine::alarms(report, style.detail, self.name())?;
        let alarming = all.iter().filter_map(|one| Some((one, one.alarm?)));
        let (placed, others): (Vec<_>, Vec<_>) = alarming.partition(|(one, _)| one.has_file());
        let results: Vec<Value> =
            placed.into_iter().map(|(one, alarm)| result(one, alarm)).collect();
        let notifications: Vec<Value> =
            others.into_iter().map(|(one, alarm)| notification(one, alarm)).collect();
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": driver() },
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": true,
                    "toolExecutionNotifications": notifications,
                }],
                "results": results,
            }],
        });
        serde_json::to_string_pretty(&log)
            .map(|text| text + "\n")
            .map_err(|error| Error::bug(error.to_string()))
    }
}

fn driver() -> Value {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.id(),
            "shortDescription": { "text": rule.title() },
            "fullDescription": { "text": rule.help() },
            "help": { "text": rule.help() },
        })
    };
    json!({
        "name": "superlinear",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": Rule::ALL.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn result(one: &Judged, alarm: Alarm) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(one) } });
    if let Some(line) = one.line {
        place["region"] = json!({ "startLine": line });
    }
    let growth = &one.growth;
    let mut properties = json!({
        "kind": one.kind.name(),
        "metric": one.metric,
        "verdict": growth.verdict.name(),
    });
    let figures = [
        ("exponent", growth.exponent),
        ("exponentLow", growth.low),
        ("exponentHigh", growth.high),
        ("probability", growth.p_superlinear),
        ("share", one.share_percent.and_then(written::ratio)),
    ];
    for (key, figure) in figures {
        if let Some(figure) = figure.and_then(written::number) {
            properties[key] = json!(figure);
        }
    }
    json!({
        "ruleId": alarm.rule.id(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == alarm.rule),
        "level": alarm.severity.name(),
        "message": { "text": message(&one.message) },
        "locations": [{
            "physicalLocation": place,
            "logicalLocations": [{ "name": one.name, "kind": "function" }],
        }],
        "partialFingerprints": { FINGERPRINT: fingerprint(one, alarm) },
        "properties": properties,
    })
}

fn notification(one: &Judged, alarm: Alarm) -> Value {
    json!({
        "descriptor": { "id": alarm.rule.id() },
        "level": alarm.severity.name(),
        "message": { "text": message(&one.message) },
    })
}

/// Text in which nothing is a link.
fn message(text: &str) -> String {
    if text.contains("](") {
        return text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    text.into()
}

/// From the folder of the command where the file lies below it, else as it is named.
fn uri(one: &Judged) -> String {
    let path = one.shown_file().replace('\\', "/");
    let encoded: String = path.bytes().map(encoded).collect();
    match path.starts_with('/') {
        true => format!("file://{encoded}"),
        // A colon in the first part would make it a scheme.
        false if path.split('/').next().is_some_and(|first| first.contains(':')) => {
            format!("./{encoded}")
        }
        false => encoded,
    }
}

/// A byte of a path as RFC 3986 has it.
fn encoded(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
        b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'@' | b'+' | b'=' | b',' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

/// Of what it is and where, without the line.
fn fingerprint(one: &Judged, alarm: Alarm) -> String {
    let mut digest = Sha256::new();
    for part in [alarm.rule.id(), &uri(one), &one.name, one.metric] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::document::Growth;
    use crate::report::machine::Kind;

    #[test]
    fn paths_are_uris() {
        let check = |file: &str, expected: &str| {
            let one = Judged {
                file: file.into(),
                ..Judged::new(Kind::Culprit, "f", "tsub", &Growth::default())
            };
            assert_eq!(uri(&one), expected);
        };
        check("src/a b.rs", "src/a%20b.rs");
        check("/usr/lib/a.py", "file:///usr/lib/a.py");
        check("src\\a.rs", "src/a.rs");
        check("ä#?%.rs", "%C3%A4%23%3F%25.rs");
        check("c:x", "./c:x");
    }

    #[test]
    fn no_message_holds_a_link() {
        assert_eq!(message("n^2.00 [1.98, 2.02]"), "n^2.00 [1.98, 2.02]");
        assert_eq!(message("[x](javascript:y)"), "\\[x\\](javascript:y)");
    }
}

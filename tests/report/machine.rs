//! Formats for machines, held to the schemas of those who define them or read by another's parser,
//! with ordinary findings and with names as attacks.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use superlinear::analysis;
use superlinear::analysis::ValueKind;
use superlinear::analysis::baseline;
use superlinear::analysis::baseline::Against;
use superlinear::profile::MeasuredSeries;
use superlinear::profile::Point;
use superlinear::report;
use superlinear::report::Detail;
use superlinear::report::Report;
use superlinear::report::Style;
use superlinear::report::Subject;
use superlinear::stats::Bands;

use crate::ATTACKS;
use crate::check_snapshot;
use crate::fixture;
use crate::plain;
use crate::shown;

const MACHINE: [&str; 6] = ["csv", "junit", "sarif", "github", "bencher", "openmetrics"];
const WORSE: [&str; 8] = [
    "]]>",
    "\"quoted\" 'name' \\",
    "a\nb\r\nc",
    "%0A::error file=x::y",
    "a,b:c=d;e",
    "=HYPERLINK(\"http://x\")",
    "{0} {{x}} ${y}",
    "\u{fffe}\u{ffff}\u{feff}\0",
];

fn attacks() -> impl Iterator<Item = &'static str> {
    ATTACKS.into_iter().chain(WORSE)
}

fn series(id: &str, power: i32) -> MeasuredSeries {
    MeasuredSeries {
        id: id.into(),
        points: [10.0_f64, 20.0, 40.0, 80.0]
            .map(|size| Point { size: Some(size), value: Some(size.powi(power)) })
            .to_vec(),
        ..MeasuredSeries::default()
    }
}

/// What changed between two tables: one id grows faster, one more slowly, one is gone.
fn changed(attack: &str) -> Report {
    Report::new(Subject::Against(against(attack).unwrap()), Vec::new())
}

/// The changes alone.
pub fn against(attack: &str) -> Option<Box<Against>> {
    let kept = |all: &[MeasuredSeries]| {
        let found = analysis::measurements(all, ValueKind::Counters, Bands::default(), None);
        baseline::of_measurements(&found.unwrap(), all)
    };
    let before = kept(&[series(attack, 1), series("sort", 2), series("old", 1)]);
    let now = kept(&[series(attack, 2), series("sort", 1)]);
    baseline::against("main", &before, &now).ok().map(Box::new)
}

/// The same beside the findings.
fn beside(attack: &str) -> Report {
    let mut report = fixture::named(attack);
    report.more.against = against(attack);
    report
}

/// Ids with exact laws, one of them an attack.
fn measured(attack: &str) -> Report {
    let all = [series("parse", 2), series("sort", 1), series(attack, 3)];
    let found = analysis::measurements(&all, ValueKind::Counters, Bands::default(), None).unwrap();
    Report::new(Subject::Measurements(Box::new(found)), Vec::new())
}

fn reports() -> Vec<(&'static str, Report)> {
    let mut placed = fixture::one_culprit();
    let source = ("src/workload/gc_futures.rs".into(), "crates/tool/src/gc futures.rs".into());
    placed.more.sources = [source].into();
    vec![
        ("one_culprit", fixture::one_culprit()),
        ("placed", placed),
        ("suspected", fixture::suspected()),
        ("instructions", fixture::instructions()),
        ("no_culprit", fixture::no_culprit()),
        ("cannot_tell", fixture::cannot_tell()),
        ("empty", fixture::empty()),
        ("measured", measured("render")),
        ("changed", changed("render")),
    ]
}

/// Every report in `format`, the ordinary ones and those full of attacks.
fn documents(format: &str) -> Vec<(String, String)> {
    let all = Style { detail: Detail::All, ..Style::default() };
    let usual = reports().into_iter().map(|(name, report)| (name.to_string(), report));
    let hostile = attacks().flat_map(|attack| {
        [
            (format!("named {attack:?}"), fixture::named(attack)),
            (format!("measured {attack:?}"), measured(attack)),
            (format!("changed {attack:?}"), changed(attack)),
            (format!("beside {attack:?}"), beside(attack)),
        ]
    });
    usual.chain(hostile).map(|(name, report)| (name, shown(&report, format, &all))).collect()
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/schema").join(name)
}

fn check_schema(schema: &str, format: &str) -> Vec<Value> {
    let schema: Value = serde_json::from_str(&fs::read_to_string(data(schema)).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let documents = documents(format);
    let parsed = documents.iter().map(|(name, text)| {
        let document: Value = serde_json::from_str(text).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{name}: {}\n{text}", faults.join("\n"));
        document
    });
    parsed.collect()
}

/// The documents as files in a folder, in order.
fn files(format: &str) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = documents(format)
        .iter()
        .enumerate()
        .map(|(number, (_, text))| {
            let path = folder.path().join(format!("{number:03}"));
            superlinear::system::file::replace(&path, text.as_bytes()).unwrap();
            path
        })
        .collect();
    (folder, paths)
}

#[expect(clippy::disallowed_methods, reason = "another's parser reads what was written")]
fn run(program: &Path, arguments: &[&str], files: &[PathBuf]) -> String {
    let output =
        Command::new(program).args(arguments).args(files).output().unwrap_or_else(|error| {
            panic!("{}: {error}: run `sh tests/setup.sh`", program.display())
        });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

fn python(script: &str, files: &[PathBuf]) -> String {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    run(&python, &["-c", script], files)
}

#[test]
fn every_format_is_shown_whole() {
    for (name, report) in [
        ("one_culprit", fixture::one_culprit()),
        ("suspected", fixture::suspected()),
        ("measured", measured("render")),
    ] {
        for format in MACHINE {
            check_snapshot(&format!("machine/{name}.{format}"), &plain(&report, format));
        }
    }
}

#[test]
fn changes_since_a_baseline_are_shown_whole() {
    let report = changed("render");
    for format in ["text", "markdown", "json", "github", "junit"] {
        check_snapshot(&format!("machine/changed.{format}"), &plain(&report, format));
    }
}

#[test]
fn sarif_is_as_its_schema_says() {
    let all = check_schema("sarif-2.1.0.json", "sarif");
    let run = &all[0]["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["level"], "error");
    assert_eq!(result["ruleId"], run["tool"]["driver"]["rules"][0]["id"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "src/workload/gc_futures.rs");
    assert_eq!(place["region"]["startLine"], 120);
    let uri = |document: &Value| {
        let result = &document["runs"][0]["results"][0];
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone()
    };
    assert_eq!(uri(&all[1]), "crates/tool/src/gc%20futures.rs");
    assert_eq!(all[2]["runs"][0]["results"][0]["level"], "warning");
    assert_eq!(all[4]["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn a_result_without_a_place_is_a_notification() {
    let text = plain(&measured("render"), "sarif");
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["results"], serde_json::json!([]));
    let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["message"]["text"], "`parse` is quadratic: n^2.00 [1.99, 2.01].");
}

#[test]
fn an_alert_stays_the_same_while_lines_move() {
    let fingerprint = |line: u32| {
        let mut report = fixture::one_culprit();
        let Subject::Scaling(doc) = &mut report.subject else { unreachable!() };
        doc.culprits[0].line = line;
        let log: Value = serde_json::from_str(&plain(&report, "sarif")).unwrap();
        log["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(fingerprint(120), fingerprint(121));
}

#[test]
fn bencher_is_as_it_is_described() {
    let all = check_schema("bencher-metric-format.json", "bencher");
    let culprit = &all[0]["culprit concat_price_frames (src/workload/gc_futures.rs) tsub"];
    assert_eq!(
        culprit["exponent"],
        serde_json::json!({ "value": 2.0, "lower_value": 1.98, "upper_value": 2.02 })
    );
    assert!((culprit["seconds"]["value"].as_f64().unwrap() - 12.29).abs() < 0.01);
}

#[test]
fn junit_is_as_the_schema_of_jenkins_says() {
    let (_folder, files) = files("junit");
    let schema = data("jenkins-junit.xsd");
    let arguments = ["--noout", "--nonet", "--schema", schema.to_str().unwrap()];
    run(Path::new("xmllint"), &arguments, &files);
    let counts = python(
        "import sys, xml.etree.ElementTree as tree\n\
         for path in sys.argv[1:]:\n\
         \x20   suite = tree.parse(path).getroot()[0]\n\
         \x20   cases = list(suite)\n\
         \x20   failed = sum(case.find('failure') is not None for case in cases)\n\
         \x20   skipped = sum(case.find('skipped') is not None for case in cases)\n\
         \x20   said = [int(suite.get(key)) for key in ('tests', 'failures', 'skipped')]\n\
         \x20   assert said == [len(cases), failed, skipped], path\n\
         \x20   print(*said)\n",
        &files,
    );
    let counts: Vec<&str> = counts.lines().collect();
    assert_eq!(counts[0], "4 2 0", "a culprit, the program and two functions");
    assert_eq!(counts[2], "4 1 1", "a suspicion is skipped");
    assert_eq!(counts[6], "1 0 1", "an empty analysis says nothing of the program");
}

#[test]
fn openmetrics_is_read_by_its_parser() {
    let (_folder, files) = files("openmetrics");
    let found = python(
        "import sys\n\
         from prometheus_client.openmetrics.parser import text_string_to_metric_families as read\n\
         for path in sys.argv[1:]:\n\
         \x20   text = open(path, newline='').read()\n\
         \x20   samples = [s for family in read(text) for s in family.samples]\n\
         \x20   best = [s for s in samples if s.name == 'superlinear_exponent']\n\
         \x20   print(len(samples), best[0].labels['name'] if best else '-', best[0].value if best else '')\n",
        &files,
    );
    let lines: Vec<&str> = found.lines().collect();
    assert!(lines[0].ends_with(" concat_price_frames 2"), "{}", lines[0]);
    assert_eq!(lines.len(), files.len());
}

#[test]
fn csv_has_the_same_columns_in_every_line() {
    for (name, text) in documents("csv") {
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let columns = table.headers().unwrap().len();
        let mut rows = 0;
        for row in table.records() {
            assert_eq!(row.unwrap().len(), columns, "{name}");
            rows += 1;
        }
        assert!(rows > 0, "{name}");
    }
}

type Properties = Vec<(String, String)>;

/// Word, properties and message of a command, as the runner of GitHub Actions takes it apart.
fn annotation(line: &str) -> Option<(String, Properties, String)> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (word, properties) = head.split_once(' ').unwrap_or((head, ""));
    let plain = |text: &str| {
        let text = text.replace("%3A", ":").replace("%2C", ",");
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    };
    let properties = properties.split(',').filter_map(|pair| pair.split_once('='));
    let properties = properties.map(|(key, value)| (key.to_string(), plain(value))).collect();
    Some((word.into(), properties, message.replace("%0A", "\n").replace("%25", "%")))
}

#[test]
fn annotations_stand_at_their_lines() {
    let text = plain(&fixture::one_culprit(), "github");
    let (word, properties, message) = annotation(text.lines().next().unwrap()).unwrap();
    assert_eq!(word, "error");
    let expected = [
        ("file", "src/workload/gc_futures.rs"),
        ("line", "120"),
        ("title", "Cost grows faster than n log n"),
    ];
    let expected = expected.map(|(key, value)| (key.to_string(), value.to_string()));
    assert_eq!(properties, expected);
    assert!(message.starts_with("`concat_price_frames` (src/workload/"), "{message}");
    assert!(text.ends_with("\nsuperlinear: 2 findings\n"));
}

#[test]
fn names_make_no_annotations_of_their_own() {
    let expected = plain(&fixture::named("plain"), "github").lines().count();
    for attack in attacks() {
        let text = plain(&fixture::named(attack), "github");
        assert_eq!(text.lines().count(), expected, "{attack:?}");
        for line in text.lines().take(expected - 1) {
            let (word, properties, _) = annotation(line).unwrap();
            assert!(["error", "warning", "notice"].contains(&word.as_str()), "{line}");
            let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
            assert!(matches!(keys[..], ["file", "line", "title"] | ["title"]), "{line}");
        }
    }
}

#[test]
fn nothing_hidden_reaches_a_machine() {
    for format in MACHINE {
        for (name, text) in documents(format) {
            if format == "csv" && name.starts_with("measured") {
                // The ids of measurements come back as they went in.
                continue;
            }
            let bad = text.chars().find(|letter| {
                letter.is_control() && *letter != '\n'
                    || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(bad, None, "{name} in {format}");
        }
    }
}

#[test]
fn a_megabyte_of_name_is_cut() {
    for format in MACHINE {
        let length = plain(&fixture::named(&"x".repeat(1 << 20)), format).len();
        assert!(length < 400_000, "{format}: {length} bytes");
    }
}

#[test]
fn what_has_no_verdicts_is_refused() {
    for format in MACHINE {
        for report in [fixture::cache(), fixture::comparison()] {
            let renderer = report::by_name(format).unwrap();
            let error = renderer.render(&report, &Style::default()).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(&format!("the format `{format}` shows verdicts")));
        }
    }
}

//! Baselines: growth that is kept in a file of the project and held against what is measured later.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

const SIZES: [f64; 5] = [100.0, 200.0, 400.0, 800.0, 1600.0];

fn place() -> Place {
    Place::new(&json!({ "runs": [] }))
}

/// A table of measurements of some ids, each with its law.
fn table(place: &Place, laws: &[(&str, &dyn Fn(f64) -> f64)]) {
    let rows =
        laws.iter().flat_map(|(id, law)| SIZES.map(|size| format!("{id},{size},{}\n", law(size))));
    let text = "id,size,value\n".to_string() + &rows.collect::<String>();
    fs::write(place.path("m.csv"), text).unwrap();
}

fn judge(place: &Place, options: &[&str]) -> Output {
    place.analyzer(&[&["--measurements", "m.csv", "--counters"], options].concat())
}

fn changes(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names(changes: &Value) -> Vec<&str> {
    changes.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn a_change_of_growth_fails_and_an_improvement_is_told() {
    let place = place();
    table(&place, &[("parse", &|n| n), ("sort", &|n| n * n), ("read", &|n| 5.0 * n)]);
    let output = judge(&place, &["--save-baseline", "main"]);
    assert_code(&output, 0);
    assert_says(&output, "baseline `main` of 3 figures: superlinear-baselines/main.json");

    let output = judge(&place, &["--against", "main"]);
    assert_code(&output, 0);
    assert_says(&output, "baseline `main`: nothing got worse");

    table(&place, &[("parse", &|n| n * n), ("sort", &|n| n), ("read", &|n| 5.0 * n)]);
    let output = judge(&place, &["--against", "main", "--format", "json"]);
    assert_code(&output, 4);
    assert_says(&output, "baseline `main`: 1 got worse");
    assert_says(
        &output,
        "`parse` grows by what was measured as n^2.00 [1.99, 2.01], before as n^1.00",
    );
    let found = changes(&output);
    assert_eq!(names(&found["failures"]), ["parse"]);
    assert_eq!(names(&found["improvements"]), ["sort"]);
    assert_eq!(found["unchanged"], 1);
    assert_eq!(found["expected_false_flags"], 0.0);

    let output = judge(&place, &["--against", "main", "--format", "markdown"]);
    assert_code(&output, 4);
    let shown = stdout(&output);
    assert!(
        shown.contains("1 figure got better") && shown.contains("`--save-baseline main`"),
        "{shown}"
    );
    assert_code(&judge(&place, &["--save-baseline", "main"]), 0);
    assert_code(&judge(&place, &["--against", "main"]), 0);
}

#[test]
fn a_higher_cost_at_the_same_sizes_fails() {
    let place = place();
    table(&place, &[("a", &|n| n), ("b", &|n| n), ("c", &|n| n)]);
    assert_code(&judge(&place, &["--save-baseline", "main"]), 0);
    table(&place, &[("a", &|n| 1.2 * n), ("b", &|n| 0.8 * n), ("c", &|n| 1.03 * n)]);
    let output = judge(&place, &["--against", "main", "--format", "json"]);
    assert_code(&output, 4);
    assert_says(&output, "`a` costs 20 % more by what was measured at the same sizes");
    let found = changes(&output);
    assert_eq!(names(&found["failures"]), ["a"]);
    assert_eq!(names(&found["improvements"]), ["b"]);
}

#[test]
fn times_of_another_session_only_make_suspicious() {
    let place = place();
    table(&place, &[("a", &|n| n)]);
    let times =
        |options: &[&str]| place.analyzer(&[&["--measurements", "m.csv"], options].concat());
    assert_code(&times(&["--save-baseline", "main"]), 0);
    table(&place, &[("a", &|n| 1.5 * n)]);
    let output = times(&["--against", "main"]);
    assert_code(&output, 0);
    assert_says(&output, "nothing got worse; with `--strict` 1 more would fail");
    assert_code(&times(&["--against", "main", "--strict"]), 4);
    let output = judge(&place, &["--against", "main"]);
    assert_code(&output, 2);
    assert_says(&output, "its figures are measured times, now measured counts");
}

#[test]
fn other_sizes_compare_growth_alone() {
    let place = place();
    table(&place, &[("a", &|n| n)]);
    assert_code(&judge(&place, &["--save-baseline", "main"]), 0);
    let rows = [150.0, 300.0, 600.0, 1200.0].map(|n| format!("a,{n},{}\n", 9.0 * n));
    fs::write(place.path("m.csv"), "id,size,value\n".to_string() + &rows.concat()).unwrap();
    let output = judge(&place, &["--against", "main", "--format", "json"]);
    assert_code(&output, 0);
    let notes = changes(&output)["notes"].clone();
    assert_eq!(
        notes,
        json!(["costs are not compared, only growth: no size of the baseline was run again"])
    );
}

#[test]
fn a_file_of_a_baseline_is_stable_and_as_its_schema_says() {
    let place = place();
    let laws: [(&str, &dyn Fn(f64) -> f64); 2] = [("b", &|n| n), ("a", &|n| n * n)];
    table(&place, &laws);
    assert_code(&judge(&place, &["--save-baseline", "one"]), 0);
    table(&place, &[laws[1], laws[0]]);
    assert_code(&judge(&place, &["--save-baseline", "two"]), 0);
    let read = |name: &str| place.read(&format!("superlinear-baselines/{name}.json"));
    assert_eq!(read("one"), read("two"), "the order of rows is no difference");
    check_schema("baseline", &serde_json::from_str(&read("one")).unwrap());
    let output = judge(&place, &["--against", "one", "--format", "json"]);
    check_schema("against", &changes(&output));
}

#[track_caller]
fn check_schema(name: &str, document: &Value) {
    let path = format!("schema/{name}.schema.json");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let faults: Vec<String> = schema.iter_errors(document).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{}\n{document:#}", faults.join("\n"));
}

#[test]
fn names_and_files_of_strangers_are_refused() {
    let place = place();
    table(&place, &[("a", &|n| n)]);
    for name in ["../main", "a/b", "..", "", ".hidden", "a\nb", "a\u{202e}b"] {
        for option in ["--save-baseline", "--against"] {
            let output = judge(&place, &[&format!("{option}={name}")]);
            assert_code(&output, 2);
            assert_says(&output, "the baseline's name");
        }
    }
    assert!(!place.path("superlinear-baselines").exists());
    let output = judge(&place, &["--against", "mian"]);
    assert_says(&output, "unknown baseline `mian` (there are none)");
    assert_code(&judge(&place, &["--save-baseline", "main"]), 0);
    let output = judge(&place, &["--against", "mian"]);
    assert_code(&output, 2);
    assert_says(&output, "did you mean `main`?");

    let path = place.path("superlinear-baselines/main.json");
    let whole = fs::read_to_string(&path).unwrap();
    let newer = whole.replacen("\"version\": 1", "\"version\": 9", 1);
    for (text, words) in [
        ("", "this is no baseline"),
        ("{\"version\": 1}", "missing field"),
        (newer.as_str(), "it has version 9, and this superlinear reads 1"),
        (&whole[..whole.len() / 2], "this is no baseline"),
    ] {
        fs::write(&path, text).unwrap();
        let output = judge(&place, &["--against", "main"]);
        assert_code(&output, 1);
        assert_says(&output, words);
    }
    assert_code(&judge(&place, &["--save-baseline", "a", "--against", "b"]), 2);
    let output = place.analyzer(&["--bottlenecks", "m.csv", "--save-baseline", "x"]);
    assert_ne!(output.status.code(), Some(0));
}

#[test]
fn a_link_in_the_place_of_a_baseline_is_not_followed() {
    let place = place();
    table(&place, &[("a", &|n| n)]);
    fs::create_dir(place.path("superlinear-baselines")).unwrap();
    fs::write(place.path("precious"), "precious").unwrap();
    let link = place.path("superlinear-baselines/main.json");
    std::os::unix::fs::symlink(place.path("precious"), &link).unwrap();
    assert_code(&judge(&place, &["--save-baseline", "main"]), 0);
    assert_eq!(place.read("precious"), "precious");
}

/// A function table in which `parse` calls `step` as often as `calls` says.
fn profiles(place: &Place, calls: impl Fn(f64) -> f64) -> Vec<String> {
    let pairs = SIZES.map(|size| {
        let steps = calls(size);
        let text = format!(
            "name,ncall,tsub,ttot,tavg\n\
             src/tool.py:1 main,1,0.001,{all},{all}\n\
             src/tool.py:9 parse,{size},{own},{all},0\n\
             src/tool.py:30 step,{steps},{each},{each},0\n",
            own = size * 1e-5,
            each = steps * 1e-6,
            all = 0.001 + size * 1e-5 + steps * 1e-6,
        );
        fs::write(place.path(&format!("p{size}.csv")), text).unwrap();
        format!("{size}=p{size}.csv")
    });
    ["--profiles".to_string()].into_iter().chain(pairs).collect()
}

#[test]
fn a_new_culprit_of_profiles_is_annotated_at_its_line() {
    let place = place();
    fs::create_dir(place.path("src")).unwrap();
    fs::write(place.path("src/tool.py"), "\n").unwrap();
    let judge = |arguments: &[String], options: &[&str]| {
        let all = arguments.iter().map(String::as_str).chain(options.iter().copied());
        place.analyzer(&all.collect::<Vec<_>>())
    };
    let linear = profiles(&place, |n| 10.0 * n);
    assert_code(&judge(&linear, &["--save-baseline", "main"]), 0);
    let quadratic = profiles(&place, |n| n * n);
    let output = judge(&quadratic, &["--against", "main", "--format", "github"]);
    assert_code(&output, 4);
    let first = stdout(&output).lines().next().unwrap().to_string();
    assert!(
        first.starts_with(
            "::error file=src/tool.py,line=30,title=Cost grows faster than in the baseline::`step` in `src/tool.py` is new"
        ),
        "{}",
        stdout(&output)
    );
    let output = judge(&quadratic, &["--against", "main", "--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "growth-since-baseline");
    let output = judge(&quadratic, &["--against", "main", "--format", "junit"]);
    assert!(stdout(&output).contains("<failure type=\"growth-since-baseline\""));
    let output = judge(&quadratic, &["--against", "main", "--format", "text"]);
    assert!(stdout(&output).starts_with("Growth since the baseline main"), "{}", stdout(&output));
}

#[test]
fn a_report_says_what_changed_beside_what_it_found() {
    let place = place();
    let report = |calls: fn(f64) -> f64, options: &[&str]| {
        let arguments = profiles(&place, calls);
        let all = arguments.iter().map(String::as_str).chain(options.iter().copied());
        place.reports(&all.collect::<Vec<_>>())
    };
    assert_code(&report(|n| n * n, &["--save-baseline", "main"]), 0);
    let cubic: fn(f64) -> f64 = |n| n * n * n;
    let worse = |options: &[&str]| {
        let output = report(cubic, &[&["--against", "main", "--format"], options].concat());
        assert_code(&output, 4);
        assert_says(&output, "baseline `main`: ");
        stdout(&output)
    };
    for options in [&["text"][..], &["text", "--brief"], &["markdown"], &["markdown", "--brief"]] {
        let shown = worse(options);
        let order = ["2 figures got worse", "baseline main", "`step` in", "Worst offenders"];
        let mut at = 0;
        for words in order {
            let found = shown[at..].find(words);
            at += found.unwrap_or_else(|| panic!("no {words:?} after {at} in:\n{shown}")) + 1;
        }
    }
    let page = worse(&["html"]);
    let place_of = |words: &str| page.find(words).unwrap_or_else(|| panic!("no {words:?}"));
    assert!(place_of("Since the baseline <code>main</code>: ") < place_of("What this rests on"));
    assert!(place_of("id=\"since-the-baseline-main\"") < place_of("id=\"all-functions\""));
    let document: Value = serde_json::from_str(&worse(&["json"])).unwrap();
    assert!(names(&document["against"]["failures"]).contains(&"step"), "{document:#}");
    assert_eq!(document["subject"], "scaling");
    check_schema("against", &document["against"]);
    // What alarms tells what changed, not what the project lives with; figures are all there.
    assert!(worse(&["github"]).contains("than in the baseline::"));
    assert!(worse(&["sarif"]).contains("growth-since-baseline"));
    assert!(worse(&["junit"]).contains("<failure type=\"growth-since-baseline\""));
    let usual = stdout(&report(cubic, &["--format", "csv"]));
    assert_eq!(worse(&["csv"]), usual);
    let same = |format: &str| {
        let output = report(|n| n * n, &["--against", "main", "--format", format]);
        assert_code(&output, 0);
        stdout(&output)
    };
    assert_eq!(same("github"), "superlinear: 0 findings\n");
    assert!(same("text").contains("nothing got worse for certain"), "{}", same("text"));
    assert_code(&report(cubic, &["--against", "mian"]), 2);
    let line = ["--phase", "1", "--watch", "--output", "o", "--save-baseline", "main"];
    assert_code(&place.reports(&line), 2);
}

/// A function table of two classes in one file, whose constructors are called so often; `lines`:
/// where they stand.
fn classes(place: &Place, lines: [u32; 2], calls: [fn(f64) -> f64; 2]) -> Vec<String> {
    let pairs = SIZES.map(|size| {
        let [first, second] = calls.map(|law| law(size));
        let text = format!(
            "name,ncall,tsub,ttot,tavg\n\
             models.py:1 main,1,0.001,{all},{all}\n\
             models.py:{} __init__,{first},{},{},0\n\
             models.py:{} __init__,{second},{},{},0\n",
            lines[0],
            first * 1e-5,
            first * 1e-5,
            lines[1],
            second * 1e-5,
            second * 1e-5,
            all = 0.001 + (first + second) * 1e-5,
        );
        fs::write(place.path(&format!("c{size}.csv")), text).unwrap();
        format!("{size}=c{size}.csv")
    });
    ["--counts-only".to_string(), "--profiles".to_string()].into_iter().chain(pairs).collect()
}

#[test]
fn functions_of_one_name_in_one_file_are_told_apart() {
    let place = place();
    let judge = |lines, calls, options: &[&str]| {
        let arguments = classes(&place, lines, calls);
        let all = arguments.iter().map(String::as_str).chain(options.iter().copied());
        place.analyzer(&all.collect::<Vec<_>>())
    };
    let against = |lines, calls, code| {
        let output = judge(lines, calls, &["--against", "main", "--format", "json"]);
        assert_code(&output, code);
        changes(&output)
    };
    let sentences = |changes: &Value| -> Vec<String> {
        let changes = changes.as_array().unwrap().iter();
        changes.map(|one| one["sentence"].as_str().unwrap().to_string()).collect()
    };
    let usual: [fn(f64) -> f64; 2] = [|n| n * n, |n| 50.0 * n];
    assert_code(&judge([5, 40], usual, &["--save-baseline", "main"]), 0);
    let path = place.path("superlinear-baselines/main.json");
    let kept = fs::read_to_string(&path).unwrap();
    check_schema("baseline", &serde_json::from_str(&kept).unwrap());
    // Lines move with every edit.
    let found = against([105, 141], usual, 0);
    assert_eq!(found["gone"], json!([]));
    // The first no longer grows too fast, and the second does.
    let found = against([5, 40], [usual[1], usual[0]], 4);
    let failures = sentences(&found["failures"]);
    assert!(
        failures[0].starts_with("`__init__` in `models.py` (number 2 of 2) is new among"),
        "{failures:?}"
    );
    let improved = sentences(&found["improvements"]);
    assert!(improved[0].contains("(number 1 of 2) no longer"), "{improved:?}");
    // A file that kept only the costliest of them is still read, and held against the costliest.
    let mut old: Value = serde_json::from_str(&kept).unwrap();
    let entries = old["entries"].as_array_mut().unwrap();
    entries.retain(|entry| entry["namesake"]["nth"] != 2);
    for entry in entries {
        entry.as_object_mut().unwrap().remove("namesake");
    }
    fs::write(&path, old.to_string()).unwrap();
    let found = against([5, 40], usual, 0);
    assert!(found["notes"][0].as_str().unwrap().contains("has changed"), "{found}");
}

#[test]
fn a_scan_is_held_against_a_baseline() {
    let place = place();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    assert!(python.exists(), "no {}: run `sh tests/setup.sh`", python.display());
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci/dedup.py");
    fs::copy(program, place.path("dedup.py")).unwrap();
    let scan = |dedup: &str, options: &[&str]| {
        let sizes = ["scan", "--sizes", "50..400 x2", "--backend", "cprofile", "--counts-only"];
        let program = ["--", python.to_str().unwrap(), "dedup.py", "{size}"];
        let all = [&sizes[..], options, &program[..]].concat();
        let mut command = place.command(env!("CARGO_BIN_EXE_superlinear"), &all);
        command.env("DEDUP", dedup).output().unwrap()
    };
    assert_code(&scan("fast", &["--save-baseline", "main"]), 0);
    let output = scan("fast", &["--against", "main"]);
    assert_code(&output, 0);
    assert_says(&output, "nothing got worse");
    let output = scan("slow", &["--fresh", "--against", "main", "--format", "json"]);
    assert_code(&output, 4);
    let found = changes(&output);
    assert!(names(&found["analysis"]["failures"]).contains(&"is_known"), "{found:#}");
    let page = place.read("superlinear-scan/dedup/report.html");
    assert!(
        page.contains("id=\"since-the-baseline-main\"") && page.contains("id=\"all-functions\"")
    );
    assert_code(&scan("fast", &["--against", "none"]), 2);
}

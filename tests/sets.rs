//! `analyzer --before DIR --after DIR` on folders of real files: what a change did to every
//! function.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

/// A folder with `sort_N_rows.csv` for four sizes: what `rows` gives for each size, as name, calls
/// and self seconds.
fn folder(place: &Place, name: &str, rows: impl Fn(f64) -> Vec<(&'static str, f64, f64)>) {
    fs::create_dir(place.path(name)).unwrap();
    for size in [100.0, 200.0, 400.0, 800.0] {
        let mut text = String::from("name,ncall,tsub,ttot,tavg\n");
        for (function, calls, seconds) in rows(size) {
            let each = seconds / calls;
            text += &format!("a.py:3 {function},{calls},{seconds},{seconds},{each}\n");
        }
        fs::write(place.path(name).join(format!("sort_{size}_rows.funcs.wall.csv")), text).unwrap();
    }
}

fn place() -> Place {
    let place = Place::new(&json!({ "runs": [] }));
    let step = |n: f64| ("step", n, n * 1e-4);
    folder(&place, "old", |n| vec![("concat", n, n * n * 1e-5), step(n), ("gone", 1.0, 0.2)]);
    folder(&place, "new", |n| vec![("concat", n, n * 1e-4), step(n), ("fresh", 1.0, 0.1)]);
    place
}

#[test]
fn says_what_improved_and_how_growth_changed() {
    let place = place();
    let output = place.analyzer(&["--before", "old", "--after", "new", "--format", "json"]);
    assert_code(&output, 0);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = &found["comparisons"][0];
    assert_eq!(found["scenario"], "sort_rows");
    // 6.4 + 0.08 + 0.2 s before, 0.08 + 0.08 + 0.1 s after.
    let whole = &found["sizes"][3];
    assert_eq!(whole["size"], 800.0);
    assert!((whole["before"].as_f64().unwrap() - 6.68).abs() < 1e-9);
    assert!((whole["after"].as_f64().unwrap() - 0.26).abs() < 1e-9);
    assert_eq!(whole["change_percent"], -96.108);
    let concat = &found["functions"][0];
    assert_eq!(concat["name"], "concat");
    assert_eq!(concat["change_percent"], -98.75);
    let growth = &concat["growth"];
    assert_eq!((&growth["metric"], &growth["is_certain"]), (&json!("tsub"), &json!(true)));
    assert!((growth["before"]["exponent"].as_f64().unwrap() - 2.0).abs() < 0.05);
    assert!((growth["after"]["exponent"].as_f64().unwrap() - 1.0).abs() < 0.05);
    let of = |name: &str| {
        let functions = found["functions"].as_array().unwrap();
        functions.iter().find(|function| function["name"] == name).unwrap().clone()
    };
    assert_eq!((&of("gone")["after"], &of("fresh")["before"]), (&Value::Null, &Value::Null));
    assert_eq!(of("step")["change"], 0.0);
}

#[test]
fn is_shown_to_people() {
    let place = place();
    let arguments = ["--before", "old", "--after", "new", "--format"];
    for format in ["text", "markdown"] {
        let output = place.analyzer(&[&arguments[..], &[format]].concat());
        assert_code(&output, 0);
        let shown = stdout(&output);
        for words in
            ["Improvements", "New functions", "Vanished functions", "96.1 % less", "went from n^2."]
        {
            assert!(shown.contains(words), "{words} is not in\n{shown}");
        }
    }
}

#[test]
fn a_plan_beside_the_profiles_says_their_sizes() {
    let old = Place::with_shell("sleep 0.0$SIZE", 4);
    assert_code(&old.runner(&["--all"]), 0);
    let folder = old.path("");
    let folder = folder.to_str().unwrap();
    for other in [folder.to_string(), format!("{folder}/profiling")] {
        let output = old.analyzer(&["--before", folder, "--after", &other, "--format", "json"]);
        assert_code(&output, 0);
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = &found["comparisons"][0];
        assert_eq!(found["scenario"], "shell");
        assert_eq!(found["sizes"].as_array().unwrap().len(), 4);
        assert_eq!(found["sizes"][3]["is_wall"], true);
        assert_eq!(found["sizes"][3]["change_percent"], 0.0);
    }
}

#[test]
fn a_profile_whose_name_tells_no_size_is_compared_without_one() {
    let place = place();
    for (folder, seconds) in [("old", 0.4), ("new", 0.1)] {
        let text = format!("name,ncall,tsub,ttot,tavg\na.py:3 f,1,{seconds},{seconds},{seconds}\n");
        // Beside `sort_100_rows` and its like, and one of the same name with a size.
        fs::write(place.path(folder).join("daily.funcs.wall.csv"), &text).unwrap();
        fs::write(place.path(folder).join("daily_7.funcs.wall.csv"), &text).unwrap();
    }
    let output = place.analyzer(&["--before", "old", "--after", "new", "--format", "json"]);
    assert_code(&output, 0);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let sizes: Vec<(&Value, &Value)> = found["comparisons"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["scenario"] == "daily")
        .map(|one| (&one["sizes"][0]["size"], &one["sizes"][0]["change_percent"]))
        .collect();
    assert_eq!(sizes, [(&Value::Null, &json!(-75.0)), (&json!(7.0), &json!(-75.0))]);
    let arguments = ["--before", "old", "--after", "new", "--scenario", "daily"];
    let output = place.analyzer(&[&arguments[..], &["--format", "text"]].concat());
    assert!(!stdout(&output).contains("size 1"), "{}", stdout(&output));
}

/// Finds the distinct lines of a log: each one is compared with all before it.
const FAULTY: &str = "\
import sys
def is_same(one, other):
    return one == other
def search(seen, line):
    return any(is_same(line, other) for other in seen)
def distinct(lines):
    seen = []
    for line in lines:
        if not search(seen, line):
            seen.append(line)
    return len(seen)
print(distinct(['line %d' % number for number in range(int(sys.argv[1]))]))
";

/// The same, each one compared with one of its own hash.
const MENDED: &str = "\
# By their hashes.
import sys
def bucket(seen, line):
    code = 0
    for letter in line.encode() * 4:
        code = (code * 31 + letter) % 1000003
    return seen.setdefault(code, [])
def is_same(one, other):
    return one == other
def distinct(lines):
    seen = {}
    for line in lines:
        known = bucket(seen, line)
        known.append(line)
        is_same(known[0], line)
    return len(seen)
print(distinct(['line %d' % number for number in range(int(sys.argv[1]))]))
";

/// Both scanned by `backend`, with the same name in a folder each.
#[track_caller]
fn check_mended(backend: &str, python: &str) {
    let place = Place::new(&json!({ "runs": [] }));
    for (folder, program) in [("old", FAULTY), ("new", MENDED)] {
        fs::write(place.path("distinct.py"), program).unwrap();
        let options = ["scan", "--sizes", "50..400 x2", "--backend", backend, "--dir", folder];
        let command = ["--", python, "distinct.py", "{size}"];
        assert_code(&place.superlinear(&[&options[..], &command].concat()), 0);
    }
    let compared = |format: &str| {
        let sets = ["--before", "old", "--after", "new", "--scenario", "distinct"];
        let output = place.analyzer(&[&sets[..], &["--format", format]].concat());
        assert_code(&output, 0);
        stdout(&output)
    };
    let found: Value = serde_json::from_str(&compared("json")).unwrap();
    let functions = found["comparisons"][0]["functions"].as_array().unwrap();
    let of = |name: &str| functions.iter().find(|function| function["name"] == name).unwrap();
    // 400 lines were compared with those before them: 400 · 399 / 2 calls.
    let is_same = of("is_same");
    assert_eq!(
        (&is_same["calls_before"], &is_same["calls_after"]),
        (&json!(79800.0), &json!(400.0))
    );
    let growth = &is_same["growth"];
    assert_eq!((&growth["metric"], &growth["is_certain"]), (&json!("ncall"), &json!(true)));
    for (side, truth) in [("before", 2.0), ("after", 1.0)] {
        let exponent = growth[side]["exponent"].as_f64().unwrap();
        assert!((exponent - truth).abs() < 0.02, "{side}: {exponent}");
        assert!(growth[side]["low"].as_f64().unwrap() <= truth, "{growth:#}");
        assert!(growth[side]["high"].as_f64().unwrap() >= truth, "{growth:#}");
    }
    let (vanished, new) = (of("<genexpr>"), of("bucket"));
    assert_eq!((&vanished["after"], &new["before"]), (&Value::Null, &Value::Null));
    for format in if backend == "cprofile" { vec!["text", "markdown"] } else { vec![] } {
        let shown = compared(format);
        for words in [
            "went from n^2.00 ",
            " to n^1.00 ",
            "by number of calls",
            "Improvements",
            "New functions",
            "Vanished functions",
        ] {
            assert!(shown.contains(words), "{words} is not in\n{shown}");
        }
    }
}

#[test]
fn a_mended_program_went_from_the_square_to_a_line_by_cprofile() {
    check_mended("cprofile", "python3");
}

#[test]
fn a_mended_program_went_from_the_square_to_a_line_by_yappi() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    check_mended("yappi", python.to_str().unwrap());
}

#[test]
fn says_what_cannot_be_compared() {
    let place = place();
    let unknown = place.analyzer(&["--before", "old", "--after", "new", "--scenario", "sort_row"]);
    assert_code(&unknown, 2);
    assert_says(&unknown, "unknown scenario `sort_row` (known: `sort_rows`)");
    assert_code(&place.analyzer(&["--before", "old"]), 2);
    assert_code(&place.analyzer(&["--before", "old", "--after", "nowhere"]), 1);
    fs::create_dir(place.path("empty")).unwrap();
    let nothing = place.analyzer(&["--before", "old", "--after", "empty"]);
    assert_code(&nothing, 2);
    assert_says(&nothing, "have no scenario in common");
}

//! `analyzer --before DIR --after DIR` on folders of real files: what a change did to every function.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

/// A folder with `sort_N_rows.csv` for four sizes: what `rows` gives for each size, as name, calls and
/// self seconds.
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

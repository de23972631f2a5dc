//! The command `analyzer` as a person or a script uses it: what it prints, where, and how it ends.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::process::Output;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

const SIZES: [f64; 5] = [100.0, 200.0, 400.0, 800.0, 1600.0];
const HEADER: &str = "id,exponent_low,exponent,exponent_high,class,class_set,p_superlinear,verdict";

type Law = fn(f64) -> f64;

fn place() -> Place {
    Place::new(&json!({ "runs": [] }))
}

/// One line per size of `id,size,repetition,value`.
fn rows(id: &str, value: impl Fn(f64) -> f64) -> String {
    SIZES.iter().fold(String::new(), |mut rows, size| {
        writeln!(rows, "{id},{size},1,{}", value(*size)).unwrap();
        rows
    })
}

fn judged(table: &str, options: &[&str]) -> Output {
    let place = place();
    fs::write(place.path("m.csv"), table).unwrap();
    let arguments: Vec<&str> = ["--measurements", "m.csv"].iter().chain(options).copied().collect();
    place.analyzer(&arguments)
}

fn table(rows: &[String]) -> String {
    format!("id,size,repetition,value\n{}", rows.concat())
}

fn lines(output: &Output) -> Vec<Vec<String>> {
    let text = stdout(output);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(text.lines().next(), Some(HEADER));
    reader.records().map(|line| line.unwrap().iter().map(String::from).collect()).collect()
}

#[test]
fn measurements_are_judged_in_their_order() {
    let laws: [(&str, Law, &str, &str); 9] = [
        ("constant", |_| 7.0, "1", "not superlinear"),
        ("logarithm", f64::ln, "log n", "not superlinear"),
        ("root", f64::sqrt, "n^0.5", "not superlinear"),
        ("line", |n| n, "n", "not superlinear"),
        ("sort", |n| n * n.ln(), "n log n", "not superlinear"),
        ("between", |n| n.powf(1.5), "n^1.5", "superlinear"),
        ("square", |n| n * n + 1e4, "n^2", "superlinear"),
        ("squares", |n| n * n * n.ln(), "n^2 log n", "superlinear"),
        ("cube", |n| n.powi(3), "n^3", "superlinear"),
    ];
    let rows: Vec<String> = laws.iter().map(|(id, law, ..)| rows(id, law)).collect();
    let output = judged(&table(&rows), &["--counters", "--format", "csv"]);
    assert_code(&output, 0);
    let found = lines(&output);
    assert_eq!(found.len(), laws.len());
    for (line, (id, _, class, verdict)) in found.iter().zip(laws) {
        assert_eq!([&line[0], &line[4], &line[7]], [id, class, verdict], "{line:?}");
        let [low, middle, high] = [1, 2, 3].map(|cell| line[cell].parse::<f64>().unwrap());
        assert!(low <= middle && middle <= high, "{line:?}");
        assert!(line[5].split('|').any(|one| one == class), "{line:?}");
        assert!((0.0..=1.0).contains(&line[6].parse::<f64>().unwrap()), "{line:?}");
    }
}

#[test]
fn values_that_mean_nothing_cannot_be_told() {
    let rows = [
        "nan,100,1,NaN\nnan,200,1,nan\n".to_string(),
        "zero,100,1,0\nzero,200,1,0\nzero,400,1,0\n".into(),
        "negative,100,1,-1\nnegative,200,1,-2\n".into(),
        "missing,100,1,\nmissing,200\nmissing\n".into(),
        "infinite,100,1,inf\ninfinite,inf,1,1\ninfinite,-inf,1,1\n".into(),
        "words,few,1,much\n".into(),
        "one size,5,1,3\none size,5,2,3.1\n".into(),
        rows("\"quoted, \"\"id\"\"\"", |n| n),
    ];
    let output = judged(&table(&rows), &["--format", "csv"]);
    assert_code(&output, 0);
    let found = lines(&output);
    assert_eq!(found.len(), rows.len());
    let (last, bad) = found.split_last().unwrap();
    assert_eq!([&last[0], &last[7]], ["quoted, \"id\"", "not superlinear"]);
    for line in bad {
        assert_eq!(line[1..], ["", "", "", "", "", "", "cannot tell"], "{line:?}");
        assert_says(&output, &format!("cannot tell of `{}`: ", line[0]));
    }
    let output = judged(&table(&rows), &["--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["skipped"].as_array().unwrap().len(), bad.len());
    assert_eq!(
        found["skipped"][1]["reason"],
        "no measurement can be judged: left out: 3 of 3 with the value zero"
    );
    assert_eq!(found["measurements"][7]["class"], "n");
}

#[test]
fn two_sizes_give_a_ratio_and_no_verdict() {
    let output = judged("id,size,value\ntwo,10,1\ntwo,100,100\n", &["--format", "csv"]);
    let found = lines(&output);
    assert_eq!([&found[0][2], &found[0][7]], ["2.0000", "cannot tell"]);
}

#[test]
fn a_table_without_the_columns_is_refused() {
    for (text, words) in [
        ("", "the file is empty"),
        ("id,value\na,1\n", "the header has no column `size`"),
        ("\0\u{1}\u{2}", "the header has no column `id`"),
    ] {
        let output = judged(text, &[]);
        assert_code(&output, 1);
        assert_says(&output, words);
    }
    let output = place().analyzer(&["--measurements", "none.csv"]);
    assert_code(&output, 1);
    let output = judged(&table(&[rows("a", |n| n)]), &["--size-by", "calls:f"]);
    assert_code(&output, 2);
    assert_code(&judged(&table(&[]), &["--format", "csv"]), 0);
}

#[test]
fn columns_may_stand_in_any_order() {
    let text = "note,value,repetition,id,size\n".to_string()
        + &SIZES.map(|size| format!("x,{},1,a,{size}\n", size * size)).concat();
    assert_eq!(lines(&judged(&text, &["--format", "csv"]))[0][4], "n^2");
}

#[test]
fn the_gate_fails_on_firm_findings() {
    let all =
        table(&[rows("line", |n| n), rows("between", |n| n.powf(1.5)), rows("square", |n| n * n)]);
    let check = |limit: &str, code: i32, words: &[&str]| {
        let output = judged(&all, &["--counters", "--fail-on", limit]);
        assert_code(&output, code);
        for words in words {
            assert_says(&output, words);
        }
        assert_eq!(lines(&output).len(), 3, "what was found is printed all the same");
    };
    check(
        "quadratic",
        4,
        &["gate `quadratic` exceeded by 1; expected false flags", "`square`: n^2.00"],
    );
    check("superlinear", 4, &["exceeded by 2", "`between`: n^1.50"]);
    check("2.5", 0, &["gate `2.5` passed"]);
    check("0.5", 4, &["exceeded by 3"]);
    let output = judged(&all, &["--fail-on", "steep"]);
    assert_code(&output, 2);
    assert_says(&output, "cannot understand the limit `steep`");
    assert_code(&judged(&all, &["--strict"]), 2);
}

#[test]
fn findings_that_are_not_certain_fail_only_when_strict() {
    // Single times at three sizes: steep, but only suspected.
    let all = "id,size,value\na,100,1\na,200,4\na,400,16\n";
    let output = judged(all, &["--fail-on", "superlinear"]);
    assert_code(&output, 0);
    assert_says(&output, "with `--strict` 1 more would fail");
    assert_code(&judged(all, &["--fail-on", "superlinear", "--strict"]), 4);
}

/// A function table of a program whose `parse` calls `step` as often as `calls` says.
fn profile(size: f64, calls: impl Fn(f64) -> f64) -> String {
    let steps = calls(size);
    format!(
        "name,ncall,tsub,ttot,tavg\n\
         /home/me/tool.py:1 main,1,0.001,{all},{all}\n\
         /home/me/tool.py:9 parse,{size},{own},{all},0\n\
         /home/me/tool.py:30 step,{steps},{each},{each},0\n",
        own = size * 1e-5,
        each = steps * 1e-6,
        all = 0.001 + size * 1e-5 + steps * 1e-6,
    )
}

fn profiles(place: &Place, calls: impl Fn(f64) -> f64 + Copy) -> Vec<String> {
    let pairs = SIZES.map(|size| {
        let name = format!("p{size}.csv");
        fs::write(place.path(&name), profile(size, calls)).unwrap();
        format!("{size}={name}")
    });
    ["--profiles".to_string()].into_iter().chain(pairs).collect()
}

#[test]
fn profiles_made_elsewhere_pass_the_gate_or_do_not() {
    let check = |calls: fn(f64) -> f64, code: i32, words: &str| {
        let place = place();
        let mut arguments = profiles(&place, calls);
        arguments.extend(["--fail-on".into(), "quadratic".into()]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        for output in [place.analyzer(&arguments), place.reports(&arguments)] {
            assert_code(&output, code);
            assert_says(&output, words);
        }
    };
    check(|n| n * n, 4, "`step` (/home/me/tool.py:30): n^2.00");
    check(|n| 3.0 * n, 0, "gate `quadratic` passed");
}

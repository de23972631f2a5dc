//! The statistics of benchmarks against SciPy: on stored cases, and on fresh ones at every run.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;
use superlinear::stats::bench;

const POWER: f64 = 0.8;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn script() -> PathBuf {
    root().join("tests/data/stats/make_cases.py")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Equal to ten digits; what is tiny by SciPy's own account of the values is compared to their
/// scale.
#[track_caller]
fn close(found: f64, expected: &Value, scale: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    let off = (found - expected).abs();
    assert!(off <= 1e-10 * expected.abs().max(scale), "{what}: {found:e} is not {expected:e}");
}

/// A small `t` is what is left of two means that are nearly the same, in standard errors: its scale
/// is 1.
fn check_test(found: bench::Test, expected: &Value, what: &str) {
    close(found.t, &expected["t"], 1.0, &format!("t, {what}"));
    close(found.freedom, &expected["freedom"], 0.0, &format!("freedom, {what}"));
    close(found.p, &expected["p"], 1e-6, &format!("p, {what}"));
}

fn check_case(case: &Value) {
    let confidence = case["confidence"].as_f64().unwrap();
    let (before, after) = (numbers(&case["before"]), numbers(&case["after"]));
    let other = numbers(&case["other"]);
    let summary = bench::summary(&before, confidence).unwrap();
    let expected = &case["summary"];
    let (low, high) = summary.interval.unwrap();
    close(summary.mean, &expected["mean"], 0.0, "mean");
    close(summary.sd.unwrap(), &expected["sd"], summary.mean * 1e-3, "sd");
    close(summary.median, &expected["median"], 0.0, "median");
    close(low, &expected["low"], summary.mean, "low");
    close(high, &expected["high"], 0.0, "high");
    check_test(bench::paired(&before, &after).unwrap(), &case["paired"], "paired");
    check_test(bench::welch(&before, &other).unwrap(), &case["welch"], "Welch");
    let rank = bench::ranks_higher(&before, &other).unwrap();
    close(rank, &case["rank"], 1e-6, "p of ranks");
    let [first, second] = [0, 1].map(|place| numbers(&case["steps"][place]));
    let rank = bench::ranks_higher(&first, &second).unwrap();
    close(rank, &case["steps_rank"], 1e-6, "p of ranks with ties");
    let drift = bench::drift(&before).unwrap();
    close(drift.slope, &case["trend"]["slope"], summary.mean * 1e-3, "slope");
    close(drift.p, &case["trend"]["p"], 1e-3, "p of the trend");
    let smallest = bench::smallest_paired_difference(&before, &after, confidence, POWER);
    close(smallest.unwrap(), &case["smallest_paired"], summary.mean * 1e-3, "smallest, paired");
    let smallest = bench::smallest_difference(&before, &other, confidence, POWER);
    close(smallest.unwrap(), &case["smallest"], summary.mean * 1e-3, "smallest");
    for expected in case["bootstraps"].as_array().unwrap() {
        let pairs = expected["pairs"].as_bool().unwrap();
        let second = if pairs { &after } else { &other };
        let draws = expected["draws"].as_u64().unwrap() as usize;
        let seed = expected["seed"].as_u64().unwrap();
        let ratio = bench::ratio_of_medians(&before, second, pairs, confidence, draws, seed);
        let ratio = ratio.unwrap();
        close(ratio.point, &expected["point"], 0.0, "ratio");
        close(ratio.low, &expected["low"], 0.0, "ratio, low");
        close(ratio.high, &expected["high"], 0.0, "ratio, high");
    }
}

fn check_all(text: &str) {
    let document: Value = serde_json::from_str(text).unwrap();
    let cases = document["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 40);
    cases.iter().for_each(check_case);
}

#[test]
fn stored_cases_are_as_scipy_has_them() {
    check_all(&std::fs::read_to_string(script().with_file_name("cases.json")).unwrap());
}

#[test]
fn fresh_cases_are_as_scipy_has_them() {
    let python = root().join("target/python/bin/python");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = now.as_secs().to_string();
    let output = Command::new(&python).arg(script()).arg(&seed).output();
    let output = output.unwrap_or_else(|error| {
        panic!("cannot run {}: {error}; run `sh tests/setup.sh` first", python.display())
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "run `sh tests/setup.sh` first: {errors}");
    println!("seed {seed}");
    check_all(&String::from_utf8(output.stdout).unwrap());
}

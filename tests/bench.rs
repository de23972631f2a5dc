//! Benchmarks on the real binary: equality first, then times, then a decision; interrupted and gone
//! on with; sequences; and whatever a person may give that cannot be judged.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;

use serde_json::Value;
use serde_json::json;

use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

/// A folder whose plan compares `before` with `after`, both run by `sh`, by way of suite `s`.
fn suite(before: &str, after: &str, extra: &Value) -> Place {
    let shell = |script: &str| json!({ "command": ["sh", "-c", script, "sh"] });
    let mut suite = json!({ "baseline": "before", "optimized": "after", "warmups": 0 });
    for (key, value) in extra.as_object().unwrap() {
        suite[key] = value.clone();
    }
    Place::new(&json!({
        "workloads": { "before": shell(before), "after": shell(after) },
        "settings": { "grace": "2s" },
        "suites": { "s": suite },
    }))
}

fn bench(place: &Place, arguments: &[&str]) -> (i32, Value) {
    let all: Vec<&str> = ["bench", "--format", "json"].iter().chain(arguments).copied().collect();
    let output = place.superlinear(&all);
    let found = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!("{}", String::from_utf8_lossy(&output.stderr));
    });
    (output.status.code().unwrap(), found)
}

#[track_caller]
fn check_refused(place: &Place, arguments: &[&str], code: i32, words: &str) {
    let all: Vec<&str> = ["bench"].iter().chain(arguments).copied().collect();
    let output = place.superlinear(&all);
    assert_code(&output, code);
    assert_says(&output, words);
    assert!(String::from_utf8_lossy(&output.stderr).contains("hint: "), "{arguments:?}");
}

#[test]
fn what_is_faster_is_accepted_and_what_is_not_is_rejected() {
    let place = Place::with_shell("true", 0);
    fs::write(place.path("slow.sh"), "sleep 0.2; echo 1.0\n").unwrap();
    fs::write(place.path("fast.sh"), "echo 1.00\n").unwrap();
    let (slow, fast) = ("sh slow.sh", "sh 'fast.sh'");
    let (code, found) = bench(&place, &["--baseline", slow, "--optimized", fast, "--seed", "7"]);
    assert_eq!((code, &found["decision"]), (0, &json!("accepted")), "{found:#}");
    let criteria = &found["criteria"];
    for name in ["improvement", "significance", "memory", "sample_size"] {
        assert_eq!(criteria[name]["passed"], true, "{name}: {found:#}");
        assert!(criteria[name]["value"].is_number() && criteria[name]["threshold"].is_number());
    }
    assert!(found["improvement_percent"].as_f64().unwrap() > 30.0);
    assert!(found["rationale"].as_str().unwrap().starts_with("accepted: all criteria hold"));
    assert_eq!(found["seed"], 7);
    assert_eq!(found["baseline"]["wall_seconds"].as_array().unwrap().len(), 10);
    let csv = place.read(found["raw_files"][0].as_str().unwrap());
    assert_eq!(csv.lines().count(), 21);
    let turned = ["--baseline", fast, "--optimized", slow, "--runs", "4"];
    let (code, found) = bench(&place, &turned);
    assert_eq!((code, &found["decision"]), (4, &json!("rejected")));
    let rationale = found["rationale"].as_str().unwrap();
    assert!(rationale.contains("4 runs of each version are 6 too few"), "{rationale}");
    assert!(rationale.contains("% slower, and 5 % of improvement are asked for"), "{rationale}");
}

#[test]
fn a_program_alone_is_measured_and_nothing_decided() {
    let place = Place::with_shell("true", 0);
    let arguments = ["--runs", "3", "--backtest-count", "4", "--", "sh", "-c", "sleep 0.05"];
    let (code, found) = bench(&place, &arguments);
    assert_eq!((code, &found["decision"]), (0, &Value::Null));
    let mean = found["baseline"]["mean_seconds"].as_f64().unwrap();
    assert!(mean >= 0.05, "{mean}");
    let per = found["baseline"]["seconds_per_backtest"].as_f64().unwrap();
    assert!((per - mean / 4.0).abs() < 1e-9);
    let text = place.superlinear(&["bench", "--runs", "3", "--ascii", "--", "sh", "-c", "true"]);
    assert_code(&text, 0);
    assert!(text.stdout.is_ascii() && !text.stdout.is_empty(), "{}", stdout(&text));
}

#[test]
fn a_difference_blocks_before_anything_is_timed() {
    let place = suite(
        "echo x >> count; echo pnl 1.0; echo same",
        "echo x >> count; echo pnl 1.5; echo same",
        &json!({ "runs": 50 }),
    );
    let (code, found) = bench(&place, &["--suite", "s"]);
    assert_eq!((code, &found["decision"]), (4, &json!("blocked")));
    assert_eq!(place.lines("count").len(), 2);
    let difference = &found["equality"][0]["differences"][0];
    assert_eq!(difference["places"], json!(["line 1"]));
    assert_eq!(difference["diff"], "@@ from line 1 @@\n-pnl 1.0\n+pnl 1.5\n same\n");
    assert!(found["baseline"].is_null() && found["criteria"].is_null());
}

/// The decision and rationale on two scripts.
#[track_caller]
fn check(before: &str, after: &str, extra: &Value, blocked: &str) {
    let mut extra = extra.clone();
    extra["runs"] = json!(2);
    let place = suite(before, after, &extra);
    let (code, found) = bench(&place, &["--suite", "s"]);
    let rationale = found["rationale"].as_str().unwrap();
    assert_eq!(code, 4);
    match blocked {
        "" => assert_eq!(found["decision"], "rejected", "{rationale}"),
        words => assert_eq!(rationale, format!("blocked: {words}")),
    }
}

#[test]
fn outputs_are_compared_case_by_case_and_file_by_file() {
    check("echo 1.0", "echo 1.000000000001", &json!({}), "");
    let strict = json!({ "stdout": { "tolerance": 0.0 } });
    let line = "on `the bare command` the two versions differ in their standard output: line 1";
    check("echo 1.0", "echo 1.000000000001", &strict, line);
    let order = json!({ "stdout": { "any_order": true } });
    check("echo a; echo b", "echo b; echo a", &order, "");
    let file = json!({ "files": { "r.json": { "format": "json" } } });
    check("echo '{\"a\": 1}' > r.json", "echo '{\"a\":1.0}' > r.json", &file, "");
    let place =
        "on `the bare command` the two versions differ in the file `r.json`: $.a: 1 became 2";
    check("echo '{\"a\": 1}' > r.json", "echo '{\"a\": 2}' > r.json", &file, place);
    let missing = "on `the bare command` the two versions differ in the file `r.json`: \
                   written by the baseline, not written by the optimised version";
    check("echo '{\"a\": 1}' > r.json", "true", &file, missing);
    let cases = json!({ "cases": [{ "args": ["1"] }, { "name": "two", "args": ["2"] }] });
    let case = "on `two` the two versions differ in their standard output: line 1";
    check("echo $1", "if [ \"$1\" = 2 ]; then echo 3; else echo $1; fi", &cases, case);
    let ends = "on `the bare command` the two versions differ in the way they end: \
                exit code 0 became exit code 3";
    check("exit 0", "exit 3", &json!({}), ends);
    check(
        "exit 3",
        "exit 3",
        &json!({}),
        "both versions end with exit code 3, so there is nothing to time",
    );
}

#[test]
fn what_fails_while_it_is_timed_blocks() {
    let script = "echo x >> count; test $(wc -l < count) -lt 4";
    let place = suite("true", script, &json!({ "runs": 5 }));
    let (code, found) = bench(&place, &["--suite", "s"]);
    assert_eq!((code, &found["decision"]), (4, &json!("blocked")));
    let rationale = found["rationale"].as_str().unwrap();
    let words =
        "blocked: the optimised version failed: exit code 1, see `profiling/runs/s.optimized/";
    assert!(rationale.starts_with(words), "{rationale}");
}

/// Versions in the order executed, by the raw file of suite `s`.
fn order(place: &Place) -> Vec<String> {
    let csv = place.read("profiling/raw/s.csv");
    csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_string()).collect()
}

#[test]
fn an_interrupted_suite_goes_on_where_it_stopped_and_in_the_same_order() {
    let extra = json!({ "runs": 8, "seed": 5 });
    let script = "echo x >> count; sleep 0.1";
    let whole = suite(script, script, &extra);
    bench(&whole, &["--suite", "s"]);
    assert_eq!(whole.lines("count").len(), 18);
    let expected = order(&whole);
    let rounds: Vec<&[String]> = expected.chunks(2).collect();
    assert!(rounds.iter().all(|round| round[0] != round[1]), "{expected:?}");
    assert!(rounds.iter().any(|round| round[0] != rounds[0][0]), "{expected:?}");
    let place = suite(script, script, &extra);
    let arguments = ["bench", "--suite", "s"];
    let mut command = place.command(env!("CARGO_BIN_EXE_superlinear"), &arguments);
    let child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    support::wait_until("five executions", || place.lines("count").len() >= 5);
    support::kill("INT", i32::try_from(child.id()).unwrap());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let before = place.lines("count").len();
    assert!(before < 18, "{before}");
    let (_, found) = bench(&place, &["--suite", "s"]);
    assert_eq!(found["baseline"]["runs"], 8);
    // At most the execution that was interrupted is made again.
    let executed = place.lines("count").len();
    assert!((18..=19).contains(&executed), "{executed}");
    assert_eq!(order(&place), expected);
    bench(&place, &["--suite", "s"]);
    assert_eq!(place.lines("count").len(), executed);
    bench(&place, &["--suite", "s", "--again"]);
    assert_eq!(place.lines("count").len(), executed + 18);
}

#[test]
fn warm_ups_come_before_the_first_round_only() {
    let script = "echo x >> count";
    let place = suite(script, script, &json!({ "runs": 3, "warmups": 2 }));
    bench(&place, &["--suite", "s"]);
    assert_eq!(place.lines("count").len(), 2 * (1 + 2 + 3));
}

#[test]
fn a_sequence_is_judged_until_two_in_a_row_are_rejected_and_is_recorded() {
    let shell = |script: &str| json!({ "command": ["sh", "-c", script] });
    let suite =
        |optimized: &str| json!({ "baseline": "slow", "optimized": optimized, "warmups": 0 });
    let place = Place::new(&json!({
        "workloads": {
            "slow": shell("echo x >> count; sleep 0.15"), "fast": shell("sleep 0.05"),
            "slower": shell("sleep 0.3"), "other": shell("echo other"),
        },
        "thresholds": [{ "runs": 3, "max_memory_growth_percent": 100 }],
        "suites": {
            "a": suite("fast"), "b": suite("slower"), "c": suite("other"), "d": suite("fast"),
        },
        "sequences": { "all": { "steps": ["a", "b", "c", "d"], "goal_percent": 95 } },
    }));
    let (code, found) = bench(&place, &["--sequence", "all"]);
    assert_eq!(code, 4);
    assert_eq!(found["stopped"], "two_rejected");
    assert_eq!(found["left"], json!(["d"]));
    let decisions: Vec<&str> = found["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["benchmark"]["decision"].as_str().unwrap())
        .collect();
    assert_eq!(decisions, ["accepted", "rejected", "blocked"], "{found:#}");
    let total = &found["cumulative_improvement_percent"];
    assert_eq!(total, &found["steps"][0]["benchmark"]["improvement_percent"]);
    let record: Value =
        serde_json::from_str(&place.read("profiling/decisions/all/02-b.json")).unwrap();
    assert_eq!(record["decision"], "rejected");
    let markdown = place.read("profiling/decisions/all/03-c.md");
    assert!(markdown.contains("Blocked: on `the bare command`"), "{markdown}");
    let executed = place.lines("count").len();
    let (_, again) = bench(&place, &["--sequence", "all"]);
    assert_eq!((place.lines("count").len(), again), (executed, found));
}

#[test]
fn the_mended_sample_is_accepted_and_the_faulty_one_is_not_against_itself() {
    let sample = |name: &str| {
        let env = json!({ "PLOT_PRICE": "true" });
        json!({ "sample": name, "backend": "none", "env": env })
    };
    let suite =
        |optimized: &str| json!({ "baseline": "faulty", "optimized": optimized, "size": 28 });
    let mut plan = json!({
        "workloads": { "faulty": sample("gc_futures"), "mended": sample("gc_futures_mended") },
        "suites": { "mended": suite("mended"), "itself": suite("faulty") },
    });
    // Half of the time, which a busy machine does not take from one version alone.
    for name in ["mended", "itself"] {
        plan["suites"][name]["thresholds"] =
            json!({ "min_improvement_percent": 50, "runs": 5, "max_memory_growth_percent": 10 });
    }
    let place = Place::new(&plan);
    let (code, found) = bench(&place, &["--suite", "mended"]);
    assert_eq!((code, &found["decision"]), (0, &json!("accepted")), "{found:#}");
    let (code, found) = bench(&place, &["--suite", "itself"]);
    assert_eq!((code, &found["decision"]), (4, &json!("rejected")), "{found:#}");
}

#[test]
fn raw_times_are_judged_anew_and_odd_ones_refused() {
    let place = Place::with_shell("true", 0);
    let write = |name: &str, times: &[(&str, &str)], head: &str, tail: &str| {
        let rows = times.iter().map(|(version, seconds)| format!("{version},{seconds}{tail}\n"));
        let text = format!("version,wall_seconds{head}\n{}", rows.collect::<String>());
        fs::write(place.path(name), text).unwrap();
    };
    let pair =
        |before: &'static str, after: &'static str| [("baseline", before), ("optimized", after)];
    let good = [pair("1.0", "0.50"), pair("1.1", "0.52"), pair("1.05", "0.55")].concat();
    write("good.csv", &good, ",peak_memory_bytes", ",1000");
    let lenient = ["--judge", "good.csv", "--preset", "lenient"];
    let (code, found) = bench(&place, &lenient);
    assert_eq!((code, &found["decision"]), (4, &json!("rejected")));
    assert_eq!(
        found["rationale"].as_str().unwrap().split(": ").nth(1),
        Some("sample size does not hold")
    );
    let check = |name: &str, times: &[(&str, &str)], code: i32, words: &str| {
        write(name, times, "", "");
        check_refused(&place, &["--judge", name], code, words);
    };
    let unequal = [&good[..], &[("baseline", "1.0")]].concat();
    check("unequal.csv", &unequal, 2, "the baseline has 4 times and the optimised version 3");
    check("one.csv", &pair("1.0", "0.5"), 2, "the baseline has a single time, which has no spread");
    let still = [pair("1.0", "0.5"), pair("1.0", "0.5")].concat();
    check("still.csv", &still, 2, "have no variance at all, so no test can be made");
    let negative = [pair("1.0", "0.5"), pair("-1", "0.5")].concat();
    check("negative.csv", &negative, 2, "time 2 of the baseline is -1 s, not above 0");
    let missing = [pair("1.0", "0.5"), pair("1.0", "")].concat();
    check("missing.csv", &missing, 2, "time 2 of the optimised version is missing");
    let word = [pair("1.0", "soon"), pair("1.0", "0.5")].concat();
    check("word.csv", &word, 1, "line 3: `wall_seconds` is `soon`, no number");
    check("none.csv", &[("optimized", "1.0")], 2, "has no times of the version `baseline`");
    write("small.csv", &good[..1], ",dataset_size", ",1000");
    write("large.csv", &good[1..2], ",dataset_size", ",5000");
    let words = "it is of another workload: data-set size 1000 against data-set size 5000";
    check_refused(&place, &["--judge", "small.csv", "large.csv"], 2, words);
    fs::write(place.path("cut.json"), "{\"times\": [").unwrap();
    check_refused(&place, &["--judge", "cut.json"], 1, "it is not JSON");
    check_refused(&place, &["--judge", "gone.csv"], 1, "no such file");
}

#[test]
fn a_wrong_command_line_is_answered_with_what_is_right() {
    let place = Place::with_shell("true", 0);
    let both = |before, after| ["--baseline", before, "--optimized", after];
    check_refused(&place, &both("no-such-program", "true"), 1, "no such program is on the path");
    check_refused(&place, &both("true | cat", "true"), 2, "commands are run without a shell");
    check_refused(&place, &both("true 'x", "true"), 2, "opens a quote ' and does not close it");
    let extra = |more: [&'static str; 2]| [&both("true", "true")[..], &more[..]].concat();
    let words = "`--min-improvement` is 150 %, and must be at least 0 and at most 100";
    check_refused(&place, &extra(["--min-improvement", "150"]), 2, words);
    check_refused(&place, &extra(["--confidence", "100"]), 2, "must be at least 50 and below 100");
    check_refused(&place, &extra(["--confidence", "101"]), 2, "for example `--confidence 97.5`");
    check_refused(&place, &both("true", "./no-such.py"), 1, "there is no such program");
    check_refused(&place, &extra(["--runs", "1"]), 2, "a single time has no spread");
    let unknown = place.superlinear(&["bench", "--suite", "x"]);
    assert_code(&unknown, 2);
    assert_says(&unknown, "unknown suite `x` (there are none)");
    assert!(!place.path("profiling").exists());
    assert_code(&place.superlinear(&["bench"]), 2);
    assert_code(&place.superlinear(&["bench", "--baseline", "true"]), 2);
}

#[test]
fn braces_in_commands_given_by_hand_are_left_alone() {
    let place = Place::with_shell("true", 0);
    let arguments = ["--runs", "2", "--", "sh", "-c", "test \"{start}\" = '{''start}'"];
    assert_eq!(bench(&place, &arguments).0, 0);
}

#[test]
fn runs_of_benchmarks_are_no_series_of_sizes() {
    let place = suite("true", "true", &json!({ "runs": 2 }));
    place.edit(|plan| {
        plan["runs"] = json!([
            { "id": "n-1", "size": 1, "workload": "before" },
            { "id": "n-2", "size": 2, "workload": "before" },
        ]);
    });
    bench(&place, &["--suite", "s"]);
    place.superlinear(&["all"]);
    assert!(place.path("reports").exists());
    assert!(!place.path("reports/phase100.md").exists());
}

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

#[test]
fn text_may_be_ascii_alone() {
    let place = place();
    let arguments = profiles(&place, |n| n * n);
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.extend(["--format", "text"]);
    for run in [Place::analyzer, Place::reports] {
        let usual = stdout(&run(&place, &arguments));
        let ascii = stdout(&run(&place, &[&arguments[..], &["--ascii"]].concat()));
        assert!(!usual.is_ascii() && ascii.is_ascii(), "{ascii}");
        assert_eq!(usual.lines().count(), ascii.lines().count());
    }
    fs::write(place.path("one.csv"), profile(100.0, |n| n)).unwrap();
    let output = place.analyzer(&["--bottlenecks", "one.csv", "--format", "text", "--ascii"]);
    assert_code(&output, 0);
    assert!(output.stdout.is_ascii(), "{}", stdout(&output));
}

fn shown(place: &Place, arguments: &[&str]) -> Value {
    let output = place.analyzer(&[arguments, &["--format", "json"]].concat());
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_single_profile_shows_its_bottlenecks() {
    let place = place();
    fs::write(place.path("p.csv"), profile(1e6, |n| n)).unwrap();
    let found = shown(&place, &["--bottlenecks", "p.csv", "--per", "calls:parse"]);
    // Ten seconds in `parse`, one in `step`, 11.001 in all over a million calls.
    let functions = found["functions"].as_array().unwrap();
    let marks: Vec<&Value> = functions.iter().map(|f| &f["mark"]).collect();
    assert_eq!(marks, ["critical", "major"]);
    assert_eq!(functions[0]["name"], "parse");
    assert_eq!(found["per_iteration"]["calls"], 1_000_000);
    let each = found["per_iteration"]["busy"].as_f64().unwrap();
    assert!((each - 11.001e-6).abs() < 1e-12, "{each}");
    assert_eq!(found["modules"][0]["name"], "tool.py");
    let output =
        place.analyzer(&["--bottlenecks", "p.csv", "--format", "text", "--per", "calls:parse"]);
    assert!(
        stdout(&output).contains("Each of the 1,000,000 calls of `parse` costs"),
        "{}",
        stdout(&output)
    );
    assert_eq!((&found["run"]["size"], &found["fixed"]), (&Value::Null, &Value::Null));
    assert!(stdout(&output).contains("A single run says nothing about growth"));
    for (arguments, code) in [
        (&["--bottlenecks", "none.csv"][..], 2),
        (&["--bottlenecks", "p.csv", "--per", "parse"], 2),
        (&["--bottlenecks", "p.csv", "--per", "calls:nobody"], 2),
        (&["--bottlenecks", "p.csv", "--fail-on", "quadratic"], 2),
        (&["--phase", "1", "--per", "calls:f"], 2),
    ] {
        assert_code(&place.analyzer(arguments), code);
    }
}

#[test]
fn a_run_shows_its_bottlenecks_beside_the_others() {
    let place = Place::new(&json!({
        "workloads": { "w": { "sample": "gc_futures", "env": { "PLOT_PRICE": "true" } } },
        "runs": [
            { "id": "a", "start": "2025-01-06", "end": "2025-01-07" },
            { "id": "b", "start": "2025-01-06", "end": "2025-01-09" },
            { "id": "c", "start": "2025-01-06", "end": "2025-01-13" },
        ],
    }));
    assert_code(&place.runner(&["--run", "a", "b"]), 0);
    let found = shown(&place, &["--bottlenecks", "b"]);
    assert_eq!((&found["fixed"], &found["variable"]), (&Value::Null, &Value::Null));
    assert_code(&place.runner(&["--all"]), 0);
    let found = shown(&place, &["--bottlenecks", "b", "--per", "calls:concat_price_frames"]);
    assert_eq!((&found["run"]["id"], &found["run"]["size"]), (&json!("b"), &json!(4.0)));
    assert_eq!(found["per_iteration"]["calls"], 4 * 288);
    assert_eq!(
        found["top_ttot"].as_array().unwrap().len().min(20),
        found["top_ttot"].as_array().unwrap().len()
    );
    let functions = |part: &str| found[part]["functions"].as_u64().unwrap();
    assert!(functions("fixed") < functions("variable"), "{found}");
    let output = place.analyzer(&["--bottlenecks", "d"]);
    assert_code(&output, 2);
    assert_says(&output, "unknown run `d` (known: `a`, `b`, `c`)");
}

#[test]
fn the_profile_of_every_repetition_is_judged_and_drawn() {
    let run = |id: &str, size| json!({ "id": id, "size": size });
    let place = Place::new(&json!({
        "settings": { "repetitions": 3, "warmups": 1 },
        "workloads": { "w": { "sample": "grid_search" } },
        "runs": [run("a", 4), run("b", 8), run("c", 16), run("d", 32)],
    }));
    assert_code(&place.runner(&["--all"]), 0);
    let found = shown(&place, &["--phase", "1"]);
    let runs: Vec<(&Value, &Value)> = found["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| (&run["id"], &run["repetition"]))
        .collect();
    let (a, d) = (json!("a"), json!("d"));
    assert_eq!(runs.len(), 12);
    assert_eq!((runs[0], runs[11]), ((&a, &json!(1)), (&d, &json!(3))));
    let functions = found["functions"].as_array().unwrap();
    let culprit = found["culprits"][0]["name"].as_str().expect("its calls are exactly n²");
    let costly = functions.iter().find(|f| f["name"] == "backtest_pair").unwrap();
    let measured = costly["metrics"]["tsub"]["values"].as_array().unwrap();
    let mut different: Vec<u64> =
        measured.iter().map(|value| value.as_f64().unwrap().to_bits()).collect();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 12, "{measured:?}");

    let drawn = place.reports(&["--phase", "1", "--format", "html", "--plots", "plots"]);
    assert_code(&drawn, 0);
    let plots = fs::read_dir(place.path("plots")).unwrap().map(|plot| plot.unwrap().path());
    let of_culprit = plots.filter(|path| path.to_string_lossy().contains(culprit));
    let plot = fs::read_to_string(of_culprit.last().unwrap()).unwrap();
    for repetition in 1..=3 {
        assert_eq!(plot.matches(&format!(", repetition {repetition}")).count(), 4, "{plot}");
    }
    let text = stdout(&place.reports(&["--phase", "1"]));
    assert!(text.contains("4 runs from size 4 to 32, 12 repetitions in"), "{text}");

    let compared = shown(&place, &["--runs", "a", "d"]);
    assert_eq!(compared["runs"].as_array().unwrap().len(), 2);
    assert_eq!(shown(&place, &["--bottlenecks", "d"])["run"]["id"], d);
    fs::remove_file(place.path("profiling/runs/d/attempts/2/profile.json")).unwrap();
    let output = place.analyzer(&["--phase", "1", "--output", "lost.json"]);
    assert_code(&output, 0);
    let lost: Value = serde_json::from_str(&place.read("lost.json")).unwrap();
    let said = lost["warnings"].to_string();
    assert!(said.contains("the profile of repetition 2 of `d` is lost"), "{said}");
    assert_eq!(lost["runs"].as_array().unwrap().len(), 12);
}

#[test]
fn workloads_are_never_mixed_into_one_series() {
    let place = Place::new(&json!({
        "workloads": { "fast": { "command": ["true"] }, "../slow": { "command": ["true"] } },
        "runs": [
            { "id": "f1", "size": 1, "workload": "fast" },
            { "id": "f2", "size": 2, "workload": "fast" },
            { "id": "s1", "size": 1, "workload": "../slow" },
            { "id": "s2", "size": 2, "workload": "../slow" },
        ],
    }));
    assert_code(&place.superlinear(&["all"]), 0);
    for name in [
        "profiling/phase1_fast_analysis.json",
        "profiling/phase1____slow_analysis.json",
        "reports/phase1-fast.md",
        "reports/phase1-___slow.md",
    ] {
        assert!(place.path(name).is_file(), "{name}");
    }
    let found = shown(&place, &["--phase", "1"]);
    let named: Vec<&Value> =
        found["workloads"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(named, ["fast", "../slow"]);
    let output = place.analyzer(&["--phase", "1", "--runs", "f1", "s2"]);
    assert_code(&output, 2);
    let found = shown(&place, &["--phase", "1", "--workload", "fast"]);
    assert_eq!(found["runs"].as_array().unwrap().len(), 2);
    assert_code(&place.analyzer(&["--phase", "1", "--workload", "fats"]), 2);
    assert_code(&place.analyzer(&["--runs", "f1", "s2"]), 2);
    assert_code(&place.reports(&["--phase", "1", "--workload", "../slow"]), 0);
}

#[test]
fn several_workloads_are_judged_side_by_side() {
    let program = "import sys
def step(a, b):
    return a == b
def search(words, most):
    for a in words:
        for b in words[:most]:
            step(a, b)
search(list(range(int(sys.argv[1]))), int(sys.argv[2]))
";
    let workload = |most: &str| {
        let command = ["python3", "search.py", "{size}", most];
        json!({ "command": command, "backend": "cprofile" })
    };
    let runs = |name: &str| {
        let run =
            |size: u32| json!({ "id": format!("{name}-{size}"), "size": size, "workload": name });
        [30, 60, 120, 240].map(run).to_vec()
    };
    let unfinished = json!({ "id": "x", "size": 1, "workload": "never" });
    let all = [runs("all"), runs("few"), vec![unfinished]].concat();
    let place = Place::new(&json!({
        "workloads": { "all": workload("999"), "few": workload("20"), "never": workload("1") },
        "runs": all,
    }));
    fs::write(place.path("search.py"), program).unwrap();
    for workload in ["all", "few"] {
        assert_code(&place.runner(&["--workload", workload]), 0);
    }
    let exactly = ["--phase", "1", "--counts-only"];
    let judged = [&exactly[..], &["--fail-on", "quadratic", "--format", "json"]].concat();
    let output = place.analyzer(&judged);
    assert_code(&output, 4);
    assert_says(&output, "`all`, `search` (search.py:4): n^2.00");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &found["workloads"][0]["culprits"][0];
    assert!((first["growth"]["exponent"].as_f64().unwrap() - 2.0).abs() < 0.05, "{first:#}");
    assert_eq!(found["workloads"][0]["largest_size"], 240.0);
    let steep = found["workloads"][1]["culprits"].as_array().unwrap().iter();
    let firm: Vec<&Value> = steep.filter(|one| one["growth"]["verdict"] == "superlinear").collect();
    assert!(firm.is_empty(), "{firm:#?}");
    assert_eq!(found["skipped"][0]["name"], "never");
    let kept = place.read("profiling/phase1_workloads.json");
    assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), found);
    for format in ["text", "markdown", "html"] {
        let output = place.reports(&[&exactly[..], &["--format", format]].concat());
        assert_code(&output, 0);
        let shown = stdout(&output);
        for words in ["Which workload grows how", "Side by side", "Not judged", "few", "2.00"] {
            assert!(shown.contains(words), "{words} is not in\n{shown}");
        }
    }
}

#[test]
fn the_plan_says_how_it_is_judged() {
    let place = place();
    let arguments = profiles(&place, |n| n * n);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let judged = |analysis: Value| {
        fs::write(
            place.path("mine.json"),
            json!({ "settings": { "analysis": analysis }, "runs": [] }).to_string(),
        )
        .unwrap();
        shown(&place, &[&arguments[..], &["--plan", "mine.json"]].concat())
    };
    let found = judged(json!({ "at": 5000, "bands": { "superlinear": 2.2 } }));
    assert_eq!(found["projection"]["size"], 5000.0);
    assert_eq!(found["culprits"][0]["name"], "step");
    assert_eq!(found["culprits"][0]["band"], "superlinear");
    let found = judged(json!({ "waiting": ["tool.py:step"] }));
    assert_eq!(found["culprits"], json!([]));
    assert_eq!(found["waiting"][0]["name"], "step");
    let found = judged(json!({ "size_by": "calls:parse" }));
    assert_eq!(found["size_unit"], "calls of `parse`");
    let found = judged(json!({ "most_functions": 1 }));
    assert_eq!(found["functions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_mistake_in_the_settings_of_the_analysis_is_shown_where_it_stands() {
    let check = |analysis: Value, words: &str| {
        let place = Place::new(&json!({ "settings": { "analysis": analysis }, "runs": [] }));
        for output in [place.analyzer(&["--phase", "1"]), place.runner(&["--validate"])] {
            assert_code(&output, 3);
            assert_says(&output, words);
            assert_says(&output, "profiling_plan.json:");
        }
    };
    check(json!({ "user_path": ["a"] }), "unknown key `user_path`");
    check(json!({ "user_path": ["a"] }), "did you mean `user_paths`?");
    check(json!({ "colour": 1 }), "use one of `size_by`, `at`");
    check(json!({ "at": "soon" }), "where a number belongs");
    check(json!({ "bands": { "liner": 1.2 } }), "unknown band `liner`");
    check(json!({ "bands": { "linear": 1.4 } }), "`linear` would end at 1.4");
    check(json!({ "categories": [{ "category": "x", "nam": "f" }] }), "did you mean `name`?");
    check(json!([]), "this is not an object");
}

#[test]
fn counts_alone_see_no_time() {
    let place = place();
    let pairs = SIZES.map(|size| {
        let own = size * size * 1e-6;
        let text = format!(
            "name,ncall,tsub,ttot,tavg\n/home/me/tool.py:9 parse,{size},{own},{own},0\n\
             /home/me/tool.py:1 main,1,0.001,{all},{all}\n",
            all = own + 0.001
        );
        fs::write(place.path(&format!("t{size}.csv")), text).unwrap();
        format!("{size}=t{size}.csv")
    });
    let judge = |options: &[&str]| {
        let pairs = pairs.iter().map(String::as_str);
        let all = ["--profiles"].into_iter().chain(pairs).chain(options.iter().copied());
        place.analyzer(&all.collect::<Vec<_>>())
    };
    let output = judge(&["--fail-on", "quadratic"]);
    assert_code(&output, 4);
    assert_says(&output, "`parse` (/home/me/tool.py:9): n^2.00");
    assert_code(&judge(&["--fail-on", "quadratic", "--counts-only"]), 0);
}

#[test]
fn what_the_table_has_no_room_for_is_said_beside_it() {
    let table = "id,size,value\na,100,1\na,200,2\na,400,4\na,800,8\na,1600,timeout\na,3200,inf\n";
    let output = judged(table, &["--format", "csv"]);
    assert_code(&output, 0);
    assert_eq!(lines(&output)[0][7], "not superlinear");
    assert_says(
        &output,
        "of `a` left out: 1 of 6 without a value, 1 of 6 with a value that is not finite (in place \
         of a number: `timeout`); the verdict is of sizes up to 800: at larger ones, up to 3200, \
         nothing could be judged",
    );
}

#[test]
fn no_step_is_advised_that_cannot_work() {
    // Two sizes want a third one, however often each was measured.
    let two: String = [(100, 1.0), (100, 1.01), (200, 4.0), (200, 4.03)]
        .map(|(size, value)| format!("two,{size},1,{value}\n"))
        .concat();
    let output = judged(&table(&[two]), &["--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let advice = found["measurements"][0]["advice"].as_str().unwrap();
    assert_eq!(advice, "one run at about size 400 would give the third size that a verdict needs");
    // A count is the same when it is counted again.
    let odd = rows("odd", |n| (n * n.ln() * (1.0 + 0.3 * (n / 50.0).sin())).round());
    let output = judged(&table(&[odd]), &["--counters", "--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let one = &found["measurements"][0];
    assert_eq!(one["verdict"], "cannot tell", "{one}");
    let advice = one["advice"].as_str().unwrap_or_default();
    assert!(!advice.contains("repetition"), "{advice}");
}

#[test]
fn runs_of_one_size_are_not_said_to_have_no_profile() {
    let place = place();
    for (name, calls) in [("a.csv", 100), ("b.csv", 200), ("c.csv", 400)] {
        let rows = format!("a.py:1 main,1,0.1,0.5,0.5\na.py:9 step,{calls},0.4,0.4,0.001\n");
        fs::write(place.path(name), format!("name,ncall,tsub,ttot,tavg\n{rows}")).unwrap();
    }
    let profiles = ["--profiles", "1=a.csv", "2=b.csv", "4=c.csv", "--format", "text"];
    let output = place.analyzer(&[&profiles[..], &["--size-by", "calls:main"]].concat());
    let text = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    let words = "because the runs are all of one size, 1 call of `main`, and a verdict needs three";
    assert!(text.contains(words), "{text}");
}

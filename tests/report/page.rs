//! Pages in a real browser, from disk and without a network: what a person would try, the sample, a
//! real backtest, ten thousand functions, and names as attacks. `tests/setup.sh` installs what this
//! needs; `SUPERLINEAR_SHOTS=FOLDER` keeps screenshots.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use rust_decimal::Decimal;
use serde_json::Value;
use serde_json::json;
use superlinear::analysis::decision::Benchmark;
use superlinear::analysis::decision::Decision;
use superlinear::analysis::decision::Sample;
use superlinear::analysis::decision::Trial;
use superlinear::analysis::decision::decide;
use superlinear::analysis::document::FunctionGrowth;
use superlinear::analysis::document::Phase1;
use superlinear::analysis::document::Verdict;
use superlinear::analysis::flame::Flame;
use superlinear::analysis::flame::FlameFrame;
use superlinear::analysis::flame::FlameFunction;
use superlinear::profile::CostUnit;
use superlinear::profile::FunctionKey;
use superlinear::report;
use superlinear::report::More;
use superlinear::report::Report;
use superlinear::report::RunRecord;
use superlinear::report::Style;
use superlinear::report::Subject;
use superlinear::report::memory::Look;
use superlinear::report::memory::Timeline;
use superlinear::units::Bytes;
use superlinear::units::Seconds;

use crate::ATTACKS;
use crate::fixture;
use crate::machine;

const MANY: usize = 10_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[expect(clippy::disallowed_methods, reason = "tests write where they like")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "tests start other programs")]
fn command(program: &str) -> Command {
    Command::new(program)
}

fn html(report: &Report) -> String {
    report::by_name("html").unwrap().render(report, &Style::default()).unwrap()
}

/// Opens the pages and pictures; one result for each.
fn opened(folder: &Path, tasks: &[Value]) -> Vec<Value> {
    let installed = root().join("target/browser/node_modules");
    assert!(installed.is_dir(), "no {}: run `sh tests/setup.sh` first", installed.display());
    let list = folder.join("tasks.json");
    write(&list, &json!(tasks).to_string());
    let script = root().join("tests/browser/open.mjs");
    let output = command("node").arg(script).arg(&list).output().expect("`node` starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complaint}");
    println!("{said}");
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A call tree whose functions have these names, the first calling the others.
fn tree(names: &[&str]) -> Flame {
    let function = |(position, name): (usize, &&str)| FlameFunction {
        key: FunctionKey { name: (*name).into(), file: (*name).into(), line: 7 },
        share_percent: Some(Decimal::from(20 / (position + 1))),
        exponent: Some(position as f64),
        verdict: if position == 1 { Verdict::CannotTell } else { Verdict::Superlinear },
    };
    let frame = |position: usize| FlameFrame {
        function: position,
        parent: (position > 0).then_some(0),
        total: 12.0 / (position + 1) as f64,
        at_target: Some(40.0 / (position + 1) as f64),
    };
    Flame {
        unit: CostUnit::WallSeconds,
        size: 304.0,
        size_unit: "days".into(),
        target_size: Some(365.0),
        functions: names.iter().enumerate().map(function).collect(),
        frames: (0..names.len()).map(frame).collect(),
    }
}

fn with_tree(report: Report, names: &[&str]) -> Report {
    let more = More { flame: Some(Box::new(tree(names))), ..More::default() };
    Report { more, ..report }
}

/// The analysis of a program with ten thousand functions in two hundred modules.
fn many() -> Report {
    let mut report = fixture::one_culprit();
    let Subject::Scaling(doc) = &mut report.subject else { unreachable!() };
    let known: Vec<FunctionGrowth> = doc.functions.clone();
    let function = |number: usize| {
        let mut function = known[number % known.len()].clone();
        function.name = format!("function_{number}");
        function.file = format!("package/module_{}.py", number % 200);
        function.share_percent = Some(Decimal::new((number * 7_919 % 10_000) as i64, 3));
        function
    };
    doc.functions = (0..MANY).map(function).collect();
    let Phase1 { culprits, .. } = &mut **doc;
    *culprits = (0..9)
        .map(|number| {
            let mut culprit = culprits[0].clone();
            culprit.name = format!("function_{number}");
            culprit
        })
        .collect();
    report
}

/// A name as far as it is shown: its first visible letters.
fn shown(name: &str) -> String {
    let clean: String = report::name::clean(name).take(20).collect();
    clean.trim().replace("  ", " ").split("  ").next().unwrap_or_default().to_string()
}

/// Two versions timed ten times each.
fn benchmark(name: &str, decision: Decision) -> Benchmark {
    let times =
        |mean: f64| (0..10).map(|round| mean * (1.0 + f64::from(round % 5) / 50.0)).collect();
    let sample = |mean: f64| Sample {
        wall_seconds: times(mean),
        peak_memory_bytes: vec![64 << 20; 10],
        ..Sample::default()
    };
    let trial = Trial {
        suite: name.into(),
        baseline: sample(1.2),
        optimized: Some(sample(if decision == Decision::Accepted { 0.9 } else { 1.19 })),
        pairs: true,
        ..Trial::default()
    };
    decide(&trial).unwrap()
}

/// Everything that may stand beside the findings.
fn with_all(report: Report) -> Report {
    let mut report = with_tree(report, &["main", "on_bar", "concat_price_frames"]);
    let look = |number: u32| Look {
        seconds: f64::from(number) / 10.0,
        bytes: f64::from(30 + number / 3 + 200 * u32::from(number > 60)) * 1e6,
    };
    let timeline = |run: &RunRecord| Timeline {
        run: run.id.clone(),
        size: run.size,
        peak: Bytes(263_000_000),
        peak_at: Seconds(10.0),
        mean: Bytes(120_000_000),
        largest_jump: Bytes(200_000_000),
        jump_at: Seconds(6.1),
        looks: (0..100).map(look).collect(),
    };
    report.more.memory = report.runs.iter().map(timeline).collect();
    report.more.benchmarks =
        vec![benchmark("join-once", Decision::Accepted), benchmark("itself", Decision::Rejected)];
    report
}

/// What a person would try with each page.
fn pages(folder: &Path) -> Vec<Value> {
    let mut tasks = Vec::new();
    let mut page = |name: &str, kind: &str, report: &Report| {
        let path = folder.join(format!("{name}.html"));
        write(&path, &html(report));
        tasks.push(json!({ "file": path, "kind": kind }));
    };
    page("culprit", "page", &with_all(fixture::one_culprit()));
    page("many", "page", &with_tree(many(), &["main", "on_bar", "concat_price_frames"]));
    let decided = Subject::Benchmark(Box::new(benchmark("join-once", Decision::Accepted)));
    for (name, report) in [
        ("silence", fixture::no_culprit()),
        ("empty", fixture::empty()),
        ("cache", fixture::cache()),
        ("comparison", fixture::comparison()),
        ("benchmark", Report::new(decided, Vec::new())),
    ] {
        page(name, "still", &report);
    }
    tasks[0]["finding"] = json!("is quadratic: n^2.00");
    tasks[0]["print"] = json!(true);
    tasks[1]["sheets"] = json!(true);
    tasks[0]["words"] = json!([
        "Memory over time",
        "peak 251 MiB",
        "+191 MiB at once",
        "Benchmarks",
        "accepted",
        "wall time of one execution",
    ]);
    tasks[6]["words"] = json!(["Distribution of times", "Optimised", "mean "]);
    tasks
}

/// Pages and pictures whose names are strangers'.
fn attacks(folder: &Path) -> Vec<Value> {
    let mut tasks = Vec::new();
    let huge = "x".repeat(1 << 20);
    let further = [
        huge.as_str(),
        "\"><svg onload=owned=1>",
        "'-owned-'",
        "</script><script>owned=1</script>",
        "]]></style><script>owned=1</script>",
        "\u{2028}owned=1",
        "a;b 12",
    ];
    for (number, attack) in ATTACKS.into_iter().chain(further).enumerate() {
        let mut report = with_tree(fixture::named(attack), &[attack, "second", "third"]);
        let mut timeline = with_all(fixture::one_culprit()).more.memory.remove(0);
        timeline.run = attack.into();
        report.more.memory = vec![timeline];
        report.more.against = machine::against(attack);
        let benchmark = benchmark(attack, Decision::Accepted);
        report.more.benchmarks = vec![Benchmark { rationale: attack.into(), ..benchmark }];
        let path = folder.join(format!("attack-{number}.html"));
        let text = html(&report);
        assert!(text.len() < 1 << 20, "{} bytes", text.len());
        write(&path, &text);
        let letters = shown(attack);
        tasks.push(json!({ "file": path, "kind": "still", "name": letters }));
        for (name, svg) in report::plots::files(&report).unwrap() {
            assert!(!name.contains(['/', '\\']) && name.is_ascii() && name.len() < 100, "{name}");
            let path = folder.join(format!("{number}-{name}"));
            write(&path, &svg);
            tasks.push(json!({ "file": path, "kind": "svg" }));
        }
    }
    tasks
}

#[test]
fn findings_can_be_read_searched_sorted_and_unfolded_and_names_are_text() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = [pages(folder.path()), attacks(folder.path())].concat();
    let results = opened(folder.path(), &tasks);
    let many = results.iter().find(|result| result["file"] == "many.html").unwrap();
    assert_eq!(many["functions"], MANY);
    assert_eq!(results.len(), tasks.len());
}

/// The tool, in `folder`, with its own lock on the host.
fn tool(folder: &Path, arguments: &[&str]) -> String {
    let python = root().join("target/python/bin");
    let path = std::env::join_paths([python, PathBuf::from("/usr/bin"), PathBuf::from("/bin")]);
    let output = command(env!("CARGO_BIN_EXE_superlinear"))
        .args(arguments)
        .current_dir(folder)
        .env("PATH", path.unwrap())
        .env("SUPERLINEAR_HOST_LOCK", folder.join("host.lock"))
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_page_of_the_sample_grows_with_its_runs() {
    let folder = tempfile::tempdir().unwrap();
    let runs = [7, 14, 28, 56].map(|days| {
        let start = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
        let end = start + chrono::Days::new(days - 1);
        json!({ "id": format!("days-{days}"), "phase": 1, "start": start, "end": end })
    });
    let plan = json!({
        "version": 1,
        "workloads": { "gc_futures": { "sample": "gc_futures" } },
        "settings": { "workload": "gc_futures" },
        "runs": runs,
    });
    write(&folder.path().join("profiling_plan.json"), &plan.to_string());
    let page = folder.path().join("live/page.html");
    let run = |id: &str| {
        tool(folder.path(), &["run", "--run", id, "--html", "live/page.html"]);
        fs::read_to_string(&page).unwrap()
    };
    let after_one = run("days-7");
    let after_two = run("days-14");
    assert!(after_one.contains("1 run of 7 days") && !after_one.contains("2 runs from"));
    assert!(after_two.contains("2 runs from 7 to 14 days"));
    tool(folder.path(), &["all", "--at", "365", "--html", "live/page.html"]);
    let reports = folder.path().join("reports");
    let mut tasks = vec![
        json!({ "file": page, "kind": "page" }),
        json!({ "file": reports.join("phase1.html"), "kind": "page", "print": true }),
    ];
    let pictures = fs::read_dir(reports.join("plots")).unwrap();
    tasks.extend(pictures.map(|file| json!({ "file": file.unwrap().path(), "kind": "svg" })));
    assert!(tasks.len() >= 2 + 4, "the program and three flame graphs");
    opened(folder.path(), &tasks);
}

#[test]
fn the_page_of_a_real_backtest_names_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["strategy.py", "bars.py", "profiling_plan.json"] {
        let text = fs::read_to_string(root().join("examples/backtrader").join(name)).unwrap();
        write(&folder.path().join(name), &text);
    }
    let runs = ["run", "--run", "appending-1-week", "appending-2-weeks", "appending-4-weeks"];
    tool(folder.path(), &runs);
    let page = folder.path().join("backtest.html");
    let line = ["report", "--phase", "1", "--at", "365", "--format", "html", "--output"];
    tool(folder.path(), &[&line[..], &["backtest.html", "--plots", "plots"]].concat());
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.contains("strategy.py"));
    opened(
        folder.path(),
        &[json!({ "file": page, "kind": "page", "words": ["Memory over time"] })],
    );
}

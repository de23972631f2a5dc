//! Real programs with known behaviour: the right place is named, and linear ones are passed in
//! silence. What others published is fetched when the tests run and never copied into the project.
#![expect(clippy::disallowed_methods, reason = "these tests start the programs themselves")]

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::PoisonError;

use superlinear::analysis::Culprit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::Verdict;
use superlinear::analysis::document::MetricName;
use superlinear::analysis::phase1;
use superlinear::format::read_profile;
use superlinear::measure::Program;
use superlinear::measure::by_name;
use superlinear::profile::Profile;
use superlinear::report;
use superlinear::report::Report;
use superlinear::report::Style;
use superlinear::report::Subject;

const RUSTYBT: &str = "rustybt-0.3.3";
/// Held while an archive is fetched or unpacked.
static FETCHING: Mutex<()> = Mutex::new(());

#[test]
fn the_published_series_of_batch_initialisation_is_passed_in_silence() {
    let found = published("batch-init/batch_init_*_assets", &[10, 50, 100, 500]);
    assert_eq!(names(&found), [""; 0], "{:#?}", found.culprits);
}

#[test]
fn of_the_published_worker_pools_only_the_sweep_of_children_is_named() {
    let found = published("parallel-coord/parallel_coord_*_workers", &[2, 4, 8, 16]);
    assert_eq!(names(&found), ["<built-in method posix.waitpid>"], "{:#?}", found.culprits);
    let sweep = &found.culprits[0];
    assert_eq!(sweep.verdict, Verdict::Superlinear);
    let calls: Vec<f64> = sweep.growth.values.iter().flatten().copied().collect();
    assert_eq!(calls, [20.0, 71.0, 239.0, 763.0]);
}

#[test]
fn a_diff_of_texts_without_a_common_letter_goes_with_the_square() {
    // Only its time tells, so that there are three rounds of runs.
    check("diff_match_patch", &[100, 200, 400, 800].repeat(3), "diff_bisect");
}

#[test]
fn sqlparse_searches_a_long_list_again_for_every_item() {
    check("sqlparse", &[40, 80, 160, 320], "<method 'join' of 'str' objects>");
}

#[test]
fn toposort_looks_at_all_that_are_left_in_every_round() {
    // Small sizes, where the import costs as much as the sort: exact calls tell.
    check("toposort", &[20, 40, 80, 160], "toposort");
}

#[test]
fn an_ordered_set_moves_all_indices_for_every_item_taken_out() {
    // Only its time tells, so that there are three rounds of runs.
    check("ordered_set", &[400, 800, 1600, 3200].repeat(3), "discard");
}

#[test]
fn a_strategy_that_joins_its_frames_at_every_bar_is_named_and_the_mended_one_passed_in_silence() {
    let appending = judged(backtests(&[]));
    let first = &appending.culprits[0];
    assert_eq!((first.name.as_str(), first.verdict), ("keep_chart", Verdict::Superlinear));
    assert!(first.file.ends_with("strategy.py"), "{first:#?}");
    let is_helper = |file: &str| file.contains("pandas");
    assert!(first.origins.iter().any(|origin| is_helper(&origin.file)), "{first:#?}");
    assert!(first.amplified.iter().any(|helper| helper.name == "equals"), "{first:#?}");
    let helpers = first.amplified.iter().filter(|helper| is_helper(&helper.file)).count();
    assert!(helpers >= 10, "{first:#?}");

    let mended = backtests(&["--mended"]);
    let by_calls = judged_with(mended.clone(), &Settings { counts_only: true, ..settings() });
    assert_eq!(names(&by_calls), [""; 0], "{:#?}", by_calls.culprits);
    let report = Report::new(Subject::Scaling(Box::new(by_calls)), Vec::new());
    let text = report::by_name("text").unwrap().render(&report, &Style::default()).unwrap();
    assert!(
        text.contains("\nNo function is called, or calls another, more than n log n times"),
        "{text}"
    );
    assert_no_firm_culprit("times of the mended strategy", &judged(mended));
}

/// The example's strategy over 2, 4, 8 and 16 trading days of 13 bars.
fn backtests(form: &[&str]) -> Vec<(f64, Profile)> {
    let last_days = [(2.0, "07"), (4.0, "09"), (8.0, "15"), (16.0, "27")];
    last_days
        .map(|(days, last)| {
            let end = format!("--end=2025-01-{last}");
            let window = ["strategy.py", "--start=2025-01-06", &end];
            let arguments = [&window, form].concat();
            (13.0 * days, profiled("yappi", "examples/backtrader", &arguments))
        })
        .to_vec()
}

#[test]
fn a_function_called_once_is_named_for_what_it_drives_through_the_language() {
    check_once("unique", &[50, 100, 200, 400], "<built-in method builtins.any>");
    check_once("ranks", &[50, 100, 200, 400], "<built-in method builtins.sum>");
}

/// The culprit is the function `what` of the program, and what it drives its origin.
fn check_once(what: &str, sizes: &[u32], origin: &str) {
    for (backend, slow) in check_program("once.py", what, sizes, what) {
        // Times may look steep by chance, but what is named is a place in the program.
        let is_placed = |culprit: &&Culprit| culprit.file.ends_with("once.py");
        assert!(firm(&slow).iter().all(is_placed), "{backend}: {:#?}", slow.culprits);
        let first = &slow.culprits[0];
        assert!(first.origins.iter().any(|found| found.name == origin), "{first:#?}");
    }
}

/// Measures both forms of a package with both profilers: the first culprit of the slow one is firm
/// and at `blamed`, the linear one has no firm culprit.
fn check(package: &str, sizes: &[u32], blamed: &str) {
    check_program("packages.py", package, sizes, blamed);
}

/// The same of any program with two forms; what was found of the slow one, by profiler.
fn check_program(
    program: &str,
    what: &str,
    sizes: &[u32],
    blamed: &str,
) -> Vec<(&'static str, Phase1)> {
    let judged = |backend: &'static str| {
        let slow = measured(backend, &[program, what, "slow"], sizes);
        let first = slow.culprits.first().map(|first| (first.name.as_str(), first.verdict));
        let expected = Some((blamed, Verdict::Superlinear));
        assert_eq!(first, expected, "{backend}: {:#?}", slow.culprits);
        let linear = measured(backend, &[program, what, "linear"], sizes);
        assert_no_firm_culprit(backend, &linear);
        (backend, slow)
    };
    ["cprofile", "yappi"].map(judged).into()
}

/// Calls never lie; a time below a millisecond may look steep on a busy machine.
fn assert_no_firm_culprit(what: &str, found: &Phase1) {
    let is_seen = |culprit: &Culprit| {
        culprit.metric == MetricName::Ncall || culprit.cost.is_some_and(|cost| cost >= 1e-3)
    };
    let firm: Vec<&Culprit> = firm(found).into_iter().filter(|one| is_seen(one)).collect();
    assert!(firm.is_empty(), "{what}: {firm:#?}");
}

fn firm(found: &Phase1) -> Vec<&Culprit> {
    let is_firm = |culprit: &&Culprit| culprit.verdict == Verdict::Superlinear;
    found.culprits.iter().filter(is_firm).collect()
}

fn names(found: &Phase1) -> Vec<&str> {
    found.culprits.iter().map(|culprit| culprit.name.as_str()).collect()
}

fn measured(backend: &str, program: &[&str], sizes: &[u32]) -> Phase1 {
    let profile = |size: &u32| {
        let length = size.to_string();
        let arguments = [program, &[&length]].concat();
        (f64::from(*size), profiled(backend, "tests/data/python", &arguments))
    };
    judged(sizes.iter().map(profile).collect())
}

/// The profile of a Python program that is started in `folder`.
fn profiled(backend: &str, folder: &str, arguments: &[&str]) -> Profile {
    let scratch = tempfile::tempdir().unwrap();
    let backend = by_name(backend).unwrap();
    let arguments = arguments.iter().map(ToString::to_string);
    let program = Program {
        argv: [python()].into_iter().chain(arguments).collect(),
        env: BTreeMap::new(),
        cwd: root().join(folder),
    };
    let program = backend.measured(&program, scratch.path()).unwrap();
    let output = Command::new(&program.argv[0])
        .args(&program.argv[1..])
        .envs(&program.env)
        .current_dir(&program.cwd)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    backend.collect(scratch.path(), &read_profile).unwrap().unwrap()
}

/// The published profiles whose names hold the size at the star.
fn published(pattern: &str, sizes: &[u32]) -> Phase1 {
    let profile = |size: &u32| {
        let name = pattern.replace('*', &size.to_string());
        let member = format!("{RUSTYBT}/profiling-results/cprofiles/{name}_cprofile.stats");
        (f64::from(*size), read_profile(&unpacked(&member)).unwrap())
    };
    judged(sizes.iter().map(profile).collect())
}

fn judged(profiles: Vec<(f64, Profile)>) -> Phase1 {
    judged_with(profiles, &settings())
}

/// Those of the command line, with fewer functions in full.
fn settings() -> Settings {
    Settings { most_functions: 40, ..Settings::default() }
}

fn judged_with(profiles: Vec<(f64, Profile)>, settings: &Settings) -> Phase1 {
    let run = |(order, (size, profile)): (usize, (f64, Profile))| MeasuredRun {
        id: format!("{size}, {order}"),
        size,
        profile: Some(profile),
        order,
        ..MeasuredRun::default()
    };
    let runs: Vec<MeasuredRun> = profiles.into_iter().enumerate().map(run).collect();
    phase1(&runs, settings).unwrap()
}

/// A file of the published sources, which are fetched once.
fn unpacked(member: &str) -> PathBuf {
    let _one_at_a_time = FETCHING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = root().join("target/rustybt");
    let path = folder.join(member);
    if !path.exists() {
        let archive = folder.join(format!("{RUSTYBT}.tar.gz"));
        if !archive.exists() {
            done(
                Command::new(python())
                    .args(["-m", "pip", "download", "--quiet", "--no-deps"])
                    .args(["--no-binary", "rustybt", "--ignore-requires-python", "rustybt==0.3.3"])
                    .arg("--dest")
                    .arg(&folder),
            );
        }
        done(Command::new("tar").arg("xzf").arg(archive).arg("-C").arg(&folder).arg(member));
    }
    path
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn python() -> String {
    let python = root().join("target/python/bin/python");
    assert!(python.exists(), "the tests' Python environment is missing: run `sh tests/setup.sh`");
    python.display().to_string()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

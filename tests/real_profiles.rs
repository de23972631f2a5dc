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
use superlinear::analysis::phase1;
use superlinear::format::read_profile;
use superlinear::measure::Program;
use superlinear::measure::by_name;
use superlinear::profile::Profile;

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
    check("diff_match_patch", &[100, 200, 400, 800], "diff_bisect");
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
    check("ordered_set", &[100, 200, 400, 800], "discard");
}

/// Measures both forms of a package with both profilers: the first culprit of the slow one is firm
/// and at `blamed`, the linear one has no firm culprit.
fn check(package: &str, sizes: &[u32], blamed: &str) {
    for backend in ["cprofile", "yappi"] {
        let slow = measured(backend, package, "slow", sizes);
        let first = slow.culprits.first().map(|first| (first.name.as_str(), first.verdict));
        let expected = Some((blamed, Verdict::Superlinear));
        assert_eq!(first, expected, "{backend}: {:#?}", slow.culprits);
        let linear = measured(backend, package, "linear", sizes);
        let firm = |culprit: &&Culprit| culprit.verdict == Verdict::Superlinear;
        let firm: Vec<&Culprit> = linear.culprits.iter().filter(firm).collect();
        assert!(firm.is_empty(), "{backend}: {firm:#?}");
    }
}

fn names(found: &Phase1) -> Vec<&str> {
    found.culprits.iter().map(|culprit| culprit.name.as_str()).collect()
}

fn measured(backend: &str, package: &str, form: &str, sizes: &[u32]) -> Phase1 {
    let profile = |size: &u32| {
        let scratch = tempfile::tempdir().unwrap();
        let backend = by_name(backend).unwrap();
        let arguments = ["packages.py".to_string(), package.into(), form.into(), size.to_string()];
        let program = Program {
            argv: [python()].into_iter().chain(arguments).collect(),
            env: BTreeMap::new(),
            cwd: root().join("tests/data/python"),
        };
        let program = backend.measured(&program, scratch.path()).unwrap();
        let output = Command::new(&program.argv[0])
            .args(&program.argv[1..])
            .envs(&program.env)
            .current_dir(&program.cwd)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (
            f64::from(*size),
            backend.collect(scratch.path(), &superlinear::format::read_profile).unwrap().unwrap(),
        )
    };
    judged(sizes.iter().map(profile).collect())
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
    let run = |(order, (size, profile)): (usize, (f64, Profile))| MeasuredRun {
        id: format!("{size}"),
        size,
        profile: Some(profile),
        order,
        ..MeasuredRun::default()
    };
    let runs: Vec<MeasuredRun> = profiles.into_iter().enumerate().map(run).collect();
    phase1(&runs, &Settings::default()).unwrap()
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

//! `examples/ci` as written: the commands of the workflow file are taken out of it and run on this
//! project's own samples, and pytest runs its examples.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::sync::LazyLock;

use serde_json::Value;
use support::assert_says;
use support::stderr;
use support::stdout;

/// What installs the tool, which the tests have built already.
const INSTALL: &str = "Install";

fn project(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

fn python() -> PathBuf {
    let path = project("target/python/bin/python");
    assert!(path.exists(), "no {}: run `sh tests/setup.sh`", path.display());
    path
}

/// The path with the binaries of this build in front.
fn search_path() -> String {
    let binaries = Path::new(env!("CARGO_BIN_EXE_superlinear")).parent().unwrap();
    format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap())
}

/// Name and script of each step of the workflow that runs something, in order.
fn steps() -> Vec<(String, String)> {
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let file = project("examples/ci/growth.yml");
    let output = Command::new(python()).args(["-c", script]).arg(file).output().unwrap();
    let workflow: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    let steps = workflow["jobs"]["growth"]["steps"].as_array().unwrap();
    let text = |step: &Value, key: &str| step[key].as_str().map(String::from);
    steps.iter().filter_map(|step| Some((text(step, "name")?, text(step, "run")?))).collect()
}

/// A checkout in which the workflow ran until its first step that failed.
struct Checkout {
    folder: tempfile::TempDir,
    /// Of each step that ran: its name and how it ended.
    ran: Vec<(String, Output)>,
}

impl Checkout {
    fn new(sample: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = fs::read_to_string(project("examples/ci/profiling_plan.json")).unwrap();
        let plan = plan.replace("\"gc_futures\"", &format!("\"{sample}\""));
        fs::create_dir_all(folder.path().join("examples/ci")).unwrap();
        fs::write(folder.path().join("examples/ci/profiling_plan.json"), plan).unwrap();
        let mut checkout = Self { folder, ran: Vec::new() };
        for (name, script) in steps().into_iter().filter(|(name, _)| name != INSTALL) {
            let output = checkout.shell(&script);
            let is_over = !output.status.success();
            checkout.ran.push((name, output));
            if is_over {
                break;
            }
        }
        checkout
    }

    /// As the host runs a script.
    fn shell(&self, script: &str) -> Output {
        Command::new("bash")
            .args(["-e", "-c", script])
            .current_dir(self.folder.path())
            .env("PATH", search_path())
            .env("GITHUB_STEP_SUMMARY", self.folder.path().join("summary.md"))
            .env("SUPERLINEAR_HOST_LOCK", self.folder.path().join("host.lock"))
            .output()
            .unwrap()
    }

    #[track_caller]
    fn step(&self, name: &str) -> &Output {
        let step = self.ran.iter().find(|(step, _)| step == name);
        let ran: Vec<_> = self.ran.iter().map(|(step, o)| (step, stderr(o))).collect();
        &step.unwrap_or_else(|| panic!("`{name}` did not run: {ran:?}")).1
    }

    fn read(&self, below: &str) -> String {
        fs::read_to_string(self.folder.path().join(below)).unwrap()
    }
}

static CHECKOUTS: LazyLock<(Checkout, Checkout)> = LazyLock::new(|| {
    std::thread::scope(|scope| {
        let mended = scope.spawn(|| Checkout::new("gc_futures_mended"));
        (Checkout::new("gc_futures"), mended.join().unwrap())
    })
});

#[test]
fn the_workflow_fails_on_the_quadratic_sample() {
    let (checkout, _) = &*CHECKOUTS;
    for name in ["Measure", "Report"] {
        assert!(checkout.step(name).status.success());
    }
    let gate = checkout.step("Gate");
    assert_eq!(gate.status.code(), Some(4), "{}", stderr(gate));
    assert_says(gate, "gate `quadratic` exceeded by 1");
    let first = stdout(gate).lines().next().unwrap().to_string();
    assert!(first.starts_with("::error file=") && first.contains("plot.rs,line="), "{first}");
    assert!(first.contains("concat_price_frames"), "{first}");
    let log: Value = serde_json::from_str(&checkout.read("growth.sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["level"], "error");
    let summary = checkout.read("summary.md");
    assert!(summary.contains("is quadratic") && summary.lines().count() <= 60, "{summary}");
}

#[test]
fn the_workflow_passes_on_the_mended_sample() {
    let (_, checkout) = &*CHECKOUTS;
    let gate = checkout.step("Gate");
    assert_eq!(gate.status.code(), Some(0), "{}", stderr(gate));
    let log: Value = serde_json::from_str(&checkout.read("growth.sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(stdout(gate), "superlinear: 0 findings\n");
}

/// The fault is held against a baseline of the mended sample, and the other way round.
#[test]
fn a_baseline_of_real_runs_tells_what_got_worse_and_what_was_mended() {
    let (fault, mended) = &*CHECKOUTS;
    let baselines = tempfile::tempdir().unwrap();
    let judge = |checkout: &Checkout, options: &str| {
        let plan = "--plan examples/ci/profiling_plan.json";
        let folder = baselines.path().display();
        checkout.shell(&format!("analyzer --phase 1 {plan} --baseline-dir {folder} {options}"))
    };
    for (checkout, name) in [(fault, "fault"), (mended, "mended")] {
        let output = judge(checkout, &format!("--save-baseline {name}"));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let output = judge(fault, "--against mended --format json");
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let culprit = |changes: &Value, what: &str| {
        let changes = changes.as_array().unwrap();
        let is_it = |one: &&Value| {
            one["what"] == what && one["name"].as_str().unwrap().ends_with("concat_price_frames")
        };
        changes.iter().any(|one| is_it(&one))
    };
    assert!(culprit(&found["failures"], "new-culprit"), "{found:#}");
    let output = judge(mended, "--against fault --format json");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(culprit(&found["improvements"], "mended"), "{found:#}");
}

fn pytest(file: &str, dedup: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Command::new(python())
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .arg(project("examples/ci").join(file))
        .current_dir(folder.path())
        .env("PATH", search_path())
        .env("DEDUP", dedup)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SUPERLINEAR_HOST_LOCK", folder.path().join("host.lock"))
        .output()
        .unwrap()
}

#[test]
fn pytest_passes_and_fails_by_growth() {
    for (file, words) in [
        ("test_growth.py", "1 of 1 measured series is superlinear: `unique` n^2.00"),
        ("test_growth_of_program.py", "gate `quadratic` exceeded"),
    ] {
        let output = pytest(file, "fast");
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        let output = pytest(file, "slow");
        assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
        assert!(stdout(&output).contains(words), "{}", stdout(&output));
    }
}

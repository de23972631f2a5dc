//! `examples/ci` as written: the commands of the workflow files are taken out of them and run, on
//! this project's own samples and on a small tool, and pytest runs its examples. What `docs/ci.md`
//! shows is what is run here.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::sync::LazyLock;

use serde_json::Value;
use serde_json::json;
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
    let packages = project("target/python/bin");
    let path = std::env::var("PATH").unwrap();
    format!("{}:{}:{path}", binaries.display(), packages.display())
}

/// The blocks of code of the page that are in `language`, in order.
fn blocks_of_page(language: &str) -> Vec<String> {
    let page = fs::read_to_string(project("docs/ci.md")).unwrap();
    let fence = format!("```{language}\n");
    let blocks = page.split(&fence).skip(1);
    blocks.map(|rest| rest.split_once("```\n").unwrap().0.to_string()).collect()
}

/// Name and script of each step of a workflow that runs something, in order; a step without a name
/// has none.
fn steps(workflow: &str) -> Vec<(String, String)> {
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let file = project("examples/ci").join(workflow);
    let output = Command::new(python()).args(["-c", script]).arg(file).output().unwrap();
    let workflow: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    let steps = workflow["jobs"]["growth"]["steps"].as_array().unwrap();
    let text = |step: &Value, key: &str| step[key].as_str().map(String::from);
    let named = |step: &Value| Some((text(step, "name").unwrap_or_default(), text(step, "run")?));
    steps.iter().filter_map(named).collect()
}

/// As the host runs a script.
fn shell(folder: &Path, script: &str) -> Output {
    Command::new("bash")
        .args(["-e", "-c", script])
        .current_dir(folder)
        .env("PATH", search_path())
        .env_remove("CARGO_TARGET_DIR")
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .env("SUPERLINEAR_HOST_LOCK", folder.join("host.lock"))
        .output()
        .unwrap()
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
        for (name, script) in steps("growth.yml").into_iter().filter(|(name, _)| name != INSTALL) {
            let output = checkout.shell(&script);
            let is_over = !output.status.success();
            checkout.ran.push((name, output));
            if is_over {
                break;
            }
        }
        checkout
    }

    fn shell(&self, script: &str) -> Output {
        shell(self.folder.path(), script)
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
    assert_eq!(log["runs"][0]["results"], json!([]));
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

#[test]
fn the_page_shows_the_file_and_the_test() {
    let file = fs::read_to_string(project("examples/ci/scan.yml")).unwrap();
    assert_eq!(blocks_of_page("yaml"), std::slice::from_ref(&file));
    let readme = fs::read_to_string(project("README.md")).unwrap();
    assert!(readme.contains(&file), "README.md shows another file");
    assert_eq!(file.lines().count(), 10, "ten lines are promised");
    let [rust] = &blocks_of_page("rust")[..] else { panic!("one block of Rust") };
    let test = &rust[rust.find("#[test]").unwrap()..];
    let tests = fs::read_to_string(project("tests/check.rs")).unwrap();
    assert!(tests.contains(test), "tests/check.rs does not hold\n{test}");
}

/// Removes repeated words: as it stands it is quadratic, and with the other `unique` it is not.
const TOOL: &str = "\
use std::collections::BTreeSet;
use std::hint::black_box;

#[inline(never)]
fn is_known(seen: &[u64], word: u64) -> bool {
    seen.iter().any(|other| black_box(*other) == word)
}

#[inline(never)]
fn unique_slow(words: &[u64]) -> usize {
    let mut seen = Vec::new();
    for word in words {
        if !is_known(&seen, *word) {
            seen.push(*word);
        }
    }
    seen.len()
}

#[inline(never)]
fn unique_fast(words: &[u64]) -> usize {
    words.iter().collect::<BTreeSet<_>>().len()
}

fn main() {
    let size: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let words: Vec<u64> = (0..size).map(|number| number % (size / 2)).collect();
    println!(\"{} {}\", unique_fast(&words), unique_slow(&words));
}
";

/// The ten lines, but for the installation, on the tool; how the last of them ended.
fn ten_lines(source: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), source).unwrap();
    let steps = steps("scan.yml");
    let is_installation = |script: &str| script.contains("cargo install");
    let scripts: Vec<&String> = steps.iter().map(|(_, script)| script).collect();
    let [install, build, scan] = &scripts[..] else { panic!("{scripts:?}") };
    assert!(is_installation(install) && !is_installation(scan));
    let built = shell(folder.path(), build);
    assert!(built.status.success(), "{}", stderr(&built));
    shell(folder.path(), scan)
}

#[test]
fn the_ten_lines_fail_on_a_quadratic_tool_and_pass_on_the_mended_one() {
    let output = ten_lines(TOOL);
    assert_eq!(output.status.code(), Some(4), "{}{}", stdout(&output), stderr(&output));
    assert_says(&output, "gate `quadratic` exceeded by 1");
    let first = stdout(&output).lines().next().unwrap_or_default().to_string();
    assert!(first.starts_with("::error file=src/main.rs,line="), "{first}");
    let output = ten_lines(&TOOL.replace("unique_slow(&words));", "unique_fast(&words));"));
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(stdout(&output), "superlinear: 0 findings\n", "{}", stderr(&output));
}

/// The commands on baselines, one after another, as a person would give them.
#[test]
fn the_commands_of_the_page_on_baselines_do_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let place = |below: &str| folder.path().join(below);
    fs::copy(project("examples/ci/dedup.py"), place("tool.py")).unwrap();
    let rows = [100, 200, 400, 800].map(|size| format!("compared,{size},{}\n", 3 * size));
    fs::write(place("counts.csv"), "id,size,value\n".to_string() + &rows.concat()).unwrap();
    let run = |size: u64| json!({ "id": format!("n-{size}"), "phase": 1, "size": size });
    let plan = json!({
        "workloads": { "tool": { "command": ["python", "tool.py", "{size}"], "backend": "cprofile" } },
        "runs": [run(100), run(200), run(400)],
    });
    fs::write(place("profiling_plan.json"), plan.to_string()).unwrap();
    let measured = shell(folder.path(), "runner --all");
    assert!(measured.status.success(), "{}", stderr(&measured));
    let blocks = blocks_of_page("sh");
    let block = blocks.iter().find(|block| block.contains("--save-baseline")).unwrap();
    for line in block.lines() {
        let output = shell(folder.path(), line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}{}", stdout(&output), stderr(&output));
        let said = if line.contains("--against") { "nothing got worse" } else { "baseline `" };
        assert_says(&output, said);
    }
    for name in ["main", "tool", "counts"] {
        assert!(place(&format!("superlinear-baselines/{name}.json")).is_file(), "{name}");
    }
    let worse = fs::read_to_string(place("counts.csv")).unwrap().replace("800,2400", "800,9600");
    fs::write(place("counts.csv"), worse).unwrap();
    let output = shell(folder.path(), block.lines().last().unwrap());
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
}

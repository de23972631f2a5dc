//! What backends say before anything is run, what they keep of a run that is ended, and what they
//! record of their own cost. Where a kernel allows measuring, a stand-in fails as the real profiler
//! does where it is refused, so that both ways are tested on every machine.
#![expect(clippy::disallowed_methods, reason = "these tests make and start programs themselves")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

/// What `perf` 6.1 says where `perf_event_paranoid` forbids it.
const PERF_REFUSED: &str = "\
Error:
Access to performance monitoring and observability operations is limited.
Consider adjusting /proc/sys/kernel/perf_event_paranoid setting to open
access to performance monitoring and observability operations for processes
without CAP_PERFMON, CAP_SYS_PTRACE or CAP_SYS_ADMIN Linux capability.";
/// What it says where a filter of system calls, as of a container, forbids it.
const PERF_FILTERED: &str = "\
Error:
The sys_perf_event_open() syscall returned with 1 (Operation not permitted) for event (cpu-clock).";
/// What `py-spy` 0.4 says where it may not look into processes.
const PY_SPY_REFUSED: &str = "\
Permission Denied: Try running again with elevated permissions by going 'sudo env \"PATH=$PATH\" !!'";

#[test]
fn a_refusal_of_the_kernel_is_said_before_anything_is_run() {
    let python = python();
    let cases = [
        ("perf", PERF_REFUSED, "limited.", "perf_event_paranoid", vec!["sh", "-c", "touch ran"]),
        (
            "perf",
            PERF_FILTERED,
            "Operation not permitted",
            "PERFMON",
            vec!["sh", "-c", "touch ran"],
        ),
        (
            "py-spy",
            PY_SPY_REFUSED,
            "Permission Denied",
            "ptrace_scope",
            vec![python.as_str(), "-c", "open('ran', 'w')"],
        ),
    ];
    for (backend, said, shown, advice, command) in cases {
        let place = Place::new(&json!({
            "workloads": { "w": { "command": command, "backend": backend } },
            "runs": [{ "id": "a", "size": 1 }],
        }));
        let stand_in = stand_in(&place, backend, said);
        let path = format!("{}:{}", stand_in.display(), std::env::var("PATH").unwrap());
        place.edit(|plan| plan["workloads"]["w"]["env"] = json!({ "PATH": path }));
        for look in [&["--validate"][..], &["--all", "--dry-run"]] {
            let output = place.runner(look);
            assert_code(&output, 3);
            assert_says(&output, &format!("cannot start `{backend}`: it may not measure here: "));
            assert_says(&output, shown);
            assert_says(&output, advice);
        }
        let output = place.runner(&["--all"]);
        assert_code(&output, 1);
        assert_says(&output, "it may not measure here");
        assert_says(&output, advice);
        assert!(!place.path("ran").exists(), "{backend}: the program was run");
    }
}

#[test]
fn a_dry_run_says_what_is_missing_for_the_runs_that_it_shows_and_no_others() {
    let place = Place::new(&json!({
        "workloads": {
            "native": {
                "command": ["/bin/true"], "backend": "callgrind", "env": { "PATH": "/nowhere" },
            },
            "plain": { "command": ["/bin/true"] },
        },
        "runs": [
            { "id": "a", "size": 1, "workload": "native" },
            { "id": "b", "size": 1, "workload": "plain" },
        ],
    }));
    let output = place.runner(&["--all", "--dry-run"]);
    assert_code(&output, 3);
    assert!(stdout(&output).contains("b (1)"), "{}", stdout(&output));
    let problem = "backend `callgrind`: cannot start `valgrind`: `valgrind` is not installed";
    assert_says(&output, problem);
    assert_says(&output, "apt-get install valgrind");
    assert_code(&place.runner(&["--run", "b", "--dry-run"]), 0);
    assert_code(&place.runner(&["--run", "b"]), 0);
    assert_code(&place.runner(&["--run", "b", "--dry-run"]), 0);
}

#[test]
fn py_spy_keeps_its_samples_when_the_run_is_ended() {
    let place = py_spy_place(&[&python(), &script("spin.py"), "120", "0"], "5s");
    if refused(&place, "py-spy", "ptrace_scope") {
        return;
    }
    assert_code(&place.runner(&["--run", "a"]), 1);
    assert_eq!(place.plan()["runs"][0]["attempts"][0]["outcome"], "timeout");
    check_kept(&place, "a");

    let runner = place.start_runner(&["--run", "b"]);
    place.wait_for("profiling/runs/b/attempts/1/py-spy.log");
    support::wait_until("samples to be taken", || {
        place.read("profiling/runs/b/attempts/1/py-spy.log").contains("Sampling process")
    });
    std::thread::sleep(std::time::Duration::from_secs(2));
    support::kill("INT", i32::try_from(runner.id()).unwrap());
    let output = runner.wait_with_output().unwrap();
    assert_code(&output, 130);
    check_kept(&place, "b");
}

/// The samples of an attempt that was ended, in its own folder.
fn check_kept(place: &Place, run: &str) {
    let folded = place.read(&format!("profiling/runs/{run}/attempts/1/stacks.folded"));
    let samples: u64 = folded
        .lines()
        .filter(|line| line.contains("spin ("))
        .map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap())
        .sum();
    let log = place.read(&format!("profiling/runs/{run}/attempts/1/py-spy.log"));
    assert!(samples > 10, "{run}: {samples} samples in {folded:?}; py-spy said {log}");
}

#[test]
fn every_backend_that_sees_functions_records_what_it_costs() {
    let c = compiled("known.c", &["-g", "-O1", "-fno-omit-frame-pointer"]);
    let traced = compiled("known.c", &["-g", "-O1", "-finstrument-functions"]);
    let python = python();
    let (quadratic, spin) = (script("quadratic.py"), script("spin.py"));
    let path = format!("{}:{}", tools().display(), std::env::var("PATH").unwrap());
    let cases = [
        ("callgrind", "instructions", vec![c.as_str(), "300"]),
        ("uftrace", "calls", vec![traced.as_str(), "300"]),
        ("perf", "samples", vec![c.as_str(), "12000"]),
        ("yappi", "calls", vec![&python, &quadratic, "100"]),
        ("yappi-cpu", "calls", vec![&python, &quadratic, "100"]),
        ("cprofile", "calls", vec![&python, &quadratic, "100"]),
        ("py-spy", "samples", vec![&python, &spin, "3", "0"]),
    ];
    for (backend, counted, command) in cases {
        let place = Place::new(&json!({
            "workloads": {
                "w": { "command": command, "backend": backend, "env": { "PATH": path } },
            },
            "runs": [{ "id": "a", "size": 1 }],
        }));
        let advice = if backend == "perf" { "perf_event_paranoid" } else { "ptrace_scope" };
        if counted == "samples" && refused(&place, backend, advice) {
            continue;
        }
        assert_code(&place.runner(&["--all"]), 0);
        let overhead = &place.plan()["results"]["a"]["context"]["overhead"];
        let count = overhead[counted].as_u64().unwrap_or_else(|| panic!("{backend}: {overhead}"));
        let each = format!("nanoseconds_per_{}", counted.trim_end_matches('s'));
        let each = overhead[each].as_f64().unwrap();
        let seconds = overhead["seconds"].as_f64().unwrap();
        assert!(count > 100, "{backend}: {overhead}");
        assert!((seconds - count as f64 * each * 1e-9).abs() <= 1e-9 * seconds, "{overhead}");
        let used = |key: &str| place.plan()["results"]["a"][key][0].as_f64().unwrap();
        let used = used("user_seconds") + used("system_seconds");
        assert!(used > 0.01 && used + 0.02 > seconds || counted == "calls", "{used} s, {overhead}");
        if counted == "instructions" {
            assert!((0.5..500.0).contains(&each), "{overhead}");
        }
        let report = stdout(&place.reports(&["--phase", "1", "--format", "text"]));
        assert!(report.contains("Profiling"), "{backend}: {report}");
        assert!(report.contains("What profiling added is"), "{backend}: {report}");
        let is_said = report.contains("sampled, no call counts");
        assert_eq!(is_said, counted == "samples", "{backend}: {report}");
    }
}

fn py_spy_place(command: &[&str], timeout: &str) -> Place {
    let path = format!("{}:{}", tools().display(), std::env::var("PATH").unwrap());
    Place::new(&json!({
        "workloads": { "w": {
            "command": command, "backend": "py-spy", "env": { "PATH": path }, "timeout": timeout,
        } },
        "runs": [{ "id": "a", "size": 1 }, { "id": "b", "size": 2, "timeout": "2m" }],
    }))
}

/// Whether the kernel of this machine allows no measuring, which must be said with `advice`.
fn refused(place: &Place, backend: &str, advice: &str) -> bool {
    let output = place.runner(&["--validate"]);
    if output.status.success() {
        return false;
    }
    assert_code(&output, 3);
    assert_says(&output, &format!("cannot start `{backend}`: it may not measure here"));
    assert_says(&output, advice);
    true
}

/// A folder with a program called `backend` that knows its version and fails with `said`.
fn stand_in(place: &Place, backend: &str, said: &str) -> PathBuf {
    let folder = place.path("stand-in");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("said"), said).unwrap();
    let program = folder.join(backend);
    let script = "#!/bin/sh\n[ \"$1\" != --version ] || { echo version 1.0; exit; }\n\
                  cat \"${0%/*}/said\" >&2\nexit 255\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn compiled(source: &str, options: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("backends");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}{}", source.replace('.', "-"), options.concat()));
    let part = tempfile::NamedTempFile::new_in(&folder).unwrap();
    let source = root().join("tests/data/native").join(source);
    let mut compiler = Command::new("cc");
    let status = compiler.args(options).arg("-o").arg(part.path()).arg(source).status().unwrap();
    assert!(status.success(), "the tests need the compiler `cc`");
    part.persist(&path).unwrap();
    path.display().to_string()
}

/// Where the Python of the tests has its tools.
fn tools() -> PathBuf {
    root().join("target/python/bin")
}

fn python() -> String {
    tools().join("python").display().to_string()
}

fn script(name: &str) -> String {
    root().join("tests/data/python").join(name).display().to_string()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

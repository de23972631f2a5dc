//! A plan in a temporary folder, and the real binaries to drive it with.

#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use serde_json::json;

/// A folder with a plan, removed at the end of the test.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new(plan: &Value) -> Self {
        Self::with_text(&format!("{plan:#}\n"))
    }

    pub fn with_text(plan: &str) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(place.plan_path(), plan).unwrap();
        place
    }

    /// Runs of sizes 1, 2, 3 … that each execute `script` with `sh`; `$SIZE`, `$ID` are set.
    pub fn with_shell(script: &str, runs: usize) -> Self {
        let runs: Vec<Value> =
            (1..=runs).map(|size| json!({ "id": format!("run-{size}"), "size": size })).collect();
        Self::new(&json!({
            "workloads": { "shell": {
                "command": ["sh", "-c", script],
                "env": { "SIZE": "{size}", "ID": "{run_id}" },
            } },
            "settings": { "grace": "2s" },
            "runs": runs,
        }))
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn plan_path(&self) -> PathBuf {
        self.path("profiling_plan.json")
    }

    pub fn plan_text(&self) -> String {
        fs::read_to_string(self.plan_path()).unwrap()
    }

    pub fn plan(&self) -> Value {
        serde_json::from_str(&self.plan_text()).unwrap()
    }

    /// The plan as the tool sees it, journal included.
    pub fn status(&self) -> Value {
        let output = self.runner(&["--status", "--json"]);
        assert_code(&output, 0);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Changes the plan as a person does.
    pub fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut plan = self.plan();
        change(&mut plan);
        fs::write(self.plan_path(), format!("{plan:#}\n")).unwrap();
    }

    /// The states of the runs, in plan order.
    pub fn states(&self) -> Vec<String> {
        let status = self.status();
        let runs = status["runs"].as_array().unwrap();
        runs.iter().map(|run| run["status"].as_str().unwrap().to_string()).collect()
    }

    pub fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap_or_default()
    }

    pub fn lines(&self, below: &str) -> Vec<String> {
        self.read(below).lines().map(String::from).collect()
    }

    pub fn command(&self, binary: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .env("SUPERLINEAR_HOST_LOCK", self.path("host.lock"))
            .stdin(Stdio::null());
        command
    }

    pub fn runner(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_runner"), arguments).output().unwrap()
    }

    pub fn analyzer(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_analyzer"), arguments).output().unwrap()
    }

    pub fn reports(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_reports"), arguments).output().unwrap()
    }

    pub fn superlinear(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_superlinear"), arguments).output().unwrap()
    }

    pub fn start_runner(&self, arguments: &[&str]) -> Child {
        self.command(env!("CARGO_BIN_EXE_runner"), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The process of the worker that has `run`, as the plan says.
    pub fn worker_of(&self, run: &str) -> i32 {
        let status = self.status();
        let runs = status["runs"].as_array().unwrap();
        let run = runs.iter().find(|entry| entry["id"] == run).unwrap();
        i32::try_from(run["lease"]["pid"].as_i64().unwrap()).unwrap()
    }

    pub fn wait_for(&self, below: &str) {
        wait_until(below, || self.path(below).exists());
    }
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sends a signal, as `kill` does; a negative number is a process group.
pub fn kill(signal: &str, pid: i32) {
    let status =
        Command::new("kill").args([&format!("-{signal}"), "--", &pid.to_string()]).status();
    assert!(status.unwrap().success(), "kill -{signal} {pid}");
}

pub fn is_alive(pid: i32) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
pub fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(output), stderr(output));
}

#[track_caller]
pub fn assert_says(output: &Output, words: &str) {
    let said = stderr(output);
    assert!(said.contains(words), "expected {words:?} in:\n{said}");
}

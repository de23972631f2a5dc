//! The cost of a transition of the plan (claimed, ended) at 11 to 100,000 runs beside a plain
//! rewrite of the plan, and of an idle run end to end: `cargo bench --bench transitions`.

#![allow(clippy::disallowed_methods, reason = "benchmarks make files as they like")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use chrono::DateTime;
use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::Value;
use serde_json::json;
use superlinear::cli::names;
use superlinear::plan::Attempt;
use superlinear::plan::Change;
use superlinear::plan::Measurement;
use superlinear::plan::Outcome;
use superlinear::plan::change::Event;
use superlinear::runner::settle;
use superlinear::store::PlanStore;
use superlinear::system::file;

const SIZES: [usize; 4] = [11, 1_000, 10_000, 100_000];
const PATIENCE: Duration = Duration::from_secs(5);

fn main() {
    divan::main();
}

/// A plan of `runs` runs in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(runs: usize) -> Self {
        let runs: Vec<Value> = (0..runs)
            .map(|run| json!({ "id": format!("run-{run:06}"), "size": run + 1, "status": "pending" }))
            .collect();
        let plan = json!({ "workloads": { "w": { "command": ["true"] } }, "runs": runs });
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(place.path(), format!("{plan:#}\n")).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("plan.json")
    }
}

/// Two transitions, as a runner makes them for each run: lock, refresh, settle, record.
#[divan::bench(args = SIZES, sample_count = 200, sample_size = 1)]
fn journal(bencher: Bencher<'_, '_>, runs: usize) {
    let place = Place::new(runs);
    let mut store = PlanStore::new(&place.path(), names::known());
    drop(store.lock(PATIENCE).unwrap());
    let mut turn = 0;
    bencher.counter(ItemsCount::new(2_usize)).bench_local(|| {
        let run = format!("run-{:06}", turn % runs);
        let number = (turn / runs) as u32 + 1;
        turn += 1;
        for event in [claimed(number), ended(number)] {
            let mut locked = store.lock(PATIENCE).unwrap();
            // Its lock is free and it has no report, so it would be settled; the record is what
            // counts.
            let _ = settle::over(&locked).unwrap();
            locked.record(&[Change { run: run.clone(), event }]).unwrap();
        }
    });
}

/// The same two transitions by reading, parsing, changing, printing and replacing the plan.
#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn plain_rewrite(bencher: Bencher<'_, '_>, runs: usize) {
    let place = Place::new(runs);
    let mut turn = 0;
    bencher.counter(ItemsCount::new(2_usize)).bench_local(|| {
        for status in ["running", "done"] {
            let mut plan: Value = serde_json::from_slice(&fs::read(place.path()).unwrap()).unwrap();
            plan["runs"][turn % runs]["status"] = status.into();
            file::replace(&place.path(), format!("{plan:#}\n").as_bytes()).unwrap();
        }
        turn += 1;
    });
}

/// Writing a journal of 100 transitions into the plan, which happens once in a megabyte of journal,
/// or once in a journal as large as the plan.
#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn fold(bencher: Bencher<'_, '_>, runs: usize) {
    let place = Place::new(runs);
    let mut store = PlanStore::new(&place.path(), names::known());
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        let mut locked = store.lock(PATIENCE).unwrap();
        for run in 0..runs.min(50) {
            let run = format!("run-{run:06}");
            let events = [claimed(number), ended(number)];
            let changes = events.map(|event| Change { run: run.clone(), event });
            locked.record(&changes).unwrap();
        }
        locked.fold().unwrap();
    });
}

/// Fifty runs of `true` end to end: claimed, placed, measured, recorded.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn idle_runs(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(50_usize)).with_inputs(|| Place::new(50)).bench_local_values(
        |place| {
            let status = Command::new(env!("CARGO_BIN_EXE_runner"))
                .args(["--all", "--plan"])
                .arg(place.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            assert!(status.unwrap().success());
        },
    );
}

/// Fifty times the bare program.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn bare_programs(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(50_usize)).bench_local(|| {
        for _ in 0..50 {
            assert!(Command::new("true").status().unwrap().success());
        }
    });
}

/// Fifty times the bare program by `hyperfine`, without a shell; left out where it is not
/// installed.
#[divan::bench(
    sample_count = 5,
    sample_size = 1,
    ignore = Command::new("hyperfine").arg("--version").output().is_err()
)]
fn hyperfine(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(50_usize)).bench_local(|| {
        let output = Command::new("hyperfine").args(["-N", "--runs", "50", "true"]).output();
        assert!(output.unwrap().status.success());
    });
}

fn claimed(number: u32) -> Event {
    Event::Claimed {
        attempt: Attempt {
            number,
            host: "host".into(),
            boot_id: "4e1fb1c4-1d8d-4a0e-9b7d-0c3f2f4f5a6b".into(),
            pid: 12_345,
            started: DateTime::UNIX_EPOCH,
            ended: None,
            outcome: None,
            on_request: false,
            message: String::new(),
        },
    }
}

fn ended(number: u32) -> Event {
    Event::Ended {
        attempt: number,
        ended: DateTime::UNIX_EPOCH,
        outcome: Outcome::Ok,
        on_request: false,
        message: String::new(),
        measurement: Some(Box::new(measurement())),
    }
}

fn measurement() -> Measurement {
    let machine = json!({
        "host": "host", "boot_id": "4e1fb1c4-1d8d-4a0e-9b7d-0c3f2f4f5a6b",
        "cpu": "A processor with a name", "cores": 8, "kernel": "6.1.0",
    });
    serde_json::from_value(json!({
        "wall": 1.5, "user": 1.0, "system": 0.5, "peak_memory": 1_000_000,
        "faults": { "minor": 1, "major": 0 }, "bytes_read": 0, "bytes_written": 0,
        "context": {
            "revision": { "none": "the folder is in no git repository" }, "machine": machine,
            "load_before": 0.5, "load_after": 0.5,
            "versions": { "superlinear": "0.1.0", "backend": "none" },
        },
        "files": [],
    }))
    .unwrap()
}

//! Very many functions: read and judged in memory that grows with their number alone.
//!
//! The long form, a million functions in nine profiles, judged in all their metrics:
//!
//! ```sh
//! SUPERLINEAR_FUNCTIONS=1000000 cargo test --release --test large -- --nocapture
//! ```
#![expect(clippy::disallowed_methods, reason = "the program is run on files of the test")]

#[path = "support/series.rs"]
mod series;

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use superlinear::system::env;
use superlinear::system::process;
use superlinear::system::process::Exit;
use tempfile::TempDir;

/// Bytes that a function of nine profiles may take, at most.
const BYTES_PER_FUNCTION: u64 = 4_096;
/// Bytes that the program takes whatever it reads.
const BYTES_AT_LEAST: u64 = 64 << 20;

/// Functions that are judged both ways, twenty of them with all their figures.
const FUNCTIONS: usize = 120;

#[test]
fn memory_grows_with_the_number_of_functions_alone() {
    let many = env::var("SUPERLINEAR_FUNCTIONS").map(|number| number.parse().unwrap());
    let functions: usize = many.unwrap_or(20_000);
    // Without optimisation only counts are quick enough.
    let options: &[&str] = if many.is_some() { &[] } else { &["--counts-only"] };
    let folder = TempDir::new().unwrap();
    let files = series::tables(folder.path(), functions, &series::WINDOWS);
    let found = folder.path().join("found.json");
    let peak = peak_memory(analyzer(&files, folder.path()).args(options), &found);
    let limit = BYTES_AT_LEAST + BYTES_PER_FUNCTION * functions as u64;
    println!("{functions} functions: {} MB, {} bytes each", peak >> 20, peak / functions as u64);
    assert!(peak < limit, "{peak} bytes for {functions} functions");

    let document: Value = serde_json::from_str(&std::fs::read_to_string(&found).unwrap()).unwrap();
    assert_eq!(document["culprits"][0]["name"], series::CULPRIT);
    let listed = |list: &str| document[list].as_array().map_or(0, Vec::len);
    assert_eq!(listed("functions") + listed("others"), functions.min(10_000));
    let warnings = document["warnings"].to_string();
    let has_rest = warnings.contains("only their calls are judged");
    assert_eq!(has_rest, functions > 10_000, "{warnings}");
}

#[test]
fn counts_alone_are_judged_alike_and_nothing_is_said_of_costs() {
    let folder = TempDir::new().unwrap();
    let plan = folder.path().join("plan.json");
    let settings = r#"{"settings": {"analysis": {"most_functions": 20}}, "runs": []}"#;
    std::fs::write(&plan, settings).unwrap();
    let files = series::statistics(folder.path(), FUNCTIONS, &series::STEPS[..5]);
    let judged = |options: &[&str]| -> Value {
        let mut command = analyzer(&files, folder.path());
        let output = command.arg("--plan").arg(&plan).args(options).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (all, calls) = (judged(&[]), judged(&["--counts-only"]));
    let verdicts = |document: &Value| -> Vec<(String, Value)> {
        let full = document["functions"].as_array().unwrap().iter();
        let full = full.map(|one| (&one["name"], &one["metrics"]["ncall"]["verdict"]));
        let others = document["others"].as_array().unwrap().iter();
        let others = others.map(|one| (&one["name"], &one["ncall"]));
        let both = full.chain(others);
        let mut both: Vec<(String, Value)> =
            both.map(|(name, verdict)| (name.to_string(), verdict.clone())).collect();
        both.sort_by(|a, b| a.0.cmp(&b.0));
        both
    };
    assert_eq!(verdicts(&all), verdicts(&calls));
    assert_eq!(verdicts(&all).len(), FUNCTIONS);
    assert!(calls["functions"][0]["metrics"]["tsub"].is_null());
    assert!(calls["others"][0]["ttot"].is_null());
    let warnings = calls["warnings"].to_string();
    assert!(warnings.contains("only the calls of functions were judged"), "{warnings}");
    assert!(!all["others"][0]["tavg"].is_null());
}

#[test]
fn counts_alone_are_refused_where_there_are_none() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("a"), "main;work 3\nmain 1\n").unwrap();
    for (options, words) in [
        (&["--profiles", "1=a", "2=a", "4=a"][..], "nothing was counted"),
        (&["--bottlenecks", "a"], "a single run is not judged by counts"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_analyzer"));
        command.args(options).arg("--counts-only").current_dir(folder.path());
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(words), "{errors}");
    }
}

#[allow(
    clippy::zombie_processes,
    reason = "it is waited for by its id, which tells its memory too"
)]
fn peak_memory(command: &mut Command, found: &Path) -> u64 {
    let child = command.arg("--output").arg(found).spawn().unwrap();
    let ended = process::wait(child.id()).unwrap();
    assert_eq!(ended.exit, Exit::Code(0));
    ended.peak_memory
}

fn analyzer(files: &[(f64, PathBuf)], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_analyzer"));
    command.arg("--profiles");
    command.args(files.iter().map(|(size, path)| format!("{size}={}", path.display())));
    command.current_dir(folder);
    command
}

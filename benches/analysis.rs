//! The whole of `analyzer`, from nine profiles of 10,000 functions on the disk to the findings on
//! the disk, in all four metrics and by calls alone:
//!
//! ```text
//! cargo bench --bench analysis
//! ```

#![expect(clippy::disallowed_methods, reason = "the program is run on files of the benchmark")]

#[path = "../tests/support/series.rs"]
mod series;

use std::path::PathBuf;
use std::process::Command;

use divan::Bencher;
use tempfile::TempDir;

const FUNCTIONS: usize = 10_000;

fn main() {
    divan::main();
}

/// Function tables of nine runs at six sizes.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn tables_in_full(bencher: Bencher<'_, '_>) {
    let folder = TempDir::new().unwrap();
    judge(bencher, &series::tables(folder.path(), FUNCTIONS, &series::WINDOWS), &[]);
}

/// Function tables of nine runs at nine sizes, for which a fit is dearest.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn tables_of_nine_sizes_in_full(bencher: Bencher<'_, '_>) {
    let folder = TempDir::new().unwrap();
    judge(bencher, &series::tables(folder.path(), FUNCTIONS, &series::STEPS), &[]);
}

/// Python's profile statistics with the calls between functions.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn statistics_with_edges_in_full(bencher: Bencher<'_, '_>) {
    let folder = TempDir::new().unwrap();
    judge(bencher, &series::statistics(folder.path(), FUNCTIONS, &series::WINDOWS), &[]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn tables_by_calls_alone(bencher: Bencher<'_, '_>) {
    let folder = TempDir::new().unwrap();
    let files = series::tables(folder.path(), FUNCTIONS, &series::WINDOWS);
    judge(bencher, &files, &["--counts-only"]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn statistics_with_edges_by_calls_alone(bencher: Bencher<'_, '_>) {
    let folder = TempDir::new().unwrap();
    let files = series::statistics(folder.path(), FUNCTIONS, &series::WINDOWS);
    judge(bencher, &files, &["--counts-only"]);
}

/// Times the program as a process of its own; what it finds is checked once.
fn judge(bencher: Bencher<'_, '_>, files: &[(f64, PathBuf)], options: &[&str]) {
    let folder = TempDir::new().unwrap();
    let found = folder.path().join("found.json");
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_analyzer"));
        command.arg("--profiles");
        command.args(files.iter().map(|(size, path)| format!("{size}={}", path.display())));
        command.args(options).arg("--output").arg(&found).current_dir(folder.path());
        assert!(command.status().unwrap().success());
    };
    run();
    let text = std::fs::read_to_string(&found).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let judged = |list: &str| document[list].as_array().map_or(0, Vec::len);
    assert_eq!(judged("functions") + judged("others"), FUNCTIONS, "{text:.2000}");
    bencher.bench_local(run);
}

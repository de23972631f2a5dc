//! `superlinear export` and `analyzer --profiles` as a person calls them, with files of every
//! format.
#![expect(clippy::disallowed_methods, reason = "files are made in temporary folders")]

mod support;

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;
use superlinear::format;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

#[test]
fn the_command_exports_runs_and_files() {
    let place = Place::with_shell("true", 1);
    fs::copy(data("cprofile_3.13.pstat"), place.path("a.pstat")).unwrap();
    let export = |arguments: &[&str]| {
        let mut all = vec!["export"];
        all.extend(arguments);
        place.superlinear(&all)
    };
    let output = export(&["--profile", "a.pstat", "--format", "folded"]);
    assert_code(&output, 0);
    assert!(stdout(&output).lines().any(|line| line.starts_with("f (")), "{}", stdout(&output));
    let output = export(&["--profile", "a.pstat", "--format", "pstats", "--output", "b/b.pstat"]);
    assert_code(&output, 0);
    let (before, after) = (place.path("a.pstat"), place.path("b/b.pstat"));
    let calls = |path: &Path| -> u64 {
        format::read_profile(path).unwrap().functions.iter().map(|one| one.cost.ncall).sum()
    };
    assert_eq!(calls(&before), calls(&after));
    let output = export(&["--profile", "a.pstat", "--format", "pprofs"]);
    assert_code(&output, 2);
    assert_says(&output, "did you mean `pprof`?");
    assert_code(&export(&["--format", "pprof"]), 2);
    let output = export(&["run-1", "--format", "pprof"]);
    assert_code(&output, 2);
    assert_says(&output, "run `run-1` is pending");
    assert_code(&place.runner(&["--all"]), 0);
    let output = export(&["run-1", "--format", "pprof"]);
    assert_code(&output, 2);
    assert_says(&output, "run `run-1` has no profile");
    let output = export(&["run-7", "--format", "pprof"]);
    assert_code(&output, 2);
}

#[test]
fn a_measured_run_is_exported_in_every_format() {
    let place = Place::new(&serde_json::json!({
        "workloads": { "backtest": { "sample": "gc_futures" } },
        "runs": [{ "id": "day", "start": "2025-01-20", "end": "2025-01-20" }],
    }));
    assert_code(&place.runner(&["--all"]), 0);
    for writer in format::WRITERS {
        let name = if writer.name() == "pstat" { "pstats" } else { writer.name() };
        let output = place.superlinear(&["export", "day", "--format", name]);
        assert_code(&output, 0);
        assert!(output.stdout.len() > 50, "{name}");
        if let Some(reader) = format::ALL.iter().find(|reader| reader.name() == writer.name()) {
            let profile = reader.read(&mut &output.stdout[..]).unwrap();
            assert!(profile.functions.iter().any(|one| one.key.name == "run_backtest"));
        }
    }
}

#[test]
fn profiles_of_any_format_are_judged_in_their_own_unit() {
    const SIZES: [u64; 5] = [100, 200, 400, 800, 1600];
    let place = Place::with_shell("true", 1);
    for (name, unit) in [
        ("callgrind", "instructions"),
        ("speedscope", "instructions"),
        ("pstat", "wall_seconds"),
        ("folded", "samples"),
        ("chrome", "wall_seconds"),
    ] {
        for size in SIZES {
            let content = format::writer_by_name(name).unwrap().write(&grown(size));
            fs::write(place.path(&format!("{size}.{name}")), content).unwrap();
        }
        let pairs = SIZES.map(|size| format!("{size}={size}.{name}"));
        let mut arguments = vec!["--profiles"];
        arguments.extend(pairs.iter().map(String::as_str));
        let output = place.analyzer(&arguments);
        assert_code(&output, 0);
        let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(findings["unit"], unit, "{name}");
        let culprits = findings["culprits"].as_array().unwrap();
        assert_eq!(culprits.len(), 1, "{name}: {culprits:#?}");
        assert!(culprits[0].to_string().contains("judge"), "{name}: {culprits:#?}");
    }
}

/// `main` calls `load`, whose cost grows with the size, and `judge`, whose cost grows with its
/// square.
fn grown(size: u64) -> Profile {
    let (linear, square) = (size as f64 * 1e4, (size * size) as f64 * 1e2);
    let function = |name: &str, line, ncall, tsub, ttot| Function {
        key: FunctionKey { name: name.into(), file: "a.c".into(), line },
        cost: Cost { ncall, nactual: ncall, tsub, ttot },
    };
    let edge = |callee, ncall, ttot| Edge {
        caller: 0,
        callee,
        cost: Cost { ncall, nactual: ncall, tsub: ttot, ttot },
    };
    Profile {
        unit: CostUnit::Instructions,
        counts_calls: true,
        functions: vec![
            function("main", 1, 1, 1e3, 1e3 + linear + square),
            function("load", 10, size, linear, linear),
            function("judge", 20, 1, square, square),
        ],
        edges: vec![edge(1, size, linear), edge(2, 1, square)],
        ..Profile::default()
    }
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format").join(name)
}

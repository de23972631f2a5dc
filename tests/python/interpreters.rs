//! What is said before anything is run, on every Python of the machine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use superlinear::format::read_profile;
use superlinear::measure::by_name;

use crate::measured::BACKENDS;
use crate::measured::cost;
use crate::measured::measured;
use crate::measured::program;
use crate::measured::root;
use crate::measured::run;

#[test]
fn check_accepts_what_can_be_measured() {
    for backend in BACKENDS {
        let program = program(&["-u", "quadratic.py", "3"]);
        by_name(backend).unwrap().check(&program).unwrap();
    }
}

#[test]
fn check_says_what_is_missing() {
    let yappi = by_name("yappi").unwrap();
    let without_packages = program(&["-I", "-S", "quadratic.py"]);
    let error = yappi.check(&without_packages).unwrap_err();
    assert!(error.to_string().contains("has no `yappi`"), "{error}");
    let hint = error.hint().unwrap();
    assert!(hint.contains("-m pip install yappi") && hint.contains("cprofile"), "{hint}");

    let mut nowhere = program(&["quadratic.py"]);
    nowhere.argv[0] = "/nowhere/python3".into();
    let error = yappi.check(&nowhere).unwrap_err();
    assert_eq!(error.to_string(), "cannot start `/nowhere/python3`: there is no such program");

    let folder = tempfile::tempdir().unwrap();
    let imposter = folder.path().join("python");
    fs::write(&imposter, "#!/bin/sh\necho out of order >&2; exit 1\n").unwrap();
    Command::new("chmod").arg("+x").arg(&imposter).status().unwrap();
    let mut broken = program(&["quadratic.py"]);
    broken.argv[0] = imposter.display().to_string();
    let error = yappi.check(&broken).unwrap_err();
    assert!(error.to_string().ends_with("Python interpreter: out of order"), "{error}");
}

#[test]
fn every_python_of_the_machine_can_be_measured_by_cprofile() {
    let backend = by_name("cprofile").unwrap();
    let mut measured = 0;
    for name in interpreters() {
        let mut program = program(&["recursion.py"]);
        program.argv[0].clone_from(&name);
        if let Err(error) = backend.check(&program) {
            // Not on this machine, or of an age that is refused.
            let said = error.to_string();
            assert!(said.contains("cannot start"), "{said}");
            continue;
        }
        let scratch = tempfile::tempdir().unwrap();
        let ended = run(&backend.measured(&program, scratch.path()).unwrap());
        assert!(ended.status.success(), "{name}: {}", ended.stderr);
        let profile = backend.collect(scratch.path(), &read_profile).unwrap().unwrap();
        let fib = cost(&profile, "recursion.py", "fib");
        assert_eq!((fib.ncall, fib.nactual), (177, 1), "{name}");
        assert!(profile.origin.call_cost_nanoseconds.is_some(), "{name}");
        measured += 1;
    }
    assert!(measured > 0, "no `python3` on the path");
}

#[test]
fn the_shim_is_written_in_the_words_of_the_oldest_python() {
    let shim = root().join("src/measure/python/shim.py").display().to_string();
    let parse = "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))";
    let parsed = run(&program(&["-c", parse, &shim]));
    assert!(parsed.status.success(), "{}", parsed.stderr);
}

#[test]
fn what_profiling_costs_is_measured_in_the_program() {
    for backend in BACKENDS {
        let cost = measured(backend, &["quadratic.py", "20"]).origin.call_cost_nanoseconds;
        let cost = cost.unwrap();
        assert!((5.0..50_000.0).contains(&cost), "{backend}: {cost} ns a call");
    }
}

/// On the path by every name, and where pyenv keeps its own.
fn interpreters() -> Vec<String> {
    let numbered = (8..=14).map(|minor| format!("python3.{minor}")).chain(["python3".into()]);
    let home = PathBuf::from(std::env::var("HOME").unwrap_or_default());
    let own = fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let own = own.map(|folder| folder.path().join("bin/python")).filter(|path| path.exists());
    numbered.chain(own.map(|path| path.display().to_string())).collect()
}

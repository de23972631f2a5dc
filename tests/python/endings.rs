//! Programs notice no difference, and whatever way they end, the profile is saved.

use std::os::unix::process::ExitStatusExt as _;

use superlinear::format::read_profile;
use superlinear::measure::by_name;

use crate::measured::BACKENDS;
use crate::measured::cost;
use crate::measured::measure;
use crate::measured::measure_until_terminated;
use crate::measured::measured;
use crate::measured::program;
use crate::measured::programs;
use crate::measured::run;

#[test]
fn a_program_notices_no_difference() {
    let folder = programs();
    let script = folder.join("app/__main__.py").display().to_string();
    let code = "import sys; print(sys.argv, sys.path[0], sorted(globals())); sys.exit(2)";
    let ways: [&[&str]; 12] = [
        &[&script, "a", "-b"],
        &["./app/__main__.py"],
        &["-m", "app", "a"],
        &["-m", "app.__main__"],
        &["-u", "-O", "app", "x"],
        &["-I", "app"],
        &["-c", code, "a"],
        &["ending.py", "status"],
        &["ending.py", "words"],
        &["ending.py", "exception"],
        &["ending.py", "own handler"],
        &["-m", "no_such_module"],
    ];
    for arguments in ways {
        let plain = run(&program(arguments));
        for backend in ["yappi", "cprofile"] {
            let measured = measure(backend, arguments);
            let what = format!("{backend}: {arguments:?}");
            assert_eq!(measured.stdout, plain.stdout, "{what}");
            assert_eq!(measured.stderr, plain.stderr, "{what}");
            assert_eq!(measured.status, plain.status, "{what}");
        }
    }
}

#[test]
fn every_ending_saves_the_profile() {
    for backend in BACKENDS {
        for ending in ["none", "status", "words", "exception", "own handler"] {
            let profile = measured(backend, &["ending.py", ending]);
            let steps = cost(&profile, "ending.py", "step").ncall;
            assert_eq!(steps, 3, "{backend} {ending}");
        }
        let interrupted = measure(backend, &["ending.py", "interrupt"]);
        assert_eq!(interrupted.status.signal(), Some(2), "{backend}");
        assert!(interrupted.stderr.ends_with("KeyboardInterrupt\n"), "{backend}");
        let profile = interrupted.profile.unwrap();
        assert_eq!(cost(&profile, "ending.py", "step").ncall, 3, "{backend}");
    }
}

#[test]
fn a_traceback_shows_the_program_alone() {
    let failed = measure("yappi", &["ending.py", "exception"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(failed.stderr.contains("in work\n"), "{}", failed.stderr);
    assert!(!failed.stderr.contains("superlinear"), "{}", failed.stderr);
}

#[test]
fn a_terminated_program_saves_its_profile_and_ends_with_143() {
    for backend in BACKENDS {
        for ending in ["terminated", "stubborn"] {
            let ended = measure_until_terminated(backend, &["ending.py", ending]);
            let what = format!("{backend} {ending}: {}", ended.stderr);
            assert_eq!(ended.status.code(), Some(143), "{what}");
            let profile = ended.profile.unwrap();
            assert_eq!(cost(&profile, "ending.py", "step").ncall, 3, "{what}");
            assert_eq!(cost(&profile, "ending.py", "work").ncall, 1, "{what}");
        }
    }
}

#[test]
fn children_leave_the_parents_profile_alone() {
    for backend in ["yappi", "cprofile"] {
        for method in ["spawn", "fork"] {
            let ended = measure(backend, &["processes.py", method]);
            let what = format!("{backend} {method}: {}", ended.stderr);
            assert_eq!(ended.stdout, "[0, 1, 4, 9, 16]\n7\n-15\n", "{what}");
            assert!(ended.status.success(), "{what}");
            let profile = ended.profile.unwrap();
            assert_eq!(cost(&profile, "processes.py", "prepare").ncall, 1, "{what}");
            let in_children =
                profile.functions.iter().any(|function| function.key.name == "square");
            assert!(!in_children, "{what}");
        }
    }
}

#[test]
fn a_program_that_skips_its_own_end_is_said_to_have_left_nothing() {
    let ended = measure("yappi", &["ending.py", "at once"]);
    assert_eq!(ended.status.code(), Some(4));
    let error = ended.profile.unwrap_err();
    assert!(error.to_string().contains("left no profile"), "{error}");
    assert!(error.hint().unwrap().contains("sys.exit"));
}

#[test]
fn without_a_profiler_the_program_runs_as_it_is() {
    let backend = by_name("none").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let program = program(&["quadratic.py", "3"]);
    backend.check(&program).unwrap();
    assert_eq!(backend.measured(&program, scratch.path()).unwrap(), program);
    assert_eq!(backend.collect(scratch.path(), &read_profile).unwrap(), None);
}

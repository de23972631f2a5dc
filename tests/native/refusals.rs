//! What is said before anything is run.

use std::fs;

use serde_json::json;
use superlinear::measure::by_name;

use crate::measured::program;
use crate::measured::root;
use crate::support;
use crate::support::Place;
use crate::support::assert_code;

#[test]
fn what_is_missing_is_said_before_anything_is_run() {
    for backend in ["callgrind", "uftrace", "perf"] {
        let mut program = program(&["/bin/true"]);
        program.env.insert("PATH".into(), "/nowhere".into());
        let error = by_name(backend).unwrap().check(&program).unwrap_err();
        assert!(error.to_string().ends_with("is not installed"), "{error}");
        assert!(error.hint().unwrap().contains("install"), "{error}");
        let absent = self::program(&["/no/such/program"]);
        let error = by_name(backend).unwrap().check(&absent).unwrap_err();
        assert!(error.to_string().ends_with("there is no such program"), "{error}");
    }
    let script = root().join("tests/run.sh").display().to_string();
    fs::metadata(&script).unwrap();
    let error = by_name("uftrace").unwrap().check(&program(&["/bin/sh", &script]));
    assert!(error.is_ok(), "{error:?}");
    let error = by_name("py-spy").unwrap().check(&program(&["/bin/sh", &script])).unwrap_err();
    assert!(error.to_string().contains("it is no Python program"), "{error}");
}

#[test]
fn a_plan_that_cannot_be_measured_here_is_not_valid() {
    let place = Place::new(&json!({
        "workloads": { "w": {
            "command": ["/bin/true"], "backend": "callgrind", "env": { "PATH": "/nowhere" },
        } },
        "runs": [{ "id": "a", "size": 1 }],
    }));
    let refused = place.runner(&["--validate"]);
    assert_code(&refused, 3);
    support::assert_says(
        &refused,
        "backend `callgrind`: cannot start `valgrind`: `valgrind` is not installed",
    );
}

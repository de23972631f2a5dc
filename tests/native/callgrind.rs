//! Calls and instructions of callgrind: exponents, forked children, an end by signal.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;
use superlinear::format::read_profile;
use superlinear::measure::by_name;
use superlinear::profile::CostUnit;
use superlinear::system::process::Exit;

use crate::measured::analysis;
use crate::measured::check_exponent;
use crate::measured::check_known;
use crate::measured::command;
use crate::measured::compiled;
use crate::measured::cost;
use crate::measured::function;
use crate::measured::measure;
use crate::measured::program;
use crate::measured::sweep;
use crate::support;
use crate::support::stdout;

#[test]
fn callgrind_finds_the_quadratic_function_of_a_c_program() {
    let place = sweep(&compiled("known.c", &["-g", "-O1"]), &[100, 200, 400, 800]);
    let found = analysis(&place);
    assert_eq!(found["unit"], "instructions");
    check_exponent(&found, "look", "tsub", 2.0);
    check_exponent(&found, "look", "ncall", 2.0);
    check_exponent(&found, "quadratic", "tsub", 2.0);
    check_exponent(&found, "step", "tsub", 1.0);
    check_exponent(&found, "linear", "ttot", 1.0);
    let look = function(&found, "look");
    assert!(look["file"].as_str().unwrap().ends_with("tests/data/native/known.c"), "{look}");

    assert!(place.path("profiling/n800.funcs.instructions.csv").exists());
    assert!(!place.path("profiling/n800.funcs.wall.csv").exists());
    let versions = &place.plan()["results"]["n800"]["context"]["versions"];
    assert!(versions["backend_version"].as_str().unwrap().starts_with("3."), "{versions}");
    let report = stdout(&place.reports(&["--phase", "1", "--format", "text"]));
    assert!(report.contains("instructions"), "{report}");
    assert!(report.contains("under valgrind"), "{report}");
    assert!(report.contains("known.c:13"), "{report}");
}

#[test]
fn callgrind_finds_the_quadratic_function_of_a_rust_program() {
    let place = sweep(&compiled("known.rs", &["-g", "-O"]), &[100, 200, 400, 800]);
    let found = analysis(&place);
    check_exponent(&found, "known::list::look", "ncall", 2.0);
    check_exponent(&found, "known::list::look", "tsub", 2.0);
    check_exponent(&found, "known::step", "ncall", 1.0);
    check_exponent(&found, "known::linear", "ttot", 1.0);
}

#[test]
fn the_culprit_of_a_fault_in_the_c_library_is_the_function_that_asks_for_it() {
    let place = sweep(&compiled("scanning.c", &["-g", "-O1"]), &[500, 1000, 2000, 4000]);
    let found = analysis(&place);
    check_exponent(&found, "read_with_sscanf", "ncall", 0.0);
    check_exponent(&found, "read_with_strtol", "ttot", 1.0);
    let culprits = found["culprits"].as_array().unwrap();
    let names: Vec<&str> = culprits.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["read_with_sscanf"], "{culprits:#?}");
    let report = stdout(&place.reports(&["--phase", "1", "--format", "text"]));
    assert!(report.contains("scanning.c:9"), "{report}");
}

#[test]
fn filling_and_copying_memory_is_linear_at_every_length() {
    let place = sweep(&compiled("filling.c", &["-g", "-O1"]), &[1_000, 2_000, 4_000, 8_000]);
    let found = analysis(&place);
    assert_eq!(found["culprits"], json!([]));
    let steep = |function: &&Value| {
        let own = &function["metrics"]["tsub"];
        ["superlinear", "suspected"].iter().any(|verdict| own["verdict"] == *verdict)
    };
    let functions = found["functions"].as_array().unwrap();
    let steep: Vec<&Value> = functions.iter().filter(steep).collect();
    assert!(steep.is_empty(), "{steep:#?}");
}

#[test]
fn callgrind_sums_over_forked_children_and_keeps_the_exit_code() {
    let program = program(&[&compiled("known.c", &["-g", "-O1"]), "30", "fork", "3"]);
    let measured = measure("callgrind", &program);
    assert_eq!(measured.exit, Exit::Code(3));
    let profile = measured.profile.unwrap();
    assert_eq!(profile.unit, CostUnit::Instructions);
    assert!(profile.counts_calls);
    check_known(&profile, 2);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("summed over 2 processes"), "{warnings}");
}

#[test]
fn callgrind_keeps_the_profile_of_a_program_that_is_ended() {
    let program = program(&[&compiled("known.cpp", &["-g", "-O1"]), "forever"]);
    let backend = by_name("callgrind").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut child = command(&backend.measured(&program, scratch.path()).unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    support::kill("TERM", i32::try_from(child.id()).unwrap());
    child.wait().unwrap();
    let profile = backend.collect(scratch.path(), &read_profile).unwrap().unwrap();
    assert_eq!(
        cost(&profile, "list::scan(std::vector<int, std::allocator<int> > const&)").ncall,
        1
    );
    assert!(cost(&profile, "list::scan(int)").tsub > 0.0);
}

//! Real programs in C, C++ and Rust under the real profilers: exponents against known growth, exact
//! calls, kept exit codes, and clear refusals where the kernel allows no measuring.
#![expect(clippy::disallowed_methods, reason = "these tests start the programs themselves")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;
use superlinear::error::Result;
use superlinear::format::read_profile;
use superlinear::measure::Backend;
use superlinear::measure::Program;
use superlinear::measure::by_name;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Function;
use superlinear::profile::Profile;
use superlinear::system::process::Exit;
use support::Place;
use support::assert_code;
use support::stdout;

/// How far an exponent by instructions may be from the truth.
const TOLERANCE: f64 = 0.02;

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
fn a_function_is_where_it_is_declared_whatever_was_inlined_into_it() {
    let mangled = ["-g", "-O", "-Csymbol-mangling-version=v0"];
    type Places<'a> = &'a [(&'a str, u32)];
    let cases: [(&str, &[&str], Places<'_>); 5] = [
        ("known.c", &["-g", "-O1"], &[("look", 9), ("step", 11), ("quadratic", 13), ("fib", 22)]),
        ("known.rs", &["-g", "-O"], &[("known::list::look", 7), ("known::list::quadratic", 12)]),
        ("known.rs", &mangled, &[("known::step", 18), ("known::linear", 23), ("known::main", 27)]),
        ("inlined.c", &["-g", "-O1"], &[("outer", 8), ("begun_elsewhere", 15)]),
        (
            "known.cpp",
            &["-g", "-O1", "-gz"],
            &[
                ("list::scan(std::vector<int, std::allocator<int> > const&)", 8),
                ("list::scan(int)", 11),
            ],
        ),
    ];
    for (source, options, functions) in cases {
        let program = match source {
            "known.cpp" => program(&[&compiled(source, options)]),
            _ => program(&[&compiled(source, options), "30"]),
        };
        let profile = measure("callgrind", &program).profile.unwrap();
        for (name, line) in functions {
            let key = &function_of(&profile, name).key;
            let path = root().join("tests/data/native").join(source).display().to_string();
            assert_eq!((key.file.as_str(), key.line), (path.as_str(), *line), "{name} {options:?}");
        }
    }
}

#[test]
fn what_is_inlined_from_another_file_is_its_callers_cost() {
    let program = program(&[&compiled("inlined.c", &["-g", "-O1"]), "1000"]);
    let profile = measure("callgrind", &program).profile.unwrap();
    assert!(!profile.functions.iter().any(|function| function.key.name == "mixed"));
    let outer = cost(&profile, "outer");
    assert_eq!(outer.ncall, 1);
    assert_eq!(outer.tsub, outer.ttot);
    assert!(outer.tsub > 5_000.0, "{outer:?}");
}

#[test]
fn without_debug_information_the_program_stands_for_the_file() {
    let path = compiled("known.c", &["-O1"]);
    let profile = measure("callgrind", &program(&[&path, "30"])).profile.unwrap();
    let key = &function_of(&profile, "quadratic").key;
    assert_eq!((key.file.as_str(), key.line), (path.as_str(), 0));
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

#[test]
fn uftrace_counts_calls_exactly_and_tells_callers() {
    for options in [&["-g", "-O1", "-pg"], &["-g", "-O1", "-finstrument-functions"]] {
        let program = program(&[&compiled("known.c", options), "30", "fork", "3"]);
        let measured = measure("uftrace", &program);
        assert_eq!(measured.exit, Exit::Code(3), "{options:?}");
        let profile = measured.profile.unwrap();
        assert_eq!(profile.unit, CostUnit::WallSeconds);
        // A forked child has nothing open, so that its call from `main` has no caller.
        check_known(&profile, 1);
        let quadratic = cost(&profile, "quadratic");
        assert!(quadratic.tsub > 0.0 && quadratic.ttot > cost(&profile, "look").ttot);
        let look = profile.functions.iter().find(|function| function.key.name == "look").unwrap();
        assert!(look.key.file.ends_with("known.c"), "{:?}", look.key);
        assert_eq!(look.key.line, 9, "{options:?}");
        // What the trace shows of its own cost: `look` does next to nothing.
        let call_cost = profile.origin.call_cost_nanoseconds.unwrap();
        assert!((5.0..=1_000.0).contains(&call_cost), "{call_cost} ns a call");
    }
}

#[test]
fn uftrace_measures_a_rust_program_that_was_not_built_for_it() {
    let program = program(&[&compiled("known.rs", &["-g", "-O"]), "30"]);
    let measured = measure("uftrace", &program);
    assert_eq!(measured.exit, Exit::Code(0));
    let profile = measured.profile.unwrap();
    assert_eq!(cost(&profile, "known::list::quadratic").ncall, 1);
}

#[test]
fn uftrace_says_that_deep_calls_are_lost() {
    let program = program(&[&compiled("deep.c", &["-O1", "-pg"]), "2000"]);
    let profile = measure("uftrace", &program).profile.unwrap();
    assert!(cost(&profile, "deep").ncall < 2001);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("1,024") && warnings.contains("callgrind"), "{warnings}");
}

#[test]
fn perf_samples_a_long_run_or_says_what_the_kernel_refuses() {
    let program =
        program(&[&compiled("known.c", &["-g", "-O1", "-fno-omit-frame-pointer"]), "12000"]);
    let Some(measured) = sampled("perf", &program, "perf_event_paranoid") else { return };
    assert_eq!(measured.exit, Exit::Code(0));
    let profile = measured.profile.unwrap();
    check_sampled(&profile);
    let busy: f64 = profile.functions.iter().map(|function| function.cost.tsub).sum();
    let known = cost(&profile, "look").tsub + cost(&profile, "quadratic").tsub;
    assert!(known > 0.8 * busy, "{known} of {busy} samples");
    let look = &function_of(&profile, "look").key;
    assert!(look.file.ends_with("tests/data/native/known.c") && look.line == 9, "{look:?}");
}

#[test]
fn py_spy_samples_a_long_run_or_says_what_the_kernel_refuses() {
    let folder = root().join("target/python/bin");
    let python = folder.join("python").display().to_string();
    let script = root().join("tests/data/python/spin.py").display().to_string();
    let mut program = program(&[&python, &script, "2", "3"]);
    let path = std::env::var("PATH").unwrap();
    program.env.insert("PATH".into(), format!("{}:{path}", folder.display()));
    let Some(measured) = sampled("py-spy", &program, "ptrace_scope") else { return };
    assert_eq!(measured.exit, Exit::Code(3));
    assert_eq!(measured.stdout, "done\n");
    let profile = measured.profile.unwrap();
    check_sampled(&profile);
    let spin = profile.functions.iter().find(|function| function.key.name == "spin").unwrap();
    let busy: f64 = profile.functions.iter().map(|function| function.cost.tsub).sum();
    assert_eq!((spin.key.file.as_str(), spin.key.line), (script.as_str(), 7));
    assert!(spin.cost.tsub > 0.5 * busy, "{:?} of {busy} samples", spin.cost);
}

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

#[test]
fn memory_over_time_has_a_peak_a_jump_and_an_exponent() {
    let holds = "import sys, time; a = bytearray(int(sys.argv[1]) << 20); time.sleep(0.4)";
    let python = root().join("target/python/bin/python").display().to_string();
    let runs: Vec<Value> =
        [100, 200, 400, 800].map(|size| json!({ "id": format!("n{size}"), "size": size })).into();
    let place = Place::new(&json!({
        "workloads": { "w": { "command": [python, "-c", holds, "{size}"], "backend": "memory" } },
        "settings": { "memory_interval": "20ms" },
        "runs": runs,
    }));
    assert_code(&place.runner(&["--phase", "1"]), 0);
    let result = &place.plan()["results"]["n400"];
    let memory = &result["memory"][0];
    let bytes = |key: &str| memory[key].as_f64().unwrap();
    assert!((400.0..480.0).contains(&(bytes("peak_bytes") / f64::from(1 << 20))), "{memory}");
    assert!(bytes("mean_bytes") < bytes("peak_bytes"), "{memory}");
    assert!(bytes("largest_jump_bytes") > f64::from(1 << 20), "{memory}");
    let timeline = place.read("profiling/runs/n400/attempts/1/memory.csv");
    assert!(timeline.starts_with("seconds,resident_bytes,processes\n0.0"), "{timeline}");
    assert!(timeline.lines().count() > 5, "{timeline}");
    let found = analysis(&place);
    let exponent = found["memory"]["exponent"].as_f64().unwrap();
    assert!((exponent - 1.0).abs() < 0.1, "{}", found["memory"]);
}

struct Measured {
    exit: Exit,
    stdout: String,
    profile: Result<Profile>,
}

/// `None` where the kernel refuses, which the refusal must say with `word`.
fn sampled(backend: &str, program: &Program, word: &str) -> Option<Measured> {
    if let Err(error) = by_name(backend).unwrap().check(program) {
        assert!(error.to_string().contains("it may not measure here"), "{error}");
        assert!(error.hint().unwrap().contains(word), "{error}");
        return None;
    }
    Some(measure(backend, program))
}

fn check_sampled(profile: &Profile) {
    assert_eq!(profile.unit, CostUnit::Samples);
    assert!(!profile.counts_calls);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("no call counts"), "{warnings}");
    assert!(!profile.origin.backend_version.is_empty());
}

/// The calls of `known.c 30 fork`.
fn check_known(profile: &Profile, calls_from_main: u64) {
    let calls = |name| {
        let cost = cost(profile, name);
        (cost.ncall, cost.nactual)
    };
    assert_eq!(calls("look"), (900, 900));
    assert_eq!(calls("step"), (90, 90));
    assert_eq!(calls("linear"), (2, 2));
    assert_eq!(calls("quadratic"), (1, 1));
    assert_eq!(calls("fib"), (177, 1));
    let fib = cost(profile, "fib");
    assert!(fib.ttot < 1.01 * fib.tsub, "{fib:?}");
    let name = |at: usize| profile.functions[at].key.name.as_str();
    let edge = |caller: &str, callee: &str| {
        let mut edges = profile.edges.iter();
        edges.find(|edge| name(edge.caller) == caller && name(edge.callee) == callee).unwrap().cost
    };
    assert_eq!(edge("quadratic", "look").ncall, 900);
    assert_eq!(edge("linear", "step").ncall, 90);
    assert_eq!(edge("main", "linear").ncall, calls_from_main);
}

/// The program measured by callgrind at each of the sizes, by the real runner.
fn sweep(program: &str, sizes: &[u32]) -> Place {
    let runs: Vec<Value> =
        sizes.iter().map(|size| json!({ "id": format!("n{size}"), "size": size })).collect();
    let place = Place::new(&json!({
        "workloads": { "w": { "command": [program, "{size}"], "backend": "callgrind" } },
        "runs": runs,
    }));
    assert_code(&place.runner(&["--phase", "1"]), 0);
    place
}

fn analysis(place: &Place) -> Value {
    let output = place.analyzer(&["--phase", "1"]);
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn function<'a>(found: &'a Value, name: &str) -> &'a Value {
    let functions = found["functions"].as_array().unwrap();
    functions
        .iter()
        .find(|function| function["name"] == name)
        .unwrap_or_else(|| panic!("no `{name}` among {functions:#?}"))
}

fn check_exponent(found: &Value, name: &str, metric: &str, expected: f64) {
    let growth = &function(found, name)["metrics"][metric];
    let exponent = growth["exponent"].as_f64().unwrap();
    assert!((exponent - expected).abs() <= TOLERANCE, "{name} {metric}: {growth:#}");
}

fn measure(backend: &str, program: &Program) -> Measured {
    let scratch = tempfile::tempdir().unwrap();
    let backend: &dyn Backend = by_name(backend).unwrap();
    backend.check(program).unwrap();
    let output = command(&backend.measured(program, scratch.path()).unwrap()).output().unwrap();
    let exit = match output.status.code() {
        Some(code) => Exit::Code(code),
        None => Exit::Signal(0),
    };
    Measured {
        exit: backend.exit(scratch.path(), exit),
        stdout: String::from_utf8(output.stdout).unwrap(),
        profile: backend.collect(scratch.path(), &read_profile).map(Option::unwrap_or_default),
    }
}

fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.argv[0]);
    command
        .args(&program.argv[1..])
        .envs(&program.env)
        .current_dir(&program.cwd)
        .stdin(Stdio::null());
    command
}

fn program(words: &[&str]) -> Program {
    let argv = words.iter().copied().map(String::from).collect();
    Program { argv, env: BTreeMap::new(), cwd: root().to_path_buf() }
}

fn cost(profile: &Profile, name: &str) -> Cost {
    function_of(profile, name).cost
}

/// The function of that name; there must be one.
fn function_of<'a>(profile: &'a Profile, name: &str) -> &'a Function {
    let functions = profile.functions.iter();
    let found: Vec<&Function> = functions.filter(|function| function.key.name == name).collect();
    match found.as_slice() {
        [one] => one,
        _ => {
            let names: Vec<&str> =
                profile.functions.iter().map(|function| function.key.name.as_str()).collect();
            panic!("`{name}` is there {} times: {names:?}", found.len())
        }
    }
}

/// A program of `tests/data/native`, compiled for these tests alone.
fn compiled(source: &str, options: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("native");
    fs::create_dir_all(&folder).unwrap();
    let (stem, language) = source.split_once('.').unwrap();
    let path = folder.join(format!("{stem}-{language}{}", options.concat()));
    let compiler = match language {
        "rs" => "rustc",
        "cpp" => "c++",
        _ => "cc",
    };
    // Tests run beside each other: a program appears whole, under its own name.
    let part = tempfile::NamedTempFile::new_in(&folder).unwrap();
    let status = Command::new(compiler)
        .args(options)
        .arg("-o")
        .arg(part.path())
        .arg(root().join("tests/data/native").join(source))
        .status()
        .unwrap_or_else(|error| panic!("the tests need the compiler `{compiler}`: {error}"));
    assert!(status.success(), "{source}");
    part.persist(&path).unwrap();
    path.display().to_string()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

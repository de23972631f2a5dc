//! A program of `tests/data/native` under a backend, and what it left.

use std::collections::BTreeMap;
use std::fs;
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

use crate::support::Place;
use crate::support::assert_code;

/// How far an exponent by instructions may be from the truth.
pub const TOLERANCE: f64 = 0.02;

pub struct Measured {
    pub exit: Exit,
    pub stdout: String,
    pub profile: Result<Profile>,
}

/// `None` where the kernel refuses, which the refusal must say with `word`.
pub fn sampled(backend: &str, program: &Program, word: &str) -> Option<Measured> {
    if let Err(error) = by_name(backend).unwrap().check(program) {
        assert!(error.to_string().contains("it may not measure here"), "{error}");
        assert!(error.hint().unwrap().contains(word), "{error}");
        return None;
    }
    Some(measure(backend, program))
}

pub fn check_sampled(profile: &Profile) {
    assert_eq!(profile.unit, CostUnit::Samples);
    assert!(!profile.counts_calls);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("no call counts"), "{warnings}");
    assert!(!profile.origin.backend_version.is_empty());
}

/// The calls of `known.c 30 fork`.
pub fn check_known(profile: &Profile, calls_from_main: u64) {
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
pub fn sweep(program: &str, sizes: &[u32]) -> Place {
    let runs: Vec<Value> =
        sizes.iter().map(|size| json!({ "id": format!("n{size}"), "size": size })).collect();
    let place = Place::new(&json!({
        "workloads": { "w": { "command": [program, "{size}"], "backend": "callgrind" } },
        "runs": runs,
    }));
    assert_code(&place.runner(&["--phase", "1"]), 0);
    place
}

pub fn analysis(place: &Place) -> Value {
    let output = place.analyzer(&["--phase", "1"]);
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn function<'a>(found: &'a Value, name: &str) -> &'a Value {
    let functions = found["functions"].as_array().unwrap();
    functions
        .iter()
        .find(|function| function["name"] == name)
        .unwrap_or_else(|| panic!("no `{name}` among {functions:#?}"))
}

pub fn check_exponent(found: &Value, name: &str, metric: &str, expected: f64) {
    let growth = &function(found, name)["metrics"][metric];
    let exponent = growth["exponent"].as_f64().unwrap();
    assert!((exponent - expected).abs() <= TOLERANCE, "{name} {metric}: {growth:#}");
}

pub fn measure(backend: &str, program: &Program) -> Measured {
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

pub fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.argv[0]);
    command
        .args(&program.argv[1..])
        .envs(&program.env)
        .current_dir(&program.cwd)
        .stdin(Stdio::null());
    command
}

pub fn program(words: &[&str]) -> Program {
    let argv = words.iter().copied().map(String::from).collect();
    Program { argv, env: BTreeMap::new(), cwd: root().to_path_buf() }
}

pub fn cost(profile: &Profile, name: &str) -> Cost {
    function_of(profile, name).cost
}

/// The function of that name; there must be one.
pub fn function_of<'a>(profile: &'a Profile, name: &str) -> &'a Function {
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
pub fn compiled(source: &str, options: &[&str]) -> String {
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

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

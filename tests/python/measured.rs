//! A program of `tests/data/python` under a backend, and what it left.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;

use superlinear::error::Result;
use superlinear::format::read_profile;
use superlinear::measure::Program;
use superlinear::measure::by_name;
use superlinear::profile::Cost;
use superlinear::profile::Profile;

pub const BACKENDS: [&str; 3] = ["yappi", "yappi-cpu", "cprofile"];

pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    pub profile: Result<Profile>,
}

pub fn measured(backend: &str, arguments: &[&str]) -> Profile {
    let ended = measure(backend, arguments);
    match ended.profile {
        Ok(profile) => profile,
        Err(error) => panic!("{backend} {arguments:?}: {error}: {}", ended.stderr),
    }
}

pub fn measure(backend: &str, arguments: &[&str]) -> Ended {
    let scratch = tempfile::tempdir().unwrap();
    let backend = by_name(backend).unwrap();
    let program = backend.measured(&program(arguments), scratch.path()).unwrap();
    let profile = |ended: Ended| Ended {
        profile: backend.collect(scratch.path(), &read_profile).map(Option::unwrap_or_default),
        ..ended
    };
    profile(run(&program))
}

pub fn measure_until_terminated(backend: &str, arguments: &[&str]) -> Ended {
    let scratch = tempfile::tempdir().unwrap();
    let backend = by_name(backend).unwrap();
    let program = backend.measured(&program(arguments), scratch.path()).unwrap();
    let mut child =
        command(&program).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    Ended {
        status: output.status,
        stdout: line,
        stderr: String::from_utf8(output.stderr).unwrap(),
        profile: backend.collect(scratch.path(), &read_profile).map(Option::unwrap_or_default),
    }
}

pub fn run(program: &Program) -> Ended {
    let output = command(program).output().unwrap();
    Ended {
        status: output.status,
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        profile: Ok(Profile::default()),
    }
}

pub fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.argv[0]);
    command
        .args(&program.argv[1..])
        .envs(&program.env)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&program.cwd)
        .stdin(Stdio::null());
    command
}

pub fn program(arguments: &[&str]) -> Program {
    let python = root().join("target/python/bin/python");
    assert!(python.exists(), "the tests' Python environment is missing: run `sh tests/setup.sh`");
    let interpreter = python.display().to_string();
    let words = arguments.iter().copied().map(String::from);
    Program {
        argv: [interpreter].into_iter().chain(words).collect(),
        env: BTreeMap::new(),
        cwd: programs(),
    }
}

pub fn programs() -> PathBuf {
    root().join("tests/data/python")
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cost of a function of one of the test programs, which must be there once.
pub fn cost(profile: &Profile, file: &str, name: &str) -> Cost {
    let path = programs().join(file).display().to_string();
    let mut found = profile
        .functions
        .iter()
        .filter(|function| function.key.file == path && function.key.name == name);
    let cost = found.next().unwrap_or_else(|| panic!("no `{name}` of {file} in the profile")).cost;
    assert!(found.next().is_none(), "`{name}` of {file} is there twice");
    cost
}

pub fn builtin(profile: &Profile, part: &str) -> Cost {
    let mut found = profile
        .functions
        .iter()
        .filter(|function| function.key.file == "~" && function.key.name.contains(part));
    found.next().unwrap().cost
}

pub fn edge(profile: &Profile, caller: &str, callee: &str) -> Cost {
    let name = |function: usize| profile.functions[function].key.name.as_str();
    let own = |function: usize| profile.functions[function].key.file.contains("/data/python/");
    let mut found = profile.edges.iter().filter(|edge| {
        own(edge.caller) && name(edge.caller) == caller && name(edge.callee) == callee
    });
    found.next().unwrap().cost
}

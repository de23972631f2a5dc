//! The real tools that make and read profiles, run on files of the tests.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use superlinear::profile::Function;
use superlinear::profile::Profile;

/// The costliest function of that name.
pub fn named<'a>(profile: &'a Profile, name: &str) -> &'a Function {
    let found = profile.functions.iter().filter(|one| one.key.name == name);
    let costliest = found.max_by(|a, b| a.cost.ttot.total_cmp(&b.cost.ttot));
    costliest.unwrap_or_else(|| panic!("no function `{name}`"))
}

/// Runs a tool that must succeed; what it prints.
pub fn run(command: &mut Command) -> Vec<u8> {
    let output = command
        .env("PYTHONHASHSEED", "0")
        .output()
        .unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{errors}");
    output.stdout
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn data(name: &str) -> PathBuf {
    root().join("tests/data/format").join(name)
}

/// The Python that has the packages of `tests/requirements.txt`.
pub fn python() -> PathBuf {
    let python = root().join("target/python/bin/python");
    assert!(python.exists(), "the tests' Python is missing: run `sh tests/setup.sh` first");
    python
}

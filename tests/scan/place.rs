//! A folder to scan in, and what a scan leaves there.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use serde_json::Value;

/// Every function of it is linear but `add`, whose search is quadratic in all.
const PROGRAM: &str = "\
import sys
def add(seen, word):
    if word not in seen:
        seen.append(word)
def length(word):
    return len(word)
def pairs(words):
    return sum(1 for a in words for b in words[:40] if step(a, b))
def step(a, b):
    return a == b
def nested(words):
    for a in words:
        for b in words:
            step(a, b)
words = ['w%d' % n for n in range(int(sys.argv[1]))]
if sys.argv[2] == 'linear':
    print(sum(length(word) for word in words), pairs(words))
else:
    nested(words)
";

/// A folder to scan in.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::write(place.path("words.py"), PROGRAM).unwrap();
        place
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_superlinear"));
        command
            .arg("scan")
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1")
            .env("SUPERLINEAR_HOST_LOCK", self.path("host.lock"))
            .stdin(Stdio::null());
        command
    }

    pub fn scan(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The analysis that a scan left in its folder.
    pub fn analysis(&self, folder: &str) -> Value {
        let path = self.path(folder).join("profiling/phase1_analysis.json");
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }

    pub fn plan(&self, folder: &str) -> Value {
        let path = self.path(folder).join("profiling_plan.json");
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }
}

/// The interpreter that has the tests' packages.
pub fn python() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    assert!(path.exists(), "no {}: run `sh tests/setup.sh`", path.display());
    path.to_string_lossy().into_owned()
}

pub fn culprits(analysis: &Value) -> Vec<&str> {
    let culprits = analysis["culprits"].as_array().unwrap();
    culprits.iter().map(|culprit| culprit["name"].as_str().unwrap()).collect()
}

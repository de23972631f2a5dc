//! What each backend costs on one Python and one C program: wall time of the whole, the shortest of
//! three turns, beside the program alone. Needs what the tests need (`sh tests/setup.sh`):
//!
//! ```sh
//! PATH="$PWD/target/python/bin:$PATH" cargo run --example overhead
//! ```
#![expect(clippy::disallowed_methods, reason = "an example starts its programs itself")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Instant;

use superlinear::error::Result;
use superlinear::format::read_profile;
use superlinear::measure::Program;
use superlinear::measure::by_name;
use superlinear::profile::Profile;

const TURNS: usize = 3;
const PYTHON: [&str; 5] = ["yappi", "yappi-cpu", "cprofile", "py-spy", "memory"];
const C: [&str; 4] = ["callgrind", "uftrace", "perf", "memory"];

fn main() -> Result<()> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/overhead");
    let folder = tempfile::tempdir().map_err(|error| failure(&error.to_string()))?;
    let plain = compiled(&own, folder.path(), "plain", &[]);
    let traced = compiled(&own, folder.path(), "traced", &["-pg"]);
    println!("| program | backend | version | wall s | times | calls | ns per call |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let script = own.join("work.py").display().to_string();
    let python = vec!["python3".to_string(), script];
    table("Python", &PYTHON, &|_| python.clone())?;
    table("C", &C, &|backend| vec![if backend == "uftrace" { &traced } else { &plain }.clone()])
}

fn table(name: &str, backends: &[&str], argv: &dyn Fn(&str) -> Vec<String>) -> Result<()> {
    let program = |backend: &str| Program {
        argv: argv(backend),
        env: BTreeMap::new(),
        cwd: Path::new(env!("CARGO_MANIFEST_DIR")).into(),
    };
    let (alone, _) = shortest("none", &program("none"))?;
    println!("| {name} | none | | {alone:.3} | 1 | | |");
    for backend in backends {
        let program = program(backend);
        if let Err(error) = by_name(backend)?.check(&program) {
            println!("| {name} | {backend} | {error} | | | | |");
            continue;
        }
        let (wall, profile) = shortest(backend, &program)?;
        let calls: u64 = profile.functions.iter().map(|function| function.cost.ncall).sum();
        let (counted, each) = match calls {
            0 => (String::new(), String::new()),
            calls => (calls.to_string(), format!("{:.0}", (wall - alone) * 1e9 / calls as f64)),
        };
        let (version, times) = (&profile.origin.backend_version, wall / alone);
        println!(
            "| {name} | {backend} | {version} | {wall:.3} | {times:.2} | {counted} | {each} |"
        );
    }
    Ok(())
}

/// The shortest wall time of the turns, saving the profile included, and the last profile.
fn shortest(backend: &str, program: &Program) -> Result<(f64, Profile)> {
    let backend = by_name(backend)?;
    let mut best = f64::INFINITY;
    let mut profile = Profile::default();
    for _ in 0..TURNS {
        let scratch = tempfile::tempdir().map_err(|error| failure(&error.to_string()))?;
        let measured = backend.measured(program, scratch.path())?;
        let begin = Instant::now();
        let status = Command::new(&measured.argv[0])
            .args(&measured.argv[1..])
            .envs(&measured.env)
            .current_dir(&measured.cwd)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| failure(&error.to_string()))?;
        best = best.min(begin.elapsed().as_secs_f64());
        if !status.success() {
            return Err(failure(&format!("`{}` ended with {status}", backend.name())));
        }
        profile = backend.collect(scratch.path(), &read_profile)?.unwrap_or_default();
    }
    Ok((best, profile))
}

fn compiled(own: &Path, folder: &Path, name: &str, options: &[&str]) -> String {
    let path = folder.join(name);
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-g"]).args(options).arg("-o").arg(&path).arg(own.join("work.c"));
    let compiled = compiler.status().is_ok_and(|status| status.success());
    assert!(compiled, "`cc` cannot compile work.c");
    path.display().to_string()
}

fn failure(problem: &str) -> superlinear::error::Error {
    superlinear::error::Error::usage(problem, "see `sh tests/setup.sh`")
}

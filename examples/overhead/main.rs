//! What each backend costs on one Python and one C program: processor time of the program and its
//! profiler together, which other work on the machine disturbs less than wall time, the least of
//! five turns, beside the program alone, and what such a run records as its overhead. Needs what
//! the tests need (`sh tests/setup.sh`):
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
use superlinear::system::memory;
use superlinear::system::process;
use superlinear::system::process::Ended;
use superlinear::system::process::Exit;
use superlinear::worker::overhead;

const TURNS: usize = 5;
const LOOKS: u32 = 1_000;
const PYTHON: [&str; 4] = ["yappi", "yappi-cpu", "cprofile", "py-spy"];
const C: [&str; 3] = ["callgrind", "uftrace", "perf"];

fn main() -> Result<()> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/overhead");
    let folder = tempfile::tempdir().map_err(|error| failure(&error.to_string()))?;
    let plain = compiled(&own, folder.path(), "plain", &[]);
    let traced = compiled(&own, folder.path(), "traced", &["-pg"]);
    println!(
        "| program | backend | version | processor s | times | calls | ns per call | added s | recorded s |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let script = own.join("work.py").display().to_string();
    let python = vec!["python3".to_string(), script];
    table("Python", &PYTHON, &|_| python.clone())?;
    table("C", &C, &|backend| vec![if backend == "uftrace" { &traced } else { &plain }.clone()])?;
    one_look_at_memory()
}

/// What the worker does every 100 ms, with one process to look at.
fn one_look_at_memory() -> Result<()> {
    let fail = |error: std::io::Error| failure(&error.to_string());
    let mut child = Command::new("sleep").arg("60").spawn().map_err(fail)?;
    let begin = Instant::now();
    for _ in 0..LOOKS {
        std::hint::black_box(memory::of_descendants());
    }
    let each = begin.elapsed() / LOOKS;
    child.kill().map_err(fail)?;
    child.wait().map_err(fail)?;
    println!("\nOne look at the memory of one process takes {} µs.", each.as_micros());
    Ok(())
}

fn table(name: &str, backends: &[&str], argv: &dyn Fn(&str) -> Vec<String>) -> Result<()> {
    let program = |backend: &str| Program {
        argv: argv(backend),
        env: BTreeMap::new(),
        cwd: Path::new(env!("CARGO_MANIFEST_DIR")).into(),
    };
    let alone = least("none", &program("none"))?.seconds();
    println!("| {name} | none | | {alone:.3} | 1 | | | | |");
    for backend in backends {
        let program = program(backend);
        if let Err(error) = by_name(backend)?.check(&program) {
            println!("| {name} | {backend} | {error} | | | | | | |");
            continue;
        }
        let turn = least(backend, &program)?;
        let used = turn.seconds();
        let Turn { ended, profile } = turn;
        let calls: u64 = profile.functions.iter().map(|function| function.cost.ncall).sum();
        let (counted, each) = match calls {
            0 => (String::new(), String::new()),
            calls => (calls.to_string(), format!("{:.0}", (used - alone) * 1e9 / calls as f64)),
        };
        let (version, times) = (&profile.origin.backend_version, used / alone);
        let recorded = overhead::of(&profile, &ended).map(|overhead| overhead.seconds());
        let recorded = recorded.map_or_else(String::new, |seconds| format!("{seconds:.3}"));
        println!(
            "| {name} | {backend} | {version} | {used:.3} | {times:.2} | {counted} | {each} | {:.3} \
             | {recorded} |",
            used - alone
        );
    }
    Ok(())
}

struct Turn {
    ended: Ended,
    profile: Profile,
}

impl Turn {
    fn seconds(&self) -> f64 {
        (self.ended.user + self.ended.system).as_secs_f64()
    }
}

/// The turn of the least processor time, saving the profile included.
fn least(backend: &str, program: &Program) -> Result<Turn> {
    let backend = by_name(backend)?;
    let mut best: Option<Turn> = None;
    for _ in 0..TURNS {
        let scratch = tempfile::tempdir().map_err(|error| failure(&error.to_string()))?;
        let measured = backend.measured(program, scratch.path())?;
        let child = Command::new(&measured.argv[0])
            .args(&measured.argv[1..])
            .envs(&measured.env)
            .current_dir(&measured.cwd)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failure(&error.to_string()))?;
        let ended = process::wait(child.id()).map_err(|error| failure(&error.to_string()))?;
        if ended.exit != Exit::Code(0) {
            return Err(failure(&format!("`{}` ended with {:?}", backend.name(), ended.exit)));
        }
        let ended = overhead::completed(ended, backend.used(scratch.path()));
        let profile = backend.collect(scratch.path(), &read_profile)?.unwrap_or_default();
        let turn = Turn { ended, profile };
        if best.as_ref().is_none_or(|best| turn.seconds() < best.seconds()) {
            best = Some(turn);
        }
    }
    best.ok_or_else(|| failure("there were no turns"))
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

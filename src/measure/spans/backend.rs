//! The backend for programs that measure themselves with this library: it says where the profile
//! goes and reads it. The recording happens in the measured program.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::spans::session::PROFILE_VARIABLE;
use crate::profile::CostUnit;
use crate::profile::Origin;
use crate::profile::Profile;
use crate::profile::wire;
use crate::system::clock::Stopwatch;
use crate::system::file;
use crate::system::ticks::Source;

/// See [`Backend`].
#[derive(Debug, Clone, Copy)]
pub struct Spans;

/// A guard against two readings of the clock, by `cargo bench --bench guard`.
const GUARD_IN_PAIRS: f64 = 1.29;
/// Room for ten million edges; a larger file is not a profile.
const MOST_BYTES: u64 = 1 << 30;

impl Backend for Spans {
    fn name(&self) -> &'static str {
        "spans"
    }

    fn about(&self) -> &'static str {
        "Rust programs with this library's spans, or with `tracing`: exact calls, wall time, all threads"
    }

    fn unit(&self) -> Option<CostUnit> {
        Some(CostUnit::WallSeconds)
    }

    /// Whether the program has spans shows only when it has run.
    fn check(&self, _program: &Program) -> Result<()> {
        Ok(())
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        let mut measured = program.clone();
        let path = std::path::absolute(profile_in(scratch))
            .map_err(|source| Error::write(scratch, source))?;
        let path = path.into_os_string().into_string().map_err(|_| {
            let problem = "its name is not Unicode, so no program can be told of it";
            Error::write(scratch, io::Error::other(problem))
        })?;
        measured.env.insert(PROFILE_VARIABLE.into(), path);
        Ok(measured)
    }

    fn collect(&self, scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        let path = profile_in(scratch);
        let content = file::read(&path, MOST_BYTES).map_err(|error| explained(error, &path))?;
        let profile = wire::from_json(&content).map_err(|problem| {
            refuse(
                &path,
                problem,
                "measure again with the same version of the library in program and tool",
            )
        })?;
        let call_cost_nanoseconds = Some(guard_nanoseconds());
        let origin = Origin { call_cost_nanoseconds, ..profile.origin };
        Ok(Some(Profile { origin, ..profile }))
    }
}

/// What a guard adds to a call on this machine: it reads the clock twice, and keeps account.
fn guard_nanoseconds() -> f64 {
    const PAIRS: u32 = 10_000;
    let source = Source::best();
    let mut ticks: u64 = 0;
    let watch = Stopwatch::start();
    for _ in 0..PAIRS {
        ticks = ticks.wrapping_add(source.ticks()).wrapping_sub(source.ticks());
    }
    std::hint::black_box(ticks);
    GUARD_IN_PAIRS * watch.elapsed().as_secs_f64() * 1e9 / f64::from(PAIRS)
}

fn profile_in(scratch: &Path) -> PathBuf {
    scratch.join("profile.json")
}

fn explained(error: Error, path: &Path) -> Error {
    let Act::ReadFile { source, .. } = error.act() else {
        return error;
    };
    if source.kind() != io::ErrorKind::NotFound {
        return error;
    }
    refuse(
        path,
        "the program left no profile: it has no session, or was ended before its session".into(),
        "begin `main` with `let _session = superlinear::measure::spans::Session::from_env();`, \
         or choose another backend",
    )
}

fn refuse(path: &Path, problem: String, hint: &str) -> Error {
    Act::ParseFile { path: path.into(), line: None, column: None, problem, hint: hint.into() }
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn program() -> Program {
        Program {
            argv: vec!["prog".into(), "--size".into(), "7".into()],
            env: BTreeMap::from([("PLOT_PRICE".into(), "true".into())]),
            cwd: PathBuf::from("/"),
        }
    }

    fn no_reader(path: &Path) -> Result<Profile> {
        panic!("{} is the exchange form", path.display())
    }

    #[test]
    fn the_program_runs_unchanged_and_is_told_where_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let measured = Spans.measured(&program(), folder.path()).unwrap();
        assert_eq!(measured.argv, program().argv);
        assert_eq!(measured.cwd, program().cwd);
        assert_eq!(measured.env["PLOT_PRICE"], "true");
        let path = folder.path().join("profile.json");
        assert_eq!(measured.env[PROFILE_VARIABLE], path.to_string_lossy());
    }

    #[test]
    fn a_profile_comes_back_from_the_scratch_folder() {
        let folder = tempfile::tempdir().unwrap();
        let written = Profile { counts_calls: true, ..Profile::default() };
        let path = folder.path().join("profile.json");
        file::replace(&path, &wire::to_json(&written)).unwrap();
        let mut read = Spans.collect(folder.path(), &no_reader).unwrap().unwrap();
        let cost = read.origin.call_cost_nanoseconds.take().unwrap();
        assert!(cost > 1.0 && cost < 100_000.0, "{cost} ns a call");
        assert_eq!(read, written);
    }

    #[test]
    fn a_missing_or_broken_profile_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Spans.collect(folder.path(), &no_reader).unwrap_err();
        assert!(missing.to_string().contains("left no profile"), "{missing}");
        assert!(missing.hint().unwrap().contains("Session::from_env"));
        file::replace(&folder.path().join("profile.json"), b"{\"superlinear").unwrap();
        let broken = Spans.collect(folder.path(), &no_reader).unwrap_err();
        assert!(broken.to_string().contains("EOF"), "{broken}");
        assert!(broken.hint().unwrap().starts_with("measure again"));
    }
}

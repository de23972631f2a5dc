//! Running a Python program under a profiler: the shim file carried along, the command that starts
//! it, and the profile that it leaves. How profiling is done inside Python is `shim.py`'s affair.

use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::measure::backend::Program;
use crate::measure::python::command::PythonCommand;
use crate::measure::tool;
use crate::profile::Profile;
use crate::profile::wire;
use crate::system::env;
use crate::system::file;
use crate::system::helper;
use crate::system::helper::Output;

const SHIM: &str = include_str!("shim.py");
const SHIM_NAME: &str = "superlinear_shim.py";
const PROFILE_NAME: &str = "profile.json";
/// Some hundred thousand functions with their edges; real programs have some ten thousand.
const LARGEST_PROFILE_BYTES: u64 = 256 << 20;
const OLDEST: (u32, u32) = (3, 8);
/// An interpreter on a slow network file system takes seconds to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the shim is told to measure with.
#[derive(Debug, Clone, Copy)]
pub struct Profiler<'a> {
    /// `yappi`, `cprofile` or `line_profiler`.
    pub name: &'a str,
    /// `wall` or `cpu`; for `line_profiler` the function, as `NAME:LINE:FILE`.
    pub clock: &'a str,
}

/// Starts the interpreter of `program` once, to see that it is there, is new enough and can import
/// `package`.
///
/// # Errors
/// What is missing and how to get it.
pub fn check(program: &Program, backend: &str, package: Option<&str>) -> Result<()> {
    let python = PythonCommand::of(program, backend)?;
    let answer = ask(&python, program, package)?;
    let complaint = last_line(&answer.stderr);
    let Some(version) = version_in(&answer.stdout) else {
        let problem = format!("it does not answer as a Python interpreter: {complaint}");
        let hint = "run it by hand to see what it says, or name another one";
        return Err(tool::refusal(&python.interpreter, problem, hint));
    };
    let (major, minor) = version;
    if version < OLDEST {
        let problem = format!(
            "Python {major}.{minor} is too old to be measured: {}.{} or later is needed",
            OLDEST.0, OLDEST.1
        );
        let hint = "name a newer interpreter";
        return Err(tool::refusal(&python.interpreter, problem, hint));
    }
    match package {
        Some(name) if answer.code != Some(0) => {
            let problem = if complaint.contains("No module named") {
                format!("Python {major}.{minor} has no `{name}`")
            } else {
                format!("Python {major}.{minor} cannot import `{name}`: {complaint}")
            };
            let hint = format!(
                "run `{} -m pip install {name}`, or use `\"backend\": \"cprofile\"`",
                python.interpreter
            );
            Err(tool::refusal(&python.interpreter, problem, &hint))
        }
        _ => Ok(()),
    }
}

/// The command that runs `program` under `profiler`; the shim is written to `scratch`.
///
/// # Errors
/// When `program` does not start Python, or the shim cannot be written.
pub fn measured(
    program: &Program,
    backend: &str,
    profiler: Profiler<'_>,
    scratch: &Path,
) -> Result<Program> {
    let python = PythonCommand::of(program, backend)?;
    let shim = tool::path_in(scratch, SHIM_NAME)?;
    file::replace(Path::new(&shim), SHIM.as_bytes())?;
    let mut argv = vec![python.interpreter];
    argv.extend(python.options);
    argv.push(shim);
    argv.extend(["--backend".into(), profiler.name.into()]);
    argv.extend(["--clock".into(), profiler.clock.into()]);
    argv.extend(["--out".into(), tool::path_in(scratch, PROFILE_NAME)?, "--".into()]);
    argv.extend(python.target);
    let mut measured = Program { argv, ..program.clone() };
    // The order of sets follows the hash seed, and call counts follow the order of sets.
    if !env::is_set("PYTHONHASHSEED") {
        measured.env.entry("PYTHONHASHSEED".into()).or_insert("0".into());
    }
    Ok(measured)
}

/// The profile that the shim left in `scratch`.
///
/// # Errors
/// When there is none or it cannot be understood.
pub fn collect(scratch: &Path) -> Result<Profile> {
    let path = scratch.join(PROFILE_NAME);
    wire::from_json(&left_in(&path)?).map_err(|problem| unreadable(&path, &problem))
}

/// What the shim wrote to its file in `scratch`, and where that is.
///
/// # Errors
/// When there is none.
pub fn raw(scratch: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let path = scratch.join(PROFILE_NAME);
    left_in(&path).map(|bytes| (path, bytes))
}

/// A file of the shim that cannot be understood.
pub fn unreadable(path: &Path, problem: &str) -> Error {
    let hint = "run it again; if this repeats, report it with this file";
    tool::no_profile(path, problem, hint)
}

fn left_in(path: &Path) -> Result<Vec<u8>> {
    file::read(path, LARGEST_PROFILE_BYTES).map_err(|error| match error.act() {
        Act::ReadFile { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            left_nothing(path)
        }
        _ => error,
    })
}

fn ask(python: &PythonCommand, program: &Program, package: Option<&str>) -> Result<Output> {
    let import = package.map(|name| format!("; import {name}")).unwrap_or_default();
    let question = format!(
        "import sys; sys.stdout.write('superlinear %d %d\\n' % sys.version_info[:2]); \
         sys.stdout.flush(){import}"
    );
    let mut argv = vec![python.interpreter.clone()];
    argv.extend(python.options.iter().cloned());
    argv.extend(["-c".into(), question]);
    helper::output(&argv, &program.env, &program.cwd, PATIENCE)
}

fn left_nothing(path: &Path) -> Error {
    let problem = "the program left no profile: it did not start, was killed outright, ended by \
                   `os._exit`, or became another program by `exec`";
    let hint = "see its log; let it end by returning, `sys.exit`, an exception or SIGTERM, or use \
                `\"backend\": \"none\"`";
    tool::no_profile(path, problem, hint)
}

fn version_in(stdout: &[u8]) -> Option<(u32, u32)> {
    let text = String::from_utf8_lossy(stdout);
    let answer = text.lines().find_map(|line| line.strip_prefix("superlinear "))?;
    let (major, minor) = answer.split_once(' ')?;
    Some((major.parse().ok()?, minor.trim().parse().ok()?))
}

fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    line.unwrap_or("it says nothing").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeMap;

    fn program(argv: &[&str]) -> Program {
        Program {
            argv: argv.iter().copied().map(String::from).collect(),
            env: BTreeMap::new(),
            cwd: "/".into(),
        }
    }

    const PROFILER: Profiler<'_> = Profiler { name: "yappi", clock: "cpu" };

    #[test]
    fn the_shim_stands_between_the_options_and_the_script() {
        let scratch = tempfile::tempdir().unwrap();
        let given = program(&["python3", "-u", "-X", "dev", "a.py", "--size", "7"]);
        let measured = measured(&given, "yappi", PROFILER, scratch.path()).unwrap();
        let folder = scratch.path().to_str().unwrap();
        let expected = format!(
            "python3 -u -X dev {folder}/superlinear_shim.py --backend yappi --clock cpu \
             --out {folder}/profile.json -- a.py --size 7"
        );
        assert_eq!(measured.argv.join(" "), expected);
        assert_eq!(measured.cwd, given.cwd);
    }

    #[test]
    fn a_hash_seed_of_the_users_own_is_kept() {
        let scratch = tempfile::tempdir().unwrap();
        let mut given = program(&["python3", "a.py"]);
        given.env.insert("PYTHONHASHSEED".into(), "42".into());
        let measured = measured(&given, "yappi", PROFILER, scratch.path()).unwrap();
        assert_eq!(measured.env["PYTHONHASHSEED"], "42");
    }

    #[test]
    fn a_missing_and_a_cut_profile_are_told_apart() {
        let scratch = tempfile::tempdir().unwrap();
        let missing = collect(scratch.path()).unwrap_err();
        assert!(missing.to_string().contains("left no profile"), "{missing}");
        let path = scratch.path().join(PROFILE_NAME);
        file::replace(&path, b"{\"superlinear_profile\":1,").unwrap();
        let cut = collect(scratch.path()).unwrap_err();
        assert!(cut.to_string().contains("EOF"), "{cut}");
    }

    #[test]
    fn reads_the_version_among_other_words() {
        let check = |stdout: &str, expected| assert_eq!(version_in(stdout.as_bytes()), expected);
        check("superlinear 3 11\n", Some((3, 11)));
        check("welcome\nsuperlinear 2 7\r\n", Some((2, 7)));
        check("Python 3.11", None);
        check("superlinear x y", None);
        check("", None);
    }
}

//! The backend `py-spy`: samples of where a Python program spends its time, from outside. For long
//! runs; it changes nothing in the program and counts no calls.

use std::path::Path;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::backend::Used;
use crate::measure::python::command::PythonCommand;
use crate::measure::stacks;
use crate::measure::stacks::Stacks;
use crate::measure::tool;
use crate::measure::tool::Tool;
use crate::profile::CostUnit;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::system::file;
use crate::system::process::Exit;
use crate::system::process::Signal;

/// See [`Backend`].
#[derive(Debug, Clone, Copy)]
pub struct PySpy;

const TOOL: Tool =
    Tool { command: "py-spy", install: "run `pip install py-spy`, or use the backend `yappi`" };
const REFUSED: &str = "allow it with `sysctl kernel.yama.ptrace_scope=0`, or run as root (in a \
                       container: `--cap-add SYS_PTRACE`), or use the backend `yappi`";
const RAW: &str = "stacks.raw";
const EXIT: &str = "exit";
const TIMES: &str = "times";
const LARGEST_RAW_BYTES: u64 = 1 << 30;
/// How long a program lasts that py-spy is tried on.
const SECONDS_TO_LOOK: [&str; 3] = ["0.2", "1", "3"];

/// py-spy prints among the program's output, hides its exit code and does not always wait for it,
/// so the program is started by a shell that keeps output, code and times, also when it is asked to
/// end because py-spy has: `$1` is the folder, the rest the program.
const LAUNCH: &str = r#"exec 3>&1 4>&2
exec py-spy record --subprocesses --format raw --function --full-filenames --rate 100 \
    --output "$1/stacks.raw" -- \
    sh -c 'trap : TERM; folder=$1; shift; "$@" >&3 2>&4 3>&- 4>&-; code=$?; times >"$folder/times"
           echo $code >"$folder/exit"' sh "$@" \
    >"$1/py-spy.log" 2>&1
"#;

impl Backend for PySpy {
    fn name(&self) -> &'static str {
        "py-spy"
    }

    fn about(&self) -> &'static str {
        "long runs of Python programs: sampled time, no call counts, nothing in the program changed"
    }

    fn unit(&self) -> Option<CostUnit> {
        Some(CostUnit::Samples)
    }

    fn check(&self, program: &Program) -> Result<()> {
        let python = PythonCommand::of(program, self.name())?;
        TOOL.check(program)?;
        let mut tried = Ok(());
        for seconds in SECONDS_TO_LOOK {
            let wait = format!("import time; time.sleep({seconds})");
            let options =
                ["record", "-f", "raw", "-o", "/dev/null", "--", &python.interpreter, "-c", &wait];
            tried = TOOL.try_out(program, &options, REFUSED);
            // On a busy machine py-spy comes too late to a program that ends soon.
            if tried.as_ref().err().is_none_or(is_forbidden) {
                break;
            }
        }
        tried
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        TOOL.note_version(program, scratch)?;
        let folder = tool::path_in(scratch, "")?;
        let start = ["sh".into(), "-c".into(), LAUNCH.into(), "sh".into(), folder];
        let argv = start.into_iter().chain(program.argv.iter().cloned()).collect();
        Ok(Program { argv, ..program.clone() })
    }

    /// SIGTERM loses its samples.
    fn ended_by(&self) -> Signal {
        Signal::Interrupt
    }

    fn exit(&self, scratch: &Path, exit: Exit) -> Exit {
        let kept = file::head(&scratch.join(EXIT), 16).ok();
        let code = kept.and_then(|text| String::from_utf8(text).ok()?.trim().parse().ok());
        code.map_or(exit, Exit::Code)
    }

    fn used(&self, scratch: &Path) -> Option<Used> {
        let kept = file::head(&scratch.join(TIMES), 256).ok()?;
        times(&String::from_utf8_lossy(&kept))
    }

    fn collect(&self, scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        let raw = scratch.join(RAW);
        let content = match raw.exists() {
            true => file::read(&raw, LARGEST_RAW_BYTES)?,
            false => Vec::new(),
        };
        let mut stacks = Stacks::default();
        for line in String::from_utf8_lossy(&content).lines() {
            if let Some((frames, samples)) = stack(line) {
                stacks.add(frames.map(function), samples);
            }
        }
        if stacks.samples == 0 {
            let problem = "py-spy left no samples: the program ran too briefly, or was killed";
            let hint =
                "see `py-spy.log` beside it; measure larger sizes, or use the backend `yappi`";
            return Err(tool::no_profile(&raw, problem, hint));
        }
        stacks.save(&scratch.join("stacks.folded"))?;
        let mut profile = stacks.profile();
        profile.origin.backend = self.name().into();
        profile.origin.backend_version = tool::version(scratch);
        let meaning = "each about 10 ms of a thread that was not idle";
        profile.origin.warnings.push(stacks::warning(stacks.samples, meaning));
        Ok(Some(profile))
    }
}

/// What the children of a shell used: the second line of what its `times` prints, as
/// `0m1.25s 0m0.04s`.
fn times(text: &str) -> Option<Used> {
    let mut times = text.lines().nth(1)?.split_whitespace().map(|word| {
        let (minutes, seconds) = word.strip_suffix('s')?.split_once('m')?;
        let seconds = minutes.parse::<f64>().ok()?.mul_add(60.0, seconds.parse().ok()?);
        Duration::try_from_secs_f64(seconds).ok()
    });
    Some(Used { user: times.next()??, system: times.next()?? })
}

/// Whether py-spy was kept from looking into a process, which is no matter of chance.
fn is_forbidden(error: &Error) -> bool {
    let said = error.to_string();
    ["ermission", "not permitted", "ptrace"].iter().any(|words| said.contains(words))
}

/// Frames and samples of a line; the frames that name processes by their number are no functions.
fn stack(line: &str) -> Option<(impl Iterator<Item = &str>, u64)> {
    let (frames, samples) = line.rsplit_once(' ')?;
    // The command line of a process may hold what ends a frame.
    let functions = match frames.rfind("\";") {
        Some(end) if frames.starts_with("process ") => &frames[end + 2..],
        _ if frames.starts_with("process ") => return None,
        _ => frames,
    };
    Some((functions.split(';'), samples.parse().ok()?))
}

/// A frame such as `spin (/x.py:2)`.
fn function(frame: &str) -> FunctionKey {
    let parts = || {
        let (name, place) = frame.strip_suffix(')')?.split_once(" (")?;
        let (file, line) = place.rsplit_once(':')?;
        Some(FunctionKey { name: name.into(), file: file.into(), line: line.parse().ok()? })
    };
    parts().unwrap_or_else(|| FunctionKey { name: frame.into(), ..FunctionKey::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_says_where_its_function_begins() {
        let check = |frame, name: &str, file: &str, line| {
            let expected = FunctionKey { name: name.into(), file: file.into(), line };
            assert_eq!(function(frame), expected);
        };
        check("spin (/a (b)/x.py:2)", "spin", "/a (b)/x.py", 2);
        check("<module> (<string>:1)", "<module>", "<string>", 1);
        check("process", "process", "", 0);
    }

    #[test]
    fn a_shell_tells_what_its_children_used() {
        let check = |text, expected: Option<(u64, u64)>| {
            let millis = |(user, system)| Used {
                user: Duration::from_millis(user),
                system: Duration::from_millis(system),
            };
            assert_eq!(times(text), expected.map(millis), "{text:?}");
        };
        check("0m0.00s 0m0.00s\n1m2.250s 0m0.040s\n", Some((62_250, 40)));
        check("0m0.00s 0m0.00s\n", None);
        check("0m0.00s 0m0.00s\n1.5 2\n", None);
    }

    #[test]
    fn a_refusal_is_told_from_a_mishap() {
        let check = |said: &str, expected| {
            let error = tool::refusal("py-spy", said.into(), "");
            assert_eq!(is_forbidden(&error), expected, "{said}");
        };
        check("Permission Denied: Try running again with elevated permissions", true);
        check("Error: Operation not permitted (os error 1)", true);
        check("Failed to get process executable name. Check that the process is running.", false);
    }

    #[test]
    fn processes_are_no_functions() {
        let check = |line: &str, expected: Option<(&str, u64)>| {
            let found = stack(line).map(|(frames, n)| (frames.collect::<Vec<_>>().join("|"), n));
            let found = found.as_ref().map(|(frames, samples)| (frames.as_str(), *samples));
            assert_eq!(found, expected, "{line}");
        };
        check(
            "<module> (/x.py:1);spin (/x.py:2) 267",
            Some(("<module> (/x.py:1)|spin (/x.py:2)", 267)),
        );
        check(
            "process 7:\"sh -c a; b\";process 8:\"python x\";f (/x.py:2) 3",
            Some(("f (/x.py:2)", 3)),
        );
        check("process 7:\"python x\" 1", None);
        check("f x", None);
    }
}

//! The backend `py-spy`: samples of where a Python program spends its time, from outside. For long
//! runs; it changes nothing in the program and counts no calls.

use std::path::Path;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
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
const LARGEST_RAW_BYTES: u64 = 1 << 30;

/// py-spy prints among the program's output and hides its exit code, so the program is started by a
/// shell that keeps both: `$1` is the folder, the rest the program.
const LAUNCH: &str = r#"exec 3>&1 4>&2
exec py-spy record --subprocesses --format raw --function --full-filenames --rate 100 \
    --output "$1/stacks.raw" -- \
    sh -c 'folder=$1; shift; "$@" >&3 2>&4 3>&- 4>&-; echo $? >"$folder/exit"' sh "$@" \
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
        let wait = "import time; time.sleep(0.2)";
        let options =
            ["record", "-f", "raw", "-o", "/dev/null", "--", &python.interpreter, "-c", wait];
        TOOL.try_out(program, &options, REFUSED)
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

//! How uftrace is started, and its trace made a profile. What the trace says is read in the rooms
//! beside.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::beginnings;
use crate::measure::tool;
use crate::measure::tool::Tool;
use crate::measure::uftrace::places::Places;
use crate::measure::uftrace::replay::Replay;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::system::env;
use crate::system::file;
use crate::system::process::Exit;

/// See [`Backend`].
#[derive(Debug, Clone, Copy)]
pub struct Uftrace;

const TOOL: Tool = Tool {
    command: "uftrace",
    install: "install the package `uftrace` of your system, for example `apt-get install uftrace`, or \
              use the backend `callgrind`",
};
const FOLDER: &str = "uftrace";
/// What a program that was built to be traced calls.
const HOOKS: [&[u8]; 3] = [b"mcount", b"__cyg_profile_func_enter", b"__fentry__"];
const LARGEST_PROGRAM_BYTES: u64 = 1 << 30;
const ELF: &[u8] = b"\x7fELF";

impl Backend for Uftrace {
    fn name(&self) -> &'static str {
        "uftrace"
    }

    fn about(&self) -> &'static str {
        "native programs, best built with `-pg`: exact calls, wall time, 0.2 to 0.3 µs a call"
    }

    fn unit(&self) -> Option<CostUnit> {
        Some(CostUnit::WallSeconds)
    }

    fn check(&self, program: &Program) -> Result<()> {
        TOOL.check(program)?;
        let name = program.argv.first().map_or("", String::as_str);
        let head = executable(program).and_then(|path| file::head(&path, 4).ok());
        if head.as_deref() == Some(ELF) {
            return Ok(());
        }
        let problem = "it is no native program, and `uftrace` measures nothing else";
        let hint = "name the program itself, not a script that starts it";
        Err(tool::refusal(name, problem.into(), hint))
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        TOOL.note_version(program, scratch)?;
        let data = tool::path_in(scratch, FOLDER)?;
        let options =
            ["record", "--no-pager", "--no-libcall", "--no-event", "--srcline", "-d", &data];
        let mut argv: Vec<String> =
            [TOOL.command].into_iter().chain(options).map(String::from).collect();
        if !is_built_for_it(program) {
            argv.extend(["-P".into(), ".".into()]);
        }
        argv.extend(program.argv.iter().cloned());
        Ok(Program { argv, ..program.clone() })
    }

    /// uftrace ends with 1 whenever the program does not end with 0.
    fn exit(&self, scratch: &Path, exit: Exit) -> Exit {
        let info = file::head(&scratch.join(FOLDER).join("info"), 1 << 16).unwrap_or_default();
        status(&String::from_utf8_lossy(&info)).unwrap_or(exit)
    }

    fn collect(&self, scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        let folder = scratch.join(FOLDER);
        let tasks = tasks(&folder);
        let places = Places::read(&folder)?;
        let objects = places.objects();
        let mut replay = Replay::new(places);
        for (task, path) in &tasks {
            replay.task(*task, path)?;
        }
        let mut profile = beginnings::located(replay.finish(), &objects);
        if profile.functions.is_empty() {
            let problem = "uftrace saw no call: the program has no functions that it can trace";
            let hint = "build it with `-pg` or `-finstrument-functions` and without `strip`, or use \
                        the backend `callgrind`";
            return Err(tool::no_profile(&folder, problem, hint));
        }
        for (_, path) in tasks {
            file::remove(&path)?;
        }
        profile.origin.backend = self.name().into();
        profile.origin.backend_version = tool::version(scratch);
        Ok(Some(profile))
    }
}

fn executable(program: &Program) -> Option<PathBuf> {
    let path = program.env.get("PATH").map(String::as_str);
    env::find_program(program.argv.first()?, path, &program.cwd)
}

fn is_built_for_it(program: &Program) -> bool {
    let content =
        executable(program).and_then(|path| file::read(&path, LARGEST_PROGRAM_BYTES).ok());
    let content = content.unwrap_or_default();
    HOOKS.iter().any(|hook| content.windows(hook.len()).any(|window| window == *hook))
}

/// Number and trace of each task, in order of number.
fn tasks(folder: &Path) -> Vec<(u64, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut tasks: Vec<(u64, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some((name.strip_suffix(".dat")?.parse().ok()?, entry.path()))
        })
        .collect();
    tasks.sort();
    tasks
}

/// How the program ended, from the line `exit_status:768`, which is what `wait` gave.
fn status(info: &str) -> Option<Exit> {
    let status = info.lines().find_map(|line| line.strip_prefix("exit_status:"))?;
    let status: i32 = status.trim().parse().ok().filter(|status| *status >= 0)?;
    Some(match status & 0x7f {
        0 => Exit::Code(status >> 8),
        signal => Exit::Signal(signal),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_end_is_known() {
        assert_eq!(status("Ftrace!\nexit_status:768\n"), Some(Exit::Code(3)));
        assert_eq!(status("exit_status:0"), Some(Exit::Code(0)));
        assert_eq!(status("exit_status:15"), Some(Exit::Signal(15)));
        assert_eq!(status("exit_status:-1"), None);
        assert_eq!(status(""), None);
    }
}

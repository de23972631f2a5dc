//! The backend `perf`: samples of where a native program spends processor time, by the kernel. For
//! long runs; it changes nothing in the program and counts no calls.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::beginnings;
use crate::measure::stacks;
use crate::measure::stacks::Stacks;
use crate::measure::symbol;
use crate::measure::tool;
use crate::measure::tool::Tool;
use crate::profile::CostUnit;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::system::file;
use crate::system::helper;

/// See [`Backend`].
#[derive(Debug, Clone, Copy)]
pub struct Perf;

const TOOL: Tool = Tool {
    command: "perf",
    install: "install the package `linux-perf` (Debian) or `linux-tools-generic` (Ubuntu), for example \
              `apt-get install linux-perf`",
};
const DATA: &str = "perf.data";
/// Not a divisor of the rates at which programs do things by themselves.
const SAMPLES_PER_SECOND: &str = "999";
/// A clock that needs no counter of the processor, so that virtual machines have it as well.
const EVENT: &str = "cpu-clock";
const REFUSED: &str = "allow it with `sysctl kernel.perf_event_paranoid=1` (in a container: \
                       `--cap-add PERFMON`), or use the backend `callgrind`";

impl Backend for Perf {
    fn name(&self) -> &'static str {
        "perf"
    }

    fn about(&self) -> &'static str {
        "long runs of native programs: sampled processor time, no call counts"
    }

    fn unit(&self) -> Option<CostUnit> {
        Some(CostUnit::Samples)
    }

    fn check(&self, program: &Program) -> Result<()> {
        TOOL.check(program)?;
        let options = ["record", "-q", "-e", EVENT, "-g", "-o", "/dev/null", "--", "true"];
        TOOL.try_out(program, &options, REFUSED)
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        TOOL.note_version(program, scratch)?;
        let data = tool::path_in(scratch, DATA)?;
        let options = ["record", "-q", "-e", EVENT, "-F", SAMPLES_PER_SECOND, "-g", "-o", &data];
        let argv = [TOOL.command].into_iter().chain(options).chain(["--"]).map(String::from);
        let argv = argv.chain(program.argv.iter().cloned()).collect();
        Ok(Program { argv, ..program.clone() })
    }

    fn collect(&self, scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        let data = tool::path_in(scratch, DATA)?;
        let argv = [TOOL.command, "script", "-i", &data, "-F", "ip,sym,dso"].map(String::from);
        let mut blocks = Blocks::default();
        let said = helper::lines(&argv, scratch, &mut |line| blocks.take(line))?;
        blocks.end();
        if blocks.stacks.samples == 0 {
            let said = String::from_utf8_lossy(&said.stderr);
            let problem = match said.trim().lines().next() {
                Some(line) if said.contains("rror") || said.contains("ailed") => line.to_string(),
                _ => "the program used too little processor time to be sampled".to_string(),
            };
            let hint = "measure larger sizes, or use the backend `callgrind`";
            return Err(tool::no_profile(Path::new(&data), &problem, hint));
        }
        blocks.stacks.save(&scratch.join("stacks.folded"))?;
        let profile = blocks.stacks.profile();
        let files: BTreeSet<PathBuf> =
            profile.functions.iter().map(|function| PathBuf::from(&function.key.file)).collect();
        let objects: Vec<PathBuf> = files.into_iter().filter(|path| path.is_absolute()).collect();
        let mut profile = beginnings::located(profile, &objects);
        file::remove(Path::new(&data))?;
        let meaning = "each about 1 ms of processor time";
        profile.origin.backend = self.name().into();
        profile.origin.backend_version = tool::version(scratch);
        profile.origin.warnings.push(stacks::warning(blocks.stacks.samples, meaning));
        Ok(Some(profile))
    }
}

/// The stacks of `perf script`: a line for each function, the innermost first, and an empty line
/// after each stack.
#[derive(Default)]
struct Blocks {
    stacks: Stacks,
    /// The innermost first.
    frames: Vec<FunctionKey>,
    is_kernel_only: bool,
}

impl Blocks {
    fn take(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        match frame(&line) {
            None if line.trim().is_empty() => self.end(),
            None => {}
            // What the kernel does for a function is that function's cost.
            Some((_, place)) if place.starts_with("[kernel") => self.is_kernel_only = true,
            Some((name, place)) => {
                let name = symbol::demangled(name).into_owned();
                self.frames.push(FunctionKey { name, file: place.into(), line: 0 });
            }
        }
    }

    fn end(&mut self) {
        if self.frames.is_empty() && self.is_kernel_only {
            self.frames.push(FunctionKey { name: "[kernel]".into(), ..FunctionKey::default() });
        }
        self.stacks.add(self.frames.drain(..).rev(), 1);
        self.is_kernel_only = false;
    }
}

/// Name and place of `    11ca quadratic (/usr/bin/q)`.
fn frame(line: &str) -> Option<(&str, &str)> {
    let (address, rest) = line.trim().split_once(' ')?;
    address.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    let (name, place) = rest.rsplit_once(" (")?;
    Some((name.trim(), place.strip_suffix(')')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_turned_round_and_the_kernel_is_its_callers() {
        let mut blocks = Blocks::default();
        let text = "\n            11ca look (/q)\n            12f0 main (/q)\n\n  ffff81 fault \
                    ([kernel.kallsyms])\n  12f0 main (/q)\n\n  ffff81 exec ([kernel.kallsyms])\n";
        text.lines().for_each(|line| blocks.take(line.as_bytes()));
        blocks.end();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("folded");
        blocks.stacks.save(&path).unwrap();
        let folded = std::fs::read_to_string(&path).unwrap();
        assert_eq!(folded, "main (/q) 1\nmain (/q);look (/q) 1\n[kernel] 1\n");
    }

    #[test]
    fn a_frame_has_a_name_and_a_place() {
        assert_eq!(frame("\t 11ca f(int) (/a b/q)"), Some(("f(int)", "/a b/q")));
        assert_eq!(frame("\t 0 [unknown] ([unknown])"), Some(("[unknown]", "[unknown]")));
        assert_eq!(frame(""), None);
        assert_eq!(frame("Warning: something (else)"), None);
    }
}

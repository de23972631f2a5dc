//! The backend `callgrind`: any native program, run by valgrind's simulated processor. Calls and
//! instructions are exact; there are no times in it.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::beginnings;
use crate::measure::tool;
use crate::measure::tool::Tool;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::system::env;
use crate::system::file;
use crate::system::folder;

/// See [`Backend`].
#[derive(Debug, Clone, Copy)]
pub struct Callgrind;

const TOOL: Tool = Tool {
    command: "valgrind",
    install: "install the package `valgrind` of your system, for example `apt-get install valgrind`",
};
const FOLDER: &str = "callgrind";
const WHOLE: &str = "whole";
/// Some million functions and calls; real programs have some ten thousand.
const MOST_BYTES: u64 = 1 << 30;
/// Functions before which counts are written out and begun anew: a forked child inherits the counts
/// of its parent, and would count them twice.
const FORKS: [&str; 3] = ["fork", "_Fork", "vfork"];
/// What glibc is told by its environment.
const TUNABLES: &str = "GLIBC_TUNABLES";
/// Memory beyond some length is filled and copied by one repeated instruction, which valgrind
/// counts once for every byte: the jump at that length would look like growth. No length reaches a
/// gibibyte.
const NO_REPETITION: &str =
    "glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_rep_stosb_threshold=1073741824";

impl Backend for Callgrind {
    fn name(&self) -> &'static str {
        "callgrind"
    }

    fn about(&self) -> &'static str {
        "any native program, by valgrind: exact calls and instructions, 20 to 60 times slower"
    }

    fn unit(&self) -> Option<CostUnit> {
        Some(CostUnit::Instructions)
    }

    fn check(&self, program: &Program) -> Result<()> {
        TOOL.check(program)
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        TOOL.note_version(program, scratch)?;
        let own = scratch.join(FOLDER);
        folder::create_below(scratch, &own)?;
        // valgrind fills in what follows a `%`.
        let escaped = tool::path_in(&own, "")?.replace('%', "%%");
        let mut argv: Vec<String> = vec![
            TOOL.command.into(),
            "--tool=callgrind".into(),
            "--quiet".into(),
            "--trace-children=yes".into(),
            "--dump-line=yes".into(),
            format!("--log-file={escaped}%p.log"),
            format!("--callgrind-out-file={escaped}%p.out"),
        ];
        argv.extend(FORKS.map(|function| format!("--dump-before={function}")));
        argv.push("--".into());
        argv.extend(program.argv.iter().cloned());
        let mut env = program.env.clone();
        let said = env.get(TUNABLES).cloned().or_else(|| env::var(TUNABLES));
        env.insert(TUNABLES.into(), tunables(said.as_deref()));
        Ok(Program { argv, env, ..program.clone() })
    }

    fn collect(&self, scratch: &Path, read: ReadProfile<'_>) -> Result<Option<Profile>> {
        let own = scratch.join(FOLDER);
        let parts = parts(&own);
        let processes: BTreeSet<u32> = parts.iter().map(|(process, _)| *process).collect();
        let whole = match parts.as_slice() {
            [] => return Err(left_nothing(&own)),
            [(_, only)] => only.clone(),
            several => joined(several, &own.join(WHOLE))?,
        };
        let mut profile = beginnings::located(read(&whole)?, &objects(&whole)?);
        profile.origin.backend = self.name().into();
        profile.origin.backend_version = tool::version(scratch);
        profile.origin.warnings.extend(warnings(processes.len()));
        Ok(Some(profile))
    }
}

/// What was said already comes last, so that it holds.
fn tunables(said: Option<&str>) -> String {
    match said.filter(|said| !said.is_empty()) {
        Some(said) => format!("{NO_REPETITION}:{said}"),
        None => NO_REPETITION.into(),
    }
}

/// All parts in one file, as the format allows: costs of one function are summed over them.
fn joined(parts: &[(u32, PathBuf)], whole: &Path) -> Result<PathBuf> {
    let mut content = Vec::new();
    for (_, path) in parts {
        let left = MOST_BYTES.saturating_sub(content.len() as u64);
        content.extend(file::read(path, left)?);
        content.push(b'\n');
    }
    file::replace(whole, &content)?;
    Ok(whole.to_path_buf())
}

/// The programs and libraries that the file names, each once.
fn objects(whole: &Path) -> Result<Vec<PathBuf>> {
    let content = file::read(whole, MOST_BYTES)?;
    let name = |line: &[u8]| {
        let value = line.strip_prefix(b"ob=").or(line.strip_prefix(b"cob="))?;
        let value = String::from_utf8_lossy(value);
        let name = value.split_once(") ").map_or(&*value, |(_, name)| name);
        name.starts_with('/').then(|| PathBuf::from(name))
    };
    let names: BTreeSet<PathBuf> = content.split(|byte| *byte == b'\n').filter_map(name).collect();
    Ok(names.into_iter().collect())
}

/// What a reader of the figures must know.
fn warnings(processes: usize) -> Vec<String> {
    let mut warnings = vec![
        "wall time and peak memory of the run are those under valgrind, not the program's own"
            .to_string(),
    ];
    if processes > 1 {
        warnings.push(format!("costs are summed over {processes} processes of the program"));
    }
    warnings
}

/// Process and file of each part, in order of name: `PID.out`, `PID.out.1` …
fn parts(own: &Path) -> Vec<(u32, PathBuf)> {
    let entries = std::fs::read_dir(own).into_iter().flatten().flatten();
    let mut parts: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (process, rest) = name.split_once(".out")?;
            let is_part = rest.is_empty() || rest.strip_prefix('.')?.parse::<u32>().is_ok();
            is_part.then_some((process.parse().ok()?, entry.path()))
        })
        .collect();
    parts.sort();
    parts
}

fn left_nothing(own: &Path) -> crate::error::Error {
    tool::no_profile(
        own,
        "valgrind left no profile: the program did not start, or was killed outright",
        "see the run's `stderr.log` and the `.log` files of that folder; let the program end by \
         itself or by SIGTERM",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeMap;

    fn program() -> Program {
        let argv = ["./parse", "--size", "7"].map(String::from).to_vec();
        Program { argv, env: BTreeMap::new(), cwd: "/".into() }
    }

    #[test]
    fn the_program_follows_the_options_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = folder.path().join("100%");
        file::create_folder(&scratch).unwrap();
        let measured = Callgrind.measured(&program(), &scratch).unwrap();
        assert_eq!(measured.argv[..2], ["valgrind", "--tool=callgrind"]);
        let end = measured.argv.iter().position(|word| word == "--").unwrap();
        assert_eq!(measured.argv[end + 1..], program().argv);
        assert!(measured.env[TUNABLES].starts_with(NO_REPETITION));
        assert_eq!((measured.env.len(), measured.cwd), (1, program().cwd));
        let out = measured.argv.iter().find(|word| word.contains("out-file")).unwrap();
        assert!(out.ends_with("/100%%/callgrind/%p.out"), "{out}");
    }

    #[test]
    fn what_a_person_told_the_c_library_holds() {
        assert_eq!(tunables(None), NO_REPETITION);
        assert_eq!(tunables(Some("")), NO_REPETITION);
        let check = "glibc.malloc.check=3";
        assert_eq!(tunables(Some(check)), format!("{NO_REPETITION}:{check}"));
    }

    #[test]
    fn parts_are_told_from_other_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["12.out", "7.out.2", "7.out", "7.log", "7.out.part", "x.out", "7.outer"] {
            file::replace(&folder.path().join(name), b"1").unwrap();
        }
        let found: Vec<(u32, String)> = parts(folder.path())
            .into_iter()
            .map(|(process, path)| (process, path.file_name().unwrap().to_string_lossy().into()))
            .collect();
        let expected = [(7, "7.out"), (7, "7.out.2"), (12, "12.out")];
        assert_eq!(found, expected.map(|(process, name)| (process, name.to_string())));
    }

    #[test]
    fn without_a_part_there_is_no_profile() {
        let folder = tempfile::tempdir().unwrap();
        let error = Callgrind.collect(folder.path(), &|_| unreachable!()).unwrap_err();
        assert!(error.to_string().contains("left no profile"), "{error}");
    }
}

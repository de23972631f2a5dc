//! The program of a scan and what makes its input, as they were written on the command line: found,
//! named, and put into a form that starts without a shell.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::cli::words;
use crate::error::Error;
use crate::error::Result;
use crate::system::env;

/// The interpreter of a script that is not executable itself.
const PYTHON: &str = "python3";

/// A program in the folder where a scan was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub words: Vec<String>,
    /// The words of what makes the input.
    pub input: Option<Vec<String>>,
}

impl Command {
    /// Checks that the programs are there and that one of them asks for the size.
    ///
    /// # Errors
    /// What is missing.
    pub fn new(words: &[String], input: Option<&str>, folder: &Path) -> Result<Self> {
        let words = startable(words.to_vec(), folder)?;
        let input = input.map(|line| made_by(line, folder)).transpose()?;
        let asks = |words: &[String], what: &str| words.iter().any(|word| word.contains(what));
        if asks(&words, "{input}") && input.is_none() {
            return Err(Error::usage(
                "the command asks for `{input}`, but nothing makes it",
                "say what makes it: `--input 'gen.py {size}'`",
            ));
        }
        if !asks(&words, "{size}") && input.is_none() {
            return Err(Error::usage(
                "the command does not ask for its size, so every size would be the same",
                "write `{size}` where the size belongs, or make an input: `--input 'gen.py {size}'`",
            ));
        }
        Ok(Self { words, input })
    }

    /// A short name for what is scanned: `parse` of `python3 -u src/parse.py {size}`.
    pub fn name(&self) -> String {
        let stem = |word: &str| {
            let file = word.rsplit('/').next().unwrap_or_default();
            let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
            let safe = stem
                .chars()
                .filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter));
            safe.take(40).collect::<String>()
        };
        let program = self.words.first().map(|word| stem(word)).unwrap_or_default();
        let target = self.words.iter().skip(1).find(|word| !word.starts_with('-'));
        let name = match target {
            Some(target) if program.starts_with("python") => stem(target),
            _ => program,
        };
        let name = name.trim_start_matches(['-', '_']);
        if name.is_empty() { "program".into() } else { name.into() }
    }
}

fn made_by(line: &str, folder: &Path) -> Result<Vec<String>> {
    let words = words::split("--input", line)?;
    if !words.iter().any(|word| word.contains("{size}")) {
        return Err(Error::usage(
            format!("`{line}` does not ask for the size of the input that it makes"),
            "write `{size}` where the size belongs",
        ));
    }
    startable(words, folder)
}

/// `words` with a program that starts: one in `folder` needs no `./`, a Python script no
/// interpreter.
fn startable(mut words: Vec<String>, folder: &Path) -> Result<Vec<String>> {
    let program = words.first().cloned().unwrap_or_default();
    if env::find_program(&program, None, folder).is_some() {
        return Ok(words);
    }
    let here = folder.join(&program);
    let found = std::fs::metadata(&here).ok().filter(std::fs::Metadata::is_file);
    match found {
        Some(file) if file.permissions().mode() & 0o111 != 0 && !program.contains('/') => {
            words[0] = format!("./{program}");
        }
        Some(_) if program.ends_with(".py") => words.insert(0, PYTHON.into()),
        Some(_) => {
            return Err(Error::usage(
                format!("`{program}` may not be executed"),
                format!("make it executable with `chmod +x {program}`, or name its interpreter"),
            ));
        }
        None => {
            return Err(Error::usage(
                format!("there is no program `{program}`, neither on the path nor here"),
                "install it, or give its full path",
            ));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::file;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(String::from).collect()
    }

    #[test]
    fn names_the_scan_after_what_is_scanned() {
        let check = |line: &str, name: &str| {
            assert_eq!(Command { words: words(line), input: None }.name(), name, "{line}");
        };
        check("python3 -u src/parse.py {size}", "parse");
        check("python -m pkg.mod {size}", "pkg");
        check("./target/release/tool --n {size}", "tool");
        check("sort -n", "sort");
        check("/opt/{size}", "size");
        check("/opt/é", "program");
    }

    #[test]
    fn finds_programs_beside_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str, mode: u32| {
            let path = folder.path().join(name);
            file::replace(&path, b"#!/bin/sh\n").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        place("tool", 0o755);
        place("gen.py", 0o644);
        place("data.txt", 0o644);
        let check = |line: &str, expected: &str| {
            let found = startable(words(line), folder.path());
            let found = found.map_or_else(|error| error.to_string(), |words| words.join(" "));
            assert_eq!(found, expected, "{line}");
        };
        check("sh -c x", "sh -c x");
        check("tool {size}", "./tool {size}");
        check("./tool {size}", "./tool {size}");
        check("gen.py {size}", "python3 gen.py {size}");
        check("data.txt", "`data.txt` may not be executed");
        check("no-such-tool", "there is no program `no-such-tool`, neither on the path nor here");
    }

    #[test]
    fn something_must_ask_for_the_size() {
        let check = |line: &str, input: Option<&str>, refused: Option<&str>| {
            let found = Command::new(&words(line), input, Path::new("/"));
            assert_eq!(found.err().map(|error| error.to_string()).as_deref(), refused, "{line}");
        };
        check("sh -c {size}", None, None);
        check("sort", Some("seq {size}"), None);
        check("cat {input}", Some("seq {size}"), None);
        let same = "the command does not ask for its size, so every size would be the same";
        check("sort", None, Some(same));
        check("cat {input}", None, Some("the command asks for `{input}`, but nothing makes it"));
        let fixed = "`seq 10` does not ask for the size of the input that it makes";
        check("sort", Some("seq 10"), Some(fixed));
        check("sort", Some(" "), Some("`--input` names no program"));
    }
}

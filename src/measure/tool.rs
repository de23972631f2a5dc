//! A profiler that is a program of its own: whether it is there, which version it is, and how to
//! say what is missing. Which options it is given is the affair of its backend.

use std::io;
use std::path::Path;
use std::path::absolute;
use std::time::Duration;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::measure::backend::Program;
use crate::system::env;
use crate::system::file;
use crate::system::helper;

const VERSION: &str = "profiler.version";
/// A tool on a slow network file system takes seconds to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A profiler, and how to get it.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    pub command: &'static str,
    /// What to do when it is not there.
    pub install: &'static str,
}

impl Tool {
    /// Checks that the tool and the program are there.
    ///
    /// # Errors
    /// Which of them is missing, and how to get it.
    pub fn check(&self, program: &Program) -> Result<()> {
        let path = program.env.get("PATH").map(String::as_str);
        let is_there = |name: &str| env::has_program(name, path, &program.cwd);
        if !is_there(self.command) {
            let problem = format!("`{}` is not installed", self.command);
            return Err(refusal(self.command, problem, self.install));
        }
        let name = program.argv.first().map_or("", String::as_str);
        if !is_there(name) {
            let hint = "install it, or give its full path";
            return Err(refusal(name, "there is no such program".into(), hint));
        }
        Ok(())
    }

    /// Runs the tool once on a program that does nothing, in the way in which it will be run.
    ///
    /// # Errors
    /// What it says when it fails; `hint` says what to do.
    pub fn try_out(&self, program: &Program, arguments: &[&str], hint: &str) -> Result<()> {
        let argv: Vec<String> =
            [&[self.command], arguments].concat().into_iter().map(String::from).collect();
        let said = helper::output(&argv, &program.env, &program.cwd, PATIENCE)?;
        if said.code == Some(0) {
            return Ok(());
        }
        let text = [said.stderr, said.stdout].concat();
        let text = String::from_utf8_lossy(&text);
        let first = text.lines().map(str::trim).find(|line| line.len() > 10);
        let problem = format!("it may not measure here: {}", first.unwrap_or("it says nothing"));
        Err(refusal(self.command, problem, hint))
    }

    /// Keeps the tool's version in `scratch` for [`version`]: it may be found only with the
    /// program's own path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_version(&self, program: &Program, scratch: &Path) -> Result<()> {
        let argv = [self.command.to_string(), "--version".to_string()];
        let said = helper::output(&argv, &program.env, &program.cwd, PATIENCE);
        let said = said.map(|said| first_version(&String::from_utf8_lossy(&said.stdout)));
        file::replace(&scratch.join(VERSION), said.unwrap_or_default().as_bytes())
    }
}

/// The version that [`Tool::note_version`] kept; empty when it did not say one.
pub fn version(scratch: &Path) -> String {
    let kept = file::head(&scratch.join(VERSION), 64).unwrap_or_default();
    String::from_utf8_lossy(&kept).into_owned()
}

/// A program that cannot be measured, why, and what to do.
pub fn refusal(program: &str, problem: String, hint: &str) -> Error {
    Act::StartProgram { program: program.into(), problem, hint: hint.into() }.into()
}

/// A profile that is not as it should be, and what to do.
pub fn no_profile(path: &Path, problem: &str, hint: &str) -> Error {
    Act::ParseFile {
        path: path.into(),
        line: None,
        column: None,
        problem: problem.into(),
        hint: hint.into(),
    }
    .into()
}

/// The absolute path of `name` in `folder`, as an argument.
///
/// # Errors
/// When it is not Unicode.
pub fn path_in(folder: &Path, name: &str) -> Result<String> {
    let fail = |source| Error::write(folder, source);
    let path = absolute(folder).map_err(fail)?.join(name);
    path.into_os_string().into_string().map_err(|_| {
        let words = "its name is not Unicode";
        fail(io::Error::new(io::ErrorKind::InvalidInput, words))
    })
}

fn first_version(text: &str) -> String {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.'));
    let number = |word: &str| {
        let word = word.trim_start_matches('v').trim_end_matches('.');
        let is_version =
            word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit());
        is_version.then(|| word.to_string())
    };
    words.into_iter().find_map(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_version_among_the_words() {
        let check = |text, version| assert_eq!(first_version(text), version, "{text}");
        check("valgrind-3.19.0\n", "3.19.0");
        check("uftrace v0.13 ( x86_64 dwarf )\n", "0.13");
        check("perf version 6.1.187\n", "6.1.187");
        check("py-spy 0.4.1", "0.4.1");
        check("no number here", "");
    }
}

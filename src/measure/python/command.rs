//! How a command line starts Python: which interpreter, with which options, running what.
//! It looks at the first lines of a script to find its interpreter, and runs nothing.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::measure::backend::Program;
use crate::system::env;
use crate::system::file;

/// Enough for the interpreter lines of a script; the system itself reads 256 bytes.
const HEAD_BYTES: u64 = 1024;
/// Options of the interpreter that end its options: what is to be run follows.
const ENDS: &str = "cm";
/// Options that take a value.
const VALUED: &str = "WX";
/// Options that stand alone.
const PLAIN: &str = "bBdEIOPqRsSuv";

/// A command line that runs a Python program, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PythonCommand {
    pub interpreter: String,
    /// Options of the interpreter itself, such as `-u` or `-X dev`.
    pub options: Vec<String>,
    /// `script.py`, `-m module` or `-c code`, each with the program's arguments.
    pub target: Vec<String>,
}

impl PythonCommand {
    /// Takes `program`'s command line apart: an interpreter with its arguments, or a script whose
    /// first line names one (a console script of a package, found on the path).
    ///
    /// # Errors
    /// When it does not start Python, or nothing that can be measured; `backend` is named then.
    pub fn of(program: &Program, backend: &str) -> Result<Self> {
        let Some((first, rest)) = program.argv.split_first() else {
            return Err(Error::bug("a program without a name was to be measured"));
        };
        if is_interpreter(first) {
            return from_interpreter(first, rest);
        }
        let script = executable(program, first).ok_or_else(|| {
            let problem = "there is no such program";
            refusal(first, problem, "install it, or give its full path")
        })?;
        let head = file::head(&script, HEAD_BYTES).unwrap_or_default();
        let mut words = interpreter_line(&head).into_iter();
        match words.next() {
            Some(interpreter) if is_interpreter(&interpreter) => Ok(Self {
                interpreter,
                options: words.collect(),
                target: [script.to_string_lossy().into_owned()]
                    .into_iter()
                    .chain(rest.iter().cloned())
                    .collect(),
            }),
            _ => {
                let problem =
                    format!("it is no Python program, and `{backend}` measures nothing else");
                let hint = "start it as `python script.py …` or `python -m module …`, or use \
                            `\"backend\": \"none\"`";
                Err(refusal(first, &problem, hint))
            }
        }
    }
}

fn from_interpreter(interpreter: &str, rest: &[String]) -> Result<PythonCommand> {
    let mut options = Vec::new();
    let mut words = rest.iter();
    let mut target = Vec::new();
    while let Some(word) = words.next() {
        match option(word) {
            Word::Script => target.push(word.clone()),
            Word::EndOfOptions => target.extend(words.next().cloned()),
            Word::Target { before, kind, value } => {
                options.extend(before);
                let value = match value {
                    "" => words.next().cloned(),
                    value => Some(value.to_string()),
                };
                target.extend(value.into_iter().flat_map(|value| [kind.clone(), value]));
            }
            Word::Plain => options.push(word.clone()),
            Word::WithValue => {
                options.push(word.clone());
                options.extend(words.next().cloned());
            }
            Word::Unfit => {
                let problem = format!("with `{word}` it runs no program that could be measured");
                let hint = "name a script, `-m module` or `-c code`";
                return Err(refusal(interpreter, &problem, hint));
            }
        }
        if !target.is_empty() {
            target.extend(words.cloned());
            let interpreter = interpreter.into();
            return Ok(PythonCommand { interpreter, options, target });
        }
    }
    let problem = "its command line names no script, module or code";
    let hint = "write `python script.py …`, `python -m module …` or `python -c code`";
    Err(refusal(interpreter, problem, hint))
}

/// What one word before the script means to the interpreter.
enum Word<'a> {
    Script,
    EndOfOptions,
    /// `-m` or `-c`, perhaps with other options before it or the value behind it in one word.
    Target {
        before: Option<String>,
        kind: String,
        value: &'a str,
    },
    Plain,
    /// The option's value is the next word.
    WithValue,
    /// Help, version, interactive use, a program from standard input, an unknown option.
    Unfit,
}

fn option(word: &str) -> Word<'_> {
    match word {
        "--" => return Word::EndOfOptions,
        "--check-hash-based-pycs" => return Word::WithValue,
        _ if word == "-" || word.starts_with("--") => return Word::Unfit,
        _ => {}
    }
    let Some(letters) = word.strip_prefix('-') else {
        return Word::Script;
    };
    for (position, letter) in letters.char_indices() {
        let value = &letters[position + letter.len_utf8()..];
        if ENDS.contains(letter) {
            let before = (position > 0).then(|| format!("-{}", &letters[..position]));
            let kind = format!("-{letter}");
            return Word::Target { before, kind, value };
        }
        if VALUED.contains(letter) {
            return if value.is_empty() { Word::WithValue } else { Word::Plain };
        }
        if !PLAIN.contains(letter) {
            return Word::Unfit;
        }
    }
    Word::Plain
}

/// Whether a program's file name is that of a Python interpreter: `python`, `python3.13t`,
/// `/usr/bin/python3`.
fn is_interpreter(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default();
    name.strip_prefix("python").is_some_and(|rest| {
        let rest = rest.strip_suffix("-dbg").unwrap_or(rest);
        let version = rest.trim_end_matches(['d', 't']);
        version.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    })
}

/// The file that a command runs, found as the system would find it.
fn executable(program: &Program, name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(program.cwd.join(name)).filter(|path| path.is_file());
    }
    let path = program.env.get("PATH").cloned().or(env::var("PATH"))?;
    path.split(':')
        .map(|folder| program.cwd.join(Path::new(folder)).join(name))
        .find(|path| path.is_file())
}

/// The words of a script's first line after `#!`, without `env`; where an installer wrote a line of
/// shell because the path was too long, the interpreter that this line starts. Empty when there is
/// none.
fn interpreter_line(head: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let Some(line) = lines.next().and_then(|line| line.strip_prefix("#!")) else {
        return Vec::new();
    };
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if words.first().is_some_and(|word| word.rsplit('/').next() == Some("env")) {
        words.remove(0);
        words.retain(|word| *word != "-S" && !word.contains('='));
    } else if let Some(command) = lines.next().and_then(|line| line.strip_prefix("'''exec' ")) {
        let command = command.trim_start();
        let interpreter = match command.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => command.split_whitespace().next(),
        };
        words = interpreter.into_iter().collect();
    }
    words.into_iter().map(String::from).collect()
}

fn refusal(program: &str, problem: &str, hint: &str) -> Error {
    Act::StartProgram { program: program.into(), problem: problem.into(), hint: hint.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeMap;

    fn program(line: &str, cwd: &Path) -> Program {
        Program {
            argv: line.split(' ').map(String::from).collect(),
            env: BTreeMap::from([("PATH".into(), cwd.to_string_lossy().into_owned())]),
            cwd: cwd.into(),
        }
    }

    fn check(line: &str, options: &str, target: &str) {
        let command = PythonCommand::of(&program(line, Path::new("/")), "yappi").unwrap();
        assert_eq!(command.options.join(" "), options, "{line}");
        assert_eq!(command.target.join(" "), target, "{line}");
    }

    fn check_refused(line: &str, expected: &str) {
        let error = PythonCommand::of(&program(line, Path::new("/")), "yappi").unwrap_err();
        assert_eq!(error.to_string(), expected, "{line}");
        assert!(error.hint().is_some(), "{line}");
    }

    #[test]
    fn parts_options_from_what_is_run() {
        check("python a.py -u", "", "a.py -u");
        check("/opt/bin/python3.13 -u a.py x", "-u", "a.py x");
        check("python -X dev -Wignore -OO a.py", "-X dev -Wignore -OO", "a.py");
        check("python -W ignore -Xutf8 a.py", "-W ignore -Xutf8", "a.py");
        check("python -m pkg.mod -m x", "", "-m pkg.mod -m x");
        check("python -um pkg -v", "-u", "-m pkg -v");
        check("python -mpkg a", "", "-m pkg a");
        check("python3 -Ic print(1) a", "-I", "-c print(1) a");
        check("python -cprint(1)", "", "-c print(1)");
        check("python -u -- a.py", "-u", "a.py");
        check("python --check-hash-based-pycs never a.py", "--check-hash-based-pycs never", "a.py");
    }

    #[test]
    fn refuses_a_command_line_without_a_program() {
        let nothing = "cannot start `python`: its command line names no script, module or code";
        for line in ["python", "python -u", "python -m", "python -u --", "python -X"] {
            check_refused(line, nothing);
        }
        for word in ["-", "-V", "--help", "-i", "-ü"] {
            check_refused(
                &format!("python {word} a.py"),
                &format!(
                    "cannot start `python`: with `{word}` it runs no program that could be measured"
                ),
            );
        }
    }

    #[test]
    fn knows_an_interpreter_by_its_name() {
        for name in ["python", "python3", "/a/python3.13t", "python3.11d", "python3-dbg"] {
            assert!(is_interpreter(name), "{name}");
        }
        for name in ["python-config", "pythonista", "ipython", "ls", "", "/python/"] {
            assert!(!is_interpreter(name), "{name}");
        }
    }

    #[test]
    fn finds_the_interpreter_of_a_console_script() {
        let folder = tempfile::tempdir().unwrap();
        let check = |head: &str, interpreter: &str, options: &str| {
            let script = folder.path().join("backtest");
            file::replace(&script, head.as_bytes()).unwrap();
            for name in ["backtest", "./backtest"] {
                let line = format!("{name} --size 3");
                let command = PythonCommand::of(&program(&line, folder.path()), "yappi").unwrap();
                assert_eq!(command.interpreter, interpreter, "{head}");
                assert_eq!(command.options.join(" "), options, "{head}");
                assert!(command.target[0].ends_with("/backtest"));
                assert_eq!(command.target[1..], ["--size", "3"]);
            }
        };
        check("#!/venv/bin/python\nimport sys\n", "/venv/bin/python", "");
        check("#! /usr/bin/env python3\n", "python3", "");
        check("#!/usr/bin/env -S A=1 python3 -u\n", "python3", "-u");
        let long = "#!/bin/sh\n'''exec' \"/a b/python3\" \"$0\" \"$@\"\n' '''\nimport sys\n";
        check(long, "/a b/python3", "");
        check("#!/bin/sh\n'''exec' /a/python \"$0\" \"$@\"\n", "/a/python", "");
    }

    #[test]
    fn refuses_programs_that_are_not_python() {
        let folder = tempfile::tempdir().unwrap();
        file::replace(&folder.path().join("tool"), b"#!/bin/sh\nexit\n").unwrap();
        let refused = |line: &str| {
            PythonCommand::of(&program(line, folder.path()), "cprofile").unwrap_err().to_string()
        };
        assert_eq!(
            refused("tool --size 3"),
            "cannot start `tool`: it is no Python program, and `cprofile` measures nothing else"
        );
        assert_eq!(refused("nope"), "cannot start `nope`: there is no such program");
    }
}

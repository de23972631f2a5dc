//! A `--` that was forgotten before a program: where it belongs, told as the same command with it.

use std::ffi::OsString;
use std::ops::Range;

use clap::Arg;
use clap::Command;

use crate::cli::scan::sizes;
use crate::cli::words;
use crate::error::Error;

/// The error for `arguments` that `line` refuses, but would take with `--` before the program.
///
/// `line`: the command line of a binary. `arguments`: its name first.
/// `None` when its command takes no program after `--`, or `--` alone does not mend it.
/// Example: `superlinear scan --sizes 1,2,4 ./prog {size}` lacks it before `./prog`.
pub fn forgotten(mut line: Command, arguments: &[OsString]) -> Option<Error> {
    let all: Vec<&str> = arguments.iter().map(|word| word.to_str()).collect::<Option<_>>()?;
    let (head, said) = all.split_at_checked(2)?;
    line.build();
    let command = line.find_subcommand(head[1])?;
    if !command.get_arguments().any(Arg::is_last_set) {
        return None;
    }
    let at = program(command, said)?;
    let (options, rest) = said.split_at(at);
    let mut mended = [head, options, &["--"], rest].concat();
    if !is_taken(&line, &mended) {
        // Options may have been written behind the program.
        let (behind, rest) = parted(command, rest);
        mended = [head, options, &behind, &["--"], &rest].concat();
        if !is_taken(&line, &mended) {
            return None;
        }
    }
    let mended: Vec<String> = mended.into_iter().map(words::quoted).collect();
    Some(Error::usage(
        format!("`--` is missing before the program `{}`", said[at]),
        format!("write `{}`", mended.join(" ")),
    ))
}

fn is_taken(line: &Command, words: &[&str]) -> bool {
    line.clone().try_get_matches_from(words).is_ok()
}

/// Where the first word stands that is neither an option nor a value of one; `None` when an unknown
/// option, or `--`, comes before it.
fn program(command: &Command, said: &[&str]) -> Option<usize> {
    let mut at = 0;
    while said.get(at)?.starts_with('-') {
        at = option(command, said, at)?.end;
    }
    Some(at)
}

/// The options of `command` among `said`, with their values, and the other words.
fn parted<'a>(command: &Command, said: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut options, mut others) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(word) = said.get(at) {
        match option(command, said, at) {
            Some(words) => {
                options.extend(&said[words.clone()]);
                at = words.end;
            }
            None => {
                others.push(*word);
                at += 1;
            }
        }
    }
    (options, others)
}

/// The words of the option of `command` at `at`, its values included; `None` when it has no such
/// option.
fn option(command: &Command, said: &[&str], at: usize) -> Option<Range<usize>> {
    let (name, value) = match said[at].split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (said[at], None),
    };
    let is_it = |arg: &&Arg| match name.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => arg.get_short().is_some_and(|short| {
            name.strip_prefix('-').is_some_and(|letters| {
                !letters.is_empty() && letters.chars().all(|letter| letter == short)
            })
        }),
    };
    let arg = command.get_arguments().find(is_it)?;
    let most = match value {
        Some(_) => 0,
        None if arg.get_action().takes_values() => {
            arg.get_num_args().map_or(1, |count| count.max_values())
        }
        None => 0,
    };
    let first = at + 1;
    // Only the factor of `--sizes` is a further value.
    let further = said.iter().skip(first + 1).take(most.saturating_sub(1));
    let further = further.take_while(|word| sizes::is_factor(word)).count();
    Some(at..(first + most.min(1) + further).min(said.len()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::umbrella::SuperlinearLine;

    fn hint(line: &str) -> Option<String> {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        forgotten(SuperlinearLine::command(), &arguments).and_then(|error| error.hint())
    }

    #[track_caller]
    fn check(line: &str, mended: &str) {
        let mended = format!("write `superlinear {mended}`");
        assert_eq!(hint(&format!("superlinear {line}")), Some(mended), "{line}");
    }

    #[test]
    fn puts_it_before_the_program() {
        check("scan --sizes 1k..4k x2 ./prog {size}", "scan --sizes 1k..4k x2 -- ./prog {size}");
        check("scan --sizes 1k..4kx2 prog {size}", "scan --sizes 1k..4kx2 -- prog {size}");
        check("scan --sizes 1,2,4 sort", "scan --sizes 1,2,4 -- sort");
        check("scan --sizes=1,2,4 -vv ./x -n {size}", "scan --sizes=1,2,4 -vv -- ./x -n {size}");
        check(
            "scan --fail-on quadratic --sizes 1,2,4 --fresh python3 -m a --repeat {size}",
            "scan --fail-on quadratic --sizes 1,2,4 --fresh -- python3 -m a --repeat {size}",
        );
        check("bench --runs 20 ./prog -n 3", "bench --runs 20 -- ./prog -n 3");
    }

    #[test]
    fn options_behind_the_program_go_before_it() {
        check("scan ./prog {size} --sizes 1k..4k x2", "scan --sizes 1k..4k x2 -- ./prog {size}");
        check(
            "scan ./prog --fast --sizes 1,2,4 {size}",
            "scan --sizes 1,2,4 -- ./prog --fast {size}",
        );
    }

    #[test]
    fn is_silent_where_something_else_is_wrong() {
        for line in [
            "superlinear scan --sizes 1,2,4",
            "superlinear scan --sizes",
            "superlinear scan --size 1,2,4 ./prog {size}",
            "superlinear scan --sizes 1,2,4 --repeat often -- ./prog {size}",
            "superlinear scan ./prog {size}",
            "superlinear run ./prog",
            "superlinear scam ./prog",
            "superlinear scan",
            "superlinear",
        ] {
            assert_eq!(hint(line), None, "{line}");
        }
    }
}

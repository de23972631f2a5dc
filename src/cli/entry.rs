//! What all binaries do first and last: become a worker or a sample when told to, show an error
//! once, and end with the documented exit code.

use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::separator;
use crate::cli::terminal;
use crate::cli::terminal::Colour;
use crate::cli::worker;
use crate::error::Error;
use crate::error::Result;
use crate::executor::job;
use crate::system::env;

/// The exit code of a bug.
const BUG: u8 = 70;

/// Runs a binary whose command line is `A`.
pub fn main<A: Parser>(command: fn(A) -> Result<u8>) -> ExitCode {
    let arguments = env::arguments();
    let first = arguments.get(1).and_then(|argument| argument.to_str());
    let outcome = panic::catch_unwind(|| match first {
        Some(job::WORKER) => worker::work(),
        Some(job::SAMPLE) => worker::sample(&arguments[2..]),
        _ => parsed::<A>(&arguments).map_or_else(Ok, command),
    });
    match outcome {
        Ok(Ok(code)) => code.into(),
        Ok(Err(error)) => {
            show(&error);
            error.exit_code().into()
        }
        Err(_) => {
            terminal::say("this is a bug; please report it with the command that led to it");
            BUG.into()
        }
    }
}

/// The command line, or the exit code after help or a usage error was shown.
fn parsed<A: Parser>(arguments: &[OsString]) -> std::result::Result<A, u8> {
    A::try_parse_from(arguments).map_err(|error| {
        let forgotten = error.use_stderr().then(|| separator::forgotten(A::command(), arguments));
        if let Some(forgotten) = forgotten.flatten() {
            show(&forgotten);
            return forgotten.exit_code();
        }
        // Help goes to standard output, the rest to standard error; a reader gone away is no error.
        let _ = error.print();
        u8::try_from(error.exit_code()).unwrap_or(2)
    })
}

fn show(error: &Error) {
    let colours = terminal::stderr_has_colours();
    terminal::say(format!("{} {error}", terminal::paint("error:", Colour::Red, colours)));
    if let Some(hint) = error.hint() {
        terminal::say(format!("{} {hint}", terminal::paint("hint:", Colour::Green, colours)));
    }
}

//! How much a stream may be decorated: colours only on a terminal, and never under `NO_COLOR`.

use std::fmt::Display;
use std::io;
use std::io::IsTerminal as _;
use std::io::Write as _;

use crate::error::Error;
use crate::error::Result;
use crate::system::env;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Red,
    Green,
    Yellow,
    Dim,
    Bold,
}

/// Whether standard error is a terminal that shows colours.
pub fn stderr_has_colours() -> bool {
    io::stderr().is_terminal() && colours_are_welcome()
}

/// Whether standard output is a terminal that shows colours.
pub fn stdout_has_colours() -> bool {
    io::stdout().is_terminal() && colours_are_welcome()
}

/// `text` in `colour`, when `wanted`.
pub fn paint(text: impl Display, colour: Colour, wanted: bool) -> String {
    let code = match colour {
        Colour::Red => "31",
        Colour::Green => "32",
        Colour::Yellow => "33",
        Colour::Dim => "2",
        Colour::Bold => "1",
    };
    if wanted { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
}

/// Prints a result.
///
/// # Errors
/// When standard output cannot be written; a reader that has gone away is no error.
pub fn print(text: &str) -> Result<()> {
    print_bytes(text.as_bytes())
}

/// Prints a result that may be no text.
///
/// # Errors
/// As [`print`].
pub fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::write("standard output".as_ref(), error))
        }
        _ => Ok(()),
    }
}

/// Prints a line for the person who watches.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn colours_are_welcome() -> bool {
    !env::is_set("NO_COLOR") && env::var("TERM").is_none_or(|kind| kind != "dumb")
}

//! Where a finished document goes: to standard output, or to what a person named with `--output`.

use std::path::Path;

use crate::cli::terminal;
use crate::error::Result;
use crate::system::file;

/// Writes a finished document to `output`, or prints it.
///
/// # Errors
/// When it cannot be written.
pub fn deliver(content: &[u8], output: Option<&Path>) -> Result<()> {
    let Some(path) = output else { return terminal::print_bytes(content) };
    if let Some(folder) = file::put(path, content)? {
        terminal::say(format!("made the folder `{}`", folder.display()));
    }
    Ok(())
}

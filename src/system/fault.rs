//! Points between the steps of a transition at which a test lets this program die, or the disk be
//! full: `SUPERLINEAR_FAULT=plan.renamed:kill` or `:enospc`, and once only with `:FILE` behind
//! that, whatever the number of processes. Release builds hold nothing of it.

use std::io;
use std::io::Write;

/// Writes `bytes`; the point `<what>.half` lies in their middle.
///
/// # Errors
/// As the writer, or as the fault says.
pub fn write(what: &str, file: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    if cfg!(debug_assertions) {
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        file.write_all(first)?;
        point(what, "half")?;
        return file.write_all(rest);
    }
    file.write_all(bytes)
}

/// The point `<what>.<step>`.
///
/// # Errors
/// When the fault there is a full disk.
#[cfg(debug_assertions)]
pub fn point(what: &str, step: &str) -> io::Result<()> {
    let Some(fault) = wanted() else { return Ok(()) };
    let name = fault.split(':').next().unwrap_or_default();
    if name.split_once('.') != Some((what, step)) {
        return Ok(());
    }
    let mut parts = fault.splitn(3, ':').skip(1);
    let kind = parts.next();
    if parts.next().is_some_and(was_here_before) {
        return Ok(());
    }
    match kind {
        Some("kill") => crate::system::process::die(),
        _ => Err(io::Error::from(io::ErrorKind::StorageFull)),
    }
}

/// Nothing, in a build that is not for tests.
///
/// # Errors
/// Never.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn point(_: &str, _: &str) -> io::Result<()> {
    Ok(())
}

/// Whether the file `path` is there already; it is from now on.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "a point that goes through a door reaches itself")]
fn was_here_before(path: &str) -> bool {
    std::fs::OpenOptions::new().write(true).create_new(true).open(path).is_err()
}

#[cfg(debug_assertions)]
fn wanted() -> Option<&'static str> {
    static WANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    WANTED.get_or_init(|| crate::system::env::var("SUPERLINEAR_FAULT")).as_deref()
}

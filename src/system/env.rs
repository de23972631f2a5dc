//! The environment of this process, read only.

use std::ffi::OsString;

/// The value of `name`, when it is set and is Unicode.
#[expect(clippy::disallowed_methods, reason = "this is the environment's one door")]
pub fn var(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The value of `name` as the system holds it.
#[expect(clippy::disallowed_methods, reason = "this is the environment's one door")]
pub fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Whether `name` is set to anything but nothing.
pub fn is_set(name: &str) -> bool {
    var_os(name).is_some_and(|value| !value.is_empty())
}

/// The path of this very program.
///
/// # Errors
/// When the system does not tell.
pub fn this_program() -> std::io::Result<std::path::PathBuf> {
    std::env::current_exe()
}

/// The arguments of this process, its name first.
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

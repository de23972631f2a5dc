//! The environment of this process, read only.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;

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

/// Whether a program called `name` would be found when it is started from `folder`: on `path`, or
/// on this process's own when that is `None`, unless its name holds a folder.
pub fn has_program(name: &str, path: Option<&str>, folder: &Path) -> bool {
    find_program(name, path, folder).is_some()
}

/// Where [`has_program`] finds it.
pub fn find_program(name: &str, path: Option<&str>, folder: &Path) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(folder.join(name)).filter(|found| is_program(found));
    }
    let path = path.map(OsString::from).or_else(|| var_os("PATH")).unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|place| folder.join(place).join(name));
    found.find(|found| is_program(found))
}

/// The folder in which this process was started.
///
/// # Errors
/// When it is gone.
pub fn this_folder() -> std::io::Result<PathBuf> {
    std::env::current_dir()
}

fn is_program(path: &Path) -> bool {
    let metadata = std::fs::metadata(path);
    metadata.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// The path of this very program.
///
/// # Errors
/// When the system does not tell.
pub fn this_program() -> std::io::Result<PathBuf> {
    std::env::current_exe()
}

/// The arguments of this process, its name first.
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_programs_as_the_system_does() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("tool");
        std::fs::write(&program, "#!/bin/sh\n").unwrap();
        let here = folder.path();
        assert!(!has_program("./tool", None, here));
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(has_program("./tool", None, here));
        assert!(has_program("tool", here.to_str(), Path::new("/")));
        assert!(!has_program("tool", Some("/no-such-folder"), here));
        assert!(has_program("sh", None, here) && !has_program("no-such-program-here", None, here));
        assert!(!has_program("", None, here));
    }
}

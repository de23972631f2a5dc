//! Folders that are created below another one and never lead out of it.

use std::fs;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;

/// Creates `path` and the folders between it and `root`, which must be above it.
/// No symbolic link is followed below `root`.
///
/// # Errors
/// When `path` does not lie below `root`, when something on the way is no folder or a symbolic
/// link, or when a folder cannot be created.
pub fn create_below(root: &Path, path: &Path) -> Result<()> {
    let parts = path.strip_prefix(root).map_err(|_| refused(path, "it lies elsewhere"))?;
    let mut folder = PathBuf::from(root);
    for part in parts.components() {
        let Component::Normal(name) = part else {
            return Err(refused(path, "its path leads upwards"));
        };
        folder.push(name);
        create_one(&folder)?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is the door for folders")]
fn create_one(folder: &Path) -> Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_folder(folder),
        Err(source) => Err(Error::write(folder, source)),
    }
}

fn check_folder(folder: &Path) -> Result<()> {
    let kind =
        fs::symlink_metadata(folder).map_err(|source| Error::write(folder, source))?.file_type();
    if kind.is_symlink() {
        return Err(refused(folder, "it is a symbolic link, and no output goes through one"));
    }
    if !kind.is_dir() {
        return Err(refused(folder, "it is not a folder"));
    }
    Ok(())
}

fn refused(path: &Path, why: &str) -> Error {
    Error::write(path, io::Error::new(io::ErrorKind::InvalidInput, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::file;

    #[test]
    fn creates_what_is_missing_and_accepts_what_is_there() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b/c");
        create_below(root.path(), &path).unwrap();
        create_below(root.path(), &path).unwrap();
        assert!(path.is_dir());
    }

    #[test]
    fn follows_no_symbolic_link_and_goes_nowhere_else() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), root.path().join("link")).unwrap();
        file::create(&root.path().join("file")).unwrap();
        for path in ["link", "link/x", "file", "file/x", "../x"] {
            assert!(create_below(root.path(), &root.path().join(path)).is_err(), "{path}");
        }
        assert!(create_below(root.path(), other.path()).is_err());
        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
    }
}

//! Advisory locks on files, held for as long as the value lives.
//! The locked file is never replaced or deleted: whoever opens it later must meet the same inode.

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::error::Error;
use crate::error::Result;

/// An exclusive lock on a file; dropping it, or the end of the process, releases it.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Takes the lock when it is free; `None` when another open file holds it.
    ///
    /// # Errors
    /// When the file cannot be opened or the file system knows no locks.
    pub fn try_take(path: &Path) -> Result<Option<Self>> {
        let file = open(path)?;
        match lock(&file) {
            Ok(()) => Ok(Some(Self(file))),
            Err(error) if error.raw_os_error() == fs2::lock_contended_error().raw_os_error() => {
                Ok(None)
            }
            Err(source) => Err(Error::write(path, source)),
        }
    }

    /// Takes a lock that all users of this host share, alone or together with others that share it;
    /// `None` when it is held otherwise. The file lies where anybody may write, so what is there
    /// already is opened for reading only, never through a symbolic link, and never created over.
    ///
    /// # Errors
    /// When there is something else than an ordinary file, or one that may not be read.
    pub fn try_take_public(path: &Path, alone: bool) -> Result<Option<Self>> {
        let file = open_public(path).map_err(|source| Error::read(path, source))?;
        match if alone { lock(&file) } else { share(&file) } {
            Ok(()) => Ok(Some(Self(file))),
            Err(error) if error.raw_os_error() == fs2::lock_contended_error().raw_os_error() => {
                Ok(None)
            }
            Err(source) => Err(Error::read(path, source)),
        }
    }

    /// The locked file, to hand down to a child or to write a note into.
    pub fn file(&self) -> &File {
        &self.0
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one door for locks")]
fn lock(file: &File) -> io::Result<()> {
    fs2::FileExt::try_lock_exclusive(file)
}

#[expect(clippy::disallowed_methods, reason = "this is the one door for locks")]
fn share(file: &File) -> io::Result<()> {
    fs2::FileExt::try_lock_shared(file)
}

#[expect(clippy::disallowed_methods, reason = "this is the one door for locks")]
fn open_public(path: &Path) -> io::Result<File> {
    // Neither a link of somebody else's is followed nor a pipe waited for.
    let safely = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let existing = || OpenOptions::new().read(true).custom_flags(safely).open(path);
    let file = match existing() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = OpenOptions::new().write(true).create_new(true).mode(0o644).open(path);
            match made {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => existing()?,
                made => {
                    let file = made?;
                    // Whatever the mask of this user takes away, others must be able to open it.
                    file.set_permissions(Permissions::from_mode(0o644))?;
                    file
                }
            }
        }
        found => found?,
    };
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not an ordinary file"))
}

#[expect(clippy::disallowed_methods, reason = "this is the one door for locks")]
fn open(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|source| Error::write(path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = FileLock::try_take(&path).unwrap();
        assert!(first.is_some());
        assert!(FileLock::try_take(&path).unwrap().is_none());
        drop(first);
        assert!(FileLock::try_take(&path).unwrap().is_some());
    }

    #[test]
    fn a_public_lock_is_held_alone_or_shared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let take = |alone| FileLock::try_take_public(&path, alone).unwrap();
        let alone = take(true);
        assert!(alone.is_some() && take(true).is_none() && take(false).is_none());
        drop(alone);
        let (one, other) = (take(false), take(false));
        assert!(one.is_some() && other.is_some() && take(true).is_none());
    }

    #[test]
    fn a_public_lock_is_no_link_and_no_pipe_of_somebody_else() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(FileLock::try_take_public(&link, true).is_err());
        assert!(!target.exists());
        std::fs::write(&target, "mine").unwrap();
        assert!(FileLock::try_take_public(&link, true).is_err());
        assert!(FileLock::try_take_public(folder.path(), true).is_err());
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success() && FileLock::try_take_public(&pipe, true).is_err());
    }
}

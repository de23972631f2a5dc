//! Advisory locks on files, held for as long as the value lives.
//! The locked file is never replaced or deleted: whoever opens it later must meet the same inode.

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::system::clock;

/// How often a lock is tried again that somebody only looks at.
const TRIES: usize = 1_000;

/// An exclusive lock on a file; dropping it, or the end of the process, releases it.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Takes the lock when it is free; `None` when another open file holds it.
    /// Somebody who looks at the lock with [`FileLock::is_held`] does not hold it.
    ///
    /// # Errors
    /// When the file cannot be opened, is a symbolic link, or the file system knows no locks.
    pub fn try_take(path: &Path) -> Result<Option<Self>> {
        let fail = |source| Error::write(path, source);
        let file = open(path, true).map_err(fail)?;
        for _ in 0..TRIES {
            if lock(&file).map_err(fail)? {
                return Ok(Some(Self(file)));
            }
            // A holder is exclusive and refuses a look, too; other lookers do not.
            if !share(&open(path, false).map_err(fail)?).map_err(fail)? {
                return Ok(None);
            }
            clock::sleep(Duration::from_millis(1));
        }
        Ok(None)
    }

    /// Whether somebody holds the lock at `path`, without taking it; a missing file is held by
    /// nobody.
    ///
    /// # Errors
    /// As [`FileLock::try_take`].
    pub fn is_held(path: &Path) -> Result<bool> {
        match open(path, false) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(false),
            opened => opened
                .and_then(|file| share(&file))
                .map(|is_free| !is_free)
                .map_err(|source| Error::write(path, source)),
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
        let is_taken = if alone { lock(&file) } else { share(&file) };
        let is_taken = is_taken.map_err(|source| Error::read(path, source))?;
        Ok(is_taken.then_some(Self(file)))
    }

    /// The locked file, to hand down to a child or to write a note into.
    pub fn file(&self) -> &File {
        &self.0
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one door for locks")]
fn lock(file: &File) -> io::Result<bool> {
    taken(fs2::FileExt::try_lock_exclusive(file))
}

/// Whether a shared lock could be had; it is gone when `file` is closed.
#[expect(clippy::disallowed_methods, reason = "this is the one door for locks")]
fn share(file: &File) -> io::Result<bool> {
    taken(fs2::FileExt::try_lock_shared(file))
}

fn taken(result: io::Result<()>) -> io::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.raw_os_error() == fs2::lock_contended_error().raw_os_error() => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
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
fn open(path: &Path, create: bool) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(create)
        .truncate(false)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert!(!FileLock::is_held(&path).unwrap() && !path.exists());
        let first = FileLock::try_take(&path).unwrap();
        assert!(first.is_some());
        assert!(FileLock::try_take(&path).unwrap().is_none());
        assert!(FileLock::is_held(&path).unwrap());
        drop(first);
        assert!(!FileLock::is_held(&path).unwrap());
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

    #[test]
    fn who_only_looks_keeps_nobody_from_taking_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        drop(FileLock::try_take(&path).unwrap());
        let looker = open(&path, false).unwrap();
        assert!(share(&looker).unwrap());
        let looking = std::thread::spawn(move || {
            clock::sleep(Duration::from_millis(30));
            drop(looker);
        });
        assert!(FileLock::try_take(&path).unwrap().is_some());
        looking.join().unwrap();
    }

    #[test]
    fn a_symbolic_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(FileLock::try_take(&link).is_err());
        assert!(!target.exists());
    }
}

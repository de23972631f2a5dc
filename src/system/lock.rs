//! Advisory locks on files, held for as long as the value lives.
//! The locked file is never replaced or deleted: whoever opens it later must meet the same inode.

use std::fs::File;
use std::fs::OpenOptions;
use std::io;
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
}

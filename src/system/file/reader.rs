//! Reading ordinary files of a bounded size; pipes and devices, which might never end, are refused.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::error::Error;
use crate::error::Result;

/// Opens an ordinary file for reading from its beginning; refuses folders, pipes and devices, which
/// might never end.
///
/// # Errors
/// When it cannot be opened or is no ordinary file.
#[expect(clippy::disallowed_methods, reason = "this is the door for files")]
pub fn open(path: &Path) -> Result<File> {
    let refuse = |source| Error::read(path, source);
    if !fs::metadata(path).map_err(refuse)?.is_file() {
        let words = "it is not an ordinary file";
        return Err(refuse(io::Error::new(io::ErrorKind::InvalidInput, words)));
    }
    OpenOptions::new().read(true).open(path).map_err(refuse)
}

/// Reads an ordinary file of at most `limit` bytes; refuses folders, pipes and devices, which might
/// never end.
///
/// # Errors
/// When it cannot be read, is no ordinary file, or is larger than `limit`.
#[expect(clippy::disallowed_methods, reason = "this is the door for files")]
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let refuse = |kind, words: String| Error::read(path, io::Error::new(kind, words));
    let metadata = fs::metadata(path).map_err(|source| Error::read(path, source))?;
    if !metadata.is_file() {
        return Err(refuse(io::ErrorKind::InvalidInput, "it is not an ordinary file".into()));
    }
    if metadata.len() > limit {
        let words = format!("its {} bytes are more than the limit of {limit}", metadata.len());
        return Err(refuse(io::ErrorKind::FileTooLarge, words));
    }
    let mut content = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    OpenOptions::new()
        .read(true)
        .open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut content))
        .map_err(|source| Error::read(path, source))?;
    Ok(content)
}

/// Reads an ordinary file from offset `from` on; `None` when there is no such file.
/// An offset behind the end reads nothing. A symbolic link is refused.
///
/// # Errors
/// As [`read`].
#[expect(clippy::disallowed_methods, reason = "this is the door for files")]
pub fn read_from(path: &Path, from: u64, limit: u64) -> Result<Option<Vec<u8>>> {
    let metadata = match fs::symlink_metadata(path) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|source| Error::read(path, source))?,
    };
    if !metadata.is_file() {
        let source = io::Error::new(io::ErrorKind::InvalidInput, "it is not an ordinary file");
        return Err(Error::read(path, source));
    }
    if metadata.len() > limit {
        let words = format!("its {} bytes are more than the limit of {limit}", metadata.len());
        return Err(Error::read(path, io::Error::new(io::ErrorKind::FileTooLarge, words)));
    }
    let mut content = Vec::new();
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)
        .and_then(|mut file| {
            file.seek(io::SeekFrom::Start(from))?;
            file.take(limit).read_to_end(&mut content)
        })
        .map_err(|source| Error::read(path, source))?;
    Ok(Some(content))
}

/// The first `length` bytes of an ordinary file, or all of it when it is shorter.
///
/// # Errors
/// When it cannot be read or is no ordinary file.
pub fn head(path: &Path, length: u64) -> Result<Vec<u8>> {
    let fail = |source| Error::read(path, source);
    if !fs::metadata(path).map_err(fail)?.is_file() {
        let words = "it is not an ordinary file";
        return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, words)));
    }
    let mut content = Vec::new();
    File::open(path).and_then(|file| file.take(length).read_to_end(&mut content)).map_err(fail)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::file::writer::create;
    use std::io::Write as _;

    fn write(path: &Path, content: &[u8]) {
        create(path).unwrap().write_all(content).unwrap();
    }

    #[test]
    fn refuses_what_is_no_ordinary_file_and_what_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), 100).is_err());
        let path = folder.path().join("large");
        write(&path, &[b'x'; 11]);
        assert!(read(&path, 10).is_err());
    }

    #[test]
    fn the_head_of_a_file_is_no_more_than_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        write(&path, b"#!/bin/sh\nexit");
        assert_eq!(head(&path, 9).unwrap(), b"#!/bin/sh");
        assert_eq!(head(&path, 99).unwrap(), b"#!/bin/sh\nexit");
        assert!(head(folder.path(), 9).is_err());
    }
}

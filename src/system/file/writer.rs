//! Files and folders that are written where they stand: made, appended to, cut, removed.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Seek as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::error::Error;
use crate::error::Result;

/// Creates a folder and those above it.
///
/// # Errors
/// When one of them cannot be created.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|source| Error::write(path, source))
}

/// Opens a file for writing from its beginning; an earlier one is emptied.
///
/// # Errors
/// When it cannot be created.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn create(path: &Path) -> Result<File> {
    File::create(path).map_err(|source| Error::write(path, source))
}

/// Creates an empty file that is only ever appended to.
///
/// # Errors
/// When it cannot be created.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn create_appending(path: &Path) -> Result<File> {
    create(path)?;
    OpenOptions::new().append(true).open(path).map_err(|source| Error::write(path, source))
}

/// Removes a file that may be absent.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(path: &Path) -> Result<()> {
    remove_quietly(path).map_err(|source| Error::write(path, source))
}

/// Opens a file for writing at offset `end`, creating it; what lies behind is cut off.
/// A symbolic link is refused.
///
/// # Errors
/// When it cannot be opened or cut.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn open_at(path: &Path, end: u64) -> Result<File> {
    let is_new = end == 0 && fs::symlink_metadata(path).is_err();
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)
        .and_then(|mut file| {
            if file.metadata()?.len() > end {
                file.set_len(end)?;
            }
            file.seek(io::SeekFrom::Start(end))?;
            if is_new {
                sync_folder(path)?;
            }
            Ok(file)
        })
        .map_err(|source| Error::write(path, source))
}

/// Cuts a file at `length` and waits for the disk; a missing file stays missing.
///
/// # Errors
/// When it cannot be cut.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn truncate(path: &Path, length: u64) -> Result<()> {
    let opened = OpenOptions::new().write(true).custom_flags(libc::O_NOFOLLOW).open(path);
    match opened.and_then(|file| file.set_len(length).and_then(|()| file.sync_all())) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Error::write(path, source)),
        _ => Ok(()),
    }
}

/// Waits until the entry of `path` in its folder is on the disk.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

/// As [`remove`], for a caller that gives the error its own words.
///
/// # Errors
/// As [`remove`].
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn remove_quietly(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

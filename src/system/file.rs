//! Writing files so that a reader sees the old content or the new, never a mixture.
//! A crash or a full disk at any moment leaves the old file whole.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;

use crate::error::Error;
use crate::error::Result;
use crate::system::fault;

/// Replaces `path` as a whole: temporary file in the same folder, sync, rename, sync of the folder.
/// The mode of an existing file is kept; a symbolic link is followed, so that it stays one.
///
/// # Errors
/// When any step fails; `path` is then as it was.
pub fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    Replacement { target: &target, part: own_part(&target), what: "file" }
        .write(content, || true)
        .map(drop)
        .map_err(|source| Error::write(path, source))
}

/// As [`replace`], for a file below a folder of the tool's own: a symbolic link is not followed but
/// replaced, so that nothing is written elsewhere. `what` names its fault points.
///
/// # Errors
/// As [`replace`].
pub fn replace_output(path: &Path, content: &[u8], what: &'static str) -> Result<()> {
    Replacement { target: path, part: own_part(path), what }
        .write(content, || true)
        .map(drop)
        .map_err(|source| Error::write(path, source))
}

/// As [`replace_output`], for a file that only the holder of a lock replaces, and only as long as its
/// stamp is `seen`; false, and nothing has changed, when somebody else has changed it meanwhile.
///
/// # Errors
/// As [`replace`].
pub fn replace_seen(
    path: &Path,
    content: &[u8],
    seen: Option<Stamp>,
    what: &'static str,
) -> Result<bool> {
    Replacement { target: path, part: beside(path, ".part"), what }
        .write(content, || stamp(path) == seen)
        .map_err(|source| Error::write(path, source))
}

/// Moves a file that was written beside `path`, or below the same folder, to it, once it is on the
/// disk; what was there is replaced.
///
/// # Errors
/// When it cannot be synced or moved.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
pub fn move_into_place(part: &Path, path: &Path) -> Result<()> {
    File::open(part)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(part, path))
        .map_err(|source| Error::write(path, source))
}

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

/// What tells one version of a file from another: inode, length and time of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    /// In bytes.
    pub fn length(self) -> u64 {
        self.length
    }
}

/// `path`, or the file that it leads to when it is a symbolic link.
pub fn followed(path: &Path) -> PathBuf {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => fs::canonicalize(path).unwrap_or(path.into()),
        _ => path.into(),
    }
}

/// The stamp of a file; `None` when there is none.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp {
        inode: metadata.ino(),
        length: metadata.len(),
        changed: (metadata.mtime(), metadata.mtime_nsec()),
    })
}

/// When an ordinary file was last changed; `None` when there is none.
pub fn modified(path: &Path) -> Option<DateTime<Utc>> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    metadata.modified().ok().map(DateTime::from)
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

/// A temporary file beside `target` that no other process uses.
fn own_part(target: &Path) -> PathBuf {
    beside(target, &format!(".{}.part", std::process::id()))
}

fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(ending);
    target.with_file_name(name)
}

/// One file about to be replaced by way of another.
struct Replacement<'a> {
    target: &'a Path,
    part: PathBuf,
    /// Names its fault points.
    what: &'static str,
}

impl Replacement<'_> {
    /// Writes, unless `is_wanted` says no at the last moment; whether it was wanted.
    fn write(&self, content: &[u8], is_wanted: impl Fn() -> bool) -> io::Result<bool> {
        let replaced = self.write_part(content).and_then(|()| {
            if !is_wanted() {
                remove_quietly(&self.part)?;
                return Ok(false);
            }
            self.rename().map(|()| true)
        });
        if replaced.is_err() {
            let _ = remove_quietly(&self.part);
        }
        replaced
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
    fn write_part(&self, content: &[u8]) -> io::Result<()> {
        // What lies there under this name was left by a process that was killed.
        remove_quietly(&self.part)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .custom_flags(libc::O_NOFOLLOW)
            .open(&self.part)?;
        fault::write(self.what, &mut file, content)?;
        if let Ok(metadata) = fs::symlink_metadata(self.target)
            && metadata.is_file()
        {
            file.set_permissions(metadata.permissions())?;
        }
        fault::point(self.what, "written")?;
        file.sync_all()?;
        fault::point(self.what, "synced")
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
    fn rename(&self) -> io::Result<()> {
        fs::rename(&self.part, self.target)?;
        fault::point(self.what, "renamed")?;
        sync_folder(self.target)?;
        fault::point(self.what, "done")
    }
}

/// Waits until the entry of `path` in its folder is on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
fn remove_quietly(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_no_other_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(read(&path, 100).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_symbolic_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        replace(&file, b"one").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, b"two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&file, 100).unwrap(), b"two");
    }

    #[test]
    fn refuses_what_is_no_ordinary_file_and_what_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), 100).is_err());
        let path = folder.path().join("large");
        replace(&path, &[b'x'; 11]).unwrap();
        assert!(read(&path, 10).is_err());
    }

    #[test]
    fn the_head_of_a_file_is_no_more_than_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        replace(&path, b"#!/bin/sh\nexit").unwrap();
        assert_eq!(head(&path, 9).unwrap(), b"#!/bin/sh");
        assert_eq!(head(&path, 99).unwrap(), b"#!/bin/sh\nexit");
        assert!(head(folder.path(), 9).is_err());
    }
}

//! Writing files so that a reader sees the old content or the new, never a mixture.
//! A crash or a full disk at any moment leaves the old file whole.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;
use crate::system::fault;
use crate::system::file::stamp::Stamp;
use crate::system::file::stamp::stamp;
use crate::system::file::writer::remove_quietly;
use crate::system::file::writer::sync_folder;

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

/// As [`replace_output`], for a file that only the holder of a lock replaces, and only as long as
/// its stamp is `seen`; false, and nothing has changed, when somebody else has changed it
/// meanwhile.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::file::reader::read;

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
}

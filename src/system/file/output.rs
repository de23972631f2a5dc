//! What a person names as the place for a result: an ordinary file is replaced whole, anything else
//! that stands there (a device, a named pipe, an open descriptor) is written into and stays.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::os::fd::BorrowedFd;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;
use crate::system::file::replacement::replace;
use crate::system::file::writer::create_folder;

/// Links that are followed before they are taken for a circle, as the kernel does.
const MOST_LINKS: usize = 40;

/// Writes `content` to what a person named. A missing folder is made: it is returned, so that it
/// can be told, since a slip of the hand makes one too.
///
/// A named pipe waits for its reader; one that has gone away is no error.
///
/// # Errors
/// When the folder cannot be made, or the file cannot be replaced or written into.
pub fn put(path: &Path, content: &[u8]) -> Result<Option<PathBuf>> {
    let target = destination(path).map_err(|source| Error::write(path, source))?;
    if let Some(mut opened) = standing(&target).map_err(|source| Error::write(path, source))? {
        return match opened.write_all(content).and_then(|()| opened.flush()) {
            Err(source) if source.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::write(path, source))
            }
            _ => Ok(None),
        };
    }
    let missing = missing_folder(&target);
    if let Some(folder) = &missing {
        create_folder(folder)?;
    }
    replace(&target, content)?;
    Ok(missing)
}

/// What `path` leads to, link by link, up to an open descriptor: what a descriptor leads to may have
/// no name any more, or be shared with others that write there.
fn destination(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        let is_link = fs::symlink_metadata(&at).is_ok_and(|found| found.is_symlink());
        if !is_link || descriptor(&at).is_some() {
            return Ok(at);
        }
        let next = fs::read_link(&at)?;
        at = at.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}

/// What stands at `target` and must not be replaced, opened for writing; `None` for an ordinary
/// file and for nothing.
#[expect(clippy::disallowed_methods, reason = "this is the door for file writes")]
fn standing(target: &Path) -> io::Result<Option<File>> {
    match descriptor(target) {
        // Its own copy shares the place up to which it was written.
        Some(1) => return own(io::stdout().as_fd()),
        Some(2) => return own(io::stderr().as_fd()),
        Some(_) => return OpenOptions::new().append(true).open(target).map(Some),
        None => {}
    }
    match fs::metadata(target) {
        Ok(found) if !found.is_file() => OpenOptions::new().write(true).open(target).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn own(descriptor: BorrowedFd<'_>) -> io::Result<Option<File>> {
    descriptor.try_clone_to_owned().map(|descriptor| Some(File::from(descriptor)))
}

/// The number, where `path` is an open descriptor of this process, such as `/proc/self/fd/1`.
fn descriptor(path: &Path) -> Option<u32> {
    let number = path.file_name()?.to_str()?.parse().ok()?;
    let folder = fs::canonicalize(path.parent()?).ok()?;
    let parts: Vec<Component<'_>> = folder.components().skip(1).collect();
    let [Component::Normal(first), Component::Normal(process), .., Component::Normal(last)] =
        parts.as_slice()
    else {
        return None;
    };
    let is_own = process.to_str() == Some(std::process::id().to_string().as_str());
    (*first == "proc" && is_own && *last == "fd").then_some(number)
}

/// The folder that `target` needs and that is not there.
fn missing_folder(target: &Path) -> Option<PathBuf> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    (!folder.exists()).then(|| folder.to_path_buf())
}

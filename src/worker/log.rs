//! What the program prints, kept in files of bounded size.
//! The program writes to the file itself, so that it never waits for its worker and outlives it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;
use crate::system::file;

/// One captured stream.
#[derive(Debug)]
pub struct Log {
    pub path: PathBuf,
    file: File,
    limit: u64,
    cut: bool,
}

impl Log {
    /// Creates the file; it is appended to, so that cutting it leaves no hole.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path, limit: u64) -> Result<Self> {
        let file = file::create_appending(path)?;
        Ok(Self { path: path.to_path_buf(), file, limit, cut: false })
    }

    /// The descriptor for the program.
    ///
    /// # Errors
    /// When this process has too many open.
    pub fn descriptor(&self) -> Result<File> {
        self.file.try_clone().map_err(|source| Error::write(&self.path, source))
    }

    /// Keeps the file below its limit; the beginning is what stays.
    pub fn trim(&mut self) {
        let length = self.file.metadata().map_or(0, |metadata| metadata.len());
        if length > self.limit && self.file.set_len(self.limit).is_ok() {
            self.cut = true;
        }
    }

    /// Nothing more is written; says so, at the end of the file as well, when something was cut
    /// off.
    pub fn close(&mut self) -> Option<String> {
        self.trim();
        if !self.cut {
            return None;
        }
        let limit = self.limit;
        // On a full disk the mark is missing, and the warning still says it.
        let _ =
            write!(self.file, "\n[cut here: the limit is {limit} bytes, see `log_limit_bytes`]\n");
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        Some(format!("`{name}` was cut at its limit of {limit} bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_beginning_and_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::create(&folder.path().join("stdout.log"), 4).unwrap();
        let mut program = log.descriptor().unwrap();
        program.write_all(b"abcdef").unwrap();
        log.trim();
        program.write_all(b"gh").unwrap();
        log.trim();
        assert_eq!(std::fs::read(&log.path).unwrap(), b"abcd");
        assert_eq!(log.close().unwrap(), "`stdout.log` was cut at its limit of 4 bytes");
        let kept = std::fs::read_to_string(&log.path).unwrap();
        assert_eq!(kept, "abcd\n[cut here: the limit is 4 bytes, see `log_limit_bytes`]\n");
    }
}

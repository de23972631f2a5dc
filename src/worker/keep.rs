//! Files that a program writes and its run keeps: copied beside the logs as soon as it has ended,
//! so that the next program may write the same ones. What it did not write is not kept.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::executor::Job;
use crate::plan::RunId;
use crate::store::Layout;
use crate::system::file;
use crate::system::file::Stamp;

/// The files as they were before the program started.
#[derive(Debug)]
pub struct Watched(Vec<(PathBuf, Option<Stamp>)>);

impl Watched {
    pub fn new(job: &Job) -> Self {
        let paths = job.keep.iter().map(|name| job.cwd.join(name));
        Self(paths.map(|path| (path.clone(), file::stamp(&path))).collect())
    }

    /// Copies those that were written since, each of at most `limit` bytes.
    ///
    /// # Errors
    /// When one of them cannot be read or copied.
    pub fn keep(&self, layout: &Layout, run: &RunId, attempt: u32, limit: u64) -> Result<()> {
        for (index, (path, before)) in self.0.iter().enumerate() {
            let now = file::stamp(path);
            if now.is_none() || now == *before {
                continue;
            }
            let content = file::read(path, limit)?;
            let kept: &Path = &layout.kept_file(run, attempt, index);
            file::replace_output(kept, &content, "kept")?;
        }
        Ok(())
    }
}

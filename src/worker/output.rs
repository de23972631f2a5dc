//! The files that a measured run leaves: its profile in the forms that people and tools read, and
//! the metadata beside them. Values of the environment are in none of them.

use std::path::Path;

use serde_json::json;
use sha2::Digest as _;
use sha2::Sha256;

use crate::error::Error;
use crate::error::Result;
use crate::format;
use crate::plan::RunId;
use crate::plan::measurement::Context;
use crate::plan::measurement::FileKind;
use crate::plan::measurement::FileRecord;
use crate::profile::Profile;
use crate::profile::wire;
use crate::store::Layout;
use crate::system::file;
use crate::worker::memory::Timeline;
use crate::worker::revision::hex;

/// Where the files of one attempt go.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    pub layout: &'a Layout,
    pub run: &'a RunId,
    /// The attempt's own folder.
    pub folder: &'a Path,
}

impl Output<'_> {
    /// Writes the profile's files: beside the plan when `publish` is set, else into the attempt's
    /// folder, so that a failed attempt never replaces the profile of a good one.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn write(
        &self,
        profile: Option<&Profile>,
        memory: Option<&Timeline>,
        context: &Context,
        publish: bool,
    ) -> Result<Vec<FileRecord>> {
        let mut records = Vec::new();
        if let Some(profile) = profile {
            let exchange = self.folder.join("profile.json");
            records.push(self.save(&exchange, FileKind::Profile, &wire::to_json(profile))?);
            let folder = if publish { self.layout.profiling() } else { self.folder.to_path_buf() };
            let clock = profile.unit.word();
            for (kind, writer, ending) in [
                (FileKind::Functions, "functions-csv", format!("funcs.{clock}.csv")),
                (FileKind::Threads, "threads-csv", format!("threads.{clock}.csv")),
                (FileKind::Pstat, "pstat", format!("{clock}.pstat")),
            ] {
                let content = format::writer_by_name(writer)?.write(profile);
                let path = folder.join(format!("{}.{ending}", self.run));
                records.push(self.save(&path, kind, &content)?);
            }
        }
        if let Some(memory) = memory {
            let path = self.folder.join("memory.csv");
            records.push(self.save(&path, FileKind::Memory, memory.csv().as_bytes())?);
        }
        for (kind, name) in [(FileKind::Stdout, "stdout.log"), (FileKind::Stderr, "stderr.log")] {
            let path = self.folder.join(name);
            let content = std::fs::read(&path).map_err(|source| Error::read(&path, source))?;
            records.push(self.record(&path, kind, &content));
        }
        if publish {
            let metadata = json!({ "run": self.run, "context": context, "files": records });
            let text = format!("{metadata:#}\n");
            let path = self.layout.run_folder(self.run).join("metadata.json");
            records.push(self.save(&path, FileKind::Metadata, text.as_bytes())?);
        }
        Ok(records)
    }

    fn save(&self, path: &Path, kind: FileKind, content: &[u8]) -> Result<FileRecord> {
        file::replace_output(path, content, "output")?;
        Ok(self.record(path, kind, content))
    }

    fn record(&self, path: &Path, kind: FileKind, content: &[u8]) -> FileRecord {
        FileRecord {
            path: self.layout.recorded(path),
            kind,
            bytes: content.len() as u64,
            sha256: hex(&Sha256::digest(content)),
        }
    }
}

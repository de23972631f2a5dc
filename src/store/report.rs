//! What a worker leaves behind for whoever records it: written whole, or not at all.

use std::fs::File;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Measurement;
use crate::plan::Outcome;
use crate::system::clock;
use crate::system::file;

const FILE: &str = "report.json";
const MARK: &str = "started.json";
const RESERVE: &str = "report.reserve";
const LIMIT: u64 = 16 << 20;

/// Room that is kept free for the report of a failure.
const RESERVED_BYTES: usize = 32 << 10;

/// Set in the environment of a program to the folder of its attempt, so that whatever it starts can
/// be found when nobody is left to look after it.
pub const MARK_VARIABLE: &str = "SUPERLINEAR_ATTEMPT";

/// The end of one attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub outcome: Outcome,
    /// Whether a person asked for the end.
    pub on_request: bool,
    /// Why, in words; empty when all went well.
    pub message: String,
    pub ended: DateTime<Utc>,
    /// Of a program that ended well.
    pub measurement: Option<Box<Measurement>>,
}

impl Report {
    /// An attempt that ended without a measurement.
    pub fn failed(outcome: Outcome, message: String) -> Self {
        Self { outcome, on_request: false, message, ended: clock::now(), measurement: None }
    }

    /// Writes the report into the folder of its attempt.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, attempt_folder: &Path) -> Result<()> {
        let bytes =
            serde_json::to_vec_pretty(self).map_err(|error| Error::bug(error.to_string()))?;
        file::replace_output(&attempt_folder.join(FILE), &bytes, "report")
    }

    /// The report in the folder of an attempt; `None` when there is none.
    ///
    /// # Errors
    /// When there is one that cannot be read.
    pub fn load(attempt_folder: &Path) -> Result<Option<Self>> {
        let path = attempt_folder.join(FILE);
        if file::stamp(&path).is_none() {
            return Ok(None);
        }
        let bytes = file::read(&path, LIMIT)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Act::ParseFile {
                line: Some(error.line() as u64),
                column: Some(error.column() as u64),
                problem: error.to_string(),
                hint: "remove it, then reset the run".into(),
                path,
            }
            .into()
        })
    }
}

/// Room on the disk for a small report when there is none left; given back when dropped.
#[derive(Debug)]
pub struct Reserve(PathBuf);

impl Reserve {
    /// Takes the room.
    ///
    /// # Errors
    /// When there is none.
    pub fn create(attempt_folder: &Path) -> Result<Self> {
        let path = attempt_folder.join(RESERVE);
        let written = file::create(&path)
            .and_then(|mut file| fill(&mut file).map_err(|source| Error::write(&path, source)));
        let reserve = Self(path);
        written.map(|()| reserve)
    }

    /// Saves `report` in the room that was kept.
    ///
    /// # Errors
    /// When even that is gone.
    pub fn spend(self, report: &Report, attempt_folder: &Path) -> Result<()> {
        drop(self);
        report.save(attempt_folder)
    }
}

fn fill(file: &mut File) -> io::Result<()> {
    file.write_all(&[b'\n'; RESERVED_BYTES])
}

impl Drop for Reserve {
    fn drop(&mut self) {
        let _ = file::remove(&self.0);
    }
}

/// Marks, on the disk, that the program of an attempt is about to run.
///
/// # Errors
/// When it cannot be written.
pub fn mark_started(attempt_folder: &Path) -> Result<()> {
    let now = format!("\"{}\"\n", clock::now());
    file::replace_output(&attempt_folder.join(MARK), now.as_bytes(), "mark")
}

/// Whether the program of an attempt was about to run.
pub fn was_started(attempt_folder: &Path) -> bool {
    file::stamp(&attempt_folder.join(MARK)).is_some()
}

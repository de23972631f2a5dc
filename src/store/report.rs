//! What a worker leaves behind for whoever records it: written whole, or not at all.

use std::path::Path;

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
const LIMIT: u64 = 16 << 20;

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
        file::replace(&attempt_folder.join(FILE), &bytes)
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

/// Marks, on the disk, that the program of an attempt is about to run.
///
/// # Errors
/// When it cannot be written.
pub fn mark_started(attempt_folder: &Path) -> Result<()> {
    file::replace(&attempt_folder.join(MARK), format!("\"{}\"\n", clock::now()).as_bytes())
}

/// Whether the program of an attempt was about to run.
pub fn was_started(attempt_folder: &Path) -> bool {
    file::stamp(&attempt_folder.join(MARK)).is_some()
}

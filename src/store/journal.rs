//! Changes of the plan that are not yet written into it: one JSON object a line, appended and
//! synced. A torn last line is what a crash leaves and is forgiven; any other damage is refused.

use std::path::Path;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Change;
use crate::system::fault;
use crate::system::file;

/// The largest journal that is read; it is folded into the plan long before.
const LIMIT: u64 = 256 << 20;

/// A journal of this size must be folded before anything is added to it.
pub const FULL: u64 = LIMIT / 2;

/// The whole changes of a journal from some offset on.
#[derive(Debug, Default, PartialEq)]
pub struct Entries {
    pub changes: Vec<Change>,
    /// Offset behind the last whole line: where the next change belongs.
    pub end: u64,
}

/// Reads the changes from offset `from` on; a missing journal is an empty one.
///
/// # Errors
/// When it cannot be read, or when a line other than a torn last one is damaged.
pub fn read(path: &Path, from: u64) -> Result<Entries> {
    let Some(bytes) = file::read_from(path, from, LIMIT)? else {
        return Ok(Entries::default());
    };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let mut changes = Vec::new();
    for (index, line) in bytes[..whole].split(|byte| *byte == b'\n').enumerate() {
        if !line.is_empty() {
            changes.push(change(line).map_err(|why| damaged(path, from, index, &why))?);
        }
    }
    Ok(Entries { changes, end: from + whole as u64 })
}

/// Appends `changes` at offset `end`, cutting off a torn line behind it, and waits for the disk.
/// Returns the new end.
///
/// # Errors
/// When it cannot be written; what was written before stays whole.
pub fn append(path: &Path, end: u64, changes: &[Change]) -> Result<u64> {
    let mut lines = Vec::new();
    for change in changes {
        serde_json::to_writer(&mut lines, change).map_err(|error| Error::bug(error.to_string()))?;
        lines.push(b'\n');
    }
    let written = file::open_at(path, end).and_then(|mut file| {
        fault::write("journal", &mut file, &lines)
            .and_then(|()| fault::point("journal", "written"))
            .and_then(|()| file.sync_data())
            .and_then(|()| fault::point("journal", "synced"))
            .map_err(|source| Error::write(path, source))
    });
    if let Err(error) = written {
        // A half-written record would be torn, not lost: cut it off as well as the disk allows.
        let _ = file::truncate(path, end);
        return Err(error);
    }
    Ok(end + lines.len() as u64)
}

/// Empties the journal after its changes have reached the plan.
///
/// # Errors
/// When it cannot be written.
pub fn clear(path: &Path) -> Result<()> {
    file::truncate(path, 0)?;
    fault::point("journal", "cleared").map_err(|source| Error::write(path, source))
}

fn change(line: &[u8]) -> std::result::Result<Change, String> {
    serde_json::from_slice(line).map_err(|error| error.to_string())
}

fn damaged(path: &Path, from: u64, index: usize, why: &str) -> Error {
    Act::ParseFile {
        path: path.to_path_buf(),
        line: (from == 0).then_some(index as u64 + 1),
        column: None,
        problem: format!("this record of the plan's journal is damaged: {why}"),
        hint: "restore the file, or remove that line if you know what it said; \
               the plan itself holds everything before the journal's first record"
            .into(),
    }
    .into()
}

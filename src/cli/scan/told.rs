//! What a person is told when a scan did not go as it was asked for, and how it ended.

use crate::cli::scan::folder;
use crate::cli::scan::folder::Scan;
use crate::cli::terminal;
use crate::error::Result;
use crate::plan::Status;
use crate::report::name;
use crate::store::PlanStore;
use crate::system::file;

/// The longest log that is looked into, in bytes.
const LONGEST_LOG: u64 = 64 << 20;
/// Columns of what is shown of its last line.
const LONGEST_LINE: usize = 160;

/// Names the sizes that were not started, and why.
///
/// # Errors
/// When the plan cannot be read.
pub fn skipped(store: &mut PlanStore, scan: &Scan, why: &str) -> Result<()> {
    let plan = store.read()?;
    let is_pending = |size: &&f64| {
        let run = plan.runs.get(folder::run_id(**size).as_str());
        run.is_some_and(|run| run.status == Status::Pending)
    };
    let skipped: Vec<String> = scan.sizes.iter().filter(is_pending).map(f64::to_string).collect();
    if !skipped.is_empty() {
        let sizes = if skipped.len() == 1 { "size" } else { "sizes" };
        terminal::say(format!("skip   {sizes} {}: {why}", skipped.join(", ")));
    }
    Ok(())
}

/// What the smallest size that failed wrote last, and where the rest of it is.
///
/// # Errors
/// When the plan cannot be read.
pub fn failure(store: &mut PlanStore, scan: &Scan) -> Result<()> {
    let layout = store.layout().clone();
    let plan = store.read()?;
    let failed = |size: &f64| {
        let run = plan.runs.get(folder::run_id(*size).as_str())?;
        matches!(run.status, Status::Error { .. }).then(|| (run, run.attempts.last()))
    };
    let Some((run, Some(attempt))) = scan.sizes.iter().find_map(failed) else { return Ok(()) };
    let folder = layout.attempt_folder(&run.id, attempt.number);
    for log in ["stderr.log", "input.log"].map(|name| folder.join(name)) {
        let text = file::read(&log, LONGEST_LOG).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        if let Some(last) = text.lines().rev().find(|line| !line.trim().is_empty()) {
            let last = name::shorten(last.trim(), LONGEST_LINE);
            terminal::say(format!("wrote  {}: {last} (all of it: {})", run.id, log.display()));
            break;
        }
    }
    Ok(())
}

/// How a scan ended, for who is told.
pub fn ending(code: u8) -> &'static str {
    match code {
        0 => "the scan ended",
        1 => "the scan ended, and some of it failed",
        4 => "the scan ended above its limit",
        130 | 143 => "the scan was interrupted",
        _ => "the scan was given up",
    }
}

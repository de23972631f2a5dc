//! How far a plan got: for a person as a table, for a script as JSON.

use chrono::DateTime;
use chrono::Utc;
use serde_json::Value;
use serde_json::json;

use crate::cli::listing;
use crate::cli::listing::Side;
use crate::error::Result;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::settle;
use crate::store::Layout;
use crate::system::clock;
use crate::units::Seconds;

/// The selected runs as a table with a line of totals.
///
/// # Errors
/// When the lock of a run cannot be looked at.
pub fn table(plan: &Plan, layout: &Layout, selection: &Selection) -> Result<String> {
    let head = [
        ("run", Side::Left),
        ("phase", Side::Right),
        ("size", Side::Right),
        ("state", Side::Left),
        ("attempts", Side::Right),
        ("elapsed", Side::Right),
        ("note", Side::Left),
    ];
    let now = clock::now();
    let mut rows = Vec::new();
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        rows.push(vec![
            run.id.to_string(),
            run.phase.to_string(),
            format!("{} {}", run.extent.size(), run.extent.unit()).trim_end().to_string(),
            run.status.word().to_string(),
            run.attempts.len().to_string(),
            elapsed(plan, run, now).map(|time| time.to_string()).unwrap_or_default(),
            note(run, layout)?,
        ]);
    }
    Ok(listing::table(&head, &rows) + "\n" + &totals(plan, selection))
}

/// The selected runs as JSON: `{"runs": [{id, phase, size, status, attempts, …}], "counts": {…}}`.
///
/// # Errors
/// When the lock of a run cannot be looked at.
pub fn json(plan: &Plan, layout: &Layout, selection: &Selection) -> Result<String> {
    let now = clock::now();
    let mut runs = Vec::new();
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        let lease = match &run.status {
            Status::Running(Some(lease)) => json!({
                "attempt": lease.attempt, "host": lease.host, "boot_id": lease.boot_id,
                "pid": lease.pid, "started": lease.started,
            }),
            _ => Value::Null,
        };
        runs.push(json!({
            "id": run.id,
            "phase": run.phase,
            "size": run.extent.size(),
            "label": run.label,
            "workload": run.workload,
            "status": run.status.word(),
            "attempts": run.attempts.len(),
            "alive": settle::is_worked_on(layout, &run.id)?,
            "elapsed_seconds": elapsed(plan, run, now),
            "wall_seconds": plan.results.get(&run.id).map(|result| &result.wall_seconds),
            "lease": lease,
            "error": failure(run),
        }));
    }
    let counts = counts(plan, selection);
    let counts = json!({
        "pending": counts[0], "running": counts[1], "done": counts[2], "error": counts[3],
    });
    Ok(format!("{:#}\n", json!({ "runs": runs, "counts": counts })))
}

/// How many of the selection are in each state, in a sentence.
pub fn totals(plan: &Plan, selection: &Selection) -> String {
    let [pending, running, done, error] = counts(plan, selection);
    format!("{done} done, {error} in error, {running} running, {pending} pending\n")
}

fn counts(plan: &Plan, selection: &Selection) -> [usize; 4] {
    let mut counts = [0; 4];
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        counts[match run.status {
            Status::Pending => 0,
            Status::Running(_) => 1,
            Status::Done { .. } => 2,
            Status::Error { .. } => 3,
        }] += 1;
    }
    counts
}

/// Wall time of the latest repetition, or since the start of what is running.
fn elapsed(plan: &Plan, run: &Run, now: DateTime<Utc>) -> Option<Seconds> {
    match &run.status {
        Status::Running(Some(lease)) => {
            Some(Seconds((now - lease.started).num_milliseconds() as f64 / 1e3))
        }
        _ => plan.results.get(&run.id)?.wall_seconds.last().copied().map(Seconds),
    }
}

fn failure(run: &Run) -> Option<&str> {
    match &run.status {
        Status::Error { message, .. } => Some(message),
        _ => None,
    }
}

fn note(run: &Run, layout: &Layout) -> Result<String> {
    let note = match &run.status {
        Status::Error { message, .. } => message.clone(),
        Status::Running(_) if !settle::is_worked_on(layout, &run.id)? => {
            "nobody works on it: `--resume` goes on".into()
        }
        Status::Running(Some(lease)) => format!("process {} on {}", lease.pid, lease.host),
        _ => run.attempts.last().map_or_else(String::new, |attempt| attempt.message.clone()),
    };
    Ok(note)
}

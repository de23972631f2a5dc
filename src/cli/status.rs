//! How far a plan got, as a table for a person.

use chrono::DateTime;
use chrono::Utc;

use crate::cli::estimate::Known;
use crate::cli::listing;
use crate::cli::listing::Side;
use crate::error::Result;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::orphan;
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
        ("left", Side::Right),
        ("note", Side::Left),
    ];
    let now = clock::now();
    let known = Known::of(plan);
    let mut rows = Vec::new();
    let mut total = Some(0.0);
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        let left = known.left(run, now);
        if matches!(run.status, Status::Pending | Status::Running(_)) {
            total = total.zip(left).map(|(total, left)| total + left.0);
        }
        rows.push(vec![
            run.id.to_string(),
            run.phase.to_string(),
            format!("{} {}", run.extent.size(), run.extent.unit()).trim_end().to_string(),
            run.status.word().to_string(),
            run.attempts.len().to_string(),
            elapsed(plan, run, now).map(|time| time.to_string()).unwrap_or_default(),
            left.map(|time| format!("about {time}")).unwrap_or_default(),
            note(run, layout)?,
        ]);
    }
    let total = total.filter(|total| *total > 0.0);
    let total = total.map(|total| format!("about {} left\n", Seconds(total))).unwrap_or_default();
    Ok(listing::table(&head, &rows) + "\n" + &totals(plan, selection) + &total)
}

/// How many of the selection are in each state, in a sentence.
pub fn totals(plan: &Plan, selection: &Selection) -> String {
    let [pending, running, done, error] = counts(plan, selection);
    format!("{done} done, {error} in error, {running} running, {pending} pending\n")
}

/// Pending, running, done, in error.
pub fn counts(plan: &Plan, selection: &Selection) -> [usize; 4] {
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
pub fn elapsed(plan: &Plan, run: &Run, now: DateTime<Utc>) -> Option<Seconds> {
    match &run.status {
        Status::Running(Some(lease)) => {
            Some(Seconds((now - lease.started).num_milliseconds() as f64 / 1e3))
        }
        _ => plan.results.get(&run.id)?.wall_seconds.last().copied().map(Seconds),
    }
}

/// The last error of a run that is in error.
pub fn failure(run: &Run) -> Option<&str> {
    match &run.status {
        Status::Error { message, .. } => Some(message),
        _ => None,
    }
}

fn note(run: &Run, layout: &Layout) -> Result<String> {
    let note = match &run.status {
        Status::Error { message, .. } => message.clone(),
        Status::Running(_) => match orphan::of(run, layout)? {
            Some(orphan) => {
                let pids: Vec<String> =
                    orphan.processes.iter().map(|process| process.pid.to_string()).collect();
                format!(
                    "its runner is gone, processes {} go on: `--resume` waits, `--reap` ends them",
                    pids.join(", ")
                )
            }
            None if !settle::is_worked_on(layout, &run.id)? => {
                "nobody works on it: `--resume` goes on".into()
            }
            None => attended(run),
        },
        _ => match &run.skipped {
            Some(why) => format!("skipped: {why}"),
            None => run.attempts.last().map_or_else(String::new, |last| last.message.clone()),
        },
    };
    Ok(note)
}

fn attended(run: &Run) -> String {
    match &run.status {
        Status::Running(Some(lease)) => format!("process {} on {}", lease.pid, lease.host),
        _ => String::new(),
    }
}

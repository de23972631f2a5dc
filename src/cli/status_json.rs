//! How far a plan got, for a script: the JSON of `runner --status --json`.
//! The words on the fields are what `schema/status.schema.json` says of them.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::cli::estimate::Known;
use crate::cli::status;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::orphan;
use crate::runner::settle;
use crate::store::Layout;
use crate::system::clock;

/// The selected runs as JSON.
///
/// # Errors
/// When the lock of a run cannot be looked at.
pub fn json(plan: &Plan, layout: &Layout, selection: &Selection) -> Result<String> {
    let (now, known) = (clock::now(), Known::of(plan));
    let runs = plan.runs.values().filter(|run| selection.covers(run));
    let runs = runs.map(|run| described(plan, layout, run, &known, now));
    let [pending, running, done, error] = status::counts(plan, selection);
    let document = Document {
        runs: runs.collect::<Result<_>>()?,
        counts: Counts { pending, running, done, error },
    };
    let text =
        serde_json::to_string_pretty(&document).map_err(|error| Error::bug(error.to_string()))?;
    Ok(text + "\n")
}

fn described<'a>(
    plan: &'a Plan,
    layout: &Layout,
    run: &'a Run,
    known: &Known<'_>,
    now: DateTime<Utc>,
) -> Result<RunStatus<'a>> {
    Ok(RunStatus {
        id: run.id.as_str(),
        phase: run.phase,
        size: run.extent.size(),
        label: &run.label,
        workload: &run.workload,
        status: run.status.word(),
        attempts: run.attempts.len(),
        repetitions: run.repetitions,
        alive: settle::is_worked_on(layout, &run.id)?,
        orphan: orphan::of(run, layout)?.is_some(),
        elapsed_seconds: status::elapsed(plan, run, now).map(|time| time.0),
        left_seconds: known.left(run, now).map(|time| time.0),
        wall_seconds: plan.results.get(&run.id).map(|result| result.wall_seconds.as_slice()),
        skipped: run.skipped.as_deref(),
        lease: lease(run),
        error: status::failure(run),
    })
}

fn lease(run: &Run) -> Option<Lease<'_>> {
    let Status::Running(Some(lease)) = &run.status else { return None };
    Some(Lease {
        attempt: lease.attempt,
        host: &lease.host,
        boot_id: &lease.boot_id,
        pid: lease.pid,
        started: lease.started,
    })
}

/// How far the selected runs of a plan got.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Document<'a> {
    /// In the order of the plan.
    runs: Vec<RunStatus<'a>>,
    counts: Counts,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RunStatus<'a> {
    id: &'a str,
    phase: u32,
    /// Days of the window, or the size itself.
    size: f64,
    label: &'a str,
    workload: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["pending", "running", "done", "error"])))]
    status: &'a str,
    /// How often it was tried.
    attempts: usize,
    /// How often it is to be measured.
    repetitions: u32,
    /// Whether its worker, its program or anything that this started is alive.
    alive: bool,
    /// Whether it goes on without its runner.
    orphan: bool,
    /// Wall time of the latest repetition, or since the start of what is running.
    elapsed_seconds: Option<f64>,
    /// A guess of what it will still take, from runs of the same workload.
    left_seconds: Option<f64>,
    /// One per repetition, in the order run.
    wall_seconds: Option<&'a [f64]>,
    /// Why a pending run was left by a runner that executes only what can change a verdict.
    skipped: Option<&'a str>,
    /// Who works on it.
    lease: Option<Lease<'a>>,
    /// Why it is in error.
    error: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Lease<'a> {
    attempt: u32,
    host: &'a str,
    /// Changes with every start of the host.
    boot_id: &'a str,
    pid: u32,
    started: DateTime<Utc>,
}

/// How many of the selected runs are in each state.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Counts {
    pending: usize,
    running: usize,
    done: usize,
    error: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::schema;

    #[test]
    fn the_shipped_schema_is_that_of_the_types() {
        schema::check_shipped::<Document<'_>>("status", |schema| {
            schema["title"] = serde_json::json!("What `runner --status --json` prints");
        });
    }
}

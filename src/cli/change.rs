//! Changes of the queue that a person asks for: add, reset, retry, extend.

use clap::Args;

use crate::cli::choice::Choice;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::plan::After;
use crate::plan::Change;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunResult;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::change::Event;
use crate::plan::wire::RunWire;
use crate::runner::settle;
use crate::store::PlanStore;
use crate::system::clock;

/// A run to be added.
#[derive(Debug, Clone, Args)]
pub struct Add {
    /// Add a run to the plan
    #[arg(long, value_name = "ID", help_heading = "Change")]
    pub add: Option<String>,

    /// With `--add`: first day
    #[arg(long, value_name = "DATE", requires = "add", requires = "end", help_heading = "Change")]
    pub start: Option<String>,

    /// With `--add`: last day, included
    #[arg(
        long,
        value_name = "DATE",
        requires = "add",
        requires = "start",
        help_heading = "Change"
    )]
    pub end: Option<String>,

    /// With `--add`: size, instead of days
    #[arg(
        long,
        value_name = "N",
        requires = "add",
        conflicts_with = "start",
        help_heading = "Change"
    )]
    pub size: Option<f64>,

    /// With `--add`: its phase
    #[arg(long, value_name = "N", requires = "add", default_value_t = 1, help_heading = "Change")]
    pub in_phase: u32,

    /// With `--add`: runs that must be done before it
    #[arg(long, value_name = "ID", num_args = 1.., requires = "add", help_heading = "Change")]
    pub after: Vec<String>,
}

impl Add {
    /// The run as it is to stand in the plan, when one is to be added; `choice` has its label and
    /// workload.
    ///
    /// # Errors
    /// When it has neither window nor size.
    pub fn wire(&self, choice: &Choice) -> Result<Option<RunWire>> {
        let Some(id) = &self.add else { return Ok(None) };
        if self.start.is_none() && self.size.is_none() {
            let message = format!("run `{id}` would have neither a window nor a size");
            return Err(Error::usage(message, "add `--start DATE --end DATE`, or `--size N`"));
        }
        Ok(Some(RunWire {
            id: id.clone(),
            phase: Some(self.in_phase),
            start: self.start.clone(),
            end: self.end.clone(),
            size: self.size,
            label: choice.label.clone(),
            workload: choice.workload.clone(),
            after: After::from(self.after.clone()),
            status: Some("pending".into()),
            ..RunWire::default()
        }))
    }
}

/// Adds a run at the end of the plan.
///
/// # Errors
/// When the plan with it would be refused.
pub fn add(store: &mut PlanStore, shared: &Shared, run: RunWire) -> Result<()> {
    let id = run.id.clone();
    store.lock(shared.patience())?.add(&[run])?;
    terminal::say(format!("added `{id}`"));
    Ok(())
}

/// Makes the selected runs pending again; their files stay, their results leave the plan.
///
/// # Errors
/// When one is unknown or being worked on.
pub fn reset(store: &mut PlanStore, shared: &Shared, selection: &Selection) -> Result<()> {
    let count = make_pending(store, shared, selection, |_, _| true, anew)?;
    say_pending(count);
    Ok(())
}

/// Makes the runs of the selection that are in error pending again.
///
/// # Errors
/// As [`reset`].
pub fn retry(store: &mut PlanStore, shared: &Shared, selection: &Selection) -> Result<()> {
    let failed = |_: &Plan, run: &Run| matches!(run.status, Status::Error { .. });
    let count = make_pending(store, shared, selection, failed, anew)?;
    say_pending(count);
    Ok(())
}

/// Makes the runs of the selection that were repeated less often than the plan says pending again,
/// and keeps what they have; returns how many.
///
/// # Errors
/// As [`reset`].
pub fn extend(store: &mut PlanStore, shared: &Shared, selection: &Selection) -> Result<usize> {
    let short = |plan: &Plan, run: &Run| {
        let repetitions = plan.results.get(&run.id).map_or(0, RunResult::repetitions);
        matches!(run.status, Status::Done { .. }) && repetitions < run.repetitions as usize
    };
    let more = |run: &Run| Event::Extended { attempts: run.attempts.len(), at: clock::now() };
    make_pending(store, shared, selection, short, more)
}

fn anew(run: &Run) -> Event {
    Event::Reset { attempts: run.attempts.len(), at: clock::now() }
}

/// Says how many runs are pending again.
pub fn say_pending(count: usize) {
    let words = if count == 1 { "run is" } else { "runs are" };
    terminal::say(format!("{count} {words} pending again"));
}

fn make_pending(
    store: &mut PlanStore,
    shared: &Shared,
    selection: &Selection,
    wanted: impl Fn(&Plan, &Run) -> bool,
    event: impl Fn(&Run) -> Event,
) -> Result<usize> {
    let layout = store.layout().clone();
    let mut locked = store.lock(shared.patience())?;
    selection.check(locked.plan())?;
    let over = settle::over(&locked)?;
    locked.record(&over)?;
    let mut changes = Vec::new();
    let plan = locked.plan();
    for run in plan.runs.values().filter(|run| selection.covers(run) && wanted(plan, run)) {
        if settle::is_worked_on(&layout, &run.id)? {
            let message = format!("run `{}` is being worked on", run.id);
            return Err(Error::usage(message, "wait for it, or stop its runner with Ctrl-C"));
        }
        changes.push(Change { run: run.id.to_string(), event: event(run) });
    }
    locked.record(&changes)?;
    locked.fold()?;
    Ok(changes.len())
}

//! The command `runner`: execute the queue, look at it, or change it.

use std::cell::RefCell;

use clap::ArgGroup;
use clap::Args;
use clap::Parser;

use crate::cli::change;
use crate::cli::choice::Choice;
use crate::cli::copy::Copied;
use crate::cli::drill;
use crate::cli::dry_run;
use crate::cli::execution::Execution;
use crate::cli::listing;
use crate::cli::listing::Side;
use crate::cli::progress::Progress;
use crate::cli::reap;
use crate::cli::samples;
use crate::cli::shared::Shared;
use crate::cli::shared::plan_option;
use crate::cli::status;
use crate::cli::status_json;
use crate::cli::terminal;
use crate::cli::validate;
use crate::cli::watch::Watch;
use crate::error::Error;
use crate::error::Result;
use crate::executor::Local;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::runner;
use crate::runner::Summary;
use crate::runner::pick::Pick;
use crate::runner::pick::Picker;
use crate::runner::pick::Standing;
use crate::store::PlanStore;
use crate::system::env;
use crate::system::process::Signal;

/// Runs a program at several sizes under a function-level profiler, from a resumable queue.
#[derive(Debug, Parser)]
#[command(name = "runner", version, after_help = EXAMPLES)]
pub struct RunnerLine {
    #[command(flatten)]
    pub shared: Shared,

    #[command(flatten)]
    pub copied: Copied,

    #[command(flatten)]
    pub act: Act,
}

const EXAMPLES: &str = "\
Examples:
  runner --phase 1                     execute the scaling series
  runner --run wk-2025-01-20_01-26     execute one run
  runner --resume                      go on after an interruption
  runner --phase 1 --adaptive          smallest sizes first, until a larger one would tell nothing new
  runner --status                      see how far the plan got
  runner --phase 1 --dry-run           see what would be executed
  runner --label week --retry          execute anew the weeks that failed
  runner --reset --phase 1             make a whole phase pending again
  runner --extend --phase 1            add the repetitions that the plan asks for meanwhile
  runner --drill concat_frames         time each line of a function that grows
  runner --phase 1 --html live.html --notify 'notify-send superlinear'
  runner --add wk-x --start 2025-11-03 --end 2025-11-09

Exit codes: 0 done, 1 a run failed, 2 usage, 3 plan refused or unreadable,
5 plan locked, 6 runs left outstanding, 130/143 interrupted, 70 a bug.";

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("act").multiple(true).required(true).args([
    "phase", "run", "all", "label", "workload", "state", "resume", "status", "list", "validate", "reset", "retry", "extend",
    "add", "reap", "drill", "list_samples",
]))]
pub struct Act {
    #[command(flatten)]
    pub choice: Choice,

    /// Go on: record what finished meanwhile, then execute what is pending
    #[arg(long, help_heading = "Execute")]
    pub resume: bool,

    #[command(flatten)]
    pub execution: Execution,

    /// Show state, attempts, times and errors
    #[arg(long, conflicts_with_all = ["resume", "list"], help_heading = "Look")]
    pub status: bool,

    /// With `--status` or `--list-samples`: as JSON
    #[arg(long, help_heading = "Look")]
    pub json: bool,

    /// Show the embedded samples: what they do, how they grow by design, their usual sizes
    #[arg(long, help_heading = "Look")]
    pub list_samples: bool,

    /// Show the runs of the plan
    #[arg(long, help_heading = "Look")]
    pub list: bool,

    /// Show what would be executed: command, environment, folders; and what is missing for it (exit
    /// code 3)
    #[arg(long, conflicts_with_all = ["reset", "retry", "extend", "reap", "add"], help_heading = "Look")]
    pub dry_run: bool,

    /// Check the plan and say what is wrong with it
    #[arg(long, help_heading = "Look")]
    pub validate: bool,

    /// Make these runs, or those selected, pending again and drop their results; their files stay
    #[arg(long, value_name = "ID", num_args = 0.., help_heading = "Change")]
    pub reset: Option<Vec<String>>,

    /// Make runs that are in error pending again, then execute them
    #[arg(long, help_heading = "Change")]
    pub retry: bool,

    /// Execute again the runs that were repeated less often than the plan says by now; what they
    /// have is kept
    #[arg(long, conflicts_with = "reset", help_heading = "Change")]
    pub extend: bool,

    /// End what goes on without its runner, and record that
    #[arg(long, help_heading = "Change")]
    pub reap: bool,

    /// Time each line of a function at the largest size and at the one below, by `line_profiler`:
    /// NAME, or FILE:NAME, or nothing for the first culprit of phase 1
    #[arg(long, value_name = "FUNCTION", num_args = 0..=1, default_missing_value = "",
          conflicts_with_all = ["reset", "retry", "extend", "reap", "resume", "status"], help_heading = "Look")]
    pub drill: Option<String>,

    #[command(flatten)]
    pub add: change::Add,
}

/// Does what the command line asks.
///
/// # Errors
/// As documented with the exit codes.
pub fn run(line: RunnerLine) -> Result<u8> {
    let RunnerLine { shared, copied, act } = line;
    shared.start_log();
    if act.json && !act.status && !act.list_samples {
        let hint = "write `--status --json` or `--list-samples --json`";
        return Err(Error::usage("`--json` belongs to `--status` or `--list-samples`", hint));
    }
    if act.list_samples {
        let text = if act.json { samples::json()? } else { samples::table() };
        return terminal::print(&text).map(|()| 0);
    }
    let shared = copied.placed(shared)?;
    let mut store = shared.store();
    if act.validate {
        return validate::run(&mut store, &shared);
    }
    if let Some(function) = &act.drill {
        return drill::run(&mut store, function);
    }
    let adds = act.add.add.is_some();
    if let Some(added) = act.add.wire(&act.choice)? {
        change::add(&mut store, &shared, added)?;
    }
    let selection = if adds { act.choice.runs_named() } else { act.choice.selection() };
    if let Some(ids) = &act.reset {
        change::reset(&mut store, &shared, &to_reset(ids, &act.choice)?)?;
    }
    if act.reap {
        reap::reap(&mut store, &shared)?;
    }
    if act.retry {
        change::retry(&mut store, &shared, &selection)?;
    }
    if act.extend {
        change::say_pending(change::extend(&mut store, &shared, &selection)?);
    }
    if act.dry_run {
        return dry_run::run(&mut store, &selection);
    }
    if act.status {
        fold_quietly(&mut store, &shared);
        let show = if act.json { status_json::json } else { status::table };
        return look(&mut store, &selection, |plan, layout, selection| {
            show(plan, layout, selection)
        });
    }
    if act.list {
        return look(&mut store, &selection, |plan, _, selection| Ok(list(plan, selection)));
    }
    let chosen = act.reset.is_none() && act.choice.chooses(adds);
    if !(chosen || act.resume || act.retry || act.extend) {
        return Ok(0);
    }
    act.choice.check_for_execution()?;
    execute(&mut store, &shared, &selection, &act.execution)
}

/// The runs of `--reset`: those that it names, or else those selected.
fn to_reset(ids: &[String], choice: &Choice) -> Result<Selection> {
    match (ids.is_empty(), choice.chooses(false)) {
        (false, false) => Ok(Selection::Runs(ids.to_vec())),
        (true, true) => Ok(choice.selection()),
        (unnamed, _) => {
            let what = if unnamed { "neither ids nor a selection" } else { "both" };
            let message = format!("`--reset` needs ids or a selection, and has {what}");
            let hint = "write `--reset ID`, `--reset --phase 1` or `--reset --all`";
            Err(Error::usage(message, hint))
        }
    }
}

fn look(
    store: &mut PlanStore,
    selection: &Selection,
    show: impl FnOnce(&Plan, &crate::store::Layout, &Selection) -> Result<String>,
) -> Result<u8> {
    let layout = store.layout().clone();
    let plan = store.read()?;
    selection.check(plan)?;
    terminal::print(&show(plan, &layout, selection)?)?;
    Ok(0)
}

/// Writes journalled changes into the plan, so that a person who opens it sees what the table
/// shows; when somebody else holds the lock, the table is right all the same.
fn fold_quietly(store: &mut PlanStore, shared: &Shared) {
    let folded = store.lock(shared.patience()).and_then(|mut locked| locked.fold());
    if let Err(error) = folded {
        tracing::debug!("the journal was not folded: {error}");
    }
}

fn list(plan: &Plan, selection: &Selection) -> String {
    let head = [
        ("run", Side::Left),
        ("phase", Side::Right),
        ("size", Side::Right),
        ("label", Side::Left),
        ("description", Side::Left),
    ];
    let rows: Vec<Vec<String>> = plan
        .runs
        .values()
        .filter(|run| selection.covers(run))
        .map(|run| {
            let size = format!("{} {}", run.extent.size(), run.extent.unit());
            vec![
                run.id.to_string(),
                run.phase.to_string(),
                size.trim_end().to_string(),
                run.label.clone(),
                run.description.clone(),
            ]
        })
        .collect();
    listing::table(&head, &rows)
}

/// Executes the selection, showing progress, and says how it ended.
///
/// # Errors
/// When the plan cannot be used or no worker started.
pub fn execute(
    store: &mut PlanStore,
    shared: &Shared,
    selection: &Selection,
    execution: &Execution,
) -> Result<u8> {
    let layout = store.layout().clone();
    let mut adaptive = execution.adaptive.adaptive(layout, plan_option(&shared.plan))?;
    let summary = match &mut adaptive {
        Some(adaptive) => {
            let mut pick = |standing: Standing<'_>| adaptive.pick(standing);
            executed(store, shared, selection, execution, Some(&mut pick))?
        }
        None => executed(store, shared, selection, execution, None)?,
    };
    if let Some(plan) = store.last_read() {
        terminal::print(&status::totals(plan, selection))?;
        let spared = adaptive.filter(|_| summary.stopped_by.is_none());
        spared.map_or(Ok(()), |adaptive| terminal::print(&adaptive.told(plan)))?;
    }
    Ok(exit_code(summary))
}

/// Executes the selection, showing progress; `pick` says what is next, where the order of the plan
/// is not to.
///
/// # Errors
/// As [`execute`].
pub fn executed(
    store: &mut PlanStore,
    shared: &Shared,
    selection: &Selection,
    execution: &Execution,
    pick: Option<&mut Picker<'_>>,
) -> Result<Summary> {
    let tool = env::this_program()
        .map_err(|error| Error::bug(format!("cannot find this program: {error}")))?;
    let options = execution.options(selection.clone(), shared.patience(), tool.clone())?;
    let chosen = options.selection.clone();
    let mut watch = Watch::new(shared, execution, &chosen)?;
    let progress = RefCell::new(Progress::new(store.read()?, &chosen));
    let noted = RefCell::new(Vec::new());
    let executor = Local { tool };
    let mut pick = pick;
    let mut look = |standing: Standing<'_>| {
        noted.borrow_mut().drain(..).for_each(|event| watch.note(&event));
        progress.borrow_mut().tell_news(watch.look(standing.plan));
        pick.as_mut().map_or(Pick::InOrder, |pick| pick(standing))
    };
    let summary = runner::run(store, &executor, &options, Some(&mut look), &mut |event| {
        progress.borrow_mut().tell(event);
        noted.borrow_mut().push(event.clone());
    });
    noted.borrow_mut().drain(..).for_each(|event| watch.note(&event));
    let mut progress = progress.into_inner();
    progress.tell_news(watch.end(store.last_read(), summary.as_ref().ok().copied().map(exit_code)));
    progress.finish();
    summary
}

/// What a summary means to a script.
pub fn exit_code(summary: Summary) -> u8 {
    match summary.stopped_by {
        Some(Signal::Interrupt) => 130,
        Some(_) => 143,
        None if summary.failed > 0 => 1,
        None if summary.outstanding > summary.skipped => 6,
        None => 0,
    }
}

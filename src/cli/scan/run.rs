//! A scan from end to end: a plan in a folder, the queue, the analysis, the report, the gate.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::cli::baseline;
use crate::cli::change;
use crate::cli::early::Found;
use crate::cli::execution::Execution;
use crate::cli::judge;
use crate::cli::judge::Judging;
use crate::cli::notify::Notify;
use crate::cli::notify::Occasion;
use crate::cli::output;
use crate::cli::page;
use crate::cli::runner;
use crate::cli::scan::budget::Budget;
use crate::cli::scan::command::Command;
use crate::cli::scan::folder;
use crate::cli::scan::folder::Known;
use crate::cli::scan::folder::Scan;
use crate::cli::scan::guess;
use crate::cli::scan::line::ScanLine;
use crate::cli::scan::sizes;
use crate::cli::scan::told;
use crate::cli::shared::DEFAULT_PLAN;
use crate::cli::shared::Shared;
use crate::cli::teller::Teller;
use crate::cli::teller::Told;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::measure;
use crate::measure::Program;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::quantity;
use crate::report;
use crate::report::Detail;
use crate::report::figure;
use crate::runner::Summary;
use crate::store::PlanStore;
use crate::system::env;

/// Where scans are kept when no folder is named.
const FOLDER: &str = "superlinear-scan";
/// The page in the folder of a scan.
const PAGE: &str = "report.html";
/// How long to wait for the plan's lock, in seconds.
const PATIENCE: f64 = 10.0;
/// Measurements of each size without a profiler, whose times vary.
const REPEAT_WHOLE: u32 = 3;

/// Does what the command line asks.
///
/// # Errors
/// As documented with the exit codes.
pub fn run(line: &ScanLine) -> Result<u8> {
    report::by_name(&line.format)?;
    let notify = line.notify.as_deref().map(Notify::new).transpose()?;
    line.judging.check_target()?;
    line.judging.gating.limit()?;
    line.baselines.check()?;
    let limit = duration("--budget", line.budget.as_deref())?;
    duration("--timeout", line.timeout.as_deref())?;
    let sizes = sizes::sizes(&line.sizes.join(" "))?;
    let here = env::this_folder().map_err(|source| Error::read(Path::new("."), source))?;
    let command = Command::new(&line.command, line.input.as_deref(), &here)?;
    let folder = line.dir.clone().unwrap_or_else(|| Path::new(FOLDER).join(command.name()));
    let shared = Shared { plan: folder.join(DEFAULT_PLAN), wait: PATIENCE, verbose: line.verbose };
    shared.start_log();
    let mut store = shared.store();
    let scan = prepared(&mut store, &shared, &folder, &here, command, sizes, line)?;
    let teller = Teller::new(notify, shared.plan.clone(), scan.selection());
    let mut found = None;
    let ended = executed(&mut store, &shared, &scan, &folder, limit, line, &mut found);
    let code = ended.as_ref().map_or_else(Error::exit_code, |code| *code);
    let news = Told {
        occasion: Occasion::Ended,
        what: told::ending(code),
        exit_code: Some(code),
        found: found.as_ref(),
    };
    if let Some(trouble) = store.last_read().and_then(|plan| teller.tell(plan, news)) {
        terminal::say(format!("warn   {trouble}"));
    }
    ended
}

/// Measures, judges, shows, and says what the gate means; what was found is left in `found`.
fn executed(
    store: &mut PlanStore,
    shared: &Shared,
    scan: &Scan,
    folder: &Path,
    limit: Option<Duration>,
    line: &ScanLine,
    found: &mut Option<Found>,
) -> Result<u8> {
    let judging = Judging { scanned: Some(scan.repeat), ..line.judging.clone().whole() };
    let path = line.html.clone().unwrap_or_else(|| folder.join(PAGE));
    let mut budget = Budget::new(store.layout().clone(), limit);
    let execution = Execution {
        html: Some(path.clone()),
        notify: line.notify.clone(),
        judging: judging.clone(),
        is_judged_after: true,
        is_told_after: true,
        ..Execution::default()
    };
    let summary = runner::executed(
        store,
        shared,
        &scan.selection(),
        &execution,
        Some(&mut |standing| budget.pick(standing)),
    )?;
    if summary.stopped_by.is_some() {
        terminal::say("the same command goes on from here");
        return Ok(runner::exit_code(summary));
    }
    if let Some(why) = &budget.ended {
        told::skipped(store, scan, why)?;
    }
    if summary.failed > 0 {
        told::failure(store, scan)?;
    }
    if summary.done == 0 {
        terminal::say("nothing was measured, so there is nothing to judge");
        return Ok(1);
    }
    let mut judged = judge::phase(shared, 1, &judging)?;
    *found = Found::of(&judged.report);
    let changed = line.baselines.apply_beside(&mut judged, line.judging.gating.strict)?;
    page::replace(&path, &judged.report)?;
    baseline::changes_alone(&mut judged.report);
    let detail = if line.full { Detail::All } else { Detail::Brief };
    let style = line.look.style(detail, line.output.is_some());
    let renderer = report::by_name(&line.format)?;
    let text = renderer.render(&judged.report, &style)?;
    output::deliver(text.as_bytes(), line.output.as_deref())?;
    let exceeded = judged.pass(&line.judging).max(changed);
    terminal::say(format!(
        "kept in `{}`; the whole report as a page: {}",
        folder.display(),
        path.display()
    ));
    Ok(match exceeded {
        0 => failed(summary),
        exceeded => exceeded,
    })
}

/// The scan with its plan on the disk.
fn prepared(
    store: &mut PlanStore,
    shared: &Shared,
    folder: &Path,
    here: &Path,
    command: Command,
    sizes: Vec<f64>,
    line: &ScanLine,
) -> Result<Scan> {
    let cwd = here.to_string_lossy().into_owned();
    let known = folder::known(store, folder, &command, &cwd)?;
    let backend = backend(line.backend.as_deref(), known.as_ref(), &command, here)?;
    let usual = if backend == "none" { REPEAT_WHOLE } else { 1 };
    let repeat = line.repeat.or(known.as_ref().map(|known| known.repeat)).unwrap_or(usual);
    let timeout = line.timeout.clone();
    let scan = Scan { command, sizes, backend, repeat, timeout, cwd };
    match known {
        None => folder::create(folder, &scan)?,
        Some(known) if line.fresh => anew(store, shared, &known, &scan)?,
        Some(known) => {
            known.check(&scan, folder)?;
            go_on(store, shared, &known, &scan)?;
        }
    }
    Ok(scan)
}

/// Adds the sizes and repetitions that are new, and says what is there already.
fn go_on(store: &mut PlanStore, shared: &Shared, known: &Known, scan: &Scan) -> Result<()> {
    let plan = store.read()?;
    let failed = plan.runs.values().any(|run| matches!(run.status, Status::Error { .. }));
    let changed = folder::changed_since(plan, scan);
    let done = plan.runs.values().filter(|run| matches!(run.status, Status::Done { .. })).count();
    adapt(store, shared, known, scan)?;
    if failed {
        change::retry(store, shared, &Selection::All)?;
    }
    let more = match scan.repeat.saturating_sub(known.repeat) {
        0 => String::new(),
        more => {
            change::extend(store, shared, &scan.selection())?;
            format!(", {more} more of each follow")
        }
    };
    match changed {
        Some(file) => terminal::say(format!(
            "warn   `{file}` was changed after some sizes were measured: `--fresh` measures them anew"
        )),
        None if done > 0 => {
            let sizes = figure::number_of(done, "size");
            let was = if done == 1 { "was" } else { "were" };
            terminal::say(format!(
                "have   {sizes} that {was} measured before{more}: `--fresh` measures all anew"
            ));
        }
        None => {}
    }
    Ok(())
}

/// Measures everything as `scan` says, whatever was measured before.
fn anew(store: &mut PlanStore, shared: &Shared, known: &Known, scan: &Scan) -> Result<()> {
    adapt(store, shared, known, scan)?;
    change::reset(store, shared, &Selection::All)
}

/// Brings the plan to what the command line says.
fn adapt(store: &mut PlanStore, shared: &Shared, known: &Known, scan: &Scan) -> Result<()> {
    let missing = folder::missing(store.read()?, scan);
    let mut locked = store.lock(shared.patience())?;
    for (path, value) in known.changes(scan) {
        locked.set(&path, &value)?;
    }
    if missing.is_empty() { Ok(()) } else { locked.add(&missing) }
}

/// The backend that was asked for, or was used before, or suits the program.
fn backend(
    asked: Option<&str>,
    known: Option<&Known>,
    command: &Command,
    here: &Path,
) -> Result<String> {
    if let Some(name) = asked {
        let (argv, cwd) = (command.words.clone(), here.to_path_buf());
        measure::by_name(name)?.check(&Program { argv, env: BTreeMap::new(), cwd })?;
        return Ok(name.to_string());
    }
    if let Some(known) = known {
        return Ok(known.backend.clone());
    }
    let guess = guess::backend(&command.words, here);
    terminal::say(format!("with   {}: {}", guess.backend, guess.why));
    if let Some(hint) = guess.hint {
        terminal::say(format!("hint   {hint}"));
    }
    Ok(guess.backend.to_string())
}

fn failed(summary: Summary) -> u8 {
    u8::from(summary.failed > 0)
}

fn duration(option: &str, text: Option<&str>) -> Result<Option<Duration>> {
    text.map(quantity::duration).transpose().map_err(|why| {
        Error::usage(format!("`{option}`: {why}"), "write it like `90s`, `10m` or `6h`")
    })
}

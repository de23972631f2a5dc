//! What a runner would execute, without executing it.
//! Values of the environment that the plan sets are its own, so they are shown; others never are.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::cli::terminal;
use crate::cli::validate::doubtful_placeholders;
use crate::cli::validate::missing_program;
use crate::cli::validate::obstacles;
use crate::cli::words;
use crate::error::Error;
use crate::error::Result;
use crate::executor::Job;
use crate::executor::job::Input;
use crate::measure;
use crate::measure::Backend;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::Selection;
use crate::plan::Status;
use crate::profile::CostUnit;
use crate::runner::claim;
use crate::runner::job;
use crate::runner::job::Care;
use crate::store::Layout;
use crate::store::PlanStore;
use crate::system::env;
use crate::units::Seconds;
use crate::worker::invariant;

/// Prints the pending runs of the selection, then says what is missing for them.
///
/// # Errors
/// Everything that is missing on this machine, or that it refuses, with its place in the plan.
pub fn run(store: &mut PlanStore, selection: &Selection) -> Result<u8> {
    let layout = store.layout().clone();
    let plan = store.read()?;
    selection.check(plan)?;
    terminal::print(&show(plan, &layout, selection)?)?;
    let pending = |run: &&Run| selection.covers(run) && matches!(run.status, Status::Pending);
    let asked: BTreeSet<&str> =
        plan.runs.values().filter(pending).map(|run| run.workload.as_str()).collect();
    let obstacles = obstacles(plan, layout.root(), &|name| asked.contains(name));
    if obstacles.is_empty() { Ok(0) } else { Err(store.refusal(obstacles)) }
}

/// The pending runs of the selection, in the order of claiming, each with its command.
fn show(plan: &Plan, layout: &Layout, selection: &Selection) -> Result<String> {
    let tool = env::this_program()
        .map_err(|error| Error::bug(format!("cannot find this program: {error}")))?;
    let mut text = String::new();
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        if !matches!(run.status, Status::Pending) {
            continue;
        }
        let attempt = claim::next_attempt(run, layout);
        let care = Care { tool: &tool, parallel: 1, pin: &[], guard: None };
        let job = job::job(plan, layout, run, attempt, &care)?;
        let size = format!("{} {}", run.extent.size(), run.extent.unit());
        let _ = writeln!(text, "{} ({})", run.id, size.trim_end());
        describe(&mut text, &job, run);
        let _ = writeln!(text, "  {:<12} {}", "files", files(layout, &job, run).join(" "));
        let workload = plan.workload_of(run);
        let missing = workload.and_then(|found| missing_program(found, layout.root()));
        let missing = missing.map(|(_, missing)| format!("no program `{missing}` is on the path"));
        let doubtful = workload.map(doubtful_placeholders).unwrap_or_default();
        for warning in missing.into_iter().chain(doubtful) {
            let _ = writeln!(text, "  {:<12} {warning}", "warning");
        }
    }
    if text.is_empty() {
        text.push_str("nothing is pending\n");
    }
    Ok(text)
}

/// What the run will leave when it ends well, relative to the plan's folder.
fn files(layout: &Layout, job: &Job, run: &Run) -> Vec<String> {
    let folder = layout.recorded(&layout.attempt_folder(&run.id, job.attempt));
    let mut files: Vec<String> = ["stdout.log", "stderr.log", "report.json"]
        .iter()
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.push(layout.recorded(&layout.run_folder(&run.id).join("metadata.json")));
    let unit = measure::by_name(&job.backend).ok().and_then(Backend::unit);
    if let Some(clock) = unit.map(CostUnit::word) {
        let profile = layout.recorded(&layout.profiling().join(run.id.as_str()));
        let endings = [format!("funcs.{clock}.csv"), format!("threads.{clock}.csv")];
        let endings = endings.into_iter().chain([format!("{clock}.pstat")]);
        files.extend(endings.map(|ending| format!("{profile}.{ending}")));
    }
    files
}

fn describe(text: &mut String, job: &Job, run: &Run) {
    let line = |argv: &[String]| -> String {
        argv.iter().map(|part| words::quoted(part)).collect::<Vec<_>>().join(" ")
    };
    let hook = |argv: &Option<Vec<String>>| argv.as_deref().map(line).unwrap_or_default();
    let env: Vec<String> = job
        .environment()
        .iter()
        .map(|(name, value)| format!("{name}={}", words::quoted(value)))
        .collect();
    let timeout = job.timeout_seconds.map(|seconds| Seconds(seconds).to_string());
    let lines = [
        ("prepare", hook(&job.prepare)),
        ("command", line(&job.argv)),
        ("cleanup", hook(&job.cleanup)),
        ("input", job.input.as_ref().map(input).unwrap_or_default()),
        ("environment", env.join(" ")),
        ("folder", job.cwd.display().to_string()),
        ("cache", job.cache_folder.display().to_string()),
        ("backend", job.backend.clone()),
        ("timeout", timeout.unwrap_or_default()),
        ("repetitions", run.repetitions.to_string()),
        ("warm-ups", counted(run.warmups)),
        ("retries", counted(run.retries)),
        ("must hold", invariant::names(&job.invariants).join(" ")),
        ("after", run.after.iter().map(RunId::as_str).collect::<Vec<_>>().join(" ")),
    ];
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "  {name:<12} {value}");
    }
}

/// The file, how it is made, and how it reaches the program.
fn input(input: &Input) -> String {
    let maker = input.maker.as_deref().unwrap_or_default();
    let maker: Vec<String> = maker.iter().map(|part| words::quoted(part)).collect();
    let made =
        if maker.is_empty() { String::new() } else { format!(", made by {}", maker.join(" ")) };
    let how = if input.on_stdin { ", on standard input" } else { "" };
    format!("{}{made}{how}", input.path.display())
}

fn counted(count: u32) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

//! From a run of the plan to a job for a worker: every placeholder filled in, nothing left to look
//! up.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Job;
use crate::executor::job;
use crate::plan::Extent;
use crate::plan::Launch;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Task;
use crate::runner::cache;
use crate::runner::fill::Filler;
use crate::runner::input;
use crate::store::Layout;

/// What a command may ask for in braces.
pub const PLACEHOLDERS: [&str; 6] = ["start", "end", "size", "cache_dir", "run_id", "input"];

/// What the plan does not say of how a run is measured.
#[derive(Debug, Clone, Copy)]
pub struct Care<'a> {
    /// This very program, which holds the samples.
    pub tool: &'a Path,
    /// How many runs are measured at once.
    pub parallel: u32,
    /// Processors that the program is confined to; all when empty.
    pub pin: &'a [usize],
    /// The descriptor of the host's lock.
    pub guard: Option<i32>,
}

/// The job of attempt `attempt` at `run`.
///
/// # Errors
/// A bug: the plan was checked for everything that can be missing.
pub fn job(plan: &Plan, layout: &Layout, run: &Run, attempt: u32, care: &Care<'_>) -> Result<Job> {
    let workload = plan
        .workload_of(run)
        .ok_or_else(|| Error::bug(format!("run `{}` has no workload", run.id)))?;
    let is_literal = workload.literal && matches!(workload.task, Task::Command(_));
    let root = absolute(layout.root());
    let cache_folder = absolute(&cache::folder(plan, layout, run, attempt));
    let cwd = workload.cwd.as_ref().map_or_else(|| root.clone(), |folder| root.join(folder));
    let mut filler = Filler { run, cache_folder: &cache_folder, input: None, is_literal };
    let input =
        input::of(workload, &root, &absolute(&layout.input_folder(&run.workload)), &filler)?;
    filler.input = input.as_ref().map(|input| input.path.clone());
    let mut argv = match &workload.task {
        Task::Command(launch) => filler.launch(launch)?,
        Task::Sample(name) => filler.words(&sample_command(care.tool, name, run.extent))?,
    };
    if matches!(workload.task, Task::Command(Launch::Shell(_))) && !run.args.is_empty() {
        // What follows the line is `$0` to a shell, and only then its arguments.
        argv.push("sh".into());
    }
    argv.extend(filler.words(&run.args)?);
    let hook = |launch: &Option<Launch>| launch.as_ref().map(|launch| filler.launch(launch));
    let env = workload
        .env
        .iter()
        .map(|(name, value)| Ok((name.clone(), filler.fill(value)?)))
        .collect::<Result<_>>()?;
    let timeout = run.timeout.or(workload.timeout).or(plan.settings.timeout);
    Ok(Job {
        plan: absolute(layout.plan()),
        run: run.id.to_string(),
        attempt,
        size: run.extent.size(),
        argv,
        prepare: hook(&workload.prepare).transpose()?,
        cleanup: hook(&workload.cleanup).transpose()?,
        input,
        env,
        cwd,
        cache_folder: cache_folder.clone(),
        backend: workload.backend.clone(),
        timeout_seconds: timeout.map(|timeout| timeout.as_secs_f64()),
        grace_seconds: plan.settings.grace.as_secs_f64(),
        log_limit: plan.settings.log_limit,
        memory_interval_seconds: plan.settings.memory_interval.map(|time| time.as_secs_f64()),
        warmups: warmups(run),
        keep: run.keep.clone(),
        parallel: care.parallel,
        pin: care.pin.to_vec(),
        guard: care.guard,
        invariants: invariants(plan),
    })
}

/// Rounds of a benchmark follow each other at once, so that a version is warm from its first one
/// on; after an interruption it is warmed up anew.
fn warmups(run: &Run) -> u32 {
    let is_warm = run.attempts.last().is_some_and(|last| last.outcome == Some(Outcome::Ok));
    if run.suite.is_some() && is_warm { 0 } else { run.warmups }
}

fn invariants(plan: &Plan) -> job::Invariants {
    let wanted = &plan.invariants;
    job::Invariants {
        env: wanted.env.clone(),
        required_env: wanted.required_env.clone(),
        clean_git: wanted.clean_git,
        min_free_bytes: wanted.min_free_bytes,
        max_load: wanted.max_load,
    }
}

fn sample_command(tool: &Path, name: &str, extent: Extent) -> Vec<String> {
    let tool = tool.to_string_lossy();
    let window: &[&str] = match extent {
        Extent::Window { .. } => &["--start", "{start}", "--end", "{end}"],
        Extent::Size(_) => &["--size", "{size}"],
    };
    let words = [&tool, job::SAMPLE, name, "--cache-dir", "{cache_dir}"];
    words.iter().chain(window).map(|word| (*word).to_string()).collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

//! From a run of the plan to a job for a worker: every placeholder filled in, nothing left to look up.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Job;
use crate::executor::job;
use crate::plan::Extent;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Task;
use crate::runner::cache;
use crate::store::Layout;

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
    let root = absolute(layout.root());
    let cache_folder = absolute(&cache::folder(plan, layout, run, attempt));
    let filler = Filler { run, cache_folder: &cache_folder };
    let template = match &workload.task {
        Task::Command(command) => command.clone(),
        Task::Sample(name) => sample_command(care.tool, name, run.extent),
    };
    let argv = template.iter().map(|part| filler.fill(part)).collect::<Result<Vec<_>>>()?;
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
        env,
        cwd: workload.cwd.as_ref().map_or_else(|| root.clone(), |folder| root.join(folder)),
        cache_folder: cache_folder.clone(),
        backend: workload.backend.clone(),
        timeout_seconds: timeout.map(|timeout| timeout.as_secs_f64()),
        grace_seconds: plan.settings.grace.as_secs_f64(),
        log_limit: plan.settings.log_limit,
        warmups: run.warmups,
        parallel: care.parallel,
        pin: care.pin.to_vec(),
        guard: care.guard,
        invariants: invariants(plan),
    })
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

struct Filler<'a> {
    run: &'a Run,
    cache_folder: &'a Path,
}

impl Filler<'_> {
    /// `text` with its placeholders filled in; braces around other words are left alone.
    fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let close = rest.find('}').map(|close| close + 1);
            let value = close.map(|close| self.value(&rest[1..close - 1])).transpose()?.flatten();
            match (value, close) {
                (Some(value), Some(close)) => {
                    filled.push_str(&value);
                    rest = &rest[close..];
                }
                _ => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<Option<String>> {
        let window = match self.run.extent {
            Extent::Window { start, end } => Some((start, end)),
            Extent::Size(_) => None,
        };
        let value = match (name, window) {
            ("start", Some((start, _))) => start.to_string(),
            ("end", Some((_, end))) => end.to_string(),
            ("start" | "end", None) => {
                return Err(Error::bug(format!("run `{}` has no `{name}`", self.run.id)));
            }
            ("size", _) => self.run.extent.size().to_string(),
            ("cache_dir", _) => self.cache_folder.to_string_lossy().into_owned(),
            ("run_id", _) => self.run.id.to_string(),
            _ => return Ok(None),
        };
        Ok(Some(value))
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

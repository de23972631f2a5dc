//! Which cache folder a run is given. Nothing is ever deleted: a cold run gets a new folder.

use std::path::PathBuf;

use crate::plan::CacheUse;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Status;
use crate::store::Layout;

/// The cache folder for attempt `attempt` at `run`.
pub fn folder(plan: &Plan, layout: &Layout, run: &Run, attempt: u32) -> PathBuf {
    let caches = layout.cache_folder(&run.workload);
    match run.cache {
        CacheUse::Cold => caches.join(cold_name(run, attempt)),
        CacheUse::Shared => caches.join("shared"),
        CacheUse::Warm => {
            let filled = cold_run(plan, run).and_then(|cold| {
                let attempt = plan.results.get(&cold.id)?.attempts.last()?;
                Some(cold_name(cold, *attempt))
            });
            caches.join(filled.unwrap_or_else(|| "shared".into()))
        }
    }
}

/// The cold run that must be done before `run`, when there is one and it is not.
pub fn awaited<'a>(plan: &'a Plan, run: &Run) -> Option<&'a Run> {
    match run.cache {
        CacheUse::Warm => {
            cold_run(plan, run).filter(|cold| !matches!(cold.status, Status::Done { .. }))
        }
        _ => None,
    }
}

/// The cold run of the same phase and workload, the one of the same window first.
fn cold_run<'a>(plan: &'a Plan, warm: &Run) -> Option<&'a Run> {
    let fits = |cold: &&Run| {
        cold.cache == CacheUse::Cold && cold.phase == warm.phase && cold.workload == warm.workload
    };
    let mut cold = plan.runs.values().filter(fits);
    let first = cold.clone().next();
    cold.find(|cold| cold.extent == warm.extent).or(first)
}

fn cold_name(run: &Run, attempt: u32) -> String {
    format!("{}.{attempt}", run.id)
}

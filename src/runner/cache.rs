//! Which cache folder a run is given. Nothing is ever deleted: a cold run gets a new folder.

use std::path::PathBuf;

use crate::plan::CacheUse;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::order;
use crate::store::Layout;

/// The cache folder for attempt `attempt` at `run`.
pub fn folder(plan: &Plan, layout: &Layout, run: &Run, attempt: u32) -> PathBuf {
    let caches = layout.cache_folder(&run.workload);
    match run.cache {
        CacheUse::Cold => caches.join(cold_name(run, attempt)),
        CacheUse::Shared => caches.join("shared"),
        CacheUse::Warm => {
            let filled = order::filler(plan, run).and_then(|cold| {
                let attempt = plan.results.get(&cold.id)?.attempts.last()?;
                Some(cold_name(cold, *attempt))
            });
            caches.join(filled.unwrap_or_else(|| "shared".into()))
        }
    }
}

fn cold_name(run: &Run, attempt: u32) -> String {
    format!("{}.{attempt}", run.id)
}

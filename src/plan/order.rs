//! What one run waits for: the runs it names, and, when it is warm, the cold run before it; and the
//! order of the versions within a round of a benchmark.

use sha2::Digest as _;
use sha2::Sha256;

use crate::plan::model::CacheUse;
use crate::plan::model::Plan;
use crate::plan::model::Run;
use crate::plan::model::Status;

/// The first run that must be done before `run` is started and is not; `None` when nothing is
/// awaited.
pub fn awaited<'a>(plan: &'a Plan, run: &Run) -> Option<&'a Run> {
    let named = run.after.iter().filter_map(|id| plan.runs.get(id));
    named.chain(filler(plan, run)).find(|run| !matches!(run.status, Status::Done { .. }))
}

/// The cold run that fills the cache of a warm one: of the same phase and workload, and of the same
/// window where there is such a one.
pub fn filler<'a>(plan: &'a Plan, run: &Run) -> Option<&'a Run> {
    if run.cache != CacheUse::Warm {
        return None;
    }
    cold_of(run, plan.runs.values())
}

/// As [`filler`], among `runs`.
pub fn cold_of<'a>(warm: &Run, runs: impl Iterator<Item = &'a Run> + Clone) -> Option<&'a Run> {
    let fits = |cold: &&Run| {
        cold.cache == CacheUse::Cold && cold.phase == warm.phase && cold.workload == warm.workload
    };
    let mut cold = runs.filter(fits);
    let first = cold.clone().next();
    cold.find(|cold| cold.extent == warm.extent).or(first)
}

/// The place of a benchmark's run within its round: runs with smaller numbers come first. `None` of
/// other runs.
///
/// `round`: repetitions that it has had.
///
/// Source: the first eight bytes of SHA-256 over `SEED/ROUND/ID`, so that the order is random, the
/// same for the same seed, and known without what came before.
pub fn place_in_round(plan: &Plan, run: &Run, round: usize) -> Option<u64> {
    let suite = plan.suites.get(run.suite.as_ref()?)?;
    let digest = Sha256::digest(format!("{}/{round}/{}", suite.seed, run.id).as_bytes());
    let first = digest.first_chunk::<8>()?;
    Some(u64::from_be_bytes(*first))
}

//! Which run is next: the first pending one in plan order, the fewest repetitions first, so that
//! rounds of repetitions go through all sizes and drift of the machine does not look like growth.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::plan::Attempt;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunResult;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::order;
use crate::runner::settle;
use crate::store::Layout;
use crate::system::clock;
use crate::system::folder;
use crate::system::lock::FileLock;
use crate::system::machine;

/// A run whose lock this process holds.
#[derive(Debug)]
pub struct Claim {
    pub run: Run,
    pub attempt: u32,
    pub lock: FileLock,
    /// Held for as long as this runner attends to the attempt.
    pub attended: Option<FileLock>,
}

/// The runs of the selection that could be started now, in the order of claiming.
pub fn candidates<'a>(plan: &'a Plan, selection: &Selection) -> Vec<&'a Run> {
    let mut candidates: Vec<&Run> = plan
        .runs
        .values()
        .filter(|run| matches!(run.status, Status::Pending) && selection.covers(run))
        .filter(|run| order::awaited(plan, run).is_none())
        .collect();
    candidates.sort_by_key(|run| repetitions(plan, run));
    shuffle_suites(plan, &mut candidates);
    candidates
}

/// Puts the runs of each suite that are in one round into the random order of its seed, at the
/// places that they have among the others.
fn shuffle_suites(plan: &Plan, candidates: &mut [&Run]) {
    let mut suites: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
    for (place, run) in candidates.iter().enumerate() {
        if let Some(suite) = &run.suite {
            suites.entry((suite, repetitions(plan, run))).or_default().push(place);
        }
    }
    for ((_, round), places) in suites {
        let mut runs: Vec<&Run> = places.iter().map(|place| candidates[*place]).collect();
        runs.sort_by_key(|run| order::place_in_round(plan, run, round));
        for (place, run) in places.into_iter().zip(runs) {
            candidates[place] = run;
        }
    }
}

/// Takes the lock of the first of `candidates` that nobody works on; `None` when there is none.
///
/// # Errors
/// When the folder or lock of a run cannot be made.
pub fn first(candidates: &[&Run], layout: &Layout) -> Result<Option<Claim>> {
    for run in candidates {
        if let Some(claim) = claim(run, layout)? {
            return Ok(Some(claim));
        }
    }
    Ok(None)
}

/// The entry in the plan for an attempt whose worker is `pid`.
pub fn attempt(number: u32, pid: u32) -> Attempt {
    Attempt {
        number,
        host: machine::host(),
        boot_id: machine::boot_id(),
        pid,
        started: clock::now(),
        ended: None,
        outcome: None,
        on_request: false,
        message: String::new(),
    }
}

/// The number of the next attempt; a folder that is there already is never used again.
pub fn next_attempt(run: &Run, layout: &Layout) -> u32 {
    let mut number = run.next_attempt();
    while layout.attempt_folder(&run.id, number).exists() {
        number = number.saturating_add(1);
    }
    number
}

fn claim(run: &Run, layout: &Layout) -> Result<Option<Claim>> {
    if settle::is_worked_on(layout, &run.id)? {
        return Ok(None);
    }
    let attempt = next_attempt(run, layout);
    folder::create_below(layout.root(), &layout.attempt_folder(&run.id, attempt))?;
    let Some(lock) = FileLock::try_take(&layout.run_lock(&run.id))? else { return Ok(None) };
    let attended = FileLock::try_take(&layout.runner_lock(&run.id, attempt))?;
    Ok(Some(Claim { run: run.clone(), attempt, lock, attended }))
}

fn repetitions(plan: &Plan, run: &Run) -> usize {
    plan.results.get(&run.id).map_or(0, RunResult::repetitions)
}

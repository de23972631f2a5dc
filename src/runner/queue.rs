//! The loop of a runner: settle what is over, claim, place, wait, until nothing is left to do.

use std::collections::BTreeSet;
use std::os::fd::AsRawFd as _;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Executor;
use crate::executor::Job;
use crate::executor::Placed;
use crate::plan::Change;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::change;
use crate::plan::order;
use crate::runner::claim;
use crate::runner::claim::Claim;
use crate::runner::crew::Crew;
use crate::runner::event::Event;
use crate::runner::host::Entry;
use crate::runner::host::Host;
use crate::runner::job;
use crate::runner::job::Care;
use crate::runner::outcome;
use crate::runner::outcome::Own;
use crate::runner::pick::Pick;
use crate::runner::pick::Picker;
use crate::runner::pick::Standing;
use crate::runner::settle;
use crate::runner::skip;
use crate::store::Layout;
use crate::store::LockedPlan;
use crate::store::PlanStore;
use crate::system::clock;
use crate::system::fault;
use crate::system::lock::FileLock;
use crate::system::noise;
use crate::system::process::Signal;

/// How often runs of other runners are looked at while waiting for them.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug, Clone)]
pub struct Options {
    pub selection: Selection,
    /// How long to wait for the plan's lock.
    pub patience: Duration,
    /// Whether to wait for runs that others work on.
    pub wait: bool,
    /// Whether to give up runs whose worker disappeared, instead of trying them again.
    pub skip_in_flight: bool,
    /// How many runs are measured at once; `None` is one, with nothing else measured on this host.
    pub parallel: Option<u32>,
    /// Processors that programs are confined to; all when empty.
    pub pin: Vec<usize>,
    /// This very program, which holds the samples.
    pub tool: PathBuf,
}

/// How the selection stands when a runner ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    pub done: usize,
    pub failed: usize,
    /// Pending or running.
    pub outstanding: usize,
    /// Of those the pending ones that whoever picks had no need of.
    pub skipped: usize,
    /// The request that ended the runner early.
    pub stopped_by: Option<Signal>,
}

/// Executes the selection until nothing of it is pending or running, or until `pick`, which is
/// asked before each claim, wants no more of it.
///
/// # Errors
/// When the plan cannot be read, locked or written, or no worker can be started; what runs goes on.
pub fn run(
    store: &mut PlanStore,
    executor: &dyn Executor,
    options: &Options,
    pick: Option<&mut Picker<'_>>,
    tell: &mut dyn FnMut(&Event),
) -> Result<Summary> {
    let crew = Crew::listening()?;
    options.selection.check(store.lock(options.patience)?.plan())?;
    let mut queue = Queue {
        store,
        executor,
        options,
        pick,
        tell,
        crew,
        host: Host::new(options.parallel.is_none()),
        own: Vec::new(),
        told: BTreeSet::new(),
        left: BTreeSet::new(),
        asked: None,
    };
    queue.work()?;
    queue.tell_who_waits();
    let (stopped_by, left) = (queue.asked, queue.left);
    let mut locked = store.lock(options.patience)?;
    locked.fold()?;
    Ok(Summary { stopped_by, ..summary(locked.plan(), &options.selection, &left) })
}

struct Queue<'a, 'p> {
    store: &'a mut PlanStore,
    executor: &'a dyn Executor,
    options: &'a Options,
    pick: Option<&'a mut Picker<'p>>,
    tell: &'a mut dyn FnMut(&Event),
    crew: Crew,
    host: Host,
    /// The attempts that this runner placed and that are not recorded as ended.
    own: Vec<Own>,
    /// What is said only once, however often it is found.
    told: BTreeSet<String>,
    /// Runs that whoever picks has no need of.
    left: BTreeSet<RunId>,
    /// The first request to stop.
    asked: Option<Signal>,
}

/// What came of looking for something to do.
enum Turn {
    Placed,
    /// There is something to do, but not while something else is measured on this host.
    HostBusy,
    /// There is something to do, but somebody has it and has not recorded that, and never will when
    /// it was killed just then: its worker is about to end.
    Held,
    Idle,
}

impl Queue<'_, '_> {
    fn work(&mut self) -> Result<()> {
        loop {
            while self.must_attend() {
                self.attend(None);
            }
            let turn = self.turn()?;
            if matches!(turn, Turn::Placed) {
                continue;
            }
            if self.crew.is_empty() && !self.waits_for_others(&turn) {
                return Ok(());
            }
            self.attend(Some(LOOK));
        }
    }

    /// Whether nothing can be claimed before a worker of this runner is gone.
    fn must_attend(&self) -> bool {
        let slots = self.options.parallel.unwrap_or(1).max(1) as usize;
        self.crew.len() >= slots || (self.asked.is_some() && !self.crew.is_empty())
    }

    /// Records what is over and, unless asked to stop, claims the next run for a worker that waits
    /// for its job. The run's lock is then the worker's alone, and so is that of the host.
    fn turn(&mut self) -> Result<Turn> {
        let layout = self.store.layout().clone();
        let pick = self.picked()?;
        let mut locked = settled(self.store, self.options, &mut self.own, self.tell)?;
        if self.asked.is_some() || pick == Pick::Nothing {
            return Ok(Turn::Idle);
        }
        let mut candidates = claim::candidates(locked.plan(), &self.options.selection);
        candidates.retain(|run| match &pick {
            Pick::Run(id) => run.id == *id,
            _ => !self.left.contains(&run.id),
        });
        if candidates.is_empty() {
            return Ok(Turn::Idle);
        }
        let guard = match self.host.enter() {
            Entry::Free(lock) => Some(lock),
            Entry::Busy => return Ok(Turn::HostBusy),
            Entry::Unguarded(why) => {
                why.into_iter().for_each(|why| (self.tell)(&Event::Unguarded { why }));
                None
            }
        };
        let Some(claim) = claim::first(&candidates, &layout)? else {
            return Ok(Turn::Held);
        };
        reached("locked")?;
        let placed =
            place(&mut locked, &layout, &claim, guard.as_ref(), self.executor, self.options);
        drop(locked);
        let (mut worker, job) = placed?;
        let Claim { run, attempt, lock, attended } = claim;
        drop((lock, guard));
        reached("recorded")?;
        worker.begin(&job);
        reached("begun")?;
        tracing::info!(
            "run `{}`, attempt {attempt}: worker {} executes {:?}",
            run.id,
            worker.pid(),
            job.argv
        );
        self.own.push(Own { run: run.id.clone(), attempt, attended });
        self.crew.add(worker)?;
        self.started(&run, attempt);
        Ok(Turn::Placed)
    }

    /// What is next, when there is a choice and somebody to make it. The plan is not locked
    /// meanwhile, because an answer may take its time.
    fn picked(&mut self) -> Result<Pick> {
        loop {
            let Some(pick) = self.pick.as_mut().filter(|_| self.asked.is_none()) else {
                return Ok(Pick::InOrder);
            };
            drop(settled(self.store, self.options, &mut self.own, self.tell)?);
            let Some(plan) = self.store.last_read() else { return Ok(Pick::InOrder) };
            let mut candidates = claim::candidates(plan, &self.options.selection);
            candidates.retain(|run| !self.left.contains(&run.id));
            if candidates.is_empty() {
                return Ok(Pick::InOrder);
            }
            match pick(Standing { plan, candidates: &candidates }) {
                Pick::Leave { runs, .. } if runs.is_empty() => return Ok(Pick::Nothing),
                Pick::Leave { runs, why } => self.leave(&runs, &why)?,
                picked => return Ok(picked),
            }
        }
    }

    /// Records that `runs` stay pending, and why.
    fn leave(&mut self, runs: &[RunId], why: &str) -> Result<()> {
        let mut locked = self.store.lock(self.options.patience)?;
        let pending = |id: &&RunId| {
            locked.plan().runs.get(*id).is_some_and(|run| run.status == Status::Pending)
        };
        let skipped: Vec<Change> = runs
            .iter()
            .filter(pending)
            .map(|id| Change {
                run: id.to_string(),
                event: change::Event::Skipped {
                    attempts: locked.plan().runs.get(id).map_or(0, |run| run.attempts.len()),
                    at: clock::now(),
                    why: why.to_string(),
                },
            })
            .collect();
        locked.record(&skipped)?;
        for Change { run, .. } in skipped {
            (self.tell)(&Event::Skipped { run, why: why.to_string() });
        }
        self.left.extend(runs.iter().cloned());
        Ok(())
    }

    fn started(&mut self, run: &Run, attempt: u32) {
        let own = u32::try_from(self.crew.len()).unwrap_or(u32::MAX);
        for warning in noise::warnings(&noise::signs(), own.saturating_add(1)) {
            let kind = warning.split(':').next().unwrap_or_default().to_string();
            if self.told.insert(kind) {
                (self.tell)(&Event::Noisy { warning });
            }
        }
        (self.tell)(&Event::Started {
            run: run.id.to_string(),
            attempt,
            size: run.extent.size(),
            unit: run.extent.unit(),
        });
    }

    /// Waits for a worker's end, passing a request to stop on to all of them.
    fn attend(&mut self, limit: Option<Duration>) {
        if let Some(signal) = self.crew.wait(limit) {
            (self.tell)(&Event::Stopping { at_once: self.asked.is_some() });
            self.asked.get_or_insert(signal);
            self.crew.stop(signal);
        }
    }

    /// Whether others do something that this runner is to wait for; says so once.
    fn waits_for_others(&mut self, turn: &Turn) -> bool {
        if self.asked.is_some() || !self.options.wait {
            return false;
        }
        let others = self.worked_on_by_others();
        for run in &others {
            if self.told.insert(format!("adopted {run}")) {
                (self.tell)(&Event::Adopted { run: run.to_string() });
            }
        }
        let is_busy = matches!(turn, Turn::HostBusy);
        if is_busy && others.is_empty() && self.told.insert("busy".into()) {
            (self.tell)(&Event::HostBusy);
        }
        is_busy || matches!(turn, Turn::Held) || !others.is_empty()
    }

    fn worked_on_by_others(&self) -> Vec<RunId> {
        let running = |run: &&Run| matches!(run.status, Status::Running(_));
        let runs = self.store.last_read().map(|plan| plan.runs.values()).into_iter().flatten();
        let selected = runs.filter(|run| self.options.selection.covers(run));
        selected.filter(running).map(|run| run.id.clone()).collect()
    }

    /// Tells which runs were left, because others are not done.
    fn tell_who_waits(&mut self) {
        if self.asked.is_some() {
            return;
        }
        let Some(plan) = self.store.last_read() else { return };
        let pending = |run: &&Run| matches!(run.status, Status::Pending);
        for run in plan.runs.values().filter(|run| self.options.selection.covers(run)) {
            let awaited = Some(run).filter(pending).and_then(|run| order::awaited(plan, run));
            if let Some(on) = awaited {
                let (run, state) = (run.id.to_string(), on.status.word());
                (self.tell)(&Event::Waits { run, on: on.id.to_string(), state });
            }
        }
    }
}

/// The plan, locked, with everything recorded that is over.
fn settled<'a>(
    store: &'a mut PlanStore,
    options: &Options,
    own: &mut Vec<Own>,
    tell: &mut dyn FnMut(&Event),
) -> Result<LockedPlan<'a>> {
    let mut locked = store.lock(options.patience)?;
    let over = settle::over(&locked)?;
    locked.record(&over)?;
    for event in over.iter().filter_map(|over| outcome::ended(over, locked.plan(), own)) {
        tell(&event);
    }
    if options.skip_in_flight {
        let given_up = skip::in_flight(locked.plan(), &options.selection);
        locked.record(&given_up)?;
        for event in given_up.iter().filter_map(|change| outcome::gave_up(locked.plan(), change)) {
            tell(&event);
        }
    }
    Ok(locked)
}

/// Starts a worker for `claim` and records it, under the lock of the plan.
fn place(
    locked: &mut LockedPlan<'_>,
    layout: &Layout,
    claim: &Claim,
    guard: Option<&FileLock>,
    executor: &dyn Executor,
    options: &Options,
) -> Result<(Box<dyn Placed>, Job)> {
    let care = Care {
        tool: &options.tool,
        parallel: options.parallel.unwrap_or(1).max(1),
        pin: &options.pin,
        guard: guard.map(|lock| lock.file().as_raw_fd()),
    };
    let job = job::job(locked.plan(), layout, &claim.run, claim.attempt, &care)?;
    let locks: Vec<&FileLock> = [&claim.lock].into_iter().chain(guard).collect();
    let worker = executor.place(&locks)?;
    reached("placed")?;
    let attempt = claim::attempt(claim.attempt, worker.pid());
    let event = change::Event::Claimed { attempt };
    locked.record(&[Change { run: claim.run.id.to_string(), event }])?;
    Ok((worker, job))
}

/// A step of a claim is done.
fn reached(step: &str) -> Result<()> {
    fault::point("claim", step).map_err(|source| Error::write(Path::new("claim"), source))
}

fn summary(plan: &Plan, selection: &Selection, left: &BTreeSet<RunId>) -> Summary {
    let mut summary = Summary::default();
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        let is_left = run.status == Status::Pending && left.contains(&run.id);
        summary.skipped += usize::from(is_left);
        match run.status {
            Status::Done { .. } => summary.done += 1,
            Status::Error { .. } => summary.failed += 1,
            Status::Pending | Status::Running(_) => summary.outstanding += 1,
        }
    }
    summary
}

//! The loop of a runner: settle what is over, claim, place, wait, until nothing is left to do.

use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Executor;
use crate::executor::Placed;
use crate::plan::Change;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::change;
use crate::runner::claim;
use crate::runner::claim::Claim;
use crate::runner::event::Event;
use crate::runner::job;
use crate::runner::settle;
use crate::store::PlanStore;
use crate::system::process::Signal;
use crate::system::signal;

/// How often runs of other runners are looked at while waiting for them.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug, Clone)]
pub struct Options {
    pub selection: Selection,
    /// How long to wait for the plan's lock.
    pub patience: Duration,
    /// Whether to wait for runs that others work on.
    pub wait: bool,
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
    /// The request that ended the runner early.
    pub stopped_by: Option<Signal>,
}

enum Message {
    WorkerGone,
    Asked(Signal),
}

/// Executes the selection until nothing of it is pending or running.
///
/// # Errors
/// When the plan cannot be read, locked or written, or no worker can be started; what runs goes on.
pub fn run(
    store: &mut PlanStore,
    executor: &dyn Executor,
    options: &Options,
    tell: &mut dyn FnMut(&Event),
) -> Result<Summary> {
    let (sender, receiver) = mpsc::channel();
    let asked = sender.clone();
    signal::listen(move |signal| {
        let _ = asked.send(Message::Asked(signal));
    })
    .map_err(|error| Error::bug(format!("cannot listen for signals: {error}")))?;
    options.selection.check(store.lock(options.patience)?.plan())?;
    let mut queue =
        Queue { store, executor, options, tell, sender, receiver, own: None, asked: None };
    queue.work()?;
    let stopped_by = queue.asked;
    let mut locked = store.lock(options.patience)?;
    locked.fold()?;
    Ok(Summary { stopped_by, ..summary(locked.plan(), &options.selection) })
}

struct Queue<'a> {
    store: &'a mut PlanStore,
    executor: &'a dyn Executor,
    options: &'a Options,
    tell: &'a mut dyn FnMut(&Event),
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    /// The attempt that this runner placed last.
    own: Option<(RunId, u32)>,
    /// The first request to stop.
    asked: Option<Signal>,
}

impl Queue<'_> {
    fn work(&mut self) -> Result<()> {
        let mut adopted: Vec<RunId> = Vec::new();
        loop {
            if let Some(worker) = self.turn()? {
                self.attend(worker);
                continue;
            }
            let others = self.worked_on_by_others();
            if self.asked.is_some() || others.is_empty() || !self.options.wait {
                return Ok(());
            }
            for run in others.iter().filter(|run| !adopted.contains(run)) {
                (self.tell)(&Event::Adopted { run: run.to_string() });
            }
            adopted = others;
            self.pause();
        }
    }

    /// Records what is over and, unless asked to stop, claims the next run for a worker that waits
    /// for its job. The run's lock is then the worker's alone.
    fn turn(&mut self) -> Result<Option<Box<dyn Placed>>> {
        let layout = self.store.layout().clone();
        let mut locked = self.store.lock(self.options.patience)?;
        let over = settle::over(locked.plan(), &layout)?;
        if !over.is_empty() {
            locked.record(&over)?;
            let own = self.own.as_ref();
            over.iter()
                .filter_map(|change| ended(change, own))
                .for_each(|event| (self.tell)(&event));
        }
        if self.asked.is_some() {
            return Ok(None);
        }
        let Some(claim) = claim::next(locked.plan(), &layout, &self.options.selection)? else {
            return Ok(None);
        };
        let Claim { run, attempt, lock } = claim;
        let job = job::job(locked.plan(), &layout, &run, attempt, &self.options.tool)?;
        let mut worker = self.executor.place(&lock)?;
        drop(lock);
        let event = change::Event::Claimed { attempt: claim::attempt(attempt, worker.pid()) };
        locked.record(&[Change { run: run.id.to_string(), event }])?;
        drop(locked);
        worker.begin(&job);
        (self.tell)(&Event::Started {
            run: run.id.to_string(),
            attempt,
            size: run.extent.size(),
            unit: run.extent.unit(),
        });
        self.own = Some((run.id, attempt));
        Ok(Some(worker))
    }

    /// Waits until the worker is gone, passing requests to stop on to it.
    fn attend(&mut self, worker: Box<dyn Placed>) {
        let stop = worker.stopper();
        let gone = self.sender.clone();
        thread::spawn(move || {
            worker.wait();
            gone.send(Message::WorkerGone)
        });
        while let Ok(Message::Asked(signal)) = self.receiver.recv() {
            self.asked(signal);
            stop(signal);
        }
    }

    fn asked(&mut self, signal: Signal) {
        (self.tell)(&Event::Stopping { at_once: self.asked.is_some() });
        self.asked.get_or_insert(signal);
    }

    fn worked_on_by_others(&self) -> Vec<RunId> {
        let running = |run: &&Run| matches!(run.status, Status::Running(_));
        let selection = &self.options.selection;
        let runs = self.store.last_read().map(|plan| plan.runs.values()).into_iter().flatten();
        runs.filter(running).filter(|run| selection.covers(run)).map(|run| run.id.clone()).collect()
    }

    fn pause(&mut self) {
        if let Ok(Message::Asked(signal)) = self.receiver.recv_timeout(LOOK) {
            self.asked(signal);
        }
    }
}

/// The event of an attempt's end, for the runner whose own attempt was `own`.
fn ended(change: &Change, own: Option<&(RunId, u32)>) -> Option<Event> {
    let change::Event::Ended { attempt, outcome, message, measurement, .. } = &change.event else {
        return None;
    };
    let is_own = own.is_some_and(|(run, number)| run.as_str() == change.run && number == attempt);
    if !is_own {
        let (run, outcome) = (change.run.clone(), outcome.clone());
        return Some(Event::Recovered { run, attempt: *attempt, outcome });
    }
    Some(Event::Ended {
        run: change.run.clone(),
        attempt: *attempt,
        outcome: outcome.clone(),
        message: message.clone(),
        wall: measurement.as_ref().map(|measurement| measurement.wall),
    })
}

fn summary(plan: &Plan, selection: &Selection) -> Summary {
    let mut summary = Summary::default();
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        match run.status {
            Status::Done { .. } => summary.done += 1,
            Status::Error { .. } => summary.failed += 1,
            Status::Pending | Status::Running(_) => summary.outstanding += 1,
        }
    }
    summary
}

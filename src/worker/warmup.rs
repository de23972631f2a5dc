//! Executions before the one that counts: the program as it is, without a profiler and without a
//! result, so that the caches of the machine and of the program are as they will be from then on.

use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Job;
use crate::measure::Program;
use crate::system::affinity;
use crate::system::clock::Stopwatch;
use crate::system::process::Exit;
use crate::worker::log::Log;
use crate::worker::program;
use crate::worker::program::Event;
use crate::worker::program::Finished;
use crate::worker::program::Limits;

/// A warm-up after which there is nothing to measure.
#[derive(Debug)]
pub struct Failed {
    /// From 1.
    pub number: u32,
    pub finished: Finished,
    pub log: PathBuf,
}

/// Executes `program` as often as `job` asks; the first execution that does not end well is the last.
/// Both its streams go to `warmup-N.log` in `folder`.
///
/// # Errors
/// When it cannot be started or its log not be written.
pub fn run(
    job: &Job,
    program: &Program,
    limits: Limits,
    events: (&Sender<Event>, &Receiver<Event>),
    folder: &Path,
) -> Result<Option<Failed>> {
    for number in 1..=job.warmups {
        let mut log = Log::create(&folder.join(format!("warmup-{number}.log")), job.log_limit)?;
        let watch = Stopwatch::start();
        let pid = start(program, &job.pin, &log, &log)?;
        let events = (events.0.clone(), events.1);
        let finished = program::supervise(pid, watch, limits, events, &mut [&mut log])?;
        if finished.stopped.is_some() || finished.ended.exit != Exit::Code(0) {
            return Ok(Some(Failed { number, finished, log: log.path }));
        }
    }
    Ok(None)
}

/// Starts `program` on the processors `pin`, or on all when there are none.
///
/// # Errors
/// When it cannot be started, or not there.
pub fn start(program: &Program, pin: &[usize], stdout: &Log, stderr: &Log) -> Result<u32> {
    let pinned = (!pin.is_empty()).then(|| affinity::pin(pin)).transpose();
    let _pinned = pinned.map_err(|error| {
        Error::usage(
            format!("cannot confine the program to processors {pin:?}: {error}"),
            "name processors of this host with `--pin`",
        )
    })?;
    program::start(program, stdout, stderr)
}

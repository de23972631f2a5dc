//! The program of a run: started in a process group of its own, watched, stopped, reaped.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::measure::Program;
use crate::system::affinity;
use crate::system::clock;
use crate::system::clock::Stopwatch;
use crate::system::family;
use crate::system::process;
use crate::system::process::Ended;
use crate::system::process::Signal;
use crate::worker::log::Log;

/// How often logs are trimmed and limits looked at.
const LOOK: Duration = Duration::from_millis(200);

/// How long a process may take to die of a signal that it cannot refuse.
const LAST_RESORT: Duration = Duration::from_secs(5);

/// What reaches a worker while its program runs.
#[derive(Debug)]
pub enum Event {
    Ended(std::io::Result<Ended>),
    Asked(Signal),
}

/// Bounds on a program.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub timeout: Option<Duration>,
    /// Between the polite signal and the one that cannot be refused.
    pub grace: Duration,
    /// The polite signal to the process that is started; all others of its group get SIGTERM.
    pub ended_by: Signal,
}

/// A program that has ended.
#[derive(Debug)]
pub struct Finished {
    pub wall: Duration,
    pub ended: Ended,
    /// Why it was stopped; `None` when it ended by itself.
    pub stopped: Option<Stop>,
    /// Names of the processes that it had started, were still there, and were ended.
    pub left_processes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Timeout,
    Asked(Signal),
}

/// Where a program reads from and writes to.
#[derive(Debug)]
pub struct Streams {
    /// Nothing is read where there is none.
    pub stdin: Option<File>,
    pub stdout: File,
    pub stderr: File,
}

/// Starts `program` on the processors `pin`, or on all when there are none.
///
/// # Errors
/// When it cannot be started, or not there.
pub fn start(program: &Program, pin: &[usize], streams: Streams) -> Result<u32> {
    let pinned = (!pin.is_empty()).then(|| affinity::pin(pin)).transpose();
    let _pinned = pinned.map_err(|error| {
        Error::usage(
            format!("cannot confine the program to processors {pin:?}: {error}"),
            "name processors of this host with `--pin`",
        )
    })?;
    let (name, arguments) =
        program.argv.split_first().ok_or_else(|| Error::bug("a program without a name"))?;
    let child = process::command(name)
        .args(arguments)
        .envs(&program.env)
        .current_dir(&program.cwd)
        .stdin(streams.stdin.map_or_else(Stdio::null, Stdio::from))
        .stdout(streams.stdout)
        .stderr(streams.stderr)
        .process_group(0)
        .spawn()
        .map_err(|error| cannot_start(name, program, &error))?;
    Ok(child.id())
}

/// Waits for the end of the program `pid`, within `limits`, passing requests to stop on to it.
///
/// # Errors
/// When the program is no child of this process.
pub fn supervise(
    pid: u32,
    watch: Stopwatch,
    limits: Limits,
    events: (Sender<Event>, &Receiver<Event>),
    logs: &mut [&mut Log],
) -> Result<Finished> {
    let (sender, receiver) = events;
    let reaper = sender.clone();
    let waiting = thread::Builder::new().name("reaper".into());
    if let Err(error) = waiting.spawn(move || reaper.send(Event::Ended(process::wait(pid)))) {
        process::signal_group(pid, Signal::Kill);
        return Err(Error::bug(format!("cannot wait for process {pid}: {error}")));
    }
    let mut stopping = Stopping { group: pid, limits, reason: None, since: None };
    let ended = loop {
        if limits.timeout.is_some_and(|limit| watch.elapsed() >= limit) {
            stopping.begin(Stop::Timeout);
        }
        stopping.press();
        match receiver.recv_timeout(stopping.next_look(limits.timeout, watch)) {
            Ok(Event::Ended(ended)) => break ended,
            Ok(Event::Asked(signal)) => stopping.asked(signal),
            Err(RecvTimeoutError::Timeout) => logs.iter_mut().for_each(|log| log.trim()),
            Err(RecvTimeoutError::Disconnected) => return Err(Error::bug("nobody sends events")),
        }
    };
    let wall = watch.elapsed();
    logs.iter_mut().for_each(|log| log.trim());
    let ended = ended.map_err(|error| Error::bug(format!("waiting for process {pid}: {error}")))?;
    let left_processes = end_stragglers(pid, limits.grace, receiver);
    Ok(Finished { wall, ended, stopped: stopping.reason, left_processes })
}

/// The way from a polite request to one that cannot be refused.
struct Stopping {
    group: u32,
    limits: Limits,
    reason: Option<Stop>,
    since: Option<Stopwatch>,
}

impl Stopping {
    fn begin(&mut self, reason: Stop) {
        if self.reason.is_none() {
            self.reason = Some(reason);
            self.since = Some(Stopwatch::start());
            self.ask();
        }
    }

    /// A profiler that is ended by another signal than its program must not get both.
    fn ask(&self) {
        if self.limits.ended_by == Signal::Terminate {
            process::signal_group(self.group, Signal::Terminate);
            return;
        }
        process::signal_one(self.group, self.limits.ended_by);
        for other in family::descendants().into_iter().filter(|one| one.pid != self.group) {
            process::signal_one(other.pid, Signal::Terminate);
        }
    }

    /// The first request is polite, the second is at once.
    fn asked(&mut self, signal: Signal) {
        if self.reason.is_some() {
            process::signal_group(self.group, Signal::Kill);
        }
        self.begin(Stop::Asked(signal));
    }

    fn press(&self) {
        if self.since.is_some_and(|since| since.elapsed() >= self.limits.grace) {
            process::signal_group(self.group, Signal::Kill);
        }
    }

    fn next_look(&self, timeout: Option<Duration>, watch: Stopwatch) -> Duration {
        let until_timeout = timeout
            .filter(|_| self.reason.is_none())
            .map(|limit| limit.saturating_sub(watch.elapsed()));
        let until_kill = self.since.map(|since| self.limits.grace.saturating_sub(since.elapsed()));
        let soonest = until_timeout.into_iter().chain(until_kill).fold(LOOK, Duration::min);
        soonest.max(Duration::from_millis(1))
    }
}

/// Ends what the program left running, in whatever group or session, and names it. A request to
/// stop that arrives meanwhile shortens the grace to nothing.
fn end_stragglers(group: u32, grace: Duration, events: &Receiver<Event>) -> Vec<String> {
    let mut names = BTreeSet::new();
    let watch = Stopwatch::start();
    let mut asked = false;
    let mut told = BTreeSet::new();
    loop {
        process::reap_orphans();
        let left = family::descendants();
        if left.is_empty() && !process::group_lives(group) {
            return names.into_iter().collect();
        }
        asked |= events.try_recv().is_ok();
        let signal = match asked || watch.elapsed() >= grace {
            true => Signal::Kill,
            false => Signal::Terminate,
        };
        if told.insert((group, signal == Signal::Kill)) {
            process::signal_group(group, signal);
        }
        for process in left {
            if told.insert((process.pid, signal == Signal::Kill)) {
                process::signal_one(process.pid, signal);
            }
            names.insert(process.name);
        }
        if watch.elapsed() >= grace.saturating_add(LAST_RESORT) {
            return names.into_iter().collect();
        }
        clock::sleep(Duration::from_millis(10));
    }
}

fn cannot_start(name: &str, program: &Program, error: &std::io::Error) -> Error {
    let missing_folder = !program.cwd.is_dir();
    let (problem, hint) = match error.kind() {
        std::io::ErrorKind::NotFound if missing_folder => (
            format!("its working directory `{}` does not exist", program.cwd.display()),
            "create it, or change the workload's `cwd`",
        ),
        std::io::ErrorKind::NotFound => (
            "no such program is on the path".to_string(),
            "install it, or give its full path in the workload's `command`",
        ),
        std::io::ErrorKind::PermissionDenied => {
            ("it may not be executed".to_string(), "make it executable with `chmod +x`")
        }
        _ => (error.to_string(), "check the workload's `command`"),
    };
    Act::StartProgram { program: name.to_string(), problem, hint: hint.into() }.into()
}

//! One attempt at a run, from its job to its report.
//! Whatever happens after the run's lock is taken, a report says it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::executor::Job;
use crate::format;
use crate::measure;
use crate::measure::Backend;
use crate::measure::Program;
use crate::plan::Measurement;
use crate::plan::Outcome;
use crate::plan::RunId;
use crate::plan::measurement::Context;
use crate::plan::measurement::FileRecord;
use crate::plan::measurement::Machine;
use crate::plan::measurement::MemoryUse;
use crate::plan::measurement::PageFaults;
use crate::plan::measurement::Revision;
use crate::plan::measurement::Versions;
use crate::profile::Origin;
use crate::store::Layout;
use crate::store::Report;
use crate::store::report;
use crate::system::clock;
use crate::system::clock::Stopwatch;
use crate::system::fault;
use crate::system::file;
use crate::system::folder;
use crate::system::lock::FileLock;
use crate::system::machine;
use crate::system::noise;
use crate::system::process;
use crate::system::process::Exit;
use crate::system::process::Signal;
use crate::system::signal;
use crate::units::Bytes;
use crate::units::Seconds;
use crate::worker::counters;
use crate::worker::input;
use crate::worker::invariant;
use crate::worker::keep::Watched;
use crate::worker::log::Log;
use crate::worker::memory;
use crate::worker::memory::Timeline;
use crate::worker::output;
use crate::worker::overhead;
use crate::worker::program;
use crate::worker::program::Event;
use crate::worker::program::Finished;
use crate::worker::program::Limits;
use crate::worker::program::Stop;
use crate::worker::program::Streams;
use crate::worker::revision;
use crate::worker::stage::Failed;
use crate::worker::stage::Stage;

/// Makes the attempt and leaves its report.
///
/// # Errors
/// When the run is taken, or when not even a report could be written.
pub fn work(job: &Job) -> Result<()> {
    let (sender, receiver) = mpsc::channel();
    let asked = sender.clone();
    signal::listen(move |signal| {
        let _ = asked.send(Event::Asked(signal));
        true
    })
    .map_err(|error| Error::bug(format!("cannot listen for signals: {error}")))?;
    let layout = Layout::new(&job.plan);
    let run = RunId::new(&job.run).map_err(Error::bug)?;
    let folder = layout.attempt_folder(&run, job.attempt);
    folder::create_below(layout.root(), &folder)?;
    let _lock = held_lock(&layout, &run)?;
    if let Some(guard) = job.guard {
        process::keep_from_programs(guard)
            .map_err(|error| Error::bug(format!("the host's lock is not open: {error}")))?;
    }
    process::adopt_orphans();
    let attempt = Attempt { job, layout: &layout, run: &run, folder: &folder };
    let reserve = report::Reserve::create(&folder);
    let report = attempt.make(&sender, &receiver).unwrap_or_else(|error| failure(&error));
    fault::point("attempt", "made").map_err(|source| Error::write(&folder, source))?;
    match (report.save(&folder), reserve) {
        // What the disk has no room for is lost, but not the news of it.
        (Err(error), Ok(reserve)) => reserve.spend(&failure(&error), &folder),
        (saved, _) => saved,
    }
}

/// The lock of the run is inherited from whoever placed this worker; where it was not, it is taken
/// here. Either way the program inherits it.
fn held_lock(layout: &Layout, run: &RunId) -> Result<Option<FileLock>> {
    let path = layout.run_lock(run);
    let lock = FileLock::try_take(&path)?;
    if let Some(lock) = &lock {
        process::inherit(lock.file()).map_err(|source| Error::write(&path, source))?;
    }
    Ok(lock)
}

fn failure(error: &Error) -> Report {
    let message = match error.hint() {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    };
    Report::failed(Outcome::Failed, message)
}

struct Attempt<'a> {
    job: &'a Job,
    layout: &'a Layout,
    run: &'a RunId,
    folder: &'a Path,
}

impl Attempt<'_> {
    fn make(&self, sender: &Sender<Event>, receiver: &Receiver<Event>) -> Result<Report> {
        let revision = revision::of(self.layout.root(), self.layout);
        if let Some(report) = self.refused(&revision) {
            return Ok(report);
        }
        let backend = measure::by_name(&self.job.backend)?;
        let bare = self.bare_program();
        folder::create_below(self.layout.root(), &self.job.cache_folder)?;
        backend.check(&bare)?;
        let measured = backend.measured(&bare, self.folder)?;
        let mut stdout = Log::create(&self.folder.join("stdout.log"), self.job.log_limit)?;
        let mut stderr = Log::create(&self.folder.join("stderr.log"), self.job.log_limit)?;
        if receiver.try_recv().is_ok() {
            return Ok(Report { on_request: true, ..Report::failed(Outcome::Lost, String::new()) });
        }
        report::mark_started(self.folder)?;
        let stage = Stage {
            job: self.job,
            bare: &bare,
            limits: self.limits(Signal::Terminate),
            sender,
            receiver,
            folder: self.folder,
        };
        if let Some(failed) = input::make(&stage, self.layout)? {
            return Ok(self.not_measured(&failed));
        }
        if let Some(failed) = stage.warm_up()? {
            return Ok(self.not_measured(&failed));
        }
        let counters = self.folder.join(counters::FILE);
        file::remove(&counters)?;
        if let Some(failed) = stage.prepare()? {
            stage.clean_up()?;
            return Ok(self.not_measured(&failed));
        }
        let signs = noise::signs();
        let streams = Streams {
            stdin: stage.stdin()?,
            stdout: stdout.descriptor()?,
            stderr: stderr.descriptor()?,
        };
        let watched = Watched::new(self.job);
        let watch = Stopwatch::start();
        let pid = program::start(&measured, &self.job.pin, streams)?;
        let memory = self.job.memory_interval_seconds.map(|seconds| {
            memory::Watcher::start(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
        });
        fault::point("program", "started").map_err(|source| Error::write(self.folder, source))?;
        let mut logs = [&mut stdout, &mut stderr];
        let limits = self.limits(backend.ended_by());
        let finished =
            program::supervise(pid, watch, limits, (sender.clone(), receiver), &mut logs);
        let memory = memory.and_then(memory::Watcher::finish);
        let mut finished = finished?;
        finished.ended = overhead::completed(finished.ended, backend.used(self.folder));
        let counted = counters::read(&counters)?;
        watched.keep(self.layout, self.run, self.job.attempt, self.job.log_limit)?;
        let uncleaned = stage.clean_up()?;
        let mut warnings = noise::warnings(&signs, self.job.parallel);
        if self.job.parallel > 1 {
            let others = self.job.parallel - 1;
            warnings.push(format!("up to {others} other runs were measured at the same time"));
        }
        warnings.extend([&mut stdout, &mut stderr].into_iter().filter_map(Log::close));
        if !finished.left_processes.is_empty() {
            warnings.push(format!(
                "processes that the program had started outlived it and were ended: `{}`",
                finished.left_processes.join("`, `")
            ));
        }
        warnings.extend(uncleaned.map(|failed| self.failure_of(&failed)));
        warnings.extend(counted.warnings);
        let context = self.context(revision, signs.load, warnings);
        self.concluded(backend, &finished, counted.counters, memory.as_ref(), context)
    }

    /// The report of a run that must not be started.
    fn refused(&self, revision: &Revision) -> Option<Report> {
        let (name, how) =
            invariant::violated(&self.job.invariants, &self.job.env, revision, self.layout.root())?;
        let message = format!("invariant `{name}` does not hold: {how}");
        Some(Report::failed(Outcome::Invariant(name), message))
    }

    fn bare_program(&self) -> Program {
        let mut env = self.job.environment();
        let folder = self.canonical_folder();
        env.insert(counters::VARIABLE.into(), format!("{folder}/{}", counters::FILE));
        env.insert(report::MARK_VARIABLE.into(), folder);
        Program { argv: self.job.argv.clone(), env, cwd: self.job.cwd.clone() }
    }

    fn canonical_folder(&self) -> String {
        let folder = self.folder.canonicalize();
        folder.as_deref().unwrap_or(self.folder).to_string_lossy().into_owned()
    }

    fn limits(&self, ended_by: Signal) -> Limits {
        let duration = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Limits {
            timeout: self.job.timeout_seconds.map(duration),
            grace: duration(self.job.grace_seconds),
            ended_by,
        }
    }

    fn context(
        &self,
        revision: Revision,
        load_before: Option<f64>,
        warnings: Vec<String>,
    ) -> Context {
        let elsewhere = revision::differ(&self.job.cwd, self.layout.root());
        Context {
            revision,
            workload_revision: elsewhere.then(|| revision::of(&self.job.cwd, self.layout)),
            machine: this_machine(),
            load_before,
            load_after: machine::load(),
            versions: Versions {
                superlinear: env!("CARGO_PKG_VERSION").into(),
                backend: self.job.backend.clone(),
                ..Versions::default()
            },
            overhead: None,
            pinned: self.job.pin.clone(),
            invariants: invariant::names(&self.job.invariants),
            warnings,
        }
    }

    /// The report of a run whose program never was to be measured, because something before failed.
    fn not_measured(&self, failed: &Failed) -> Report {
        let outcome = outcome(&failed.finished, failed.finished.ended.exit);
        let message = match outcome {
            Outcome::Interrupted => String::new(),
            _ => self.failure_of(failed),
        };
        let on_request = matches!(failed.finished.stopped, Some(Stop::Asked(_)));
        Report { on_request, ..Report::failed(outcome, message) }
    }

    fn failure_of(&self, failed: &Failed) -> String {
        let log = self.layout.recorded(&failed.log);
        let outcome = outcome(&failed.finished, failed.finished.ended.exit);
        format!("{}: {}, see `{log}`", failed.what, outcome.describe())
    }

    /// The report of a program that has run: with its measurement when it ended well.
    fn concluded(
        &self,
        backend: &dyn Backend,
        finished: &Finished,
        counters: BTreeMap<String, f64>,
        memory: Option<&Timeline>,
        mut context: Context,
    ) -> Result<Report> {
        let outcome = outcome(finished, backend.exit(self.folder, finished.ended.exit));
        let profile = match backend.collect(self.folder, &format::read_profile) {
            Err(error) if outcome == Outcome::Ok => return Err(error),
            collected => collected.ok().flatten(),
        };
        if let Some(profile) = &profile {
            describe(&mut context, &profile.origin);
            context.overhead = overhead::of(profile, &finished.ended);
        }
        let output = output::Output { layout: self.layout, run: self.run, folder: self.folder };
        let files = output.write(profile.as_ref(), memory, &context, outcome == Outcome::Ok)?;
        let memory = memory.and_then(Timeline::summary);
        Ok(Report {
            on_request: matches!(finished.stopped, Some(Stop::Asked(_))),
            message: self.message(&outcome),
            ended: clock::now(),
            measurement: (outcome == Outcome::Ok)
                .then(|| Box::new(measurement(finished, counters, memory, context, files))),
            outcome,
        })
    }

    fn message(&self, outcome: &Outcome) -> String {
        let log: PathBuf = self.folder.join("stderr.log");
        let log = self.layout.recorded(&log);
        match outcome {
            Outcome::Ok | Outcome::Interrupted => String::new(),
            Outcome::Timeout => {
                let limit = Seconds(self.job.timeout_seconds.unwrap_or_default());
                format!("timeout after {limit}; raise `timeout` if it needs longer")
            }
            other => format!("{}, see `{log}`", other.describe()),
        }
    }
}

fn describe(context: &mut Context, origin: &Origin) {
    context.versions.backend_version.clone_from(&origin.backend_version);
    context.versions.interpreter.clone_from(&origin.interpreter);
    context.versions.packages.clone_from(&origin.packages);
    context.warnings.extend(origin.warnings.iter().cloned());
}

fn outcome(finished: &Finished, exit: Exit) -> Outcome {
    match (finished.stopped, exit) {
        (Some(Stop::Timeout), _) => Outcome::Timeout,
        (Some(Stop::Asked(Signal::Interrupt | Signal::Terminate | Signal::Kill)), _) => {
            Outcome::Interrupted
        }
        (None, Exit::Code(0)) => Outcome::Ok,
        (None, Exit::Code(code)) => Outcome::ExitCode(code),
        (None, Exit::Signal(number)) => Outcome::Signal(number),
    }
}

fn measurement(
    finished: &Finished,
    counters: BTreeMap<String, f64>,
    memory: Option<MemoryUse>,
    context: Context,
    files: Vec<FileRecord>,
) -> Measurement {
    let ended = &finished.ended;
    Measurement {
        wall: Seconds(finished.wall.as_secs_f64()),
        user: Seconds(ended.user.as_secs_f64()),
        system: Seconds(ended.system.as_secs_f64()),
        peak_memory: Bytes(ended.peak_memory),
        faults: PageFaults { minor: ended.minor_faults, major: ended.major_faults },
        bytes_read: Bytes(ended.bytes_read),
        bytes_written: Bytes(ended.bytes_written),
        counters,
        memory,
        context,
        files,
    }
}

fn this_machine() -> Machine {
    Machine {
        host: machine::host(),
        boot_id: machine::boot_id(),
        cpu: machine::cpu(),
        cores: machine::cores(),
        kernel: machine::kernel(),
        governor: machine::governor(),
    }
}

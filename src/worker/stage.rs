//! Programs that are executed for an attempt but not measured: warm-ups, what is done before and
//! after each execution, and what makes the input.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;

use crate::error::Result;
use crate::executor::Job;
use crate::measure::Program;
use crate::system::clock::Stopwatch;
use crate::system::file;
use crate::system::process::Exit;
use crate::worker::log::Log;
use crate::worker::program;
use crate::worker::program::Event;
use crate::worker::program::Finished;
use crate::worker::program::Limits;
use crate::worker::program::Streams;

/// What all of them share.
#[derive(Debug, Clone, Copy)]
pub struct Stage<'a> {
    pub job: &'a Job,
    /// The program without a profiler.
    pub bare: &'a Program,
    pub limits: Limits,
    pub sender: &'a Sender<Event>,
    pub receiver: &'a Receiver<Event>,
    /// The attempt's own folder.
    pub folder: &'a Path,
}

/// An execution that did not end well.
#[derive(Debug)]
pub struct Failed {
    /// What it was for: `warm-up 1`, `prepare`.
    pub what: String,
    pub finished: Finished,
    pub log: PathBuf,
}

impl Stage<'_> {
    /// Executes the program as often as the job asks; the first execution that does not end well is
    /// the last. Both its streams go to `warmup-N.log`.
    ///
    /// # Errors
    /// When it cannot be started or its log not be written.
    pub fn warm_up(&self) -> Result<Option<Failed>> {
        for number in 1..=self.job.warmups {
            if let Some(failed) = self.prepare()? {
                return Ok(Some(failed));
            }
            let log = format!("warmup-{number}.log");
            let what = format!("warm-up {number}");
            let failed = self.execute(&what, &log, &self.job.argv, self.stdin()?, None)?;
            self.clean_up()?;
            if failed.is_some() {
                return Ok(failed);
            }
        }
        Ok(None)
    }

    /// Does what comes before an execution.
    ///
    /// # Errors
    /// As [`Stage::warm_up`].
    pub fn prepare(&self) -> Result<Option<Failed>> {
        match &self.job.prepare {
            Some(argv) => self.execute("prepare", "prepare.log", argv, None, None),
            None => Ok(None),
        }
    }

    /// Does what comes after an execution.
    ///
    /// # Errors
    /// As [`Stage::warm_up`].
    pub fn clean_up(&self) -> Result<Option<Failed>> {
        match &self.job.cleanup {
            Some(argv) => self.execute("cleanup", "cleanup.log", argv, None, None),
            None => Ok(None),
        }
    }

    /// Makes the input, where `stdout` is the file that it becomes.
    ///
    /// # Errors
    /// As [`Stage::warm_up`].
    pub fn make_input(&self, argv: &[String], stdout: File) -> Result<Option<Failed>> {
        self.execute("the command of `input`", "input.log", argv, None, Some(stdout))
    }

    /// The file that the program reads on standard input.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn stdin(&self) -> Result<Option<File>> {
        let input = self.job.input.as_ref().filter(|input| input.on_stdin);
        input.map(|input| file::open(&input.path)).transpose()
    }

    fn execute(
        &self,
        what: &str,
        log: &str,
        argv: &[String],
        stdin: Option<File>,
        stdout: Option<File>,
    ) -> Result<Option<Failed>> {
        let mut log = Log::create(&self.folder.join(log), self.job.log_limit)?;
        let program = Program { argv: argv.to_vec(), ..self.bare.clone() };
        let streams = Streams {
            stdin,
            stdout: stdout.map_or_else(|| log.descriptor(), Ok)?,
            stderr: log.descriptor()?,
        };
        let watch = Stopwatch::start();
        let pid = program::start(&program, &self.job.pin, streams)?;
        let events = (self.sender.clone(), self.receiver);
        let finished = program::supervise(pid, watch, self.limits, events, &mut [&mut log])?;
        log.close();
        let is_well = finished.stopped.is_none() && finished.ended.exit == Exit::Code(0);
        Ok((!is_well).then(|| Failed { what: what.into(), finished, log: log.path }))
    }
}

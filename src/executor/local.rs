//! The executor `local`: a worker process on this host, in a process group of its own, so that
//! neither the terminal's Ctrl-C nor the end of the runner reaches it.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Child;
use std::process::Stdio;

use crate::error::Act;
use crate::error::Result;
use crate::executor::job::Job;
use crate::executor::job::WORKER;
use crate::executor::place::Executor;
use crate::executor::place::Placed;
use crate::system::lock::FileLock;
use crate::system::process;
use crate::system::process::Signal;

/// Starts workers as `TOOL __worker`.
#[derive(Debug, Clone)]
pub struct Local {
    /// This very program.
    pub tool: PathBuf,
}

#[derive(Debug)]
struct Worker(Child);

impl Executor for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn place(&self, locks: &[&FileLock]) -> Result<Box<dyn Placed>> {
        let mut command = process::command(&self.tool.to_string_lossy());
        command
            .arg(WORKER)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        let files: Vec<_> = locks.iter().map(|lock| lock.file()).collect();
        let child =
            process::spawn_with(&mut command, &files).map_err(|error| Act::StartProgram {
                program: self.tool.display().to_string(),
                problem: error.to_string(),
                hint: "check that this program was not moved while it runs".into(),
            })?;
        Ok(Box::new(Worker(child)))
    }
}

impl Placed for Worker {
    fn pid(&self) -> u32 {
        self.0.id()
    }

    fn begin(&mut self, job: &Job) {
        if let (Some(mut input), Ok(job)) = (self.0.stdin.take(), serde_json::to_vec(job)) {
            // A worker that is gone already shows by the report it did not leave.
            let _ = input.write_all(&job);
        }
    }

    fn stopper(&self) -> Box<dyn Fn(Signal)> {
        let group = self.0.id();
        Box::new(move |signal| {
            process::signal_group(group, signal);
        })
    }

    fn wait(mut self: Box<Self>) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

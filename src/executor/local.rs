//! The executor `local`: a worker process on this host, in a process group of its own, so that
//! neither the terminal's Ctrl-C nor the end of the runner reaches it.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Child;
use std::process::Stdio;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::executor::job::Job;
use crate::executor::job::WORKER;
use crate::executor::place::Executor;
use crate::executor::place::Placed;
use crate::system::process;

/// Starts workers as `TOOL __worker`.
#[derive(Debug, Clone)]
pub struct Local {
    /// This very program.
    pub tool: PathBuf,
}

struct Worker(Child);

impl Executor for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn place(&self, job: &Job) -> Result<Box<dyn Placed>> {
        let mut child = process::command(&self.tool.to_string_lossy())
            .arg(WORKER)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| self.cannot_start(&error))?;
        let job = serde_json::to_vec(job).map_err(|error| Error::bug(error.to_string()))?;
        if let Some(mut input) = child.stdin.take() {
            // A worker that is gone already shows by the result it did not leave.
            let _ = input.write_all(&job);
        }
        Ok(Box::new(Worker(child)))
    }
}

impl Local {
    fn cannot_start(&self, error: &std::io::Error) -> Error {
        Act::StartProgram {
            program: self.tool.display().to_string(),
            problem: error.to_string(),
            hint: "check that this program was not moved while it runs".into(),
        }
        .into()
    }
}

impl Placed for Worker {
    fn pid(&self) -> u32 {
        self.0.id()
    }

    fn wait(mut self: Box<Self>) {
        let _ = self.0.wait();
    }
}

//! What every executor can do: start the worker of a job somewhere, and say when it is over.

use crate::error::Result;
use crate::executor::job::Job;
use crate::system::process::Signal;

/// A place for workers.
pub trait Executor {
    /// The name in plans.
    fn name(&self) -> &'static str;

    /// Starts a worker for `job` and returns while it works.
    ///
    /// # Errors
    /// When no worker could be started.
    fn place(&self, job: &Job) -> Result<Box<dyn Placed>>;
}

/// A worker that was started.
pub trait Placed: Send {
    /// Its process, also the number of its process group; 0 where it has none.
    fn pid(&self) -> u32;

    /// Waits until the worker is gone; what it measured lies in the attempt's folder.
    fn wait(self: Box<Self>);
}

/// Passes a request to stop on to a worker, which stops its program.
pub fn stop(pid: u32, signal: Signal) {
    crate::system::process::signal_group(pid, signal);
}

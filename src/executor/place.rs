//! What every executor can do: start a worker somewhere, give it its job, and say when it is gone.

use crate::error::Result;
use crate::executor::job::Job;
use crate::system::lock::FileLock;
use crate::system::process::Signal;

/// A place for workers.
pub trait Executor {
    /// The name in plans.
    fn name(&self) -> &'static str;

    /// Starts a worker that waits for its job and, from now until it and everything it starts is
    /// gone, shares `locks`.
    ///
    /// # Errors
    /// When no worker could be started.
    fn place(&self, locks: &[&FileLock]) -> Result<Box<dyn Placed>>;
}

/// A worker that was started.
pub trait Placed: Send {
    /// Its process; 0 where it has none.
    fn pid(&self) -> u32;

    /// Gives the worker its job; a worker that is dropped without one ends by itself.
    fn begin(&mut self, job: &Job);

    /// A way to stop the worker while another thread waits for it.
    fn stopper(&self) -> Box<dyn Fn(Signal)>;

    /// Waits until the worker is gone; what it measured lies in the attempt's folder.
    fn wait(self: Box<Self>);
}

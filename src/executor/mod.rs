//! Where a run is placed, one file of code per executor.

pub mod job;
pub mod local;
pub mod place;

pub use job::Job;
pub use local::Local;
pub use place::Executor;
pub use place::Placed;

/// The executors' names, in the order of `--help`.
pub const NAMES: &[&str] = &["local"];

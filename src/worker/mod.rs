//! One run, measured, in its own process.

pub mod attempt;
pub mod invariant;
pub mod log;
pub mod output;
pub mod program;
pub mod revision;
pub mod warmup;

pub use attempt::work;

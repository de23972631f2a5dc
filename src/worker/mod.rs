//! One run, measured, in its own process.

pub mod attempt;
pub mod counters;
pub mod input;
pub mod invariant;
pub mod keep;
pub mod log;
pub mod memory;
pub mod output;
pub mod overhead;
pub mod program;
pub mod revision;
pub mod stage;

pub use attempt::work;

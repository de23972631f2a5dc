//! Folded stacks: a line for each, `outer;inner;innermost weight`, as py-spy, perf's and inferno's
//! scripts print them for flame graphs.

pub mod format;
pub mod period;
pub mod read;
pub mod write;

pub use format::Folded;

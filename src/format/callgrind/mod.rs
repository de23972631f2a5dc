//! Callgrind's profiles, and those of others in its format: yappi, Xdebug, pprof's and our own.
//! The text is read line by line into a graph of calls; what a function costs with its callees
//! included stands nowhere in it and is worked out from the graph.

pub mod component;
pub mod format;
pub mod graph;
pub mod header;
pub mod inclusive;
pub mod name;
pub mod position;
pub mod read;
pub mod write;

pub use format::Callgrind;

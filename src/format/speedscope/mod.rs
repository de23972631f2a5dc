//! Speedscope's own format: JSON with a table of frames, and profiles that are sampled stacks or
//! functions entered and left.

pub mod document;
pub mod events;
pub mod format;
pub mod read;
pub mod sampler;
pub mod samples;
pub mod write;

pub use format::Speedscope;

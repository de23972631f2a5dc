//! Flame graphs: the colours of their frames, and the files that any browser opens.

pub mod colour;
pub mod file;

pub use file::file;

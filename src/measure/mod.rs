//! Measuring one process, one file of code per backend.

pub mod backend;

pub use backend::Backend;
pub use backend::Program;

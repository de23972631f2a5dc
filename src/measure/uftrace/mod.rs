//! The backend `uftrace`: exact calls and wall time of native programs, from its binary trace.

pub mod backend;
pub mod places;
pub mod replay;

pub use backend::Uftrace;

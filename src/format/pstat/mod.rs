//! Python's profile statistics, as `cProfile`, `profile` and yappi save them: one marshalled dict.
//! Only the codes that such a dict needs are known here; nothing is ever run or unpickled.

pub mod format;
pub mod marshal;
pub mod read;
pub mod write;

pub use format::Pstat;

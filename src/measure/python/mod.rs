//! Profilers of Python programs: how a Python command line reads, the file that runs it under a
//! profiler, and one backend for each profiler.

pub mod command;
pub mod cprofile;
pub mod lines;
pub mod shim;
pub mod yappi;

//! One door for each effect: clock, files, locks, processes, environment, signals.
//! Nothing here knows what a run or a plan is; everything else asks here and stays plain.

pub mod affinity;
pub mod clock;
pub mod env;
pub mod exit;
pub mod family;
pub mod fault;
pub mod file;
pub mod folder;
pub mod helper;
pub mod lock;
pub mod machine;
pub mod memory;
pub mod noise;
pub mod process;
pub mod signal;
pub mod ticks;

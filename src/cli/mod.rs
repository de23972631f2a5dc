//! Arguments and wiring; the only code that talks to a person.

pub mod change;
pub mod dry_run;
pub mod entry;
pub mod estimate;
pub mod listing;
pub mod names;
pub mod progress;
pub mod runner;
pub mod shared;
pub mod status;
pub mod terminal;
pub mod worker;

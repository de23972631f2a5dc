//! Arguments and wiring; the only code that talks to a person.

pub mod all;
pub mod analyzer;
pub mod change;
pub mod choice;
pub mod dry_run;
pub mod entry;
pub mod estimate;
pub mod execution;
pub mod gating;
pub mod judge;
pub mod listing;
pub mod load;
pub mod measurements;
pub mod names;
pub mod progress;
pub mod reap;
pub mod records;
pub mod reports;
pub mod runner;
pub mod shared;
pub mod status;
pub mod status_json;
pub mod terminal;
pub mod umbrella;
pub mod validate;
pub mod worker;

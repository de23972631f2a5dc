//! What is to be run, how far it got, what came out: plain types, no files.

pub mod after;
pub mod change;
pub mod convert;
pub mod convert_analysis;
pub mod convert_order;
pub mod convert_run;
pub mod convert_suite;
pub mod convert_workload;
pub mod extent;
pub mod found;
pub mod id;
pub mod measurement;
pub mod model;
pub mod order;
pub mod problem;
pub mod quantity;
pub mod select;
pub mod suite;
pub mod thresholds;
pub mod wire;
pub mod wire_analysis;
pub mod wire_suite;
pub mod words;

pub use after::After;
pub use change::Change;
pub use extent::Extent;
pub use id::RunId;
pub use measurement::Measurement;
pub use measurement::RunResult;
pub use model::AnalysisSettings;
pub use model::Attempt;
pub use model::CacheUse;
pub use model::Input;
pub use model::Launch;
pub use model::Outcome;
pub use model::Plan;
pub use model::Run;
pub use model::Settings;
pub use model::Status;
pub use model::Task;
pub use model::Workload;
pub use problem::Problem;
pub use select::Filter;
pub use select::Selection;
pub use suite::Suite;
pub use thresholds::Thresholds;

#[cfg(test)]
pub mod schema;

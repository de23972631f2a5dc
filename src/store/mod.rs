//! The plan on disk: its lock, its journal, and where the files of a run lie.

pub mod document;
pub mod explain;
pub mod journal;
pub mod known;
pub mod layout;
pub mod plan_store;
pub mod read;
pub mod report;
pub mod splice;

pub use layout::Layout;
pub use plan_store::LockedPlan;
pub use plan_store::PlanStore;
pub use report::Report;

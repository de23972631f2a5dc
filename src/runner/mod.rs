//! The queue: claim, place, record. It prints nothing; what happens is told as events.

pub mod cache;
pub mod claim;
pub mod crew;
pub mod event;
pub mod fill;
pub mod host;
pub mod input;
pub mod job;
pub mod orphan;
pub mod outcome;
pub mod pick;
pub mod queue;
pub mod settle;
pub mod skip;

pub use event::Event;
pub use pick::Pick;
pub use queue::Options;
pub use queue::Summary;
pub use queue::run;

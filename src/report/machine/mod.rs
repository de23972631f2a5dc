//! What formats for machines share: the judged things as plain data, how alarming each is, and how
//! numbers and names are written. Each format stands in a file of its own, beside the others.

pub mod alarm;
pub mod changes;
pub mod judged;
pub mod list;
pub mod written;

pub use alarm::Alarm;
pub use alarm::Rule;
pub use alarm::Severity;
pub use judged::Judged;
pub use judged::Kind;
pub use list::alarms;
pub use list::list;

//! A program before and after a change, by two sets of profiles.

pub mod compare;
pub mod document;
mod side;

pub use compare::compare;
pub use document::FunctionChange;
pub use document::GrowthChange;
pub use document::Power;
pub use document::SetComparison;
pub use document::Sets;
pub use document::SizeChange;

//! Do two versions of a program do the same? Their outputs compared, with the first places that
//! differ.

pub mod compare;
pub mod diff;
pub mod number;
pub mod structured;

pub use compare::CaseFinding;
pub use compare::Difference;
pub use compare::Output;
pub use compare::compare;

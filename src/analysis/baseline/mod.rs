//! How a program grew once, kept to be held against how it grows now. Plain data and its
//! comparison; where baselines lie is the caller's.

pub mod against;
pub mod compare;
pub mod cost;
pub mod document;
pub mod matching;
pub mod take;

pub use against::Against;
pub use against::Change;
pub use against::What;
pub use compare::against;
pub use document::Baseline;
pub use document::Setup;
pub use take::of_measurements;
pub use take::of_scaling;

//! Series of values judged: the estimate of `stats` in the words of the document, under the rule of
//! evidence. The only rooms that ask `stats` for an estimate.

pub mod fit;
pub mod judge;

pub use fit::ENOUGH_SIZES;
pub use fit::Fit;
pub use fit::Kind;
pub use judge::Judge;

//! Is the optimised version really faster, and enough so? From repeated times to a decision.

pub mod criteria;
pub mod decide;
pub mod document;
pub mod figures;
pub mod sequence;
pub mod trial;

pub use criteria::Criteria;
pub use criteria::Criterion;
pub use decide::blocked;
pub use decide::decide;
pub use document::Benchmark;
pub use document::Decision;
pub use document::VersionFigures;
pub use sequence::SequenceReport;
pub use sequence::Step;
pub use sequence::StopReason;
pub use trial::Sample;
pub use trial::Trial;

//! Where one run spends its time: costly functions, modules, kinds of work, and what does not grow.

pub mod document;
pub mod find;
pub mod remedy;

pub use document::Bottleneck;
pub use document::Bottlenecks;
pub use document::Mark;
pub use document::MemoryEfficiency;
pub use document::Part;
pub use document::PerIteration;
pub use remedy::bottlenecks;

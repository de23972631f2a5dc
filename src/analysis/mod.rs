//! How cost grows with size: from measured runs to findings. Reads no files and prints nothing.

pub mod busy;
pub mod cache_impact;
pub mod culprit;
pub mod digits;
pub mod document;
pub mod factor;
pub mod functions;
pub mod growth;
pub mod identity;
pub mod input;
pub mod own_code;
pub mod pair;
pub mod pairs;
pub mod phase1;
pub mod runs;
pub mod share;
pub mod size;
pub mod survey;
pub mod waiting;

pub use cache_impact::Phase0;
pub use cache_impact::Recommendation;
pub use cache_impact::phase0;
pub use document::Culprit;
pub use document::FunctionGrowth;
pub use document::Growth;
pub use document::MetricName;
pub use document::Metrics;
pub use document::Phase1;
pub use document::Verdict;
pub use input::MeasuredRun;
pub use input::Settings;
pub use input::SizeBy;
pub use pair::Comparison;
pub use pair::pair;
pub use phase1::phase1;

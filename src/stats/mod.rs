//! Numbers from numbers: how a cost grows with the size, how sure that is, and when it cannot be told.
//! Nothing here knows of files, functions or runs.

pub mod advice;
pub mod band;
pub mod bench;
pub mod class;
pub mod design;
pub mod estimate;
pub mod evidence;
pub mod fit;
pub mod gamma;
pub mod line;
pub mod misfit;
pub mod noise;
pub mod outlier;
pub mod outlook;
pub mod posterior;
pub mod prior;
pub mod prospect;
pub mod ratio;
pub mod scan;
pub mod series;
pub mod shape;
pub mod sketch;

pub use advice::Advice;
pub use advice::Way;
pub use band::Band;
pub use band::Bands;
pub use class::Class;
pub use design::Design;
pub use design::DesignFault;
pub use estimate::Estimate;
pub use estimate::Misfit;
pub use estimate::Skipped;
pub use estimate::Verdict;
pub use estimate::Warning;
pub use line::Line;
pub use noise::NoiseFloor;
pub use outlook::Outlook;
pub use outlook::Range;
pub use prospect::Prospect;
pub use prospect::chance_to_find;
pub use prospect::chance_to_lose;
pub use series::Unusable;
pub use series::Unused;

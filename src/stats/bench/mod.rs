//! Repeated times of one program, or of two: how large, how sure, and what is odd about them.

pub mod bootstrap;
pub mod random;
pub mod rank;
pub mod sample;
pub mod spread;
pub mod test;

pub use bootstrap::Ratio;
pub use bootstrap::ratio_of_medians;
pub use random::Random;
pub use rank::ranks_higher;
pub use sample::Summary;
pub use sample::mean;
pub use sample::median;
pub use sample::summary;
pub use spread::Drift;
pub use spread::drift;
pub use spread::outliers;
pub use spread::two_groups;
pub use test::Test;
pub use test::paired;
pub use test::smallest_difference;
pub use test::smallest_paired_difference;
pub use test::welch;

//! What the samples trade on: seeded prices, kept on disk between runs.

pub mod bar;
pub mod cache;
pub mod history;
pub mod random;

pub use bar::Bar;
pub use cache::BarCache;
pub use history::Frequency;
pub use history::Market;
pub use random::Random;

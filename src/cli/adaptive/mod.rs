//! `--adaptive`: the smallest sizes first, and larger ones only while they could change a verdict.
//! It answers the queue, which judges nothing itself.

pub mod line;
pub mod picker;
pub mod told;

pub use line::Sparing;
pub use picker::Adaptive;

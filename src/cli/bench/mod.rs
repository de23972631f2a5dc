//! The command `superlinear bench`: a program measured again and again, or two compared and decided
//! on.

pub mod adhoc;
pub mod check;
pub mod line;
pub mod options;
pub mod raw;
pub mod reread;
pub mod sequence;
pub mod suite;
pub mod trial;

pub use line::BenchLine;
pub use line::run;

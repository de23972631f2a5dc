//! The command `superlinear scan`: a program at several sizes, judged, without a plan of one's own.

pub mod binary;
pub mod budget;
pub mod command;
pub mod folder;
pub mod guess;
pub mod line;
pub mod run;
pub mod sizes;
pub mod told;

pub use line::ScanLine;
pub use run::run;

//! Numbers from numbers: how a cost grows with the size, how sure that is, and when it cannot be told.
//! Nothing here knows of files, functions or runs.

pub mod band;
pub mod line;
pub mod ratio;

pub use band::Band;
pub use band::Bands;
pub use line::Line;

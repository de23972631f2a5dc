//! Figures that were measured elsewhere, judged one by one: no profile, no culprit, only growth.

mod csv;
pub mod document;
pub mod judged;
mod points;

pub use document::MeasuredGrowth;
pub use document::Measurements;
pub use document::ValueKind;
pub use judged::measurements;

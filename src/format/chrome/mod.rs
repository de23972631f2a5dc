//! Chrome's trace event format: JSON with a list of events, as VizTracer, Perfetto and browsers use
//! it.

mod document;
pub mod format;
pub mod read;
pub mod write;

pub use format::Chrome;

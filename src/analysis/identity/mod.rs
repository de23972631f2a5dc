//! The same function across runs: one name for it, one row for it.

pub mod name;
pub mod table;

pub use table::EdgeSeries;
pub use table::FunctionSeries;
pub use table::Table;

//! The same function across runs: one name for it, one row for it.

pub mod moved;
pub mod name;
pub mod series;
pub mod table;

pub use series::EdgeSeries;
pub use series::FunctionSeries;
pub use table::Table;

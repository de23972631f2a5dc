//! Tables of comma-separated cells: what the formats that are such tables share.

pub mod cell;
pub mod columns;
pub mod records;
pub mod rows;
pub mod scan;
pub mod text;

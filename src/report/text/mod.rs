//! Plain text for a terminal: one room for the page, one each for tables, lines and ASCII.

pub mod ascii;
pub mod line;
pub mod page;
pub mod paint;
pub mod table;

pub use page::Text;

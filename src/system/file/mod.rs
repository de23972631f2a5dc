//! Reading and writing files; what is replaced is replaced whole.

mod output;
mod reader;
mod replacement;
mod stamp;
mod writer;

pub use output::put;
pub use reader::head;
pub use reader::open;
pub use reader::read;
pub use reader::read_from;
pub use replacement::move_into_place;
pub use replacement::replace;
pub use replacement::replace_output;
pub use replacement::replace_seen;
pub use stamp::Stamp;
pub use stamp::followed;
pub use stamp::modified;
pub use stamp::stamp;
pub use writer::create;
pub use writer::create_appending;
pub use writer::create_folder;
pub use writer::open_at;
pub use writer::remove;
pub use writer::truncate;

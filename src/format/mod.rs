//! Profile files, one file of code per format.
//! Readers recognise their files by content; writers give bytes. Paths are `open`'s affair.

pub mod callgrind;
pub mod catalog;
pub mod fault;
pub mod functions_csv;
pub mod gather;
pub mod intern;
pub mod label;
pub mod lines;
pub mod measurements_csv;
pub mod open;
pub mod pstat;
pub mod reader;
pub mod table;
pub mod threads_csv;
pub mod writer;

pub use catalog::ALL;
pub use catalog::WRITERS;
pub use catalog::by_name;
pub use catalog::writer_by_name;
pub use fault::Fault;
pub use open::read_bytes;
pub use open::read_profile;
pub use reader::Reader;
pub use writer::Writer;

//! Profile files, one file of code per format.
//! Readers recognise their files by content; writers give bytes. Paths are `open`'s affair.

pub mod callgrind;
pub mod catalog;
pub mod chrome;
pub mod fault;
pub mod folded;
pub mod frame;
pub mod functions_csv;
pub mod gather;
pub mod gzip;
pub mod intern;
pub mod json;
pub mod label;
pub mod lines;
pub mod measurements_csv;
pub mod open;
pub mod order;
pub mod pprof;
pub mod pprof_wire;
pub mod pstat;
pub mod reader;
pub mod speedscope;
pub mod stacks;
pub mod table;
pub mod threads_csv;
pub mod timeline;
pub mod unit;
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

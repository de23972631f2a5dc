//! The plan on disk against a simple model: any sequence of operations, by several holders, with
//! crashes and edits by hand in between, and any bytes in the place of a plan or a journal.
#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod damaged;
mod edits;
mod model;
mod sequences;
mod world;

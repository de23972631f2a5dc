//! The report of a scaling series: one room per chapter, and `page` for their order.

pub mod counter;
pub mod culprit;
pub mod evidence;
pub mod forecast;
pub mod function;
pub mod notes;
pub mod page;
pub mod pairs;
pub mod sentence;
pub mod silence;
pub mod summary;

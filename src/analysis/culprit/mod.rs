//! From many growing functions to the few places to fix.

pub mod callers;
pub mod origin;
pub mod recursion;
pub mod words;

//! From many growing functions to the few places to fix.

pub mod blame;
pub mod callers;
pub mod coming;
pub mod culprits;
pub mod origin;
pub mod recursion;
pub mod why;
pub mod words;

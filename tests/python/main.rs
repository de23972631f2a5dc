//! Real Python programs under the real profilers: what the program does is unchanged, and what the
//! profile says is known by hand.
#![expect(clippy::disallowed_methods, reason = "these tests start the programs themselves")]

mod endings;
mod interpreters;
mod measured;
mod profiles;
#[path = "../support/mod.rs"]
mod support;

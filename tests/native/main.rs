//! Real programs in C, C++ and Rust under the real profilers: exponents against known growth, exact
//! calls, kept exit codes, and clear refusals where the kernel allows no measuring.
#![expect(clippy::disallowed_methods, reason = "these tests start the programs themselves")]

mod callgrind;
mod measured;
mod places;
mod refusals;
mod samplers;
#[path = "../support/mod.rs"]
mod support;
mod uftrace;

#![doc = include_str!("ARCHITECTURE.md")]
#![cfg_attr(
    not(test),
    warn(
        clippy::print_stdout,
        clippy::print_stderr,
        clippy::exit,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]
#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests make and break files as they like")
)]

pub mod error;
pub mod system;
pub mod units;

pub mod plan;
pub mod profile;
pub mod stats;

pub mod executor;
pub mod format;
pub mod measure;
pub mod store;

pub mod analysis;
pub mod workload;

pub mod report;
pub mod runner;
pub mod worker;

pub mod check;
pub mod cli;

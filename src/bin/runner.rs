//! The door `runner`: its command line lives in `cli`.

use std::process::ExitCode;

use superlinear::cli::entry;
use superlinear::cli::runner;

fn main() -> ExitCode {
    entry::main(runner::run)
}

//! The door `superlinear`: its command line lives in `cli`.

use std::process::ExitCode;

use superlinear::cli::entry;
use superlinear::cli::umbrella;

fn main() -> ExitCode {
    entry::main(umbrella::run)
}

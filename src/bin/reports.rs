//! The door `reports`: its command line lives in `cli`.

use std::process::ExitCode;

use superlinear::cli::entry;
use superlinear::cli::reports;

fn main() -> ExitCode {
    entry::main(reports::run)
}

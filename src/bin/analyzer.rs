//! The door `analyzer`: its command line lives in `cli`.

use std::process::ExitCode;

use superlinear::cli::analyzer;
use superlinear::cli::entry;

fn main() -> ExitCode {
    entry::main(analyzer::run)
}

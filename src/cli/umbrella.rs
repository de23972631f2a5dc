//! The command `superlinear`: every other command under one name, and those that belong to no
//! stage.

use clap::CommandFactory as _;
use clap::Parser;
use clap::Subcommand;

use crate::cli::all;
use crate::cli::all::AllLine;
use crate::cli::analyzer;
use crate::cli::analyzer::AnalyzerLine;
use crate::cli::bench;
use crate::cli::bench::BenchLine;
use crate::cli::completions;
use crate::cli::completions::CompletionsLine;
use crate::cli::completions::ManLine;
use crate::cli::export;
use crate::cli::export::ExportLine;
use crate::cli::reports;
use crate::cli::reports::ReportsLine;
use crate::cli::runner;
use crate::cli::runner::RunnerLine;
use crate::cli::scan;
use crate::cli::scan::ScanLine;
use crate::error::Result;

/// Finds the functions of a program that grow faster than its input.
#[derive(Debug, Parser)]
#[command(name = "superlinear", version, after_help = EXAMPLES)]
pub struct SuperlinearLine {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  superlinear scan --sizes 1k..8k x2 -- python parse.py {size}
                                       a program at several sizes, judged, without a plan
  superlinear all                      run the whole plan, judge it, write the reports
  superlinear run --phase 1            the same as `runner --phase 1`
  superlinear analyze --phase 1        the same as `analyzer --phase 1`
  superlinear report --phase 1         the same as `reports --phase 1`
  superlinear bench --baseline 'python old.py' --optimized 'python new.py'
  superlinear export month --format speedscope --output month.json";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole plan, judge it and write the reports
    All(AllLine),
    /// Execute the queue, look at it, or change it
    Run(Box<RunnerLine>),
    /// Judge how the cost of functions grows
    Analyze(Box<AnalyzerLine>),
    Scan(Box<ScanLine>),
    /// Measure a program again and again, or compare two and decide
    Bench(Box<BenchLine>),
    /// Show findings as a document
    Report(ReportsLine),
    /// Write a profile in a format that another tool opens
    Export(ExportLine),
    /// Complete commands and options in a shell
    Completions(CompletionsLine),
    /// Write the pages that `man` shows
    Man(ManLine),
}

/// Does what the command line asks.
///
/// # Errors
/// As the commands do.
pub fn run(line: SuperlinearLine) -> Result<u8> {
    match line.command {
        Command::All(line) => all::run(line),
        Command::Run(line) => runner::run(*line),
        Command::Analyze(line) => analyzer::run(*line),
        Command::Scan(line) => scan::run(&line),
        Command::Bench(line) => bench::run(&line),
        Command::Report(line) => reports::run(line),
        Command::Export(line) => export::run(line),
        Command::Completions(line) => completions::complete(&line, binaries()),
        Command::Man(line) => completions::man(&line, binaries()),
    }
}

/// The command lines of every binary.
fn binaries() -> Vec<clap::Command> {
    vec![
        SuperlinearLine::command(),
        RunnerLine::command(),
        AnalyzerLine::command(),
        ReportsLine::command(),
    ]
}

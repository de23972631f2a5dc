//! The command line of `superlinear scan`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::baseline::Baselines;
use crate::cli::judge::Judging;
use crate::cli::look::Look;
use crate::cli::names;

/// Runs a program at several sizes, finds the functions that grow too fast, and says so
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ScanLine {
    /// The sizes: a list, or a range with the factor by which they grow
    #[arg(long, value_name = "SIZES", num_args = 1..=2, required = true, help_heading = "What to run")]
    pub sizes: Vec<String>,

    /// The command that makes the input of a size; the program reads it on standard input, or as
    /// the file `{input}`
    #[arg(long, value_name = "COMMAND", help_heading = "What to run")]
    pub input: Option<String>,

    /// The program and its arguments; `{size}` is filled in
    #[arg(last = true, required = true, value_name = "PROGRAM", help_heading = "What to run")]
    pub command: Vec<String>,

    /// The profiler; without it the one that suits the program
    #[arg(long, value_name = "NAME", help_heading = "How to measure")]
    pub backend: Option<String>,

    /// How often each size is measured; 3 without a profiler, 1 with one, when nothing is said
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), help_heading = "How to measure")]
    pub repeat: Option<u32>,

    /// Grow sizes until the verdict is settled or the time is up, for example `10m`
    #[arg(long, value_name = "TIME", help_heading = "How to measure")]
    pub budget: Option<String>,

    /// The longest that one size may take, for example `90s`
    #[arg(long, value_name = "TIME", help_heading = "How to measure")]
    pub timeout: Option<String>,

    /// Where everything is kept; the same command goes on there
    #[arg(long, value_name = "FOLDER", help_heading = "How to measure")]
    pub dir: Option<PathBuf>,

    /// Measure anew what was measured already
    #[arg(long, help_heading = "How to measure")]
    pub fresh: bool,

    /// At the first failure and at the end run this command, split into words and without a shell,
    /// with a summary as JSON on its standard input
    #[arg(long, value_name = "COMMAND", help_heading = "How to measure")]
    pub notify: Option<String>,

    #[command(flatten)]
    pub judging: Judging,

    #[command(flatten)]
    pub baselines: Baselines,

    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "What to show", help = names::formats("How it is written"))]
    pub format: String,

    /// Write the report to this file instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "What to show")]
    pub output: Option<PathBuf>,

    /// Where the report is kept as a page; without it `report.html` in the folder of the scan
    #[arg(long, value_name = "FILE", help_heading = "What to show")]
    pub html: Option<PathBuf>,

    /// Show every table in full
    #[arg(long, help_heading = "What to show")]
    pub full: bool,

    #[command(flatten)]
    pub look: Look,

    /// Log more to standard error (twice for every step)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

const EXAMPLES: &str = "\
Examples:
  superlinear scan --sizes 1000,2000,4000,8000 -- python parse.py {size}
  superlinear scan --sizes 1k..1M x4 --input 'gen.py {size}' -- sort -n
  superlinear scan --sizes 100..10k x2 --input 'gen.py {size}' -- ./parse {input}
  superlinear scan --sizes 1k..64k x2 --budget 5m --fail-on quadratic -- ./tool {size}

Exit codes: 0 done, 1 a run failed, 2 usage, 4 gate exceeded, 130/143 interrupted.";

//! The command line of `superlinear bench`, and what it leads to.

use std::path::PathBuf;

use clap::ArgGroup;
use clap::Args;

use crate::analysis::decision::Benchmark;
use crate::analysis::decision::Decision;
use crate::cli::bench::adhoc;
use crate::cli::bench::adhoc::Asked;
use crate::cli::bench::options::How;
use crate::cli::bench::options::Limits;
use crate::cli::bench::options::Outputs;
use crate::cli::bench::reread;
use crate::cli::bench::sequence;
use crate::cli::bench::suite;
use crate::cli::bench::suite::Judged;
use crate::cli::look::Look;
use crate::cli::output;
use crate::cli::shared::Shared;
use crate::cli::words;
use crate::error::Result;
use crate::report;
use crate::report::Detail;
use crate::report::Report;
use crate::report::Subject;

/// The exit code of a rejected or blocked optimisation.
const NOT_ACCEPTED: u8 = 4;

/// Options that a suite of the plan has keys for.
const SAID_BY_THE_PLAN: [&str; 15] = [
    "runs",
    "warmups",
    "seed",
    "resume",
    "timeout",
    "dataset_size",
    "parameter_combinations",
    "backtest_count",
    "case",
    "stdout",
    "file",
    "preset",
    "min_improvement",
    "confidence",
    "max_memory_growth",
];

/// Measures a program again and again, or compares two and decides.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("what").required(true).args([
    "baseline", "suite", "sequence", "judge", "command",
]))]
pub struct BenchLine {
    #[command(flatten)]
    pub shared: Shared,

    /// The program as it was, in one string; split into words like a shell's, run without one
    #[arg(long, value_name = "COMMAND", requires = "optimized", help_heading = "What is measured")]
    pub baseline: Option<String>,

    /// The program as it is to be
    #[arg(long, value_name = "COMMAND", requires = "baseline", help_heading = "What is measured")]
    pub optimized: Option<String>,

    /// One program alone, after `--`: figures, no decision
    #[arg(last = true, value_name = "COMMAND", help_heading = "What is measured")]
    pub command: Vec<String>,

    /// A suite of the plan; goes on where it was interrupted
    #[arg(long, value_name = "NAME", conflicts_with_all = SAID_BY_THE_PLAN, help_heading = "What is measured")]
    pub suite: Option<String>,

    /// A sequence of suites of the plan, in order, until its goal
    #[arg(long, value_name = "NAME", conflicts_with_all = SAID_BY_THE_PLAN, help_heading = "What is measured")]
    pub sequence: Option<String>,

    /// Judge raw times (CSV or JSON) anew: one file with both versions, or two files
    #[arg(long, value_name = "FILE", num_args = 1..=2, help_heading = "What is measured")]
    pub judge: Vec<PathBuf>,

    #[command(flatten)]
    pub how: How,

    #[command(flatten)]
    pub outputs: Outputs,

    #[command(flatten)]
    pub limits: Limits,

    /// `text`, `markdown`, `html` or `json`
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: String,

    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub look: Look,
}

const EXAMPLES: &str = "\
Examples:
  superlinear bench --runs 20 -- python backtest.py
  superlinear bench --baseline 'python old.py' --optimized 'python new.py'
  superlinear bench --baseline 'python old.py' --optimized 'python new.py' --preset strict --format json
  superlinear bench --suite faster-join          a suite of profiling_plan.json
  superlinear bench --sequence all-of-them       its suites in order, until the goal
  superlinear bench --judge profiling/raw/faster-join.csv

Exit codes: 0 accepted (or measured), 4 rejected or blocked, 2 usage, 3 plan refused,
5 plan locked, 130/143 interrupted, 1 a file cannot be read or written.";

/// Does what the command line asks.
///
/// # Errors
/// As documented with the exit codes.
pub fn run(line: &BenchLine) -> Result<u8> {
    let BenchLine { shared, how, outputs, format, output, .. } = line;
    shared.start_log();
    let renderer = report::by_name(format)?;
    let thresholds = line.limits.thresholds()?;
    let deliver = |subject: Subject| {
        let text = match &subject {
            Subject::Benchmark(found) if format == "json" => found.to_json()?,
            Subject::Sequence(found) if format == "json" => found.to_json()?,
            _ => {
                let style = line.look.style(Detail::Usual, output.is_some());
                renderer.render(&Report::new(subject, Vec::new()), &style)?
            }
        };
        output::deliver(text.as_bytes(), output.as_deref())
    };
    if let Some(name) = &line.sequence {
        let found = match sequence::run(shared, name, how.again)? {
            sequence::Outcome::Judged(found) => found,
            sequence::Outcome::Stopped(code) => return Ok(code),
        };
        let code = if found.reached { 0 } else { NOT_ACCEPTED };
        return deliver(Subject::Sequence(found)).map(|()| code);
    }
    let judged = if !line.judge.is_empty() {
        Judged::Benchmark(Box::new(reread::judge(&line.judge, thresholds, how.seed)?))
    } else if let Some(name) = &line.suite {
        let mut store = shared.store();
        if how.again {
            suite::reset(&mut store, shared, name)?;
        }
        let raw = store.layout().profiling().join("raw").join(name);
        suite::run(&mut store, shared, name, &raw)?
    } else {
        let asked = Asked { baseline: line.first()?, optimized: line.second()?, how, outputs };
        adhoc::run(shared, &asked, &thresholds)?
    };
    let found = match judged {
        Judged::Benchmark(found) => found,
        Judged::Stopped(code) => return Ok(code),
    };
    let code = code(&found);
    deliver(Subject::Benchmark(found)).map(|()| code)
}

fn code(found: &Benchmark) -> u8 {
    match found.decision {
        Some(Decision::Accepted) | None => 0,
        Some(Decision::Rejected | Decision::Blocked) => NOT_ACCEPTED,
    }
}

impl BenchLine {
    fn first(&self) -> Result<Vec<String>> {
        match &self.baseline {
            Some(text) => words::split("--baseline", text),
            None => Ok(self.command.clone()),
        }
    }

    fn second(&self) -> Result<Option<Vec<String>>> {
        let split = |text: &String| words::split("--optimized", text);
        self.optimized.as_ref().map(split).transpose()
    }
}

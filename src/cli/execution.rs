//! How runs are executed, as a person says it.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::adaptive::Sparing;
use crate::cli::judge::Judging;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Selection;
use crate::runner::Options;
use crate::system::affinity;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Execute")]
pub struct Execution {
    /// Do not wait for runs that other workers have
    #[arg(long)]
    pub no_wait: bool,

    /// With `--resume`: give up runs that were in flight when their worker, or the machine, went
    /// down
    #[arg(long, requires = "resume")]
    pub skip_in_flight: bool,

    /// Measure N runs at once; without it one, and nothing else is measured on this host meanwhile
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024),
          conflicts_with = "adaptive")]
    pub parallel: Option<u32>,

    #[command(flatten)]
    pub adaptive: Sparing,

    /// Keep this page up to date: the report of a run's phase, replaced as a whole when the run has
    /// ended
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// At the first failure and at the end run this command, split into words and without a shell,
    /// with a summary as JSON on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub notify: Option<String>,

    /// How the page, and what is found so far, are judged
    #[arg(skip)]
    pub judging: Judging,

    /// Whether somebody judges right after the end, so that the last answer so far may be left out
    #[arg(skip)]
    pub is_judged_after: bool,

    /// Whether somebody tells of the end, so that `notify` is for failures alone
    #[arg(skip)]
    pub is_told_after: bool,

    /// Confine programs to these processors, for example `--pin 0` or `--pin 2,3`
    #[arg(long, value_name = "CPU", value_delimiter = ',')]
    pub pin: Vec<usize>,
}

impl Execution {
    /// What the queue is told.
    ///
    /// # Errors
    /// When a processor is named that may not be used.
    pub fn options(
        &self,
        selection: Selection,
        patience: Duration,
        tool: PathBuf,
    ) -> Result<Options> {
        check_processors(&self.pin, &affinity::allowed())?;
        Ok(Options {
            selection,
            patience,
            wait: !self.no_wait,
            skip_in_flight: self.skip_in_flight,
            parallel: self.parallel,
            pin: self.pin.clone(),
            tool,
        })
    }
}

fn check_processors(asked: &[usize], allowed: &[usize]) -> Result<()> {
    match asked.iter().find(|number| !allowed.contains(number)) {
        Some(unknown) => {
            let known: Vec<String> = allowed.iter().map(usize::to_string).collect();
            let known = known.iter().map(String::as_str);
            Err(Error::unknown("processor", &unknown.to_string(), known))
        }
        None => Ok(()),
    }
}

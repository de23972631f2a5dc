//! Arguments that every command takes.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::names;
use crate::cli::terminal;
use crate::store::PlanStore;

/// The plan that is used when none is named.
pub const DEFAULT_PLAN: &str = "profiling_plan.json";

#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// The plan: what is to be run, how far it got, what came out
    #[arg(long, value_name = "FILE", default_value = DEFAULT_PLAN, global = true)]
    pub plan: PathBuf,

    /// How long to wait for the plan's lock
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds, global = true)]
    pub wait: f64,

    /// Log more to standard error (twice for every step)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
}

impl Shared {
    pub fn store(&self) -> PlanStore {
        PlanStore::new(&self.plan, names::known())
    }

    pub fn patience(&self) -> Duration {
        Duration::from_secs_f64(self.wait)
    }

    /// Sends the log to standard error, as much of it as was asked for.
    pub fn start_log(&self) {
        let level = match self.verbose {
            0 => LevelFilter::WARN,
            1 => LevelFilter::INFO,
            _ => LevelFilter::DEBUG,
        };
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_target(false)
            .with_ansi(terminal::stderr_has_colours())
            .with_writer(std::io::stderr)
            .finish();
        // A second command in one process, as in tests, keeps the first one's log.
        let _ = tracing::subscriber::set_global_default(subscriber);
    }
}

/// The word for a plan in the commands that hints show: nothing for the default one.
pub fn plan_option(plan: &Path) -> String {
    if plan == Path::new(DEFAULT_PLAN) {
        String::new()
    } else {
        format!(" --plan {}", plan.display())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=1e9).contains(&seconds) => Ok(seconds),
        _ => Err("give a number of seconds, for example 60".into()),
    }
}

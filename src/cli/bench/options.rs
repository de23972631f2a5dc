//! How a benchmark is made and what it must reach, as a person says it.

use clap::Args;
use rust_decimal::Decimal;

use crate::error::Error;
use crate::error::Result;
use crate::plan::suite::FORMATS;
use crate::plan::suite::OutputFormat;
use crate::plan::suite::Scale;
use crate::plan::thresholds;
use crate::plan::thresholds::PRESETS;
use crate::plan::thresholds::Thresholds;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How it is measured")]
pub struct How {
    /// Measured times of each version; as many as the thresholds ask for when not given
    #[arg(long, value_name = "N")]
    pub runs: Option<u32>,

    /// Unrecorded executions of each version before
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub warmups: u32,

    /// Of the random order of the versions within each round; drawn and recorded when not given
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Go on with the last interrupted measurement of the same commands
    #[arg(long)]
    pub resume: bool,

    /// Forget what was measured of this suite or sequence, and measure it again
    #[arg(long)]
    pub again: bool,

    /// The longest that one execution may take, for example `90s`
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<String>,

    /// Rows of data that it works on, for normalised figures
    #[arg(long, value_name = "ROWS")]
    pub dataset_size: Option<u64>,

    /// Parameter combinations that it tries
    #[arg(long, value_name = "N")]
    pub parameter_combinations: Option<u64>,

    /// Backtests that it makes
    #[arg(long, value_name = "N")]
    pub backtest_count: Option<u64>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Which outputs must be equal")]
pub struct Outputs {
    /// Compare outputs also with these arguments added to both commands
    #[arg(long, value_name = "ARGUMENTS", allow_hyphen_values = true)]
    pub case: Vec<String>,

    /// How standard output is compared: `text`, `bytes`, `json`, `csv` or `ignore`
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format)]
    pub stdout: OutputFormat,

    /// A file that both write, relative to the working directory; its ending says how it is
    /// compared
    #[arg(long, value_name = "FILE")]
    pub file: Vec<String>,

    /// By how much numbers may differ, absolutely or relatively
    #[arg(long, value_name = "X", default_value_t = 1e-10)]
    pub tolerance: f64,

    /// Let lines, rows and list entries come in any order
    #[arg(long)]
    pub any_order: bool,
}

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "What it must reach")]
pub struct Limits {
    /// `default` (5 %, 95 %, 10 runs, memory 2 %), `strict` (10, 99, 20, 1) or `lenient` (2, 90,
    /// 10, 10)
    #[arg(long, value_name = "NAME", value_parser = PRESETS)]
    pub preset: Option<String>,

    /// Least improvement of the mean time
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub min_improvement: Option<Decimal>,

    /// Confidence that it is no chance
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub confidence: Option<Decimal>,

    /// By how much the peak memory may grow
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub max_memory_growth: Option<Decimal>,
}

impl How {
    pub fn scale(&self) -> Scale {
        Scale {
            dataset_size: self.dataset_size,
            parameter_combinations: self.parameter_combinations,
            backtest_count: self.backtest_count,
        }
    }
}

impl Limits {
    /// The preset with what was said otherwise.
    ///
    /// # Errors
    /// When a percentage cannot be a threshold.
    pub fn thresholds(&self) -> Result<Thresholds> {
        let preset = self.preset.as_deref().and_then(Thresholds::preset);
        let mut limits = preset.unwrap_or_default();
        let (improvement, confidence) =
            (&mut limits.min_improvement_percent, &mut limits.confidence_percent);
        let memory = &mut limits.max_memory_growth_percent;
        for (option, example, given, place) in [
            ("--min-improvement", "7.5", self.min_improvement, improvement),
            ("--confidence", "97.5", self.confidence, confidence),
            ("--max-memory-growth", "7.5", self.max_memory_growth, memory),
        ] {
            if let Some(percent) = given {
                let checked = thresholds::checked(option, percent);
                *place = checked.map_err(|why| {
                    let hint = format!("give a percentage, for example `{option} {example}`");
                    Error::usage(why, hint)
                })?;
            }
        }
        Ok(limits)
    }
}

fn format(name: &str) -> std::result::Result<OutputFormat, String> {
    let found = FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
    found.ok_or_else(|| "use `text`, `bytes`, `json`, `csv` or `ignore`".into())
}

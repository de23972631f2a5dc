//! The command `analyzer`: judge how the cost of functions grows.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::ArgGroup;
use clap::Args;
use clap::Parser;

use crate::cli::baseline::Baselines;
use crate::cli::judge;
use crate::cli::judge::Judged;
use crate::cli::judge::Judging;
use crate::cli::look::Look;
use crate::cli::measurements;
use crate::cli::names;
use crate::cli::output;
use crate::cli::sets;
use crate::cli::shared::Shared;
use crate::cli::side_by_side;
use crate::error::Error;
use crate::error::Result;
use crate::report;
use crate::report::Detail;
use crate::report::Report;
use crate::report::Style;

/// Says which functions grow faster than the input, how sure that is, and where to look.
#[derive(Debug, Parser)]
#[command(name = "analyzer", version, after_help = EXAMPLES)]
pub struct AnalyzerLine {
    #[command(flatten)]
    pub shared: Shared,

    #[command(flatten)]
    pub subject: Subject,

    #[command(flatten)]
    pub judging: Judging,

    #[command(flatten)]
    pub baselines: Baselines,

    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// How it is written; without it a terminal gets `text`
    #[arg(long, value_name = "FORMAT", help = names::formats("How it is written; without it a terminal gets `text`"))]
    pub format: Option<String>,

    #[command(flatten)]
    pub look: Look,
}

const EXAMPLES: &str = "\
Examples:
  analyzer --phase 1 --output profiling/phase1.json    judge the scaling series
  analyzer --phase 0                                   what the cache saves
  analyzer --runs wk-2025-01-20_01-26 mo-2025-02       two runs side by side
  analyzer --profiles 250=a.pstat 500=b.pstat 1000=c.pstat 2000=d.pstat
  analyzer --before old/ --after new/                  what a change did to every function
  analyzer --phase 1 --size-by calls:on_trading_iteration
  analyzer --phase 1 --counts-only                     exact counts alone, quick
  analyzer --bottlenecks mo-2025-02 --per calls:on_trading_iteration
  analyzer --phase 1 --fail-on quadratic               a gate: exit code 4 when exceeded
  analyzer --measurements times.csv --format csv       any sizes and values
  analyzer --phase 1 --save-baseline main              keep it, to be committed
  analyzer --phase 1 --against main                    what changed since; exit code 4 when it got worse

Exit codes: 0 done, 2 usage, 3 plan refused or unreadable, 4 gate exceeded, 1 a file cannot be read.";

/// What is judged.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("subject").required(true).args(["phase", "compare", "runs", "profiles", "measurements", "bottlenecks", "before"]))]
pub struct Subject {
    /// Judge the runs of one phase (0 cache probe, 1 scaling series)
    #[arg(long, value_name = "N", help_heading = "What to judge")]
    pub phase: Option<u32>,

    /// The same as `--phase 1`
    #[arg(long, help_heading = "What to judge")]
    pub compare: bool,

    /// Put these runs side by side, with every ratio
    #[arg(long, value_name = "ID", num_args = 1.., help_heading = "What to judge")]
    pub runs: Vec<String>,

    /// Judge profiles made elsewhere
    #[arg(long, value_name = "SIZE=FILE", num_args = 1.., help_heading = "What to judge")]
    pub profiles: Vec<String>,

    /// Show where one run spends its time; or one profile made elsewhere
    #[arg(long, value_name = "RUN", help_heading = "What to judge")]
    pub bottlenecks: Option<String>,

    /// Show what a unit of work costs, by the calls of a function
    #[arg(
        long,
        value_name = "calls:NAME",
        requires = "bottlenecks",
        help_heading = "How to judge"
    )]
    pub per: Option<String>,

    /// Judge any sizes and values: a table with the columns `id`, `size` and `value`
    #[arg(long, value_name = "FILE", help_heading = "What to judge")]
    pub measurements: Option<PathBuf>,

    /// Compare the profiles in this folder with those of `--after`
    #[arg(long, value_name = "DIR", requires = "after", help_heading = "What to judge")]
    pub before: Option<PathBuf>,

    /// The profiles after the change
    #[arg(long, value_name = "DIR", requires = "before", help_heading = "What to judge")]
    pub after: Option<PathBuf>,

    /// With `--before`: only this scenario, a workload or the name of the files without their size
    #[arg(long, value_name = "NAME", requires = "before", help_heading = "What to judge")]
    pub scenario: Option<String>,

    /// The values are exact counts, not times
    #[arg(long, requires = "measurements", help_heading = "How to judge")]
    pub counters: bool,
}

/// Does what the command line asks.
///
/// # Errors
/// As documented with the exit codes.
pub fn run(line: AnalyzerLine) -> Result<u8> {
    let AnalyzerLine { shared, subject, judging, baselines, output, format, look } = line;
    shared.start_log();
    let shown = format.as_deref().unwrap_or_else(|| subject.usual_format(output.is_some()));
    let judging = if shown == "json" { judging } else { judging.whole() };
    baselines.check()?;
    let mut judged = subject.judged(&shared, &judging)?;
    let changed = baselines.apply(&mut judged, judging.gating.strict)?;
    let text = rendered(&judged.report, shown, look.style(Detail::Usual, output.is_some()))?;
    output::deliver(text.as_bytes(), output.as_deref())?;
    Ok(judged.pass(&judging).max(changed))
}

impl Subject {
    /// Text for a person, data for a script: CSV of what came as CSV, JSON of the rest.
    fn usual_format(&self, to_file: bool) -> &'static str {
        let is_side_by_side = !self.runs.is_empty() || self.before.is_some();
        let to_terminal = !to_file && std::io::stdout().is_terminal();
        match (to_terminal, self.measurements.is_some()) {
            (true, _) => "text",
            (false, true) => "csv",
            (false, false) if is_side_by_side && !to_file => "text",
            (false, false) => "json",
        }
    }

    fn judged(&self, shared: &Shared, judging: &Judging) -> Result<Judged> {
        if let Some(table) = &self.measurements {
            return measurements::judged(shared, table, self.counters, judging);
        }
        if let Some(run) = &self.bottlenecks {
            return judge::bottlenecks(shared, run, self.per.as_deref(), judging);
        }
        if let (Some(before), Some(after)) = (&self.before, &self.after) {
            judging.gating.refuse("a comparison of two sets")?;
            judging.refuse_counts_only("a comparison of two sets")?;
            let report = sets::report(before, after, self.scenario.as_deref())?;
            return Ok(Judged::without_growth(report));
        }
        if !self.profiles.is_empty() {
            return judge::profiles(shared, &self.profiles, judging);
        }
        match (self.phase, self.compare, self.runs.is_empty()) {
            (Some(phase), _, _) => side_by_side::phase(shared, phase, judging),
            (None, true, _) => side_by_side::phase(shared, 1, judging),
            (None, false, false) => judge::runs(shared, &self.runs, judging),
            (None, false, true) => Err(Error::bug("a command line without a subject")),
        }
    }
}

fn rendered(report: &Report, format: &str, style: Style) -> Result<String> {
    match format {
        "json" => judge::analysis_json(report),
        other => report::by_name(other)?.render(report, &style),
    }
}

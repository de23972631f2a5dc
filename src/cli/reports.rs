//! The command `reports`: show findings as a document.

use std::path::PathBuf;

use clap::ArgGroup;
use clap::Parser;

use crate::cli::baseline::Baselines;
use crate::cli::fresh;
use crate::cli::judge;
use crate::cli::judge::Judging;
use crate::cli::look::Look;
use crate::cli::names;
use crate::cli::output;
use crate::cli::page;
use crate::cli::shared::Shared;
use crate::cli::side_by_side;
use crate::error::Result;
use crate::report;
use crate::report::Detail;

/// Shows which functions grow faster than the input, as a document.
#[derive(Debug, Parser)]
#[command(name = "reports", version, after_help = EXAMPLES)]
#[command(group = ArgGroup::new("subject").required(true).args(["phase", "profiles"]))]
pub struct ReportsLine {
    #[command(flatten)]
    pub shared: Shared,

    /// Report on the runs of one phase (0 cache probe, 1 scaling series)
    #[arg(long, value_name = "N")]
    pub phase: Option<u32>,

    /// Report on profiles made elsewhere
    #[arg(long, value_name = "SIZE=FILE", num_args = 1..)]
    pub profiles: Vec<String>,

    #[command(flatten)]
    pub judging: Judging,

    #[command(flatten)]
    pub baselines: Baselines,

    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text", help = names::formats("How it is written"))]
    pub format: String,

    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write the plots and flame graphs into this folder as well, as SVG files
    #[arg(long, value_name = "FOLDER")]
    pub plots: Option<PathBuf>,

    /// Write `--output` anew, as a whole, whenever results have changed, until Ctrl-C
    #[arg(long, requires = "output", conflicts_with = "save_baseline")]
    pub watch: bool,

    /// Only what fits a comment on a change
    #[arg(long)]
    pub brief: bool,

    /// Show every row of every table
    #[arg(long, conflicts_with = "brief")]
    pub full: bool,

    #[command(flatten)]
    pub look: Look,
}

const EXAMPLES: &str = "\
Examples:
  reports --phase 1 --format markdown --output reports/phase1.md
  reports --phase 1 --at 365 --format html --output report.html --plots plots
  reports --phase 1 --format html --output live.html --watch
  reports --phase 1 --against main --format markdown --brief
  reports --phase 0
  reports --profiles 250=a.pstat 500=b.pstat 1000=c.pstat --format text

Exit codes: 0 done, 2 usage, 3 plan refused or unreadable, 4 gate exceeded, 1 a file cannot be read.";

/// Does what the command line asks.
///
/// # Errors
/// As documented with the exit codes.
pub fn run(line: ReportsLine) -> Result<u8> {
    let line = ReportsLine { judging: line.judging.whole(), ..line };
    let shared = &line.shared;
    shared.start_log();
    report::by_name(&line.format)?;
    line.baselines.check()?;
    match line.output.as_ref().filter(|_| line.watch) {
        Some(output) => {
            let sources = fresh::sources(shared, &line.profiles);
            fresh::keep(&sources, output, &mut || written(&line))
        }
        None => written(&line),
    }
}

fn written(line: &ReportsLine) -> Result<u8> {
    let ReportsLine { shared, judging, output, .. } = line;
    let renderer = report::by_name(&line.format)?;
    let mut judged = match line.phase {
        Some(phase) => side_by_side::phase(shared, phase, judging)?,
        None => judge::profiles(shared, &line.profiles, judging)?,
    };
    let changed = line.baselines.apply_beside(&mut judged, judging.gating.strict)?;
    let detail = match (line.brief, line.full) {
        (true, _) => Detail::Brief,
        (_, true) => Detail::All,
        _ => Detail::Usual,
    };
    let style = line.look.style(detail, output.is_some());
    if let Some(folder) = &line.plots {
        page::pictures(&judged.report, folder, "")?;
    }
    output::deliver(renderer.render(&judged.report, &style)?.as_bytes(), output.as_deref())?;
    Ok(judged.pass(judging).max(changed))
}

//! The command `superlinear export`: a profile in a format that another tool opens.

use std::io::IsTerminal as _;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::load;
use crate::cli::output;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::format;
use crate::plan::Selection;
use crate::profile::Profile;

/// Writes the profile of a run, or of a file, in a format that another tool opens.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportLine {
    #[command(flatten)]
    pub shared: Shared,

    /// The run whose profile is written
    #[arg(value_name = "RUN", required_unless_present = "profile", conflicts_with = "profile")]
    pub run: Option<String>,

    /// A profile made elsewhere, in any format that `analyzer --profiles` reads
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,

    /// One of: pstats, speedscope, folded, callgrind, chrome, pprof, functions-csv, threads-csv
    #[arg(long, value_name = "FORMAT")]
    pub format: String,

    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  superlinear export month --format pstats --output month.pstat           snakeviz month.pstat
  superlinear export month --format speedscope --output month.json        speedscope month.json
  superlinear export month --format callgrind --output callgrind.out.m    kcachegrind callgrind.out.m
  superlinear export month --format chrome --output trace.json            open it in ui.perfetto.dev
  superlinear export month --format pprof --output month.pb.gz            go tool pprof -http=: month.pb.gz
  superlinear export month --format folded | inferno-flamegraph > month.svg
  superlinear export --profile callgrind.out.1234 --format speedscope --output a.json

Profiles know calls, not paths of calls: stacks of speedscope, folded, chrome and pprof are estimated.";

/// Does what the command line asks.
///
/// # Errors
/// When the run or the format is unknown, there is no profile, or it cannot be read or written.
pub fn run(line: ExportLine) -> Result<u8> {
    let ExportLine { shared, run, profile, format, output } = line;
    shared.start_log();
    // The tool's own name for it, and Python's.
    let name = if format == "pstats" { "pstat" } else { &format };
    let writer = format::writer_by_name(name)?;
    let to_terminal = output.is_none() && std::io::stdout().is_terminal();
    if writer.is_binary() && to_terminal {
        return Err(Error::usage(
            format!("`{format}` is not for a terminal"),
            "name a file: `--output FILE`",
        ));
    }
    let content = writer.write(&chosen(&shared, run.as_deref(), profile.as_deref())?);
    output::deliver(&content, output.as_deref())?;
    Ok(0)
}

fn chosen(shared: &Shared, run: Option<&str>, path: Option<&Path>) -> Result<Profile> {
    let profile = match (path, run) {
        (Some(path), _) => format::read_profile(path)?,
        (None, Some(run)) => of_run(shared, run)?,
        (None, None) => return Err(Error::bug("an export of nothing")),
    };
    for warning in &profile.origin.warnings {
        terminal::say(format!("note: {warning}"));
    }
    Ok(profile)
}

fn of_run(shared: &Shared, run: &str) -> Result<Profile> {
    let mut store = shared.store();
    let layout = store.layout().clone();
    let loaded = load::selected(store.read()?, &layout, &Selection::Runs(vec![run.into()]))?;
    let profile = loaded.runs.into_iter().find_map(|run| run.profile);
    profile.ok_or_else(|| match loaded.warnings.first() {
        Some(warning) => Error::analyse(warning.clone(), "execute it again"),
        None => Error::analyse(
            format!("run `{run}` has no profile: its backend makes none"),
            "execute it under a backend that does, such as `yappi`",
        ),
    })
}

//! The command `superlinear all`: everything at once, from the plan to the reports on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::analysis::Workloads;
use crate::cli::adaptive::Sparing;
use crate::cli::copy::Copied;
use crate::cli::execution::Execution;
use crate::cli::gating::Gating;
use crate::cli::judge;
use crate::cli::judge::Judging;
use crate::cli::look::Look;
use crate::cli::page;
use crate::cli::runner;
use crate::cli::shared::Shared;
use crate::cli::side_by_side;
use crate::cli::terminal;
use crate::cli::workload;
use crate::cli::workload::Series;
use crate::error::Result;
use crate::plan::Selection;
use crate::report;
use crate::report::Detail;
use crate::report::Report;
use crate::report::Style;
use crate::system::file;

/// Every pending run is executed, every phase judged, its report written to `reports/`.
#[derive(Debug, Args)]
pub struct AllLine {
    #[command(flatten)]
    pub shared: Shared,

    #[command(flatten)]
    pub copied: Copied,

    #[command(flatten)]
    pub judging: Judging,

    #[command(flatten)]
    pub adaptive: Sparing,

    /// Keep this page up to date while the runs are executed
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// At the first failure and at the end of the queue run this command, split into words and
    /// without a shell, with a summary as JSON on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub notify: Option<String>,

    #[command(flatten)]
    pub look: Look,
}

/// Executes, judges, reports; a run that failed is told by the exit code and does not keep the
/// others from being judged.
///
/// # Errors
/// When the plan cannot be used, or a phase has nothing to judge.
pub fn run(line: AllLine) -> Result<u8> {
    let AllLine { shared, copied, judging, adaptive, html, notify, look } = line;
    let judging = judging.whole();
    shared.start_log();
    let shared = copied.placed(shared)?;
    judging.gating.limit()?;
    let execution = Execution {
        html,
        notify,
        adaptive,
        judging: judging.clone(),
        is_judged_after: true,
        ..Execution::default()
    };
    let code = runner::execute(&mut shared.store(), &shared, &Selection::All, &execution)?;
    if code > 1 {
        return Ok(code);
    }
    let mut store = shared.store();
    let folder = store.layout().root().join("reports");
    let series = workload::series(store.read()?);
    file::create_folder(&folder)?;
    let mut code = code;
    let mut several: BTreeMap<u32, Workloads> = BTreeMap::new();
    for series in series {
        let judged = judge::phase(&shared, series.phase, &narrowed(&judging, &series))?;
        let found = &judged.report;
        show(found, &folder, &series.stem(), look)?;
        if let Some(name) = series.workload.as_ref().filter(|_| series.phase != 0) {
            let all = several.entry(series.phase).or_insert_with(|| Workloads::of(series.phase));
            side_by_side::add(all, name, found);
        }
        if series.phase != 0 {
            page::pictures(found, &folder.join("plots"), &format!("{}-", series.stem()))?;
        }
        terminal::say("");
        code = code.max(judged.pass(&judging));
    }
    for (phase, found) in several {
        let stem = Series { phase, workload: None }.stem();
        show(&side_by_side::report(found), &folder, &stem, look)?;
    }
    Ok(code)
}

/// Writes a report into `folder`, prints the gist of it, and says where the whole is.
fn show(found: &Report, folder: &Path, stem: &str, look: Look) -> Result<()> {
    for format in ["markdown", "html"] {
        let renderer = report::by_name(format)?;
        let text = renderer.render(found, &Style::default())?;
        let name = format!("{stem}.{}", renderer.extension());
        file::replace(&folder.join(name), text.as_bytes())?;
    }
    terminal::print(&report::by_name("text")?.render(found, &look.style(Detail::Brief, false))?)?;
    let page = folder.join(format!("{stem}.html"));
    terminal::say(format!("the whole report: {}, and as Markdown beside it", page.display()));
    Ok(())
}

/// How one series is judged: the cache probe has no verdicts that a gate could fail.
fn narrowed(judging: &Judging, series: &Series) -> Judging {
    let mut judging = judging.clone();
    judging.workload = series.workload.clone().or(judging.workload);
    if series.phase == 0 {
        judging.gating = Gating::default();
        judging.counts_only = false;
    }
    judging
}

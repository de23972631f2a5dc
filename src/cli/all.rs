//! The command `superlinear all`: everything at once, from the plan to the reports on disk.

use clap::Args;

use crate::cli::execution::Execution;
use crate::cli::gating::Gating;
use crate::cli::judge;
use crate::cli::judge::Judging;
use crate::cli::runner;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::cli::workload;
use crate::cli::workload::Series;
use crate::error::Result;
use crate::plan::Selection;
use crate::report;
use crate::report::Detail;
use crate::report::Style;
use crate::system::file;

/// Every pending run is executed, every phase judged, its report written to `reports/`.
#[derive(Debug, Args)]
pub struct AllLine {
    #[command(flatten)]
    pub shared: Shared,

    #[command(flatten)]
    pub judging: Judging,
}

/// Executes, judges, reports; a run that failed is told by the exit code and does not keep the
/// others from being judged.
///
/// # Errors
/// When the plan cannot be used, or a phase has nothing to judge.
pub fn run(line: AllLine) -> Result<u8> {
    let AllLine { shared, judging } = line;
    shared.start_log();
    judging.gating.limit()?;
    let code =
        runner::execute(&mut shared.store(), &shared, &Selection::All, &Execution::default())?;
    if code > 1 {
        return Ok(code);
    }
    let mut store = shared.store();
    let folder = store.layout().root().join("reports");
    let series = workload::series(store.read()?);
    file::create_folder(&folder)?;
    let mut code = code;
    for series in series {
        let judged = judge::phase(&shared, series.phase, &narrowed(&judging, &series))?;
        let found = &judged.report;
        let markdown = folder.join(format!("{}.md", series.stem()));
        let text = report::by_name("markdown")?.render(found, &Style::default())?;
        file::replace(&markdown, text.as_bytes())?;
        let brief = Style {
            detail: Detail::Brief,
            colour: terminal::stdout_has_colours(),
            ..Style::default()
        };
        terminal::print(&report::by_name("text")?.render(found, &brief)?)?;
        terminal::say(format!("the whole report: {}\n", markdown.display()));
        code = code.max(judged.pass(&judging));
    }
    Ok(code)
}

/// How one series is judged: the cache probe has no verdicts that a gate could fail.
fn narrowed(judging: &Judging, series: &Series) -> Judging {
    let mut judging = judging.clone();
    judging.workload = series.workload.clone().or(judging.workload);
    if series.phase == 0 {
        judging.gating = Gating::default();
    }
    judging
}

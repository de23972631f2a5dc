//! A page that is kept up to date while a queue is executed, so that a person may reload it.

use std::path::Path;

use crate::cli::gating::Gating;
use crate::cli::judge;
use crate::cli::judge::Judging;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::cli::workload;
use crate::error::Result;
use crate::report;
use crate::report::Style;
use crate::runner::Event;
use crate::system::file;

/// Replaces `path` as a whole when a run has ended; that there is nothing to show yet, or that it cannot
/// be written, stops no queue.
pub fn refresh(path: &Path, shared: &Shared, judging: &Judging, event: &Event) {
    let Event::Ended { run, .. } = event else { return };
    if let Err(error) = written(path, shared, judging, run) {
        tracing::debug!("the page is not refreshed: {error}");
    }
}

fn written(path: &Path, shared: &Shared, judging: &Judging, run: &str) -> Result<()> {
    let mut store = shared.store();
    let plan = store.read()?;
    let Some(run) = plan.runs.values().find(|known| known.id.as_str() == run) else {
        return Ok(());
    };
    let phase = run.phase;
    let is_its = |series: &workload::Series| {
        series.phase == phase && series.workload.as_deref() == Some(run.workload.as_str())
    };
    let of_several = workload::series(plan).into_iter().find(is_its);
    let mut judging = Judging { gating: Gating::default(), ..judging.clone() }.whole();
    judging.workload = of_several.and_then(|series| series.workload);
    let found = judge::phase(shared, phase, &judging)?;
    let text = report::by_name("html")?.render(&found.report, &Style::default())?;
    judge::deliver(&text, Some(&path.to_path_buf()))?;
    tracing::info!("{} is up to date", path.display());
    Ok(())
}

/// Writes the pictures of a report into `folder`, each name begun with `prefix`, and says where.
///
/// # Errors
/// When one cannot be written.
pub fn pictures(found: &report::Report, folder: &Path, prefix: &str) -> Result<()> {
    let files = report::plots::files(found)?;
    file::create_folder(folder)?;
    for (name, content) in &files {
        file::replace_output(
            &folder.join(format!("{prefix}{name}")),
            content.as_bytes(),
            "report",
        )?;
    }
    let count = report::figure::number_of(files.len(), "picture");
    terminal::say(format!("{count}: {}", folder.display()));
    Ok(())
}

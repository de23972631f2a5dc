//! Pages and pictures on disk: whole, or as they were before.

use std::path::Path;

use crate::cli::output;
use crate::cli::terminal;
use crate::error::Result;
use crate::report;
use crate::report::Report;
use crate::report::Style;
use crate::system::file;

/// Replaces the page at `path` as a whole, so that a person may reload it at any moment.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, found: &Report) -> Result<()> {
    let text = report::by_name("html")?.render(found, &Style::default())?;
    output::deliver(text.as_bytes(), Some(path))
}

/// Writes the pictures of a report into `folder`, each name begun with `prefix`, and says where.
///
/// # Errors
/// When one cannot be written.
pub fn pictures(found: &Report, folder: &Path, prefix: &str) -> Result<()> {
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

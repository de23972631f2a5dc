//! What every format can do: lay a report out. It reads and writes no files.

use crate::error::Result;
use crate::report::content::Report;
use crate::report::style::Style;

/// A format of reports.
pub trait Renderer: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// One line for `--help`: what it is for.
    fn about(&self) -> &'static str;

    /// Of a file in this format, without the dot.
    fn extension(&self) -> &'static str;

    /// The whole document, with a final line break.
    ///
    /// # Errors
    /// When the format shows verdicts alone and the report has none; else a bug.
    fn render(&self, report: &Report, style: &Style) -> Result<String>;
}

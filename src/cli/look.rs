//! How a document is to look, as a person says it.

use clap::Args;

use crate::cli::terminal;
use crate::report::Detail;
use crate::report::Style;

#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Look {
    /// Use ASCII only, in the format `text`
    #[arg(long, help_heading = "What to show")]
    pub ascii: bool,
}

impl Look {
    /// The look that suits where a document goes.
    pub fn style(self, detail: Detail, to_file: bool) -> Style {
        let colour = !to_file && terminal::stdout_has_colours();
        Style { colour, ascii: self.ascii, detail, ..Style::default() }
    }
}

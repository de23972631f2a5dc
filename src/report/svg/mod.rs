//! Pictures as SVG, for the page and as files. They are drawn in classes; `plot.css` has the
//! colours.

pub mod axis;
pub mod escape;
pub mod log_log;
pub mod strips;
pub mod timeline;

/// The look of every plot, for both themes.
pub const STYLE: &str = include_str!("plot.css");

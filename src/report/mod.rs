//! Findings as a document, one renderer per format.
//! What is said, and in which order, is decided once, by `compose`; a renderer only lays it out.

pub mod against;
pub mod bencher;
pub mod benchmark;
pub mod bottleneck;
pub mod cache;
pub mod chart;
pub mod comparison;
pub mod compose;
pub mod content;
pub mod csv;
pub mod decisions;
pub mod figure;
pub mod flame;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod machine;
pub mod markdown;
pub mod measurements;
pub mod memory;
pub mod name;
pub mod openmetrics;
pub mod outline;
pub mod performance;
pub mod place;
pub mod plot;
pub mod plots;
pub mod prose;
pub mod record;
pub mod renderer;
pub mod runs;
pub mod sarif;
pub mod scaling;
pub mod sets;
pub mod settings;
pub mod spending;
pub mod style;
pub mod svg;
pub mod text;
pub mod workloads;

pub use content::More;
pub use content::Report;
pub use content::Subject;
pub use record::Machine;
pub use record::Revision;
pub use record::RunRecord;
pub use record::State;
pub use renderer::Renderer;
pub use style::Detail;
pub use style::Style;

use crate::error::Error;
use crate::error::Result;

/// Every format, in the order of `--help`.
pub const ALL: &[&dyn Renderer] = &[
    &markdown::Markdown,
    &text::Text,
    &html::Html,
    &json::Json,
    &csv::Csv,
    &junit::Junit,
    &sarif::Sarif,
    &github::Github,
    &bencher::Bencher,
    &openmetrics::OpenMetrics,
];

/// The renderer of the format `name`.
///
/// # Errors
/// When there is none, with the names that there are.
pub fn by_name(name: &str) -> Result<&'static dyn Renderer> {
    ALL.iter()
        .copied()
        .find(|renderer| renderer.name() == name)
        .ok_or_else(|| Error::unknown("format", name, ALL.iter().map(|known| known.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for renderer in ALL {
            assert_eq!(by_name(renderer.name()).unwrap().name(), renderer.name());
            assert!(!renderer.about().is_empty() && !renderer.extension().is_empty());
        }
        let error = by_name("markdwn").map(|_| ()).unwrap_err();
        assert_eq!(error.hint().unwrap(), "did you mean `markdown`?");
    }
}

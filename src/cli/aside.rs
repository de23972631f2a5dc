//! What stands beside the findings of a report: bottlenecks, the call tree, the cache, the
//! settings. Nothing of it is worth failing for.

use crate::analysis;
use crate::analysis::Phase1;
use crate::analysis::Settings;
use crate::analysis::SizeBy;
use crate::analysis::flame;
use crate::cli::load::Loaded;
use crate::error::Result;
use crate::report::More;
use crate::report::figure;
use crate::stats::Band;

/// Everything beside the findings that the runs have.
pub fn more(loaded: &Loaded, settings: &Settings, found: &Phase1) -> More {
    let largest = found.runs.iter().rev().find(|run| run.busy.is_some());
    let bottlenecks = largest.and_then(|run| {
        let iteration = match &settings.size_by {
            SizeBy::Calls(name) => Some(name.as_str()),
            SizeBy::Size | SizeBy::Counter(_) | SizeBy::Unknown => None,
        };
        known(analysis::bottlenecks(&loaded.runs, &run.id, iteration, settings))
    });
    let tree = match settings.counts_only {
        true => None,
        false => known(analysis::flame(&loaded.runs, settings, flame::LEAST_SHARE)).flatten(),
    };
    More {
        bottlenecks: bottlenecks.map(Box::new),
        flame: tree.map(Box::new),
        settings: in_words(settings),
        ..More::default()
    }
}

fn known<T>(found: Result<T>) -> Option<T> {
    found.inspect_err(|error| tracing::debug!("left out of the report: {error}")).ok()
}

/// How it was judged.
fn in_words(settings: &Settings) -> Vec<(String, String)> {
    let size = match &settings.size_by {
        SizeBy::Size | SizeBy::Unknown => settings.size_unit.clone(),
        SizeBy::Calls(name) => format!("calls of {name}"),
        SizeBy::Counter(name) => format!("counter {name}"),
    };
    let target = settings.target_size.map(|size| figure::size(size, &settings.size_unit));
    let words: Vec<String> = Band::ALL
        .into_iter()
        .filter_map(|band| {
            let start = settings.bands.start(band)?;
            Some(format!("{band} from {}", figure::exponent(Some(start))))
        })
        .collect();
    let judged = if settings.counts_only { "counts alone" } else { "counts and costs" };
    let least = format!("{} % of the busy cost", settings.least_share_percent);
    [
        ("Size", size),
        ("Foretold at", target.unwrap_or_else(|| "no other size (`--at SIZE` names one)".into())),
        ("Judged by", judged.into()),
        ("Least share of a culprit", least),
        ("Functions judged in full", figure::count(Some(settings.most_functions as f64))),
        ("Words for exponents", words.join(", ")),
        ("Superlinear means", "at least 90 % sure to be worse than n log n".into()),
        ("Version of superlinear", env!("CARGO_PKG_VERSION").into()),
    ]
    .map(|(name, value)| (name.to_string(), value))
    .into()
}

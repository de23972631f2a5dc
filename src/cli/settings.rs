//! How to judge: what the command line says, else what the plan says, else what is usual.

use std::path::Path;

use crate::analysis::Settings;
use crate::analysis::SizeBy;
use crate::analysis::category::Pattern;
use crate::cli::load::Loaded;
use crate::cli::shared::DEFAULT_PLAN;
use crate::cli::shared::Shared;
use crate::error::Error;
use crate::error::Result;
use crate::plan::AnalysisSettings;
use crate::stats::Band;
use crate::stats::Bands;

/// Days that the cost is foretold at where nothing is said.
const YEAR: f64 = 365.0;

/// What the plan says of judging what is no run of it: nothing, unless it is named.
///
/// # Errors
/// When the named plan is refused.
pub fn said(shared: &Shared) -> Result<AnalysisSettings> {
    if shared.plan == Path::new(DEFAULT_PLAN) {
        return Ok(AnalysisSettings::default());
    }
    Ok(shared.store().read()?.settings.analysis.clone())
}

/// The settings for the loaded runs; `size_by` and `at` as the command line has them.
///
/// # Errors
/// When an option means nothing.
pub fn of(
    loaded: &Loaded,
    said: &AnalysisSettings,
    size_by: Option<&str>,
    at: Option<f64>,
) -> Result<Settings> {
    check_target(at)?;
    let size_by = match size_by.or(said.size_by.as_deref()) {
        None if loaded.size_unit.is_empty() => SizeBy::Unknown,
        None => SizeBy::Size,
        Some(text) => measure(text)?,
    };
    let usual = Settings::default();
    let target = at.or(said.at).or_else(|| usual_target(loaded, &size_by));
    Ok(Settings {
        size_by,
        size_unit: loaded.size_unit.clone(),
        target_size: target,
        bands: bands(said)?,
        least_share_percent: said.least_share_percent.unwrap_or(usual.least_share_percent),
        most_functions: said.most_functions.map_or(usual.most_functions, |most| most as usize),
        user_paths: said.user_paths.clone(),
        library_paths: said.library_paths.clone(),
        waiting: said.waiting.clone(),
        categories: said
            .categories
            .iter()
            .map(|one| Pattern {
                category: one.category.clone(),
                name: one.name.clone(),
                path: one.path.clone(),
            })
            .collect(),
        ..usual
    })
}

/// The words for exponents.
///
/// # Errors
/// A bug: the plan was checked.
pub fn bands(said: &AnalysisSettings) -> Result<Bands> {
    let moved: Option<Vec<(Band, f64)>> =
        said.bands.iter().map(|(name, end)| Some((Band::by_name(name)?, *end))).collect();
    moved
        .and_then(|moved| Bands::with_ends(&moved))
        .ok_or_else(|| Error::bug("the plan's bands were not checked"))
}

/// Refuses a target that is no size.
///
/// # Errors
/// When it is not above 0.
pub fn check_target(at: Option<f64>) -> Result<()> {
    match at.filter(|size| !(size.is_finite() && *size > 0.0)) {
        None => Ok(()),
        Some(size) => {
            Err(Error::usage(format!("`--at {size}` is not above 0"), "give a size above 0"))
        }
    }
}

/// What measures the size: `calls:NAME`, or `counter:NAME`.
fn measure(text: &str) -> Result<SizeBy> {
    match text.split_once(':') {
        Some(("calls", name)) if !name.is_empty() => Ok(SizeBy::Calls(name.to_string())),
        Some(("counter", name)) if !name.is_empty() => Ok(SizeBy::Counter(name.to_string())),
        _ => Err(Error::usage(
            format!("`--size-by {text}` is no measure of size"),
            "name a function whose calls are the size, `--size-by calls:on_trading_iteration`, or \
             what the program counts itself, `--size-by counter:bars`",
        )),
    }
}

/// The function whose calls are meant by `calls:NAME`.
///
/// # Errors
/// When it is not written so.
pub fn counted(text: &str) -> Result<String> {
    match text.split_once(':') {
        Some(("calls", name)) if !name.is_empty() => Ok(name.to_string()),
        _ => Err(Error::usage(
            format!("`--per {text}` is no unit of work"),
            "name a function whose calls are counted: `calls:on_trading_iteration`",
        )),
    }
}

/// A year, where days are fewer; else twice the largest size.
fn usual_target(loaded: &Loaded, size_by: &SizeBy) -> Option<f64> {
    let sizes = loaded.runs.iter().map(|run| run.size).filter(|size| size.is_finite());
    let largest = sizes.fold(0.0, f64::max);
    match size_by {
        SizeBy::Size if largest > 0.0 && loaded.size_unit == "days" && largest < YEAR => Some(YEAR),
        SizeBy::Size if largest > 0.0 => Some(2.0 * largest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::MeasuredRun;

    #[test]
    fn the_cost_is_foretold_at_a_year_or_twice_the_largest_size() {
        let check = |size: f64, unit: &str, expected: Option<f64>| {
            let run = MeasuredRun { size, ..MeasuredRun::default() };
            let loaded = Loaded { runs: vec![run], size_unit: unit.into(), ..Loaded::default() };
            assert_eq!(usual_target(&loaded, &SizeBy::Size), expected);
            assert_eq!(usual_target(&loaded, &SizeBy::Calls("f".into())), None);
        };
        check(304.0, "days", Some(365.0));
        check(400.0, "days", Some(800.0));
        check(304.0, "size", Some(608.0));
        check(f64::NAN, "size", None);
    }

    #[test]
    fn calls_are_named_after_a_colon() {
        assert_eq!(counted("calls:a.py:f").unwrap(), "a.py:f");
        for text in ["calls:", "f", "", "days:f"] {
            assert_eq!(counted(text).unwrap_err().exit_code(), 2, "{text}");
        }
    }
}

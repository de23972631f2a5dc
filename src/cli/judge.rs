//! The judging that `analyzer` and `reports` share: from what a person chose to a report.

use std::path::PathBuf;

use clap::Args;

use crate::analysis;
use crate::analysis::Phase1;
use crate::analysis::Settings;
use crate::analysis::SizeBy;
use crate::analysis::cache_impact;
use crate::analysis::cache_impact::Phase0;
use crate::cli::load;
use crate::cli::load::Loaded;
use crate::cli::records;
use crate::cli::shared::Shared;
use crate::error::Error;
use crate::error::Result;
use crate::plan::CacheUse;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::report::Report;
use crate::report::Subject;
use crate::system::file;

/// How to judge.
#[derive(Debug, Clone, Default, Args)]
pub struct Judging {
    /// Measure size by the calls of a function: `calls:NAME`, or `calls:FILE:NAME`
    #[arg(long, value_name = "calls:NAME", help_heading = "How to judge")]
    pub size_by: Option<String>,

    /// Foretell the cost at this size (days of a window, or size)
    #[arg(long, value_name = "SIZE", help_heading = "How to judge")]
    pub at: Option<f64>,
}

/// Judges the runs of one phase: 0 probes the cache, every other one is a scaling series.
/// The analysis is kept in `profiling/phaseN_analysis.json`.
///
/// # Errors
/// When the plan is refused, the phase is unknown, or there is nothing to judge.
pub fn phase(shared: &Shared, number: u32, judging: &Judging) -> Result<Report> {
    let mut store = shared.store();
    let layout = store.layout().clone();
    let plan = store.read()?;
    let selection = Selection::Phase(number);
    let loaded = load::selected(plan, &layout, &selection)?;
    let (subject, json) = match number {
        0 => {
            let found = cache(plan, &loaded)?;
            let json = to_json(&found)?;
            (Subject::Cache(Box::new(found)), json)
        }
        _ => {
            let found = scaling(loaded, judging)?;
            let json = found.to_json()?;
            (Subject::Scaling(Box::new(found)), json)
        }
    };
    let kept = layout.profiling().join(format!("phase{number}_analysis.json"));
    file::create_folder(&layout.profiling())?;
    file::replace(&kept, json.as_bytes())?;
    Ok(Report { subject, runs: records::of(plan, &selection) })
}

/// Puts chosen runs side by side.
///
/// # Errors
/// When fewer than two are named, one is unknown or unfinished, or two have one size.
pub fn runs(shared: &Shared, ids: &[String], judging: &Judging) -> Result<Report> {
    let mut store = shared.store();
    let layout = store.layout().clone();
    let plan = store.read()?;
    let selection = Selection::Runs(ids.to_vec());
    let loaded = load::selected(plan, &layout, &selection)?;
    let settings = settings(&loaded, judging)?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = analysis::pair::pair(&loaded.runs, &ids, &settings)?;
    let runs = records::of(plan, &selection);
    Ok(Report { subject: Subject::Comparison(Box::new(found)), runs })
}

/// Judges profiles that were made elsewhere.
///
/// # Errors
/// When a file cannot be read or there is nothing to judge.
pub fn profiles(pairs: &[String], judging: &Judging) -> Result<Report> {
    let found = scaling(load::files(pairs)?, judging)?;
    Ok(Report { subject: Subject::Scaling(Box::new(found)), runs: Vec::new() })
}

/// The analysis alone, as JSON.
///
/// # Errors
/// A bug.
pub fn analysis_json(report: &Report) -> Result<String> {
    match &report.subject {
        Subject::Cache(found) => to_json(found),
        Subject::Scaling(found) => found.to_json(),
        Subject::Comparison(found) => to_json(found),
    }
}

/// Writes a finished document to a file, or prints it.
///
/// # Errors
/// When it cannot be written.
pub fn deliver(text: &str, output: Option<&PathBuf>) -> Result<()> {
    match output {
        Some(path) => {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                file::create_folder(folder)?;
            }
            file::replace(path, text.as_bytes())
        }
        None => crate::cli::terminal::print(text),
    }
}

fn scaling(loaded: Loaded, judging: &Judging) -> Result<Phase1> {
    let settings = settings(&loaded, judging)?;
    let mut found = analysis::phase1(&loaded.runs, &settings)?;
    found.warnings.extend(loaded.warnings);
    Ok(found)
}

fn cache(plan: &Plan, loaded: &Loaded) -> Result<Phase0> {
    let side = |wanted: CacheUse, word: &str| {
        let found = loaded.runs.iter().find(|run| {
            plan.runs.get(run.id.as_str()).is_some_and(|planned| planned.cache == wanted)
        });
        found.ok_or_else(|| {
            Error::analyse(
                format!("phase 0 has no finished {word} run, so the cache cannot be judged"),
                "execute it first: `runner --phase 0`",
            )
        })
    };
    cache_impact::phase0(side(CacheUse::Cold, "cold")?, side(CacheUse::Warm, "warm")?)
}

fn settings(loaded: &Loaded, judging: &Judging) -> Result<Settings> {
    let size_by = match judging.size_by.as_deref().map(|text| text.split_once(':')) {
        None => SizeBy::Size,
        Some(Some(("calls", name))) if !name.is_empty() => SizeBy::Calls(name.to_string()),
        Some(_) => {
            let given = judging.size_by.as_deref().unwrap_or_default();
            return Err(Error::usage(
                format!("`--size-by {given}` is no measure of size"),
                "name a function whose calls are the size: `--size-by calls:on_trading_iteration`",
            ));
        }
    };
    if let Some(size) = judging.at.filter(|size| !(size.is_finite() && *size > 0.0)) {
        return Err(Error::usage(format!("`--at {size}` is not above 0"), "give a size above 0"));
    }
    Ok(Settings {
        size_by,
        size_unit: loaded.size_unit.clone(),
        target_size: judging.at,
        ..Settings::default()
    })
}

fn to_json(document: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(document)
        .map(|text| text + "\n")
        .map_err(|error| Error::bug(error.to_string()))
}

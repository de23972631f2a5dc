//! Two folders of profiles, before and after a change: which profile is of which scenario and size.
//! A plan says it where there is one, else the names of the files do.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use crate::analysis;
use crate::analysis::MeasuredRun;
use crate::analysis::Settings;
use crate::analysis::sets;
use crate::analysis::sets::Sets;
use crate::cli::load;
use crate::cli::names;
use crate::cli::shared::DEFAULT_PLAN;
use crate::error::Error;
use crate::error::Result;
use crate::format;
use crate::plan::Selection;
use crate::report::Report;
use crate::report::Subject;
use crate::store::PlanStore;

/// Parts of a file's name that say what it holds, not of what.
const KINDS: [&str; 6] = [".funcs", ".threads", ".wall", ".cpu", ".instructions", ".samples"];
/// More files of one folder are not looked at.
const MOST_FILES: usize = 10_000;

/// What is compared as one: profiles whose names tell no size are not mixed with those that do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Scenario {
    name: String,
    has_sizes: bool,
}

/// The runs of a folder by scenario, and what could not be taken.
#[derive(Debug, Default)]
struct Set {
    scenarios: BTreeMap<Scenario, Vec<MeasuredRun>>,
    size_unit: String,
    warnings: Vec<String>,
}

/// Compares the profiles in `before` with those in `after`: of one scenario, or of all that both
/// have.
///
/// # Errors
/// When a folder cannot be read, the scenario is unknown, or nothing is in both.
pub fn report(before: &Path, after: &Path, scenario: Option<&str>) -> Result<Report> {
    let (first, second) = (set(before)?, set(after)?);
    let in_both = |known: &&Scenario| second.scenarios.contains_key(*known);
    let common: Vec<&Scenario> = first.scenarios.keys().filter(in_both).collect();
    if let Some(name) = scenario.filter(|name| !common.iter().any(|known| known.name == *name)) {
        return Err(Error::unknown("scenario", name, common.iter().map(|one| one.name.as_str())));
    }
    if common.is_empty() {
        return Err(Error::analyse(
            format!("`{}` and `{}` have no scenario in common", before.display(), after.display()),
            "give the files of both the same names, as `NAME_SIZE.pstat`",
        ));
    }
    let is_chosen = |one: &&Scenario| scenario.is_none_or(|chosen| chosen == one.name);
    let settings = Settings { size_unit: first.size_unit.clone(), ..Settings::default() };
    let compared = |one: &Scenario| {
        let (before, after) = (&first.scenarios[one], &second.scenarios[one]);
        sets::compare(&one.name, before, after, one.has_sizes, &settings)
    };
    let comparisons = common.into_iter().filter(is_chosen).map(compared).collect::<Result<_>>()?;
    let warnings = first.warnings.into_iter().chain(second.warnings).collect();
    let found = Sets { comparisons, warnings };
    Ok(Report::new(Subject::Sets(Box::new(found)), Vec::new()))
}

fn set(folder: &Path) -> Result<Set> {
    match plan_of(folder) {
        Some(plan) => planned(&plan),
        None => named(folder),
    }
}

/// The plan in `folder`, or beside it when it is the folder where runs leave their profiles.
fn plan_of(folder: &Path) -> Option<PathBuf> {
    let inside = folder.join(DEFAULT_PLAN);
    let is_output = folder.file_name().is_some_and(|name| name == "profiling");
    let beside = folder.parent().filter(|_| is_output).map(|parent| parent.join(DEFAULT_PLAN));
    [Some(inside), beside].into_iter().flatten().find(|path| path.is_file())
}

/// A scenario is a workload of the plan.
fn planned(path: &Path) -> Result<Set> {
    let mut store = PlanStore::new(path, names::known());
    let layout = store.layout().clone();
    let plan = store.read()?;
    let loaded = load::selected(plan, &layout, &Selection::All)?;
    let mut set = Set { size_unit: loaded.size_unit, warnings: loaded.warnings, ..Set::default() };
    for run in loaded.runs {
        let planned = plan.runs.get(run.id.as_str()).filter(|planned| planned.phase != 0);
        if let Some(planned) = planned {
            let scenario = Scenario { name: planned.workload.clone(), has_sizes: true };
            set.scenarios.entry(scenario).or_default().push(run);
        }
    }
    Ok(set)
}

/// Scenario and size are in the file's name.
fn named(folder: &Path) -> Result<Set> {
    let mut set = Set { size_unit: "size".into(), ..Set::default() };
    let entries = std::fs::read_dir(folder).map_err(|source| Error::read(folder, source))?;
    let mut paths: Vec<PathBuf> =
        entries.take(MOST_FILES).filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.contains(".threads.") {
            continue;
        }
        let profile = match format::read_profile(path) {
            Ok(profile) => profile,
            Err(error) => {
                set.warnings.push(format!("left out: {error}"));
                continue;
            }
        };
        let (name, size) = scenario_and_size(&name);
        let scenario = Scenario { name, has_sizes: size.is_some() };
        let run = MeasuredRun {
            id: path.display().to_string(),
            // One profile alone has any size.
            size: size.unwrap_or(1.0),
            profile: Some(profile),
            ..MeasuredRun::default()
        };
        add(set.scenarios.entry(scenario).or_default(), run);
    }
    set.scenarios.values_mut().for_each(|runs| analysis::as_if_by_size(runs));
    Ok(set)
}

/// One profile per size: of several formats the one that keeps the most call edges.
fn add(runs: &mut Vec<MeasuredRun>, run: MeasuredRun) {
    let edges = |run: &MeasuredRun| run.profile.as_ref().map_or(0, |profile| profile.edges.len());
    match runs.iter_mut().find(|known| known.size == run.size) {
        Some(known) if edges(&run) > edges(known) => *known = run,
        Some(_) => {}
        None => runs.push(run),
    }
}

/// `sma_250_assets.pstat` is `sma_assets` at 250. The size is the last part that is a number,
/// perhaps with `k` or `M`; a name with a date, or without a number, has none.
fn scenario_and_size(file: &str) -> (String, Option<f64>) {
    let file = file.strip_suffix(".gz").unwrap_or(file);
    let mut stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    while let Some(rest) = KINDS.iter().find_map(|kind| stem.strip_suffix(kind)) {
        stem = rest;
    }
    let parts: Vec<&str> = stem.split(['_', '-']).collect();
    let is_date = |parts: &[&str]| {
        let digits = |part: &str, count: usize| {
            part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        matches!(parts, [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
    };
    let last = parts.iter().rposition(|part| number(part).is_some());
    match last {
        Some(at) if !parts.windows(3).any(is_date) => {
            let rest: Vec<&str> = parts
                .iter()
                .enumerate()
                .filter(|(place, _)| *place != at)
                .map(|(_, part)| *part)
                .collect();
            let scenario = if rest.is_empty() { "profile".into() } else { rest.join("_") };
            (scenario, number(parts[at]))
        }
        _ => (stem.to_string(), None),
    }
}

fn number(part: &str) -> Option<f64> {
    let (digits, factor) = match part.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1e3),
        None => part.strip_suffix('M').map_or((part, 1.0), |digits| (digits, 1e6)),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let size = is_number.then(|| digits.parse::<f64>().ok()).flatten()? * factor;
    (size > 0.0).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_scenario_and_size() {
        let check = |file: &str, scenario: &str, size: Option<f64>| {
            assert_eq!(scenario_and_size(file), (scenario.to_string(), size), "{file}");
        };
        check("sma_250_assets.pstat", "sma_assets", Some(250.0));
        check("parse_1000.callgrind.gz", "parse", Some(1000.0));
        check("n-4000.funcs.wall.csv", "n", Some(4000.0));
        check("run_2_64k.pstat", "run_2", Some(64_000.0));
        check("500.pstat", "profile", Some(500.0));
        check("daily.pstat", "daily", None);
        check("wk-2025-01-20_01-26.wall.pstat", "wk-2025-01-20_01-26", None);
        check("x_0.pstat", "x_0", None);
    }
}

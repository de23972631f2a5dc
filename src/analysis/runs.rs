//! The runs in order of size, each repetition by itself, with what they measured side by side.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::analysis::document::Skipped;
use crate::analysis::factor::RunPlace;
use crate::analysis::identity::Table;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::input::SizeBy;
use crate::analysis::middle;
use crate::analysis::run_name::RunName;
use crate::analysis::size;
use crate::error::Error;
use crate::error::Result;
use crate::profile::CostUnit;
use crate::profile::Profile;

/// Runs that can be judged together, in order of size.
#[derive(Debug)]
pub struct Ordered {
    pub runs: Vec<SizedRun>,
    pub table: Table,
    pub unit: CostUnit,
    /// Whether every profile counts calls.
    pub counts_calls: bool,
    /// What sizes count, in words.
    pub size_unit: String,
    /// Runs, or their profiles, that were left out.
    pub skipped: Vec<Skipped>,
}

/// A measured run without its profile, which is in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct SizedRun {
    pub name: RunName,
    pub size: f64,
    /// Above 0.
    pub wall_seconds: Option<f64>,
    pub peak_memory_bytes: Option<u64>,
    pub counters: BTreeMap<String, f64>,
    pub order: usize,
}

/// Puts `runs` in order of the size that the settings choose.
///
/// # Errors
/// When no run has a size, or sizes are to be counted by a function that is unknown or ambiguous.
pub fn ordered(runs: &[MeasuredRun], settings: &Settings) -> Result<Ordered> {
    let mut skipped = Vec::new();
    let unit = common_unit(runs);
    let profiles: Vec<Option<&Profile>> =
        runs.iter().map(|run| usable_profile(run, unit, &mut skipped)).collect();
    let counts_calls = profiles.iter().flatten().all(|profile| profile.counts_calls);
    let table = Table::new(&profiles);
    let own_sizes = match &settings.size_by {
        SizeBy::Counter(name) => size::counted(runs, name)?,
        SizeBy::Size | SizeBy::Calls(_) => runs.iter().map(|run| run.size).collect(),
        SizeBy::Unknown => vec![1.0; runs.len()],
    };
    let sizes = size::sizes(&settings.size_by, &own_sizes, &table.functions)?;
    let sizes = one_per_run(runs, &sizes);
    let mut order: Vec<(usize, f64)> = Vec::new();
    for (run, size) in sizes.iter().enumerate() {
        match size {
            Some(size) => order.push((run, *size)),
            None => {
                skipped.push(Skipped::run(&runs[run].name(), without_size(&settings.size_by)));
            }
        }
    }
    if order.is_empty() {
        return Err(Error::analyse(
            "cannot judge growth: no run has a size",
            "run some sizes first, for example `runner --phase 1`",
        ));
    }
    order.sort_by(|left, right| by_size(runs, *left, *right));
    let positions: Vec<usize> = order.iter().map(|(run, _)| *run).collect();
    Ok(Ordered {
        table: table.with_runs(&positions),
        runs: order.iter().map(|&(run, size)| sized(&runs[run], size)).collect(),
        unit,
        counts_calls,
        size_unit: unit_of_size(settings),
        skipped,
    })
}

impl Ordered {
    /// Name and size, one per run.
    pub fn named(&self) -> Vec<(RunName, f64)> {
        self.runs.iter().map(|run| (run.name.clone(), run.size)).collect()
    }

    /// Id and size, one per run.
    pub fn sized_ids(&self) -> Vec<(&str, f64)> {
        self.runs.iter().map(|run| (run.name.id.as_str(), run.size)).collect()
    }

    /// Wall time of the whole program, one per run.
    pub fn walls(&self) -> Vec<Option<f64>> {
        self.runs.iter().map(|run| run.wall_seconds).collect()
    }
}

impl SizedRun {
    /// Where and when the run was measured.
    pub fn place(&self) -> RunPlace {
        RunPlace { size: self.size, order: self.order }
    }
}

/// All repetitions of a run have one size: the median of those that are known.
fn one_per_run(runs: &[MeasuredRun], sizes: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known: HashMap<&str, Vec<f64>> = HashMap::new();
    for (run, size) in runs.iter().zip(sizes).filter(|(run, _)| run.repetition.is_some()) {
        known.entry(&run.id).or_default().extend(size);
    }
    let common = |(run, size): (&MeasuredRun, &Option<f64>)| match run.repetition {
        Some(_) => middle::median(&known[run.id.as_str()]),
        None => *size,
    };
    runs.iter().zip(sizes).map(common).collect()
}

/// Every run once, in the order given: its typical repetition by wall time, of those with a profile
/// where there are any.
pub fn once_each(runs: &[MeasuredRun]) -> Vec<&MeasuredRun> {
    let mut by_id: Vec<Vec<&MeasuredRun>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for run in runs {
        let place = *places.entry(&run.id).or_insert(by_id.len());
        match by_id.get_mut(place) {
            Some(known) => known.push(run),
            None => by_id.push(vec![run]),
        }
    }
    by_id.into_iter().map(|repetitions| typical_repetition(&repetitions)).collect()
}

fn typical_repetition<'a>(repetitions: &[&'a MeasuredRun]) -> &'a MeasuredRun {
    let is_profiled = repetitions.iter().any(|run| run.profile.is_some());
    let eligible: Vec<&MeasuredRun> =
        repetitions.iter().copied().filter(|run| run.profile.is_some() == is_profiled).collect();
    let place = middle::typical(eligible.iter().map(|run| known_wall(run)));
    eligible[place.unwrap_or(eligible.len() - 1)]
}

/// Wall time that is one.
pub fn known_wall(run: &MeasuredRun) -> Option<f64> {
    run.wall_seconds.filter(|seconds| seconds.is_finite() && *seconds > 0.0)
}

/// The unit of most profiles; of the first when they are even.
fn common_unit(runs: &[MeasuredRun]) -> CostUnit {
    let units: Vec<CostUnit> =
        runs.iter().filter_map(|run| Some(run.profile.as_ref()?.unit)).collect();
    let count = |unit: CostUnit| units.iter().filter(|other| **other == unit).count();
    let most = units.iter().copied().map(count).max().unwrap_or_default();
    units.iter().copied().find(|unit| count(*unit) == most).unwrap_or_default()
}

fn usable_profile<'a>(
    run: &'a MeasuredRun,
    unit: CostUnit,
    skipped: &mut Vec<Skipped>,
) -> Option<&'a Profile> {
    let profile = run.profile.as_ref()?;
    if profile.unit == unit {
        return Some(profile);
    }
    let reason = format!("its profile counts {}, the others {}", noun(profile.unit), noun(unit));
    skipped.push(Skipped::run(&run.name(), reason));
    None
}

fn noun(unit: CostUnit) -> &'static str {
    match unit {
        CostUnit::WallSeconds => "wall seconds",
        CostUnit::CpuSeconds => "cpu seconds",
        CostUnit::Instructions => "instructions",
        CostUnit::Samples => "samples",
    }
}

fn without_size(size_by: &SizeBy) -> String {
    match size_by {
        SizeBy::Size | SizeBy::Unknown => "its size is not a number above 0".into(),
        SizeBy::Calls(name) => format!("`{name}` was not called in it, so it has no size"),
        SizeBy::Counter(name) => format!("it did not count `{name}`, so it has no size"),
    }
}

fn unit_of_size(settings: &Settings) -> String {
    match &settings.size_by {
        SizeBy::Size => settings.size_unit.clone(),
        SizeBy::Calls(name) => format!("calls of `{name}`"),
        SizeBy::Counter(name) => format!("`{name}`"),
        SizeBy::Unknown => String::new(),
    }
}

/// By size; runs of one size by the order of execution, then by id.
fn by_size(runs: &[MeasuredRun], left: (usize, f64), right: (usize, f64)) -> std::cmp::Ordering {
    let place = |run: usize| (runs[run].order, &runs[run].id, runs[run].repetition);
    left.1.total_cmp(&right.1).then_with(|| place(left.0).cmp(&place(right.0)))
}

fn sized(run: &MeasuredRun, size: f64) -> SizedRun {
    SizedRun {
        name: run.name(),
        size,
        wall_seconds: known_wall(run),
        peak_memory_bytes: run.peak_memory_bytes,
        counters: run.counters.clone(),
        order: run.order,
    }
}

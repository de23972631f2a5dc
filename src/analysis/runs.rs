//! The runs in order of size, with what each of them measured side by side.

use std::collections::BTreeMap;

use crate::analysis::document::Skipped;
use crate::analysis::factor::RunPlace;
use crate::analysis::identity::Table;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::input::SizeBy;
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

/// A run without its profile, which is in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct SizedRun {
    pub id: String,
    pub size: f64,
    /// One per repetition, in the order run; only those above 0.
    pub wall_seconds: Vec<f64>,
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
    };
    let sizes = size::sizes(&settings.size_by, &own_sizes, &table.functions)?;
    let mut order: Vec<(usize, f64)> = Vec::new();
    for (run, size) in sizes.iter().enumerate() {
        match size {
            Some(size) => order.push((run, *size)),
            None => skipped.push(Skipped {
                name: runs[run].id.clone(),
                reason: without_size(&settings.size_by),
            }),
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
    /// Id and size, one per run.
    pub fn named(&self) -> Vec<(&str, f64)> {
        self.runs.iter().map(|run| (run.id.as_str(), run.size)).collect()
    }
}

impl SizedRun {
    /// Where and when the run was measured.
    pub fn place(&self) -> RunPlace {
        RunPlace { size: self.size, order: self.order }
    }

    /// Median of the repetitions.
    pub fn wall(&self) -> Option<f64> {
        median(&self.wall_seconds)
    }
}

/// The middle value, or the mean of the two middle ones.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        length if length % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
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
    skipped.push(Skipped {
        name: run.id.clone(),
        reason: format!("its profile counts {}, the others {}", noun(profile.unit), noun(unit)),
    });
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
        SizeBy::Size => "its size is not a number above 0".into(),
        SizeBy::Calls(name) => format!("`{name}` was not called in it, so it has no size"),
        SizeBy::Counter(name) => format!("it did not count `{name}`, so it has no size"),
    }
}

fn unit_of_size(settings: &Settings) -> String {
    match &settings.size_by {
        SizeBy::Size => settings.size_unit.clone(),
        SizeBy::Calls(name) => format!("calls of `{name}`"),
        SizeBy::Counter(name) => format!("`{name}`"),
    }
}

/// By size; runs of one size by the order of execution, then by id.
fn by_size(runs: &[MeasuredRun], left: (usize, f64), right: (usize, f64)) -> std::cmp::Ordering {
    let place = |run: usize| (runs[run].order, &runs[run].id);
    left.1.total_cmp(&right.1).then_with(|| place(left.0).cmp(&place(right.0)))
}

fn sized(run: &MeasuredRun, size: f64) -> SizedRun {
    SizedRun {
        id: run.id.clone(),
        size,
        wall_seconds: run
            .wall_seconds
            .iter()
            .copied()
            .filter(|seconds| seconds.is_finite() && *seconds > 0.0)
            .collect(),
        peak_memory_bytes: run.peak_memory_bytes,
        counters: run.counters.clone(),
        order: run.order,
    }
}

//! From a plan, or from files, to the measured runs that an analysis takes.

use std::collections::HashMap;
use std::path::Path;

use crate::analysis;
use crate::analysis::MeasuredRun;
use crate::cli::shared::Shared;
use crate::error::Error;
use crate::error::Result;
use crate::format;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::RunResult;
use crate::plan::Selection;
use crate::plan::measurement::FileKind;
use crate::plan::measurement::FileRecord;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::profile::wire;
use crate::store::Layout;
use crate::system::file;

/// The largest profile that is read, in bytes.
const LIMIT: u64 = 2 << 30;

/// Measured runs, and what there is to say about those that could not be taken.
#[derive(Debug, Default)]
pub struct Loaded {
    pub runs: Vec<MeasuredRun>,
    pub warnings: Vec<String>,
    /// What sizes count; empty where nobody said the size.
    pub size_unit: String,
}

/// The finished runs of the selection, every repetition with its profile.
///
/// # Errors
/// When the selection names an unknown run, or a named run is not finished.
pub fn selected(plan: &Plan, layout: &Layout, selection: &Selection) -> Result<Loaded> {
    selection.check(plan)?;
    let mut loaded = Loaded { size_unit: "days".into(), ..Loaded::default() };
    let mut finished: Vec<(&Run, &RunResult)> = Vec::new();
    for run in plan.runs.values().filter(|run| selection.covers(run)) {
        match plan.results.get(&run.id).filter(|result| result.repetitions() > 0) {
            Some(result) => finished.push((run, result)),
            None if matches!(selection, Selection::Runs(_)) => return Err(unfinished(run)),
            None => loaded.warnings.push(match &run.skipped {
                Some(why) => format!("run `{}` was skipped, {why}", run.id),
                None => format!(
                    "run `{}` is {}, so it is not in this analysis",
                    run.id,
                    run.status.word()
                ),
            }),
        }
    }
    let order = order_of_execution(&finished);
    let root = prefix(layout.root());
    for (run, result) in finished {
        if run.extent.unit().is_empty() {
            loaded.size_unit = "size".into();
        }
        let cwd = plan.workload_of(run).and_then(|workload| workload.cwd.as_ref());
        let cwd = cwd.map(|cwd| prefix(&layout.root().join(cwd)));
        for repetition in 0..result.repetitions() {
            let mut measured = measured(run, result, repetition);
            measured.order = order.get(&(&run.id, repetition)).copied().unwrap_or_default();
            match profile(layout, result, repetition) {
                Ok(profile) => {
                    measured.profile = profile.map(|profile| below(&root, cwd.as_deref(), profile));
                }
                Err(error) => loaded
                    .warnings
                    .push(format!("the profile of {} is lost: {error}", measured.name())),
            }
            loaded.runs.push(measured);
        }
    }
    Ok(loaded)
}

/// Profiles made elsewhere, each given as `SIZE=FILE`.
///
/// # Errors
/// When an argument is no pair, or a file cannot be read or understood.
pub fn files(pairs: &[String]) -> Result<Loaded> {
    let mut loaded = Loaded { size_unit: "size".into(), ..Loaded::default() };
    for pair in pairs {
        let (size, path) = sized_file(pair)?;
        let profile = format::read_profile(Path::new(path))?;
        if profile.functions.is_empty() {
            return Err(Error::analyse(
                format!("`{path}` is a profile without a single function"),
                "profile that size again, or leave it out",
            ));
        }
        loaded.runs.push(MeasuredRun {
            id: path.to_string(),
            size,
            profile: Some(profile),
            ..MeasuredRun::default()
        });
    }
    analysis::as_if_by_size(&mut loaded.runs);
    Ok(loaded)
}

/// A single profile made elsewhere, unless `name` is a run of the plan, or no file.
///
/// # Errors
/// When it cannot be understood.
pub fn lone_file(shared: &Shared, name: &str) -> Result<Option<Loaded>> {
    let is_run = shared.store().read().is_ok_and(|plan| plan.runs.contains_key(name));
    if is_run || file::open(Path::new(name)).is_err() {
        return Ok(None);
    }
    let run = MeasuredRun {
        id: name.to_string(),
        profile: Some(format::read_profile(Path::new(name))?),
        ..MeasuredRun::default()
    };
    Ok(Some(Loaded { runs: vec![run], ..Loaded::default() }))
}

/// A folder as it stands at the beginning of absolute paths.
fn prefix(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    format!("{}/", folder.display())
}

/// `profile` with the files below the plan's folder, or below that of the program, named from
/// there, as a person would name them.
fn below(root: &str, cwd: Option<&str>, mut profile: Profile) -> Profile {
    for function in &mut profile.functions {
        let file = &function.key.file;
        let relative =
            file.strip_prefix(root).or_else(|| cwd.and_then(|cwd| file.strip_prefix(cwd)));
        if let Some(relative) = relative {
            function.key.file = relative.to_string();
        }
    }
    profile
}

fn sized_file(pair: &str) -> Result<(f64, &str)> {
    let split = pair.split_once('=').and_then(|(size, path)| Some((size.parse().ok()?, path)));
    match split {
        Some((size, path)) if f64::is_finite(size) && size > 0.0 && !path.is_empty() => {
            Ok((size, path))
        }
        _ => Err(Error::usage(
            format!("`{pair}` is not a size above 0 and a profile"),
            "write it as `SIZE=FILE`, for example `250=a.pstat`",
        )),
    }
}

fn unfinished(run: &Run) -> Error {
    Error::analyse(
        format!("run `{}` is {}, so there is nothing to judge", run.id, run.status.word()),
        format!("execute it first: `runner --run {}`", run.id),
    )
}

/// A repetition, counted from 0, without its profile and its place in the order of execution.
fn measured(run: &Run, result: &RunResult, repetition: usize) -> MeasuredRun {
    let counted = |(name, values): (&String, &Vec<Option<f64>>)| {
        Some((name.clone(), values.get(repetition).copied().flatten()?))
    };
    MeasuredRun {
        id: run.id.to_string(),
        repetition: (result.repetitions() > 1).then_some(repetition as u32 + 1),
        size: run.extent.size(),
        wall_seconds: result.wall_seconds.get(repetition).copied(),
        counters: result.counters.iter().filter_map(counted).collect(),
        peak_memory_bytes: result.peak_memory_of(repetition).map(|peak| peak.0),
        ..MeasuredRun::default()
    }
}

/// The place of every repetition among all, by when it ended.
fn order_of_execution<'a>(
    finished: &[(&'a Run, &RunResult)],
) -> HashMap<(&'a RunId, usize), usize> {
    let of_run = |(run, result): &(&'a Run, &RunResult)| {
        let id = &run.id;
        let ended = result.finished.iter().copied().enumerate();
        ended.map(move |(repetition, ended)| (ended, (id, repetition))).collect::<Vec<_>>()
    };
    let mut ended: Vec<_> = finished.iter().flat_map(of_run).collect();
    ended.sort();
    ended.into_iter().enumerate().map(|(place, (_, repetition))| (repetition, place)).collect()
}

/// The profile of a repetition, counted from 0; `None` when the backend makes none.
fn profile(layout: &Layout, result: &RunResult, repetition: usize) -> Result<Option<Profile>> {
    let attempt = result.attempts.get(repetition);
    let exchanged = attempt.and_then(|attempt| result.profile_of(*attempt));
    let is_latest = repetition + 1 == result.repetitions();
    match exchanged {
        Some(record) if !is_latest || path(layout, record).exists() => {
            let bytes = file::read(&path(layout, record), LIMIT)?;
            let profile = wire::from_json(&bytes);
            profile.map(Some).map_err(|why| damaged(record, &why))
        }
        _ if is_latest => kept(layout, result),
        _ => Ok(None),
    }
}

/// What lies beside the runs in a common format: the profile of the latest repetition.
fn kept(layout: &Layout, result: &RunResult) -> Result<Option<Profile>> {
    let of_kind = |kind: FileKind| result.files.iter().find(|file| file.kind == kind);
    let record = of_kind(FileKind::Pstat).or_else(|| of_kind(FileKind::Functions));
    record
        .map(|record| {
            let profile = format::read_profile(&path(layout, record))?;
            let unit = CostUnit::in_name(&record.path).unwrap_or(profile.unit);
            Ok(Profile { unit, ..profile })
        })
        .transpose()
}

/// A recorded path never leads out of the plan's folder.
pub fn path(layout: &Layout, record: &FileRecord) -> std::path::PathBuf {
    let parts = Path::new(&record.path).components();
    let inside = parts.filter(|part| matches!(part, std::path::Component::Normal(_)));
    layout.root().join(inside.collect::<std::path::PathBuf>())
}

fn damaged(record: &FileRecord, why: &str) -> Error {
    Error::analyse(
        format!("`{}` is damaged: {why}", record.path),
        "reset the run and execute it again",
    )
}

//! One run of a plan on disk, checked.

use indexmap::IndexMap;

use crate::plan::extent::Extent;
use crate::plan::found::Found;
use crate::plan::id::RunId;
use crate::plan::model::Attempt;
use crate::plan::model::CacheUse;
use crate::plan::model::Input;
use crate::plan::model::Run;
use crate::plan::model::Status;
use crate::plan::model::Task;
use crate::plan::model::Workload;
use crate::plan::problem::Step;
use crate::plan::suite::Suite;
use crate::plan::wire::RunWire;

const STATUSES: [&str; 4] = ["pending", "running", "done", "error"];

/// What a run takes from the rest of its plan.
#[derive(Debug)]
pub struct Defaults<'a> {
    /// The workload of runs that name none, when that is clear.
    pub workload: Option<&'a str>,
    pub repetitions: u32,
    pub warmups: u32,
    pub retries: u32,
    pub workloads: &'a IndexMap<String, Workload>,
    pub suites: &'a IndexMap<String, Suite>,
    /// Also of those with a mistake.
    pub suite_names: Vec<&'a str>,
}

/// The run at position `index`; `None` when a mistake was found in it.
pub fn run(found: &mut Found, index: usize, wire: RunWire, defaults: &Defaults<'_>) -> Option<Run> {
    let before = found.problems.len();
    let at = |key: &str| vec![Step::from("runs"), Step::from(index), Step::from(key)];
    let id = run_id(found, &at("id"), &wire.id);
    let base = [Step::from("runs"), Step::from(index)];
    let extent = extent(found, &base, wire.start.as_ref(), wire.end.as_ref(), wire.size);
    let status = status(found, &at("status"), wire.status.as_deref(), &wire.attempts);
    let workload = workload(found, index, &wire, defaults);
    check_dates(found, index, extent, workload.as_deref(), defaults);
    let timeout = found.duration(&at("timeout"), wire.timeout.as_deref());
    let repetitions = found.repetitions(&at("repetitions"), wire.repetitions);
    let retries = found.count(&at("retries"), "retries", wire.retries);
    let after = after(found, &at("after"), &wire);
    wire.keep.iter().for_each(|path| check_kept(found, &at("keep"), path));
    let suite = suite(found, &at("suite"), wire.suite.as_deref(), defaults);
    let phase = wire.phase.unwrap_or(1);
    let label = wire.label.clone().unwrap_or_default();
    let cache = wire.cache.unwrap_or_else(|| cache_use(phase, &wire.id, &label));
    let usual = suite.map_or(defaults.warmups, |suite| suite.warmups);
    let warmups = warmups(found, &at("warmups"), &wire, cache, usual);
    for problem in &mut found.problems[before..] {
        problem.run = Some(shortened(&wire.id));
    }
    let (id, extent, status, workload) = (id?, extent?, status?, workload?);
    Some(Run {
        cache,
        id,
        phase,
        extent,
        label,
        description: wire.description.unwrap_or_default(),
        workload,
        args: wire.args,
        keep: wire.keep,
        timeout,
        repetitions: repetitions.or(suite.map(|suite| suite.runs)).unwrap_or(defaults.repetitions),
        suite: wire.suite,
        warmups,
        retries: retries.unwrap_or(defaults.retries),
        after,
        skipped: wire.skipped.filter(|_| status == Status::Pending),
        status,
        attempts: wire.attempts,
    })
}

fn run_id(found: &mut Found, at: &[Step], text: &str) -> Option<RunId> {
    match RunId::new(text) {
        Ok(id) => Some(id),
        Err(why) => {
            let hint = "use ASCII letters, digits, `-`, `_` and `.`; other words belong in `label`";
            found.push(at, format!("the id {:?} {why}", shortened(text)), hint);
            None
        }
    }
}

fn workload(
    found: &mut Found,
    index: usize,
    wire: &RunWire,
    defaults: &Defaults<'_>,
) -> Option<String> {
    let at = [Step::from("runs"), Step::from(index), Step::from("workload")];
    let names: Vec<&str> = defaults.workloads.keys().map(String::as_str).collect();
    match (&wire.workload, defaults.workload) {
        (Some(name), _) => found.known(&at, "workload", name, &names).then(|| name.clone()),
        (None, Some(default)) => Some(default.to_string()),
        (None, None) => {
            let problem = format!("it names no workload, and there are `{}`", names.join("`, `"));
            found.push(&at[..2], problem, "add `workload` to the run or to `settings`");
            None
        }
    }
}

/// A command that asks for dates cannot be filled in for a run that has only a size.
fn check_dates(
    found: &mut Found,
    index: usize,
    extent: Option<Extent>,
    workload: Option<&str>,
    defaults: &Defaults<'_>,
) {
    let workload = workload.and_then(|name| defaults.workloads.get(name));
    let (Some(Extent::Size(_)), Some(workload)) = (extent, workload) else { return };
    let Task::Command(_) = &workload.task else { return };
    if workload.literal {
        return;
    }
    let texts = || workload.texts().chain(workload.input.iter().flat_map(Input::texts));
    let asked =
        ["{start}", "{end}"].into_iter().find(|date| texts().any(|text| text.contains(date)));
    if let Some(date) = asked {
        let at = [Step::from("runs"), Step::from(index), Step::from("size")];
        let problem = format!("it has no dates, but its workload's command asks for `{date}`");
        found.push(&at, problem, "give it `start` and `end`, or use `{size}` in the command");
    }
}

/// The window or size of what stands at `base`: exactly one of them.
pub fn extent(
    found: &mut Found,
    base: &[Step; 2],
    start: Option<&String>,
    end: Option<&String>,
    size: Option<f64>,
) -> Option<Extent> {
    let at = |key: &str| vec![base[0].clone(), base[1].clone(), Step::from(key)];
    match (start, end, size) {
        (Some(start), Some(end), None) => window(found, base, start, end),
        (None, None, Some(size)) if size.is_finite() && size > 0.0 => Some(Extent::Size(size)),
        (None, None, Some(size)) => {
            found.push(&at("size"), format!("`size` {size} is not above 0"), "give a size above 0");
            None
        }
        (None, None, None) => {
            let hint = "give `start` and `end`, or `size`";
            found.push(base, "it has neither a window nor a size", hint);
            None
        }
        (_, _, Some(_)) => {
            found.push(&at("size"), "it has both a window and a size", "remove one of them");
            None
        }
        (Some(_), None, None) => {
            found.push(&at("start"), "it has `start` but no `end`", "add `end`");
            None
        }
        (None, Some(_), None) => {
            found.push(&at("end"), "it has `end` but no `start`", "add `start`");
            None
        }
    }
}

fn window(found: &mut Found, base: &[Step; 2], start: &str, end: &str) -> Option<Extent> {
    let at = |key: &str| vec![base[0].clone(), base[1].clone(), Step::from(key)];
    let (start, end) = (found.date(&at("start"), start), found.date(&at("end"), end));
    let (start, end) = (start?, end?);
    if end < start {
        let problem = format!("`end` {end} is before `start` {start}");
        found.push(&at("end"), problem, "swap the two dates");
        return None;
    }
    Some(Extent::Window { start, end })
}

fn status(
    found: &mut Found,
    at: &[Step],
    word: Option<&str>,
    attempts: &[Attempt],
) -> Option<Status> {
    let last = attempts.last();
    let ended = last.and_then(|attempt| attempt.ended);
    match word.unwrap_or("pending") {
        "pending" => Some(Status::Pending),
        "running" => {
            let open = attempts.iter().rev().find(|attempt| attempt.ended.is_none());
            Some(Status::Running(open.map(Attempt::lease)))
        }
        "done" => Some(Status::Done { at: ended }),
        "error" => {
            let message = last.map(failure).unwrap_or_default();
            Some(Status::Error { at: ended, message })
        }
        other => {
            found.known(at, "status", other, &STATUSES);
            None
        }
    }
}

/// A cold run is measured with an empty cache, which a warm-up would fill.
fn warmups(found: &mut Found, at: &[Step], wire: &RunWire, cache: CacheUse, usual: u32) -> u32 {
    let own = found.count(at, "warmups", wire.warmups);
    match (cache, own) {
        (CacheUse::Cold, Some(1..)) => {
            let problem = "it is a cold run, and a warm-up would fill its cache";
            found.push(at, problem, "remove `warmups`, or set `cache` to `shared`");
            0
        }
        (CacheUse::Cold, _) => 0,
        (_, own) => own.unwrap_or(usual),
    }
}

/// A file that is kept must lie where the program works.
pub fn check_kept(found: &mut Found, at: &[Step], path: &str) {
    let below = |part: &str| !part.is_empty() && part != ".." && !part.contains('\0');
    if path.split('/').all(below) {
        return;
    }
    let shown = shortened(path);
    let problem = format!("the file {shown:?} does not lie below the working directory");
    found.push(at, problem, "name it relative to the working directory, without `..`");
}

fn suite<'a>(
    found: &mut Found,
    at: &[Step],
    name: Option<&str>,
    defaults: &Defaults<'a>,
) -> Option<&'a Suite> {
    found.known(at, "suite", name?, &defaults.suite_names);
    defaults.suites.get(name?)
}

/// The runs named under `after`; whether they exist is known when all runs are.
fn after(found: &mut Found, at: &[Step], wire: &RunWire) -> Vec<RunId> {
    let mut ids = Vec::new();
    for name in wire.after.names() {
        match RunId::new(name) {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(why) => {
                let problem = format!("`after` names {:?}, which {why}", shortened(name));
                found.push(at, problem, "name runs of this plan by their ids");
            }
        }
    }
    ids
}

/// Phase 0 probes the cache: its runs say in their id or label which side they are.
fn cache_use(phase: u32, id: &str, label: &str) -> CacheUse {
    let says = |word: &str| {
        id.to_ascii_lowercase().contains(word) || label.to_ascii_lowercase().contains(word)
    };
    match phase {
        0 if says("cold") => CacheUse::Cold,
        0 if says("warm") => CacheUse::Warm,
        _ => CacheUse::Shared,
    }
}

fn failure(attempt: &Attempt) -> String {
    match &attempt.outcome {
        Some(outcome) if attempt.message.is_empty() => outcome.describe(),
        _ => attempt.message.clone(),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

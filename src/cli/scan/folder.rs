//! The folder of a scan: a plan like any other, made from the command line, and used again only for
//! the same command.

use std::path::Path;

use serde_json::Value;
use serde_json::json;

use crate::cli::scan::command::Command;
use crate::cli::shared::DEFAULT_PLAN;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Input;
use crate::plan::Launch;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::plan::Task;
use crate::plan::Workload;
use crate::plan::wire::RunWire;
use crate::store::PlanStore;
use crate::system::file;

/// What is scanned and how.
#[derive(Debug, Clone)]
pub struct Scan {
    pub command: Command,
    /// In ascending order.
    pub sizes: Vec<f64>,
    pub backend: String,
    pub repeat: u32,
    pub timeout: Option<String>,
    /// Where the program is started; absolute.
    pub cwd: String,
}

impl Scan {
    /// Its runs.
    pub fn selection(&self) -> Selection {
        Selection::Runs(self.sizes.iter().map(|size| run_id(*size)).collect())
    }
}

/// The run of one size.
pub fn run_id(size: f64) -> String {
    format!("n-{size}")
}

/// The plan of the scan in `folder`; `None` when there is none yet.
///
/// # Errors
/// When it cannot be read, or holds something else.
pub fn known(
    store: &mut PlanStore,
    folder: &Path,
    command: &Command,
    cwd: &str,
) -> Result<Option<Known>> {
    if file::stamp(store.layout().plan()).is_none() {
        return Ok(None);
    }
    let plan = store.read()?;
    let Some(workload) = plan.workloads.values().next().filter(|_| plan.workloads.len() == 1)
    else {
        return Err(other(folder, "a plan that is no scan", command));
    };
    if workload.cwd.as_deref() != Some(cwd) || !is_same(workload, command) {
        return Err(other(folder, &format!("the scan of `{}`", shown(workload)), command));
    }
    Ok(Some(Known {
        workload: plan.workloads.keys().next().cloned().unwrap_or_default(),
        backend: workload.backend.clone(),
        repeat: plan.settings.repetitions,
    }))
}

/// How an earlier scan of the same command was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The name of its only workload.
    pub workload: String,
    pub backend: String,
    pub repeat: u32,
}

impl Known {
    /// Refuses to mix two ways of measuring in one folder; more repetitions only add to what is
    /// there.
    ///
    /// # Errors
    /// When `scan` is measured in another way.
    pub fn check(&self, scan: &Scan, folder: &Path) -> Result<()> {
        let at = folder.display();
        let hint = |keep: &str| {
            format!(
                "{keep} to go on, add `--fresh` to measure everything anew, \
                 or choose another folder with `--dir {at}-2`"
            )
        };
        if self.backend != scan.backend {
            let message = format!(
                "`{at}` holds the same scan with the backend `{}`, not `{}`",
                self.backend, scan.backend
            );
            return Err(Error::usage(message, hint(&format!("use `{}`", self.backend))));
        }
        if scan.repeat < self.repeat {
            let message = format!(
                "`{at}` holds the same scan with `--repeat {}`, and `--repeat {}` would drop some of it",
                self.repeat, scan.repeat
            );
            return Err(Error::usage(message, hint("leave `--repeat` out")));
        }
        Ok(())
    }

    /// What the plan must say otherwise, so that it measures as `scan` wants: keys from the
    /// outermost on, and the value.
    pub fn changes<'a>(&'a self, scan: &'a Scan) -> Vec<(Vec<&'a str>, Value)> {
        let mut changes = Vec::new();
        if self.repeat != scan.repeat {
            changes.push((vec!["settings", "repetitions"], json!(scan.repeat)));
        }
        let of_workload = |key: &'a str| vec!["workloads", self.workload.as_str(), key];
        if self.backend != scan.backend {
            changes.push((of_workload("backend"), json!(scan.backend)));
        }
        if let Some(timeout) = &scan.timeout {
            changes.push((of_workload("timeout"), json!(timeout)));
        }
        changes
    }
}

/// Writes the plan of a new scan.
///
/// # Errors
/// When it cannot be written.
pub fn create(folder: &Path, scan: &Scan) -> Result<()> {
    let mut workload = json!({
        "command": scan.command.words,
        "backend": scan.backend,
        "cwd": scan.cwd,
    });
    if let Some(input) = &scan.command.input {
        workload["input"] = json!(input);
    }
    if let Some(timeout) = &scan.timeout {
        workload["timeout"] = json!(timeout);
    }
    let runs: Vec<Value> =
        scan.sizes.iter().map(|size| json!({ "id": run_id(*size), "size": size })).collect();
    let plan = json!({
        "version": 1,
        "workloads": { scan.command.name(): workload },
        "settings": { "repetitions": scan.repeat },
        "runs": runs,
    });
    file::create_folder(folder)?;
    file::replace(&folder.join(DEFAULT_PLAN), format!("{plan:#}\n").as_bytes())
}

/// The runs of `scan` that `plan` has not yet.
pub fn missing(plan: &Plan, scan: &Scan) -> Vec<RunWire> {
    let is_there = |size: &f64| plan.runs.contains_key(run_id(*size).as_str());
    let missing = scan.sizes.iter().filter(|size| !is_there(size));
    missing
        .map(|size| RunWire { id: run_id(*size), size: Some(*size), ..RunWire::default() })
        .collect()
}

/// Files of the command, or of what makes its input, that were changed after a size was measured.
pub fn changed_since(plan: &Plan, scan: &Scan) -> Option<String> {
    let measured = plan.results.values().flat_map(|result| &result.finished).min()?;
    let words = scan.command.words.iter().chain(scan.command.input.iter().flatten());
    words
        .filter(|word| {
            file::modified(&Path::new(&scan.cwd).join(word)).is_some_and(|at| at > *measured)
        })
        .map(String::from)
        .next()
}

fn is_same(workload: &Workload, command: &Command) -> bool {
    let input = command.input.clone().map(Input::Made);
    workload.task == Task::Command(Launch::Words(command.words.clone())) && workload.input == input
}

fn shown(workload: &Workload) -> String {
    match &workload.task {
        Task::Command(launch) => launch.texts().join(" "),
        Task::Sample(name) => name.clone(),
    }
}

fn other(folder: &Path, what: &str, command: &Command) -> Error {
    Error::usage(
        format!("`{}` holds {what}", folder.display()),
        format!("give this one a folder of its own: `--dir {}-2`", command.name()),
    )
}

//! What a report says of each run, taken from the plan.

use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::plan::measurement;
use crate::report::Machine;
use crate::report::Revision;
use crate::report::RunRecord;
use crate::report::State;

/// The selected runs, in the order of the plan.
pub fn of(plan: &Plan, selection: &Selection) -> Vec<RunRecord> {
    plan.runs.values().filter(|run| selection.covers(run)).map(|run| record(plan, run)).collect()
}

fn record(plan: &Plan, run: &Run) -> RunRecord {
    let mut record = RunRecord {
        id: run.id.to_string(),
        label: run.label.clone(),
        size: Some(run.extent.size()),
        state: state(&run.status),
        attempts: Some(run.attempts.len()),
        ..RunRecord::default()
    };
    let Some(result) = plan.results.get(&run.id) else { return record };
    record.wall_seconds.clone_from(&result.wall_seconds);
    record.peak_memory = result.peak_memory();
    if let Some(context) = &result.context {
        record.revision = Some(revision(&context.revision));
        record.workload_revision = context.workload_revision.as_ref().map(revision);
        record.machine = Some(Machine {
            host: context.machine.host.clone(),
            cpu: context.machine.cpu.clone(),
            cores: context.machine.cores,
        });
        record.load_before = context.load_before;
        record.load_after = context.load_after;
        record.versions = versions(&context.versions);
        record.overhead_seconds = context.overhead.map(|overhead| overhead.seconds());
        record.overhead_meaning = context.overhead.map_or("", |overhead| overhead.meaning());
        record.warnings.clone_from(&context.warnings);
    }
    record
}

fn state(status: &Status) -> State {
    match status {
        Status::Pending => State::Pending,
        Status::Running(_) => State::Running,
        Status::Done { .. } => State::Done,
        Status::Error { message, .. } => State::Error(message.clone()),
    }
}

fn revision(found: &measurement::Revision) -> Revision {
    match found {
        measurement::Revision::Commit { commit, branch, dirty, .. } => {
            Revision::Commit { commit: commit.clone(), branch: branch.clone(), dirty: *dirty }
        }
        measurement::Revision::None { none } => Revision::None { none: none.clone() },
    }
}

fn versions(found: &measurement::Versions) -> Vec<(String, String)> {
    let backend = (found.backend.clone(), found.backend_version.clone());
    let interpreter = found
        .interpreter
        .rsplit_once(' ')
        .map(|(name, version)| (name.to_string(), version.to_string()));
    let packages = found.packages.iter().map(|(name, version)| (name.clone(), version.clone()));
    std::iter::once(("superlinear".to_string(), found.superlinear.clone()))
        .chain([backend])
        .chain(interpreter)
        .chain(packages)
        .collect()
}

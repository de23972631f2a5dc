//! A suite as it stands in the plan: what was measured of it, and the decision once all of it is
//! there.

use crate::analysis::decision;
use crate::analysis::decision::Benchmark;
use crate::analysis::decision::Sample;
use crate::analysis::decision::Trial;
use crate::cli::bench::check;
use crate::plan::Launch;
use crate::plan::Plan;
use crate::plan::RunResult;
use crate::plan::Status;
use crate::plan::Task;
use crate::plan::measurement::Revision;
use crate::plan::suite;
use crate::plan::suite::Suite;
use crate::store::Layout;

/// The decisions of all suites whose runs are done; what cannot be judged is left out.
pub fn decided(plan: &Plan, layout: &Layout) -> Vec<Benchmark> {
    let one = |(name, suite): (&String, &Suite)| {
        let is_done = |id: &str| {
            plan.runs.get(id).is_some_and(|run| matches!(run.status, Status::Done { .. }))
        };
        let timed = suite.versions().into_iter().map(|(version, _)| suite::timed_id(name, version));
        if !timed.into_iter().all(|id| is_done(&id)) {
            return None;
        }
        let mut trial = trial_of(plan, name, suite);
        if suite.optimized.is_some() {
            trial.equality = check::compared(plan, layout, name, suite).ok()?.ok()?;
        }
        if let Some(difference) = trial.equality.iter().find(|case| !case.equal) {
            return Some(decision::blocked(&trial, &difference.in_words()));
        }
        fill(&mut trial, plan, name, suite);
        decision::decide(&trial).ok()
    };
    plan.suites.iter().filter_map(one).collect()
}

/// Why one of the timed runs has no result.
pub fn failure(plan: &Plan, name: &str, suite: &Suite) -> Option<String> {
    suite.versions().into_iter().find_map(|(version, _)| {
        let run = plan.runs.get(suite::timed_id(name, version).as_str())?;
        match &run.status {
            Status::Error { message, .. } => {
                Some(format!("the {} failed: {message}", check::in_words(version)))
            }
            _ => None,
        }
    })
}

pub fn trial_of(plan: &Plan, name: &str, suite: &Suite) -> Trial {
    let sample = |workload: &str| Sample { command: command(plan, workload), ..Sample::default() };
    Trial {
        suite: name.to_string(),
        workflow: suite.workflow.clone(),
        baseline: sample(&suite.baseline),
        optimized: suite.optimized.as_deref().map(sample),
        pairs: true,
        thresholds: suite.thresholds.clone(),
        scale: suite.scale,
        seed: Some(suite.seed),
        ..Trial::default()
    }
}

/// Puts what was measured into `trial`: the k-th times of both versions are one round.
pub fn fill(trial: &mut Trial, plan: &Plan, name: &str, suite: &Suite) {
    for (version, _) in suite.versions() {
        let Some(result) = plan.results.get(suite::timed_id(name, version).as_str()) else {
            continue;
        };
        let sample = match version {
            "baseline" => Some(&mut trial.baseline),
            _ => trial.optimized.as_mut(),
        };
        if let Some(sample) = sample {
            sample.wall_seconds.clone_from(&result.wall_seconds);
            sample.peak_memory_bytes.clone_from(&result.peak_memory_bytes);
        }
        trial.commit = commit(result).or(trial.commit.take());
        let warnings = result.context.iter().flat_map(|context| &context.warnings);
        for warning in warnings {
            let kind = |text: &str| text.split(':').next().unwrap_or_default().to_string();
            if !trial.notes.iter().any(|note| kind(note) == kind(warning)) {
                trial.notes.push(warning.clone());
            }
        }
    }
}

/// The revision of the program, or of the folder of the plan.
fn commit(result: &RunResult) -> Option<String> {
    let context = result.context.as_ref()?;
    match context.workload_revision.as_ref().unwrap_or(&context.revision) {
        Revision::Commit { commit, dirty, .. } => {
            Some(if *dirty { format!("{commit} with changes") } else { commit.clone() })
        }
        Revision::None { .. } => None,
    }
}

fn command(plan: &Plan, workload: &str) -> String {
    match plan.workloads.get(workload).map(|workload| &workload.task) {
        Some(Task::Command(Launch::Words(words))) => words.join(" "),
        Some(Task::Command(Launch::Shell(line))) => line.clone(),
        Some(Task::Sample(name)) => format!("sample {name}"),
        None => workload.to_string(),
    }
}

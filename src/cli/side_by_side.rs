//! A phase with several workloads: each is judged by itself, and they are shown side by side.

use crate::analysis::Gate;
use crate::analysis::Workloads;
use crate::analysis::document::Skipped;
use crate::analysis::workloads::WorkloadGrowth;
use crate::cli::judge;
use crate::cli::judge::Judged;
use crate::cli::judge::Judging;
use crate::cli::shared::Shared;
use crate::cli::workload;
use crate::error::Error;
use crate::error::Result;
use crate::report::Report;
use crate::report::Subject;
use crate::system::file;

/// Judges the phase: the workload that is asked for or the only one, else all of them side by side.
/// The analysis of each is kept as it is when it is judged alone, what stands side by side in
/// `profiling/phaseN_workloads.json`.
///
/// # Errors
/// As [`judge::phase`], when none of the workloads can be judged.
pub fn phase(shared: &Shared, number: u32, judging: &Judging) -> Result<Judged> {
    let mut store = shared.store();
    let layout = store.layout().clone();
    let names = workload::several(store.read()?, number);
    // What a cache saves is asked of one workload.
    if names.is_empty() || judging.workload.is_some() || number == 0 {
        return judge::phase(shared, number, judging);
    }
    let mut found = Workloads::of(number);
    let mut gate = judging.gating.limit()?.map(|_| Gate::default());
    let mut refused: Option<Error> = None;
    for name in names {
        let judging = Judging { workload: Some(name.clone()), ..judging.clone() };
        match judge::phase(shared, number, &judging) {
            Ok(judged) => {
                add(&mut found, &name, &judged.report);
                if let (Some(all), Some(one)) = (&mut gate, judged.gate) {
                    all.add(&name, one);
                }
            }
            Err(error) => {
                found.skipped.push(Skipped { name, reason: error.to_string() });
                refused.get_or_insert(error);
            }
        }
    }
    if let Some(error) = refused.filter(|_| found.workloads.is_empty()) {
        return Err(error);
    }
    let report = report(found);
    let kept = layout.profiling().join(format!("phase{number}_workloads.json"));
    file::replace(&kept, judge::analysis_json(&report)?.as_bytes())?;
    Ok(Judged { gate, ..Judged::without_growth(report) })
}

/// Puts the findings on the workload `name` beside the others.
pub fn add(all: &mut Workloads, name: &str, report: &Report) {
    if let Subject::Scaling(found) = &report.subject {
        all.workloads.push(WorkloadGrowth::of(name, found));
    }
}

/// A report of what stands side by side.
pub fn report(found: Workloads) -> Report {
    Report::new(Subject::Workloads(Box::new(found)), Vec::new())
}

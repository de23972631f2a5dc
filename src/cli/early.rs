//! The answer so far, while a queue is executed: the series of the run that ended last is judged
//! anew. Nothing is judged while this runner measures, and not so often that the queue would wait
//! for it.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::Utc;

use crate::analysis::Phase1;
use crate::analysis::document::Culprit;
use crate::cli::gating::Gating;
use crate::cli::judge;
use crate::cli::judge::Judging;
use crate::cli::shared::Shared;
use crate::cli::workload;
use crate::cli::workload::Series;
use crate::error::Result;
use crate::plan::Plan;
use crate::report::Report;
use crate::report::Subject;
use crate::report::prose::Prose;
use crate::report::scaling::sentence;
use crate::report::scaling::silence;
use crate::report::scaling::summary;

/// Sizes from which on there is an answer worth a line.
const FEWEST_SIZES: usize = 3;
/// Culprits that get a line each.
const MOST_LINES: usize = 3;
/// Time between two judgements, in times of what the last one took.
const REST: i32 = 10;

/// What is found so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The culprits in a sentence each, or why there are none.
    pub lines: Vec<String>,
    pub culprits: Vec<Culprit>,
    /// What a reader would call another answer.
    gist: Vec<String>,
}

impl Found {
    /// `None` before there are enough sizes to judge by.
    pub fn of(report: &Report) -> Option<Self> {
        let Subject::Scaling(doc) = &report.subject else { return None };
        if sizes(doc) < FEWEST_SIZES {
            return None;
        }
        let gist = |culprit: &Culprit| {
            format!("{:?} {} {}", culprit.verdict, sentence::steepness(culprit), culprit.name)
        };
        let mut lines: Vec<String> = doc
            .culprits
            .iter()
            .take(MOST_LINES)
            .map(|culprit| sentence::finding(doc, culprit).plain())
            .collect();
        if doc.culprits.len() > MOST_LINES {
            lines.push(format!("and {} more", doc.culprits.len() - MOST_LINES));
        }
        if lines.is_empty() {
            // Of a program that was measured only as a whole there is its own verdict.
            let said = match doc.functions.is_empty() {
                true => summary::whole(doc),
                false => silence::sentences(doc),
            };
            lines.extend(said.first().map(Prose::plain));
        }
        Some(Self {
            lines,
            gist: doc.culprits.iter().map(gist).collect(),
            culprits: doc.culprits.clone(),
        })
    }

    /// Whether a reader of `other` would learn something by this.
    pub fn differs_from(&self, other: Option<&Self>) -> bool {
        other.is_none_or(|other| other.gist != self.gist)
    }
}

/// Whether the series of `run` has results of enough sizes to judge by.
pub fn is_enough(plan: &Plan, run: &str) -> bool {
    let Some(run) = plan.runs.get(run) else { return false };
    let beside = plan.runs.values().filter(|other| {
        other.phase == run.phase && other.workload == run.workload && other.suite.is_none()
    });
    let measured = beside.filter(|other| plan.results.contains_key(&other.id));
    let sizes: BTreeSet<u64> = measured.map(|other| other.extent.size().to_bits()).collect();
    sizes.len() >= FEWEST_SIZES
}

fn sizes(doc: &Phase1) -> usize {
    doc.runs.iter().map(|run| run.size.to_bits()).collect::<BTreeSet<u64>>().len()
}

/// The report of the series that `run` belongs to; `None` when it belongs to none, as the runs of
/// suites.
///
/// # Errors
/// When the plan cannot be read, or there is nothing to judge yet.
pub fn judged(shared: &Shared, judging: &Judging, run: &str) -> Result<Option<Report>> {
    let mut store = shared.store();
    let plan = store.read()?;
    let known = plan.runs.values().find(|known| known.id.as_str() == run);
    let Some(run) = known.filter(|run| run.suite.is_none()) else { return Ok(None) };
    let is_its = |series: &Series| {
        series.phase == run.phase
            && series.workload.as_ref().is_none_or(|workload| *workload == run.workload)
    };
    let series = workload::series(plan).into_iter().find(is_its);
    let mut judging = Judging { gating: Gating::default(), ..judging.clone() };
    judging.counts_only &= run.phase != 0;
    judging.workload = series.and_then(|series| series.workload);
    Ok(Some(judge::phase(shared, run.phase, &judging)?.report))
}

/// When to judge anew: rarely enough to take no more than an eleventh of the time.
#[derive(Debug, Default)]
pub struct Pace {
    rests_until: Option<DateTime<Utc>>,
}

impl Pace {
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.rests_until.is_none_or(|until| now >= until)
    }

    /// It was judged from `begun` to `ended`.
    pub fn judged(&mut self, begun: DateTime<Utc>, ended: DateTime<Utc>) {
        self.rests_until = Some(ended + (ended - begun) * REST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_is_done_rarely() {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let mut pace = Pace::default();
        assert!(pace.is_due(at(100)));
        // It took two seconds: twenty of rest are due.
        pace.judged(at(100), at(102));
        assert!(!pace.is_due(at(121)));
        assert!(pace.is_due(at(122)));
    }
}

//! A scan within a time: sizes grow, smallest first, until the verdict is settled or the next size
//! would not fit. It answers the queue, which judges nothing itself.

use std::time::Duration;

use rust_decimal::Decimal;

use crate::analysis;
use crate::analysis::FunctionGrowth;
use crate::analysis::Growth;
use crate::analysis::Phase1;
use crate::analysis::Settings;
use crate::analysis::Verdict;
use crate::cli::estimate;
use crate::cli::load;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunResult;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::Pick;
use crate::runner::pick::Standing;
use crate::store::Layout;
use crate::system::clock::Stopwatch;
use crate::units::Seconds;

/// Different sizes before which nothing is settled.
const ENOUGH_SIZES: usize = 4;
/// The largest size must be this many times the smallest.
const ENOUGH_SPAN: f64 = 8.0;
/// Share of the busy time, in per cent, from which an open question about a function matters.
const MATTERS: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// Answers which size is next.
#[derive(Debug)]
pub struct Budget {
    layout: Layout,
    limit: Option<Duration>,
    since: Stopwatch,
    /// Why nothing more is started, once that is so.
    pub ended: Option<String>,
    /// Whether the verdict was settled by so many measurements, so that a queue that only waits
    /// judges nothing again.
    settled: Option<(usize, bool)>,
}

impl Budget {
    /// From now on; without a limit every size is run, in the order of the queue.
    pub fn new(layout: Layout, limit: Option<Duration>) -> Self {
        Self { layout, limit, since: Stopwatch::start(), ended: None, settled: None }
    }

    /// The next size, while there is time and something to settle.
    pub fn pick(&mut self, standing: Standing<'_>) -> Pick {
        let Some(limit) = self.limit else { return Pick::InOrder };
        let by_size =
            |left: &&&Run, right: &&&Run| left.extent.size().total_cmp(&right.extent.size());
        let Some(next) = standing.candidates.iter().min_by(by_size) else { return Pick::Nothing };
        let left = Seconds(limit.saturating_sub(self.since.elapsed()).as_secs_f64());
        self.ended = self.why_not(standing.plan, next, left);
        match self.ended {
            Some(_) => Pick::Nothing,
            None => Pick::Run(next.id.clone()),
        }
    }

    fn why_not(&mut self, plan: &Plan, next: &Run, left: Seconds) -> Option<String> {
        if self.is_settled(plan) {
            return Some("the verdict is settled".into());
        }
        let known: Vec<(f64, f64)> = plan
            .results
            .values()
            .flat_map(|result| result.wall_seconds.iter().map(|wall| (result.size, *wall)))
            .collect();
        let size = next.extent.size();
        let times = vec![size; estimate::to_go(plan, next)];
        match estimate::time_left(&known, &times) {
            _ if left.0 <= 0.0 => Some("the time is up".into()),
            Some(time) if time > left => {
                Some(format!("size {size} would take about {time}, and {left} are left"))
            }
            _ => None,
        }
    }

    fn is_settled(&mut self, plan: &Plan) -> bool {
        let measured = plan.results.values().map(RunResult::repetitions).sum();
        match self.settled {
            Some((known, is_settled)) if known == measured => is_settled,
            _ => {
                let is_settled = is_settled(plan, &self.layout);
                tracing::debug!("after {measured} measurements, settled: {is_settled}");
                self.settled = Some((measured, is_settled));
                is_settled
            }
        }
    }
}

/// Whether more sizes would not change what is said.
fn is_settled(plan: &Plan, layout: &Layout) -> bool {
    let mut sizes: Vec<f64> = plan
        .runs
        .values()
        .filter(|run| matches!(run.status, Status::Done { .. }))
        .map(|run| run.extent.size())
        .collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let (Some(first), Some(last)) = (sizes.first(), sizes.last()) else { return false };
    if sizes.len() < ENOUGH_SIZES || last / first < ENOUGH_SPAN {
        return false;
    }
    let Ok(loaded) = load::selected(plan, layout, &Selection::All) else { return false };
    let found = analysis::phase1(&loaded.runs, &Settings::default());
    found.is_ok_and(|found| is_firm(&found))
}

fn is_firm(found: &Phase1) -> bool {
    let firm =
        |growth: &Growth| matches!(growth.verdict, Verdict::Superlinear | Verdict::NotSuperlinear);
    if found.functions.is_empty() {
        return firm(&found.program);
    }
    let weighty = found.functions.iter().filter(|function| {
        !function.fixed && function.share_percent.is_some_and(|share| share >= MATTERS)
    });
    // What grows too fast by its calls need not be settled by its time as well.
    let settled = |function: &FunctionGrowth| {
        let mut own = function.metrics.tsub.iter().chain(&function.metrics.ncall);
        let steep = |growth: &Growth| growth.verdict == Verdict::Superlinear;
        own.clone().any(steep) || own.all(firm)
    };
    weighty.into_iter().all(settled) && found.culprits.iter().all(|culprit| firm(&culprit.growth))
}

//! Which run is next, where larger sizes are run only while they could change a verdict.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::analysis;
use crate::analysis::Outstanding;
use crate::cli::load;
use crate::cli::settings;
use crate::error::Result;
use crate::plan::Filter;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunId;
use crate::plan::Selection;
use crate::runner::Pick;
use crate::runner::pick::Standing;
use crate::store::Layout;

/// Phase and workload: runs that are judged together.
pub type Series = (u32, String);

/// Answers which run is next.
#[derive(Debug)]
pub struct Adaptive {
    layout: Layout,
    pub(super) plan_option: String,
    /// In per cent.
    confidence: Decimal,
    /// By series: what was last asked of it.
    pub(super) asked: BTreeMap<Series, Asked>,
}

/// What larger sizes of a series could change, as far as it is known.
#[derive(Debug)]
pub struct Asked {
    pub outstanding: Outstanding,
    /// The largest size in the plan.
    pub planned: f64,
    /// In the order of size; empty while larger sizes are run.
    pub skipped: Vec<RunId>,
}

impl Adaptive {
    pub fn new(layout: Layout, plan_option: String, confidence: Decimal) -> Self {
        Self { layout, plan_option, confidence, asked: BTreeMap::new() }
    }

    /// The smallest size of the series that is next in the plan; those of a series that are larger
    /// than what it has been measured at are left once they would change no verdict.
    pub fn pick(&mut self, standing: Standing<'_>) -> Pick {
        let Some(first) = standing.candidates.first() else { return Pick::Nothing };
        let Some(series) = series(first) else { return Pick::Run(first.id.clone()) };
        let is_its = |run: &&&Run| self::series(run).as_ref() == Some(&series);
        let mut own: Vec<&Run> = standing.candidates.iter().filter(is_its).copied().collect();
        own.sort_by(|left, right| left.extent.size().total_cmp(&right.extent.size()));
        let Some(next) = own.first() else { return Pick::Run(first.id.clone()) };
        let is_larger = largest_measured(standing.plan, &series)
            .is_some_and(|measured| next.extent.size() > measured);
        match is_larger.then(|| self.ask(standing.plan, &series)).flatten() {
            Some(why) => {
                let runs: Vec<RunId> = own.iter().map(|run| run.id.clone()).collect();
                if let Some(asked) = self.asked.get_mut(&series) {
                    asked.skipped.extend(runs.iter().cloned());
                }
                Pick::Leave { runs, why }
            }
            None => Pick::Run(next.id.clone()),
        }
    }

    /// Why larger sizes are not needed; `None` while they are, or when it cannot be told.
    fn ask(&mut self, plan: &Plan, series: &Series) -> Option<String> {
        let planned = sizes(plan, series).fold(0.0, f64::max);
        let outstanding = self.outstanding(plan, series, planned).unwrap_or_else(|error| {
            tracing::info!("what larger sizes would tell cannot be told: {error}");
            None
        })?;
        let most = 1.0 - self.confidence.to_f64().unwrap_or(100.0) / 100.0;
        let (chance, measured) = (outstanding.chance, outstanding.largest);
        outstanding.doubts.iter().for_each(|doubt| tracing::debug!("in doubt: {doubt:?}"));
        let skipped = self.asked.remove(series).map(|asked| asked.skipped).unwrap_or_default();
        self.asked.insert(series.clone(), Asked { outstanding, planned, skipped });
        tracing::info!(
            "a size above {measured} changes a verdict with a chance of at most {chance}"
        );
        (chance <= most).then(|| {
            let unit = unit(plan, series);
            let chance = super::told::percent(chance);
            format!("settled at {measured}{unit}: a larger size changes a verdict with a chance of at most {chance}")
        })
    }

    fn outstanding(
        &self,
        plan: &Plan,
        (phase, workload): &Series,
        planned: f64,
    ) -> Result<Option<Outstanding>> {
        let filter = Filter { workload: Some(workload.clone()), ..Filter::default() };
        let loaded =
            load::selected(plan, &self.layout, &Selection::Phase(*phase).filtered(filter))?;
        if loaded.runs.is_empty() {
            return Ok(None);
        }
        let settings = settings::of(&loaded, &plan.settings.analysis, None, None)?;
        analysis::outstanding(&loaded.runs, &settings, planned).map(Some)
    }
}

/// The series that a run belongs to; `None` where runs are no series of sizes.
fn series(run: &Run) -> Option<Series> {
    let is_one = run.phase != 0 && run.suite.is_none();
    is_one.then(|| (run.phase, run.workload.clone()))
}

/// The runs of a series, whatever their state.
pub(super) fn runs<'a>(plan: &'a Plan, series: &'a Series) -> impl Iterator<Item = &'a Run> {
    plan.runs.values().filter(move |run| self::series(run).as_ref() == Some(series))
}

fn sizes<'a>(plan: &'a Plan, series: &'a Series) -> impl Iterator<Item = f64> {
    runs(plan, series).map(|run| run.extent.size())
}

fn largest_measured(plan: &Plan, series: &Series) -> Option<f64> {
    let measured = runs(plan, series).filter(|run| plan.results.contains_key(&run.id));
    measured.map(|run| run.extent.size()).max_by(f64::total_cmp)
}

/// What sizes of a series count, with a blank before it.
pub(super) fn unit(plan: &Plan, series: &Series) -> String {
    let unit = runs(plan, series).next().map_or("", |run| run.extent.unit());
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

//! What became cheaper and dearer at the largest size that two sets have, what is new and what
//! vanished, and how growth itself changed.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::analysis::document::MetricName;
use crate::analysis::growth::Fit;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::identity::Table;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::sets::document::FunctionChange;
use crate::analysis::sets::document::GrowthChange;
use crate::analysis::sets::document::Power;
use crate::analysis::sets::document::SetComparison;
use crate::analysis::sets::document::SizeChange;
use crate::analysis::sets::side::Side;
use crate::analysis::share;
use crate::error::Error;
use crate::error::Result;
use crate::profile::Profile;
use crate::stats::LEAST_SIZES;

/// By how much an exponent must have changed more than that of the calls to be told instead.
const CLEARLY_MORE: f64 = 0.25;
/// Share of the dearer total, in per cent, below which a change is not listed.
const LEAST_SHARE: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// Compares `before` with `after`, runs of one scenario in any order.
///
/// `has_sizes`: whether the sizes of the runs are known; if not, none is shown.
///
/// # Errors
/// When a set is empty, no size is in both, or the two count different things.
pub fn compare(
    scenario: &str,
    before: &[MeasuredRun],
    after: &[MeasuredRun],
    has_sizes: bool,
    settings: &Settings,
) -> Result<SetComparison> {
    let (before, after) = (Side::of(before, settings)?, Side::of(after, settings)?);
    if before.survey.unit != after.survey.unit {
        return Err(Error::analyse(
            format!(
                "cannot compare `{scenario}`: costs are {} before and {} after",
                before.survey.unit.symbol(),
                after.survey.unit.symbol()
            ),
            "measure both with the same profiler",
        ));
    }
    let common = common_sizes(&before, &after);
    let Some(largest) = common.last().copied() else {
        return Err(Error::analyse(
            format!("cannot compare `{scenario}`: the two sets have no size in common"),
            "measure one size in both",
        ));
    };
    let profiles: Vec<Option<&Profile>> =
        before.profiles.iter().chain(&after.profiles).copied().collect();
    let both = Both { table: Table::new(&profiles), before: &before, after: &after, has_sizes };
    let mut skipped = before.ordered.skipped.clone();
    skipped.extend(after.ordered.skipped.iter().cloned());
    Ok(SetComparison {
        scenario: scenario.into(),
        unit: before.survey.unit,
        size_unit: before.ordered.size_unit.clone(),
        sizes: common.iter().map(|places| both.whole(*places)).collect(),
        growth: both.whole_growth(),
        functions: both.functions(largest),
        skipped,
        warnings: warnings(&before, &after),
    })
}

/// The same size in the two sets, by the place of its typical run in each.
#[derive(Debug, Clone, Copy)]
struct Places {
    before: usize,
    after: usize,
}

fn common_sizes(before: &Side<'_>, after: &Side<'_>) -> Vec<Places> {
    let mut sizes: Vec<f64> = before.ordered.runs.iter().map(|run| run.size).collect();
    sizes.dedup();
    let places = |size: &f64| Some(Places { before: before.at(*size)?, after: after.at(*size)? });
    sizes.iter().filter_map(places).collect()
}

/// Both sets with the functions of all their profiles side by side: those before first.
struct Both<'a> {
    table: Table,
    before: &'a Side<'a>,
    after: &'a Side<'a>,
    has_sizes: bool,
}

impl Both<'_> {
    fn is_wall(&self) -> bool {
        self.before.has_wall() && self.after.has_wall()
    }

    fn whole(&self, places: Places) -> SizeChange {
        let is_wall = self.is_wall();
        let size = self.before.ordered.runs[places.before].size;
        let before = self.before.total_at(size, is_wall);
        let after = self.after.total_at(size, is_wall);
        SizeChange {
            size: Some(size).filter(|_| self.has_sizes),
            is_wall,
            before,
            after,
            change_percent: share::percent(after - before, before),
        }
    }

    fn whole_growth(&self) -> Option<GrowthChange> {
        let is_wall = self.is_wall();
        let fit = |side: &Side<'_>| match is_wall {
            true => side.survey.wall_growth(&side.ordered.walls()),
            false => side.survey.cost_growth(&side.survey.busy.costs),
        };
        let metric = if is_wall { MetricName::Wall } else { MetricName::Tsub };
        self.judged().then(|| changed(metric, &fit(self.before), &fit(self.after))).flatten()
    }

    /// Whether both sets have enough sizes for growth.
    fn judged(&self) -> bool {
        self.before.sizes() >= LEAST_SIZES && self.after.sizes() >= LEAST_SIZES
    }

    fn functions(&self, largest: Places) -> Vec<FunctionChange> {
        let total =
            |side: &Side<'_>, place: usize| side.survey.busy.costs[place].unwrap_or_default();
        let dearer = total(self.before, largest.before).max(total(self.after, largest.after));
        let matters = |change: &FunctionChange| {
            let most = [
                change.change.abs(),
                change.before.unwrap_or_default(),
                change.after.unwrap_or_default(),
            ];
            let most = most.into_iter().fold(0.0, f64::max);
            share::percent(most, dearer).is_some_and(|share| share >= LEAST_SHARE)
        };
        let mut changes: Vec<FunctionChange> = self
            .table
            .functions
            .iter()
            .map(|function| (self.change(function, largest), function))
            .filter(|(change, _)| matters(change))
            .map(|(change, function)| FunctionChange { growth: self.growth(function), ..change })
            .collect();
        changes.sort_by(|left, right| right.change.abs().total_cmp(&left.change.abs()));
        changes
    }

    fn change(&self, function: &FunctionSeries, largest: Places) -> FunctionChange {
        let (first, second) = (largest.before, self.before.profiles.len() + largest.after);
        let at = |values: &[Option<f64>], place: usize| values.get(place).copied().flatten();
        let (tsub, ncall) = (function.tsub(), function.ncall());
        let counts = self.before.survey.counts_calls && self.after.survey.counts_calls;
        let (before, after) = (at(&tsub, first), at(&tsub, second));
        let change = after.unwrap_or_default() - before.unwrap_or_default();
        FunctionChange {
            name: function.key.name.clone(),
            file: function.key.file.clone(),
            line: function.key.line,
            before,
            after,
            change,
            change_percent: before.and_then(|before| share::percent(change, before)),
            calls_before: at(&ncall, first).filter(|_| counts),
            calls_after: at(&ncall, second).filter(|_| counts),
            growth: None,
        }
    }

    /// The certain change that is largest: of calls, which are exact, unless self or total cost
    /// changed clearly more; without a certain one that of self cost.
    fn growth(&self, function: &FunctionSeries) -> Option<GrowthChange> {
        if !self.judged() {
            return None;
        }
        let length = self.before.profiles.len();
        let ranges = [0..length, length..length + self.after.profiles.len()];
        let costs = |values: Vec<Option<f64>>, metric: MetricName| {
            let [first, second] = ranges.clone();
            let fit =
                |side: &Side<'_>, range: Range<usize>| side.survey.cost_growth(&values[range]);
            changed(metric, &fit(self.before, first), &fit(self.after, second))
        };
        let calls = || {
            let values = function.ncall();
            let [first, second] = ranges.clone();
            let fit =
                |side: &Side<'_>, range: Range<usize>| side.survey.judge.count(&values[range]);
            changed(MetricName::Ncall, &fit(self.before, first), &fit(self.after, second))
        };
        let counts = self.before.survey.counts_calls && self.after.survey.counts_calls;
        let own = costs(function.tsub(), MetricName::Tsub);
        let called = counts.then(calls).flatten();
        let all = costs(function.ttot(), MetricName::Ttot);
        let distance =
            |change: &GrowthChange| (change.after.exponent - change.before.exponent).abs();
        let is_certain = |change: &&GrowthChange| change.is_certain;
        let times = [&all, &own].into_iter().flatten().filter(is_certain);
        let time = times.max_by(|left, right| distance(left).total_cmp(&distance(right)));
        let calls = called.as_ref().filter(is_certain);
        let largest = match (calls, time) {
            (Some(calls), Some(time)) if distance(time) > distance(calls) + CLEARLY_MORE => {
                Some(time)
            }
            (calls, time) => calls.or(time),
        };
        largest.cloned().or(own)
    }
}

fn changed(metric: MetricName, before: &Fit, after: &Fit) -> Option<GrowthChange> {
    let (before, after) = (power(before)?, power(after)?);
    let is_certain = before.low > after.high || after.low > before.high;
    Some(GrowthChange { metric, before, after, is_certain })
}

fn power(fit: &Fit) -> Option<Power> {
    Some(Power {
        exponent: fit.exponent()?,
        low: fit.low()?,
        high: fit.high()?,
        verdict: fit.verdict,
    })
}

fn warnings(before: &Side<'_>, after: &Side<'_>) -> Vec<String> {
    let few = [("before", before), ("after", after)].into_iter().filter_map(|(word, side)| {
        let sizes = side.sizes();
        (sizes < LEAST_SIZES).then(|| {
            format!("the set {word} has {sizes} of the three sizes that a change of growth needs")
        })
    });
    few.collect()
}

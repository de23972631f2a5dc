//! What every function and the whole cost at a size that was not run. The rule, with an example,
//! stands in `docs/analysis.md`.

use rayon::prelude::*;

use crate::analysis::forecast::amount::Amount;
use crate::analysis::forecast::calls::Calls;
use crate::analysis::forecast::parts::Parts;
use crate::analysis::growth::Fit;
use crate::analysis::survey::Survey;

/// Relative difference up to which what a function calls explains its cost.
const EXPLAINED: f64 = 0.1;
/// Part of the busy cost below which what is not explained is left unexplained.
const NEGLIGIBLE: f64 = 0.005;

/// What is needed to foretell the cost at any size.
#[derive(Debug)]
pub struct Forecast<'a> {
    pub survey: &'a Survey,
    parts: Parts,
    calls: Calls,
    /// One per function: how its cost with all that it calls is found.
    ways: Vec<Way>,
    smallest: f64,
}

#[derive(Debug)]
enum Way {
    /// Its own cost and its callees' add up to it.
    Sum,
    /// They do not, as in a recursion or without call edges: its own curve, between what it surely
    /// contains and the whole.
    Curve(Fit),
    /// The same without a curve.
    Contents,
    /// They do not, but it holds all that is measured, as `main` does without call edges.
    Whole,
}

/// The costs at one size.
#[derive(Debug)]
pub struct At<'a> {
    forecast: &'a Forecast<'a>,
    pub size: f64,
    /// Of all functions that work rather than wait.
    pub busy: Amount,
    own: Vec<Amount>,
    cumulative: Vec<Amount>,
    /// One per link of the calls.
    parts: Vec<f64>,
}

impl<'a> Forecast<'a> {
    /// `own`: how the self cost of each function grows, where that was judged; `target`: the size
    /// at which it is decided which functions have a curve of their own.
    pub fn new(survey: &'a Survey, own: &[Option<Fit>], target: f64) -> Self {
        let calls = Calls::new(survey);
        let largest = survey.busy.largest.and_then(|run| survey.judge.sizes().get(run).copied());
        let now = calls.parts_at(largest.unwrap_or_default());
        let functions = 0..survey.waits.len();
        Self {
            survey,
            parts: Parts::new(survey, own, target),
            ways: functions.into_par_iter().map(|f| way(survey, &calls, &now, f)).collect(),
            calls,
            smallest: survey.judge.sizes().iter().copied().fold(f64::INFINITY, f64::min),
        }
    }

    /// The costs at `size`, with intervals.
    pub fn at(&'a self, size: f64) -> At<'a> {
        self.put_together(size, &self.parts.at(size), |fit| {
            let amount = fit.range_at(size).map_or_else(Amount::default, Amount::of);
            let linear = fit.about(self.smallest).unwrap_or_default() * size / self.smallest;
            let saved = if fit.is_steep() { (amount.value - linear).max(0.0) } else { 0.0 };
            Amount { saved, ..amount }
        })
    }

    /// About the same without intervals and savings, for a small part of the time.
    pub fn values_at(&'a self, size: f64) -> At<'a> {
        self.put_together(size, &self.parts.values_at(size), |fit| {
            Amount::fixed(fit.about(size).unwrap_or_default())
        })
    }

    fn put_together(
        &'a self,
        size: f64,
        costs: &[Amount],
        curve: impl Fn(&Fit) -> Amount,
    ) -> At<'a> {
        let busy = costs.iter().fold(Amount::default(), |sum, cost| sum.plus(*cost));
        let functions = self.ways.len();
        let mut at = At {
            forecast: self,
            size,
            busy,
            own: (0..functions).map(|function| self.parts.own(costs, function)).collect(),
            cumulative: vec![Amount::default(); functions],
            parts: self.calls.parts_at(size),
        };
        for &function in &self.calls.order {
            let below = at.below(function);
            let cost = match &self.ways[function] {
                Way::Sum => below.sum,
                Way::Curve(fit) => curve(fit).at_least(below.surely),
                Way::Contents => below.surely,
                Way::Whole => busy,
            };
            at.cumulative[function] = cost.at_most(busy);
        }
        at
    }
}

/// What a function contains.
struct Below {
    /// Its own cost and that of all that it calls.
    sum: Amount,
    /// The same, but of a recursion only the costliest: the others may be counted in it.
    surely: Amount,
}

impl At<'_> {
    /// What a function spends itself.
    pub fn own(&self, function: usize) -> Amount {
        self.own[function]
    }

    /// What it spends with all that it calls.
    pub fn cumulative(&self, function: usize) -> Amount {
        self.cumulative[function]
    }

    /// What a function spends, with all that it calls, when it is called by another.
    pub fn along(&self, caller: usize, callee: usize) -> Amount {
        let way = self.forecast.calls.of(caller).find(|(_, link)| link.callee == callee);
        let cost = self.cumulative[callee];
        // What leads back into a recursion has no part of its own; it is part of what it leads to.
        way.map_or(cost, |(place, _)| cost.times(self.parts[place]))
    }

    fn below(&self, function: usize) -> Below {
        let own = self.own[function];
        let mut below = Below { sum: own, surely: own };
        let mut inner = Amount::default();
        for (place, link) in self.forecast.calls.of(function) {
            let cost = self.cumulative[link.callee].times(self.parts[place]);
            below.sum = below.sum.plus(cost);
            match link.is_inner {
                true => inner = inner.at_least(cost),
                false => below.surely = below.surely.plus(cost),
            }
        }
        below.surely = below.surely.at_least(inner);
        below
    }
}

/// How the cumulative cost of a function is found; `parts`: of the callees' costs at the largest
/// size, one per link.
fn way(survey: &Survey, calls: &Calls, parts: &[f64], function: usize) -> Way {
    let series = &survey.table.functions[function];
    let cumulative =
        |function: usize| survey.busy.cumulative_cost(&survey.table.functions[function]).max(0.0);
    let measured = cumulative(function);
    let called = calls.of(function).map(|(place, link)| parts[place] * cumulative(link.callee));
    let sum = survey.busy.self_cost(series).max(0.0) + called.sum::<f64>();
    if (sum - measured).abs() <= EXPLAINED * measured {
        return Way::Sum;
    }
    if measured < NEGLIGIBLE * survey.busy.at_largest() || survey.waits[function] {
        return Way::Contents;
    }
    if measured >= (1.0 - NEGLIGIBLE) * survey.busy.at_largest() && survey.table.edges.is_empty() {
        return Way::Whole;
    }
    let fit = survey.cost_growth(&series.ttot());
    if fit.exponent().is_some() { Way::Curve(fit) } else { Way::Contents }
}

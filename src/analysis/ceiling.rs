//! What a run at another size costs at most, as far as what was measured shows: every function, and
//! the whole, carried on as steeply as it last grew. A curve that was fitted knows no law steeper
//! than a power, and a program that knows one would not come back from a run at four times the size.

use crate::analysis::middle::median;
use crate::stats::ratio::exponent;

/// Steeper than every law that is looked for: what grows like this and ever more steeply is taken
/// to grow by a factor with each unit of size.
const STEEPEST: f64 = 3.4;
/// How much steeper than before.
const STEEPENS: f64 = 1.1;
/// Neighbouring sizes are further apart than this factor, or noise passes for growth.
const APART: f64 = 1.25;

/// What a run costs, in the unit that the runs are weighed in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunCost {
    pub foretold: f64,
    pub at_most: f64,
}

/// How steeply a series grew last.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trend {
    /// As a power of the size.
    Power(f64),
    /// By a factor with each unit of size, of which this is the logarithm.
    Factor(f64),
}

/// What runs cost by their sizes, and how steeply their parts grew last.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceiling {
    /// Size and cost, rising by size.
    costs: Vec<(f64, f64)>,
    whole: Trend,
    /// Share of the cost at the largest size, 0 to 1, and the steepest trend of each part.
    parts: Vec<(f64, Trend)>,
}

impl Ceiling {
    /// `sizes`, `costs`: one per run. `None` where nothing has a cost.
    pub fn of(sizes: &[f64], costs: &[Option<f64>]) -> Option<Self> {
        let costs = by_size(sizes, costs);
        costs.last()?;
        Some(Self { whole: Trend::of(&costs), costs, parts: Vec::new() })
    }

    /// The same with a part that has `share` of the cost at the largest size, 0 to 1, and grows as
    /// the steepest of `series`, each one per run of `sizes`.
    pub fn add(&mut self, share: f64, sizes: &[f64], series: &[&[Option<f64>]]) {
        let largest = self.largest().0;
        // What is absent at the largest size costs nothing there.
        let known = series.iter().map(|values| by_size(sizes, values));
        let there = known.filter(|points| points.last().is_some_and(|last| last.0 == largest));
        let grown = |trend: &Trend| trend.growth(largest, 2.0 * largest);
        let trends = there.map(|points| Trend::of(&points));
        if let Some(steepest) = trends.max_by(|a, b| grown(a).total_cmp(&grown(b))) {
            self.parts.push((share, steepest));
        }
    }

    /// What a run at `size` costs, where `foretold` is what the fitted curve says of it: never less
    /// than was measured at the largest size when it is larger still.
    pub fn run_cost(&self, size: f64, foretold: f64) -> RunCost {
        let (largest, cost) = self.largest();
        if size <= largest {
            let above = self.costs.iter().find(|(known, _)| *known >= size);
            let at_most = foretold.max(above.map_or(cost, |(_, cost)| *cost));
            return RunCost { foretold, at_most };
        }
        let grown = |trend: &Trend| trend.growth(largest, size);
        let rest = 1.0 - self.parts.iter().map(|(share, _)| share).sum::<f64>();
        let parts: f64 = self.parts.iter().map(|(share, trend)| share * grown(trend)).sum();
        let growth = grown(&self.whole).max(rest.max(0.0) + parts);
        let foretold = foretold.max(cost);
        RunCost { foretold, at_most: foretold.max(cost * growth) }
    }

    /// What one run of every size costs.
    pub fn round(&self) -> f64 {
        self.costs.iter().map(|(_, cost)| cost).sum()
    }

    fn largest(&self) -> (f64, f64) {
        self.costs.last().copied().unwrap_or_default()
    }
}

impl Trend {
    /// `points`: size and value above 0, rising by size. A single one does not grow.
    ///
    /// Example: 1, 4 and 16 at 10, 20 and 40 grow as a power of 2; 1, 2¹⁰ and 2³⁰ have the slopes
    /// 10 and 20, so that each unit of size multiplies by 2.
    fn of(points: &[(f64, f64)]) -> Self {
        let Some((last, before)) = points.split_last() else { return Trend::Power(0.0) };
        let is_apart = |from: &&(f64, f64)| last.0 >= APART * from.0;
        let slope = |from: &(f64, f64), to: &(f64, f64)| {
            exponent(from.0, from.1, to.0, to.1).unwrap_or_default()
        };
        let Some(previous) = before.iter().rev().find(is_apart).or(before.first()) else {
            return Trend::Power(0.0);
        };
        let steepness = slope(previous, last);
        let earlier = before.first().filter(|first| first.0 < previous.0);
        let steepens = earlier.is_some_and(|first| STEEPENS * slope(first, previous) < steepness);
        match steepness > STEEPEST && steepens {
            true => Trend::Factor((last.1 / previous.1).ln() / (last.0 - previous.0)),
            false => Trend::Power(steepness.max(0.0)),
        }
    }

    /// Factor from one size to a larger one, 1 or more.
    fn growth(self, from: f64, to: f64) -> f64 {
        match self {
            Trend::Power(power) => (to / from).powf(power),
            Trend::Factor(ln_factor) => (ln_factor * (to - from)).exp(),
        }
    }
}

/// The median at each size that has a value above 0, rising by size.
fn by_size(sizes: &[f64], values: &[Option<f64>]) -> Vec<(f64, f64)> {
    let usable = |value: &f64| value.is_finite() && *value > 0.0;
    let known = sizes.iter().zip(values);
    let mut known: Vec<(f64, f64)> =
        known.filter_map(|(size, value)| Some((*size, value.filter(usable)?))).collect();
    known.sort_by(|left, right| left.0.total_cmp(&right.0));
    known
        .chunk_by(|left, right| left.0 == right.0)
        .filter_map(|same| {
            let values: Vec<f64> = same.iter().map(|(_, value)| *value).collect();
            Some((same.first()?.0, median(&values)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f64; 4] = [12.0, 16.0, 20.0, 24.0];

    fn check(costs: [f64; 4], size: f64, foretold: f64, expected: (f64, f64)) {
        let ceiling = Ceiling::of(&SIZES, &costs.map(Some)).unwrap();
        let RunCost { foretold, at_most } = ceiling.run_cost(size, foretold);
        let near = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-9;
        assert!(near(foretold, expected.0) && near(at_most, expected.1), "{foretold} {at_most}");
    }

    #[test]
    fn the_steepest_that_was_seen_is_carried_on() {
        // As n² from 16 to 24, which are far enough apart: 9 · 2².
        check([1.0, 4.0, 5.0, 9.0], 48.0, 20.0, (20.0, 36.0));
        check([1.0, 4.0, 5.0, 9.0], 48.0, 50.0, (50.0, 50.0));
        // No larger run is cheaper, nor is one between cheaper than the smaller ones.
        check([1.0, 4.0, 5.0, 9.0], 48.0, 2.0, (9.0, 36.0));
        check([9.0, 9.0, 9.0, 9.0], 48.0, 2.0, (9.0, 9.0));
        check([1.0, 4.0, 5.0, 9.0], 14.0, 2.0, (2.0, 4.0));
    }

    #[test]
    fn what_doubles_with_each_unit_goes_on_to_do_so() {
        let doubling = SIZES.map(|size| (size - 12.0).exp2());
        check(doubling, 34.0, 5_000.0, (5_000.0, 2f64.powi(22)));
    }

    #[test]
    fn a_part_that_is_small_today_may_be_all_of_it_later() {
        let mut ceiling = Ceiling::of(&SIZES, &[Some(10.0); 4]).unwrap();
        let doubling = SIZES.map(|size| Some(size.exp2()));
        ceiling.add(0.01, &SIZES, &[&[Some(1.0); 4], &doubling]);
        ceiling.add(0.5, &SIZES, &[&[Some(3.0), Some(30.0), Some(300.0), None]]);
        // 0.99 · 10 as it was and 0.01 · 10 · 2¹⁰; what is absent at 24 costs nothing there.
        let cost = ceiling.run_cost(34.0, 11.0);
        assert!((cost.at_most - 112.3).abs() < 1e-6, "{cost:?}");
    }

    #[test]
    fn repetitions_are_taken_by_their_median() {
        let sizes = [8.0, 4.0, 8.0, 8.0, 4.0];
        let costs = [Some(7.0), Some(2.0), Some(8.0), Some(90.0), None];
        let ceiling = Ceiling::of(&sizes, &costs).unwrap();
        assert_eq!(ceiling.run_cost(16.0, 1.0), RunCost { foretold: 8.0, at_most: 32.0 });
        assert_eq!(ceiling.round(), 10.0);
        assert_eq!(Ceiling::of(&sizes, &[None; 5]), None);
    }
}

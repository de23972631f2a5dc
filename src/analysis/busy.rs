//! What a run spent on work rather than on waiting, and the share that anything has of it.

use rust_decimal::Decimal;

use crate::analysis::identity::FunctionSeries;
use crate::analysis::identity::Table;
use crate::analysis::middle;
use crate::analysis::share;

/// Busy cost per run, and which run shares are read from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Busy {
    /// Self cost of all functions that do not wait, one per run; `None` without a profile.
    pub costs: Vec<Option<f64>>,
    /// The run that shares refer to: of the largest size with a profile, the typical one.
    pub largest: Option<usize>,
}

impl Busy {
    /// `waits`: one per function of `table`; `sizes`: one per run, in order.
    pub fn new(table: &Table, waits: &[bool], sizes: &[f64]) -> Self {
        let mut costs: Vec<Option<f64>> = vec![None; sizes.len()];
        for (function, waits) in table.functions.iter().zip(waits) {
            for (sum, cost) in costs.iter_mut().zip(function.tsub()) {
                if let Some(cost) = cost {
                    let known = sum.get_or_insert(0.0);
                    *known += if *waits { 0.0 } else { cost.max(0.0) };
                }
            }
        }
        let largest = middle::typical_of_largest(sizes, &costs);
        Self { costs, largest }
    }

    /// Busy cost of the largest run; 0 without one.
    pub fn at_largest(&self) -> f64 {
        self.largest.and_then(|run| self.costs[run]).unwrap_or_default()
    }

    /// Share of a cost in the busy cost of the largest run, in per cent, at most 100.
    pub fn share(&self, cost: f64) -> Option<Decimal> {
        share::percent(cost, self.at_largest()).map(|share| share.min(Decimal::ONE_HUNDRED))
    }

    /// The value of a series at the largest run.
    pub fn largest_of(&self, values: &[Option<f64>]) -> Option<f64> {
        values.get(self.largest?).copied().flatten()
    }

    /// Self cost of a function at the largest run; 0 where it is absent.
    pub fn self_cost(&self, function: &FunctionSeries) -> f64 {
        self.largest_of(&function.tsub()).unwrap_or_default()
    }

    /// Cumulative cost of a function at the largest run; 0 where it is absent.
    pub fn cumulative_cost(&self, function: &FunctionSeries) -> f64 {
        self.largest_of(&function.ttot()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;

    use super::*;

    fn function(tsub: &[Option<f64>]) -> FunctionSeries {
        FunctionSeries {
            costs: tsub
                .iter()
                .map(|tsub| tsub.map(|tsub| Cost { tsub, ttot: 2.0 * tsub, ..Cost::default() }))
                .collect(),
            ..FunctionSeries::default()
        }
    }

    #[test]
    fn waiting_is_not_work() {
        let table = Table {
            functions: vec![
                function(&[Some(1.0), Some(3.0), None]),
                function(&[Some(1.0), Some(1.0), None]),
                function(&[Some(50.0), Some(60.0), None]),
            ],
            edges: Vec::new(),
        };
        let busy = Busy::new(&table, &[false, false, true], &[1.0, 2.0, 3.0]);
        assert_eq!(busy.costs, [Some(2.0), Some(4.0), None]);
        assert_eq!(busy.largest, Some(1));
        assert_eq!(busy.share(3.0), Some(Decimal::from(75)));
        assert_eq!(busy.share(60.0), Some(Decimal::ONE_HUNDRED));
        assert_eq!(busy.self_cost(&table.functions[0]), 3.0);
        assert_eq!(busy.cumulative_cost(&table.functions[0]), 6.0);
    }

    #[test]
    fn of_no_profile_there_is_no_share() {
        let busy = Busy::new(&Table::default(), &[], &[1.0, 2.0]);
        assert_eq!(busy.largest, None);
        assert_eq!(busy.share(1.0), None);
    }
}

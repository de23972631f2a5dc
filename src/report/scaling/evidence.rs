//! What a finding rests on: how many runs, from which size to which, and how often they were
//! repeated.

use std::collections::HashSet;

use crate::analysis::document::Phase1;
use crate::analysis::document::RunFigures;
use crate::report::figure;

/// The runs in which something was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    pub runs: usize,
    /// Of all runs together.
    pub repetitions: usize,
    /// Different sizes among them.
    pub sizes: usize,
    pub smallest: f64,
    pub largest: f64,
}

impl Evidence {
    /// Of a series of values, one per run of `doc`; `None` when there is no value at all.
    pub fn of_values(doc: &Phase1, values: &[Option<f64>]) -> Option<Self> {
        let seen = doc.runs.iter().zip(values).filter(|(_, value)| value.is_some());
        Self::of(seen.map(|(run, _)| run))
    }

    /// Of all runs of `doc`; `None` when there are none.
    pub fn of_all(doc: &Phase1) -> Option<Self> {
        Self::of(doc.runs.iter())
    }

    fn of<'a>(runs: impl Iterator<Item = &'a RunFigures>) -> Option<Self> {
        let runs: Vec<&RunFigures> = runs.collect();
        let ids: HashSet<&str> = runs.iter().map(|run| run.id.as_str()).collect();
        let mut sizes: Vec<f64> = runs.iter().map(|run| run.size).collect();
        sizes.sort_by(f64::total_cmp);
        let (smallest, largest) = (*sizes.first()?, *sizes.last()?);
        sizes.dedup();
        Some(Self {
            runs: ids.len(),
            repetitions: runs.len(),
            sizes: sizes.len(),
            smallest,
            largest,
        })
    }

    /// `9 runs from 7 to 304 days`, `3 runs of 30 days, 9 repetitions in all`.
    pub fn describe(&self, unit: &str) -> String {
        let span = self.span(unit);
        match self.repetitions > self.runs {
            true => format!("{span}, {} in all", figure::number_of(self.repetitions, "repetition")),
            false => span,
        }
    }

    fn span(&self, unit: &str) -> String {
        let runs = figure::number_of(self.runs, "run");
        let largest = figure::size(self.largest, unit);
        if self.sizes == 1 {
            return format!("{runs} of {largest}");
        }
        let smallest = figure::count(Some(self.smallest));
        match largest.strip_prefix("size ") {
            Some(largest) => format!("{runs} from size {smallest} to {largest}"),
            None => format!("{runs} from {smallest} to {largest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_runs_and_their_span() {
        let check = |runs: &[(&str, f64)], unit: &str, expected: &str| {
            let run = |(id, size): &(&str, f64)| RunFigures {
                id: (*id).into(),
                size: *size,
                ..RunFigures::default()
            };
            let runs: Vec<RunFigures> = runs.iter().map(run).collect();
            assert_eq!(Evidence::of(runs.iter()).unwrap().describe(unit), expected);
        };
        check(
            &[("a", 7.0), ("d", 304.0), ("b", 7.0), ("c", 30.0)],
            "days",
            "4 runs from 7 to 304 days",
        );
        check(&[("a", 30.0), ("b", 30.0)], "days", "2 runs of 30 days");
        check(&[("a", 1e3), ("b", 8e3)], "size", "2 runs from size 1,000 to 8,000");
        check(&[("a", 1e3)], "size", "1 run of size 1,000");
        let repeated = [("a", 7.0), ("b", 30.0), ("a", 7.0), ("b", 30.0)];
        check(&repeated, "days", "2 runs from 7 to 30 days, 4 repetitions in all");
        assert_eq!(Evidence::of([].iter()), None);
    }
}

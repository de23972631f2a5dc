//! What a finding rests on: how many runs, from which size to which.

use crate::analysis::document::Phase1;
use crate::report::figure;

/// The runs in which something was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    pub runs: usize,
    /// Different sizes among them.
    pub sizes: usize,
    pub smallest: f64,
    pub largest: f64,
}

impl Evidence {
    /// Of a series of values, one per run of `doc`; `None` when there is no value at all.
    pub fn of_values(doc: &Phase1, values: &[Option<f64>]) -> Option<Self> {
        let seen = doc.runs.iter().zip(values).filter(|(_, value)| value.is_some());
        Self::of_sizes(seen.map(|(run, _)| run.size).collect())
    }

    /// Of all runs of `doc`; `None` when there are none.
    pub fn of_all(doc: &Phase1) -> Option<Self> {
        Self::of_sizes(doc.runs.iter().map(|run| run.size).collect())
    }

    fn of_sizes(mut sizes: Vec<f64>) -> Option<Self> {
        sizes.sort_by(f64::total_cmp);
        let (smallest, largest) = (*sizes.first()?, *sizes.last()?);
        let runs = sizes.len();
        sizes.dedup();
        Some(Self { runs, sizes: sizes.len(), smallest, largest })
    }

    /// `9 runs from 7 to 304 days`, `3 runs of 30 days`.
    pub fn describe(&self, unit: &str) -> String {
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
        let check = |sizes: &[f64], unit: &str, expected: &str| {
            let evidence = Evidence::of_sizes(sizes.to_vec()).unwrap();
            assert_eq!(evidence.describe(unit), expected);
        };
        check(&[7.0, 304.0, 7.0, 30.0], "days", "4 runs from 7 to 304 days");
        check(&[30.0, 30.0], "days", "2 runs of 30 days");
        check(&[1e3, 8e3], "size", "2 runs from size 1,000 to 8,000");
        check(&[1e3], "size", "1 run of size 1,000");
        assert_eq!(Evidence::of_sizes(Vec::new()), None);
    }
}

//! A measured run in the words of the documents, and which of many a reader is shown as the
//! largest.

use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::analysis::middle;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunFigures {
    pub id: String,
    /// From 1; left out of a run that was measured only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<u32>,
    /// In the size unit of the document.
    #[serde(serialize_with = "digits::one")]
    pub size: f64,
    #[serde(serialize_with = "digits::option")]
    pub wall_seconds: Option<f64>,
    /// Self cost of all functions that work rather than wait, in the unit of the document.
    #[serde(serialize_with = "digits::option")]
    pub busy: Option<f64>,
    /// How much slower than the others this run's functions were; 1 is as fast as all.
    #[serde(serialize_with = "digits::option")]
    pub factor: Option<f64>,
    pub peak_memory_bytes: Option<u64>,
}

/// The position of the typical run of the largest size by its busy cost, or by its wall time where
/// no run has a profile; `runs` are in order of size.
pub fn largest(runs: &[RunFigures]) -> Option<usize> {
    let sizes: Vec<f64> = runs.iter().map(|run| run.size).collect();
    let of = |cost: fn(&RunFigures) -> Option<f64>| {
        let costs: Vec<Option<f64>> = runs.iter().map(cost).collect();
        middle::typical_of_largest(&sizes, &costs)
    };
    of(|run| run.busy).or_else(|| of(|run| run.wall_seconds)).or(runs.len().checked_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(size: f64, wall: f64, busy: Option<f64>) -> RunFigures {
        RunFigures { size, wall_seconds: Some(wall), busy, ..RunFigures::default() }
    }

    #[test]
    fn wall_time_decides_where_nothing_was_profiled() {
        let profiled = [run(1.0, 1.0, Some(1.0)), run(2.0, 9.0, Some(4.0)), run(3.0, 9.0, None)];
        assert_eq!(largest(&profiled), Some(1));
        let whole =
            [run(1.0, 1.0, None), run(2.0, 9.0, None), run(2.0, 5.0, None), run(2.0, 6.0, None)];
        assert_eq!(largest(&whole), Some(3));
        assert_eq!(largest(&[]), None);
    }
}

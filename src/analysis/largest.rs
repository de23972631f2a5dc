//! What stands for the largest size of an analysis, where it was measured several times.

use crate::analysis::document::Growth;
use crate::analysis::document::Phase1;
use crate::analysis::document::RunFigures;
use crate::analysis::middle;
use crate::analysis::run_figures;

impl Phase1 {
    /// The run that the figures of functions "at the largest size" are of.
    pub fn largest_run(&self) -> Option<&RunFigures> {
        self.runs.get(run_figures::largest(&self.runs)?)
    }

    /// The value of a function's series in that run.
    pub fn at_largest(&self, growth: &Growth) -> Option<f64> {
        growth.values.get(run_figures::largest(&self.runs)?).copied().flatten()
    }

    /// The largest size at which a series of the whole program has a value, and its typical value
    /// there.
    pub fn largest_of(&self, growth: &Growth) -> Option<(f64, f64)> {
        let sizes: Vec<f64> = self.runs.iter().map(|run| run.size).collect();
        let place = middle::typical_of_largest(&sizes, growth.values.get(..sizes.len())?)?;
        Some((sizes[place], growth.values[place]?))
    }
}

//! One function, or one call edge, over all runs.

use crate::profile::Cost;
use crate::profile::FunctionKey;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct FunctionSeries {
    /// Name, file and line as they are shown.
    pub key: FunctionKey,
    /// One per run; `None` where the function was absent.
    pub costs: Vec<Option<Cost>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EdgeSeries {
    /// Position of the function that calls.
    pub caller: usize,
    /// Position of the function that is called.
    pub callee: usize,
    /// One per run; `None` where the edge was absent.
    pub costs: Vec<Option<Cost>>,
}

impl FunctionSeries {
    /// Calls per run, recursive ones included.
    pub fn ncall(&self) -> Vec<Option<f64>> {
        each(&self.costs, |cost| Some(cost.ncall as f64))
    }

    /// Calls from elsewhere per run: the outermost of each recursion.
    pub fn nactual(&self) -> Vec<Option<f64>> {
        each(&self.costs, |cost| Some(cost.nactual as f64))
    }

    /// Self cost per run.
    pub fn tsub(&self) -> Vec<Option<f64>> {
        each(&self.costs, |cost| Some(cost.tsub))
    }

    /// Cumulative cost per run.
    pub fn ttot(&self) -> Vec<Option<f64>> {
        each(&self.costs, |cost| Some(cost.ttot))
    }

    /// Cumulative cost per call and run.
    pub fn tavg(&self) -> Vec<Option<f64>> {
        each(&self.costs, Cost::tavg)
    }
}

impl EdgeSeries {
    /// Calls along the edge per run.
    pub fn ncall(&self) -> Vec<Option<f64>> {
        each(&self.costs, |cost| Some(cost.ncall as f64))
    }

    /// What the callee spent, its own callees included, when called along the edge.
    pub fn ttot(&self) -> Vec<Option<f64>> {
        each(&self.costs, |cost| Some(cost.ttot))
    }
}

fn each(costs: &[Option<Cost>], value: impl Fn(&Cost) -> Option<f64>) -> Vec<Option<f64>> {
    costs
        .iter()
        .map(|cost| cost.as_ref().and_then(&value).filter(|value| value.is_finite()))
        .collect()
}

/// Adds `cost` to what is known of one run.
pub fn add(sum: &mut Option<Cost>, cost: Cost) {
    *sum = Some(sum.map_or(cost, |sum| sum.plus(cost)));
}

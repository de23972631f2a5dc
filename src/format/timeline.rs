//! Functions that are entered and left at known times: calls, self time and cumulative time are
//! exact.

use std::collections::HashMap;

use crate::profile::Cost;
use crate::profile::Edge;

/// What one thread's functions cost, added to those of the threads before.
#[derive(Debug, Default)]
pub struct Timeline {
    costs: Vec<Cost>,
    /// How often each function is open.
    depths: Vec<u32>,
    edges: Vec<Edge>,
    places: HashMap<(usize, usize), Place>,
    open: Vec<Open>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    function: usize,
    entered: f64,
    /// Time of what it called and has ended.
    callees: f64,
}

/// A call relation: where its edge is, and how often it is open.
#[derive(Debug, Clone, Copy)]
struct Place {
    edge: usize,
    depth: u32,
}

impl Timeline {
    /// Enters a function, called by the one that was entered last and not left.
    pub fn enter(&mut self, function: usize, time: f64) {
        if function >= self.costs.len() {
            self.costs.resize(function + 1, Cost::default());
            self.depths.resize(function + 1, 0);
        }
        self.depths[function] += 1;
        if let Some(caller) = self.open.last() {
            let next = self.edges.len();
            let place = self
                .places
                .entry((caller.function, function))
                .or_insert(Place { edge: next, depth: 0 });
            place.depth += 1;
            if place.edge == next {
                let (caller, cost) = (caller.function, Cost::default());
                self.edges.push(Edge { caller, callee: function, cost });
            }
        }
        self.open.push(Open { function, entered: time, callees: 0.0 });
    }

    /// Leaves the function that was entered last; `None` when there is none.
    /// A function that is left before it was entered took no time.
    ///
    /// Example: entered at 1 and left at 5, with a callee from 2 to 3: self 3, cumulative 4.
    pub fn leave(&mut self, time: f64) -> Option<usize> {
        let Open { function, entered, callees } = self.open.pop()?;
        let total = (time - entered).max(0.0);
        let own = (total - callees).max(0.0);
        self.depths[function] -= 1;
        let is_outermost = self.depths[function] == 0;
        let outermost = |is: bool, total: f64| Cost {
            ncall: 1,
            nactual: u64::from(is_outermost),
            tsub: own,
            ttot: if is { total } else { 0.0 },
        };
        self.costs[function] = self.costs[function].plus(outermost(is_outermost, total));
        if let Some(caller) = self.open.last_mut() {
            caller.callees += total;
            if let Some(place) = self.places.get_mut(&(caller.function, function)) {
                place.depth -= 1;
                let cost = &mut self.edges[place.edge].cost;
                *cost = cost.plus(outermost(place.depth == 0, total));
            }
        }
        Some(function)
    }

    /// The function that was entered last and not left.
    pub fn innermost(&self) -> Option<usize> {
        self.open.last().map(|open| open.function)
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// What each function cost, by its number, and the calls.
    pub fn into_costs(self) -> (Vec<Cost>, Vec<Edge>) {
        (self.costs, self.edges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_time_is_what_no_callee_took_and_recursion_counts_once() {
        let mut timeline = Timeline::default();
        timeline.enter(0, 0.0);
        timeline.enter(1, 1.0);
        timeline.enter(1, 2.0);
        assert_eq!(timeline.leave(4.0), Some(1));
        timeline.enter(0, 4.0);
        timeline.leave(5.0);
        timeline.leave(7.0);
        assert_eq!((timeline.leave(10.0), timeline.leave(11.0)), (Some(0), None));
        let (costs, edges) = timeline.into_costs();
        let cost = |ncall, nactual, tsub, ttot| Cost { ncall, nactual, tsub, ttot };
        assert_eq!(costs, [cost(2, 1, 5.0, 10.0), cost(2, 1, 5.0, 6.0)]);
        let edge = |caller, callee, cost| Edge { caller, callee, cost };
        assert_eq!(
            edges,
            [
                edge(0, 1, cost(1, 1, 3.0, 6.0)),
                edge(1, 1, cost(1, 0, 2.0, 2.0)),
                edge(1, 0, cost(1, 0, 1.0, 1.0)),
            ]
        );
    }
}

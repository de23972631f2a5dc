//! Sampled stacks, added up function by function: recursion counts once in each.

use crate::format::intern::Interner;
use crate::profile::Cost;
use crate::profile::Edge;

/// The costs of functions that are known by number.
#[derive(Debug, Default)]
pub struct Stacks {
    costs: Vec<Cost>,
    /// The last stack in which a function was met, from 1.
    met: Vec<u64>,
    /// Caller and callee of every call, and beside it the last stack in which it was met.
    pairs: Interner,
    edges: Vec<(Edge, u64)>,
    count: u64,
}

impl Stacks {
    /// Adds a stack, its outermost function first. Without functions it counts for nothing.
    /// False when there are more calls than can be numbered.
    ///
    /// Example: `a, b, a` with weight 3 adds 3 to the self cost of `a` and to the cumulative costs
    /// of `a` and `b`.
    pub fn add(&mut self, stack: &[usize], weight: f64) -> bool {
        self.count += 1;
        let mut caller = None;
        for (at, &function) in stack.iter().enumerate() {
            if function >= self.costs.len() {
                self.costs.resize(function + 1, Cost::default());
                self.met.resize(function + 1, 0);
            }
            let own = if at + 1 == stack.len() { weight } else { 0.0 };
            let cost = &mut self.costs[function];
            cost.tsub += own;
            if self.met[function] != self.count {
                self.met[function] = self.count;
                cost.ttot += weight;
            }
            if let Some(caller) = caller
                && !self.add_edge(caller, function, own, weight)
            {
                return false;
            }
            caller = Some(function);
        }
        true
    }

    fn add_edge(&mut self, caller: usize, callee: usize, own: f64, weight: f64) -> bool {
        let pair = (caller as u64) << 32 | callee as u64;
        let Some(at) = self.pairs.intern(&pair.to_le_bytes()) else { return false };
        let at = at as usize;
        if at == self.edges.len() {
            self.edges.push((Edge { caller, callee, cost: Cost::default() }, 0));
        }
        let (edge, met) = &mut self.edges[at];
        edge.cost.tsub += own;
        if *met != self.count {
            *met = self.count;
            edge.cost.ttot += weight;
        }
        true
    }

    /// What each function cost, by its number, and the calls.
    pub fn into_costs(self) -> (Vec<Cost>, Vec<Edge>) {
        (self.costs, self.edges.into_iter().map(|(edge, _)| edge).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recursion_counts_once_in_a_stack() {
        let mut stacks = Stacks::default();
        assert!(stacks.add(&[0, 1, 0, 1], 3.0) && stacks.add(&[0, 2], 1.0) && stacks.add(&[], 9.0));
        let (costs, edges) = stacks.into_costs();
        let times: Vec<_> = costs.iter().map(|cost| (cost.tsub, cost.ttot)).collect();
        assert_eq!(times, [(0.0, 4.0), (3.0, 3.0), (1.0, 1.0)]);
        let edges: Vec<_> = edges
            .iter()
            .map(|edge| (edge.caller, edge.callee, edge.cost.tsub, edge.cost.ttot))
            .collect();
        assert_eq!(edges, [(0, 1, 3.0, 3.0), (1, 0, 0.0, 3.0), (0, 2, 1.0, 1.0)]);
    }
}

//! Who calls whom, and the way up from a function to the code that is to blame for its calls.

use crate::analysis::identity::EdgeSeries;

/// The heaviest caller of every function at the largest size.
#[derive(Debug, Clone, Default)]
pub struct Callers {
    /// One per function; `None` for a function that is called by no other.
    heaviest: Vec<Option<usize>>,
}

impl Callers {
    /// `functions`: how many there are; `edges` refer to them by position.
    ///
    /// An edge weighs what it cost in the run where it was last seen, then the calls along it;
    /// calls of a function to itself lead nowhere and do not count.
    pub fn new(functions: usize, edges: &[EdgeSeries]) -> Self {
        let mut heaviest: Vec<Option<(Weight, usize)>> = vec![None; functions];
        for edge in edges.iter().filter(|edge| edge.caller != edge.callee) {
            let Some(weight) = weight(edge) else { continue };
            let Some(known) = heaviest.get_mut(edge.callee) else {
                continue;
            };
            if known.is_none_or(|(known, _)| weight > known) {
                *known = Some((weight, edge.caller));
            }
        }
        Self {
            heaviest: heaviest.into_iter().map(|known| known.map(|(_, caller)| caller)).collect(),
        }
    }

    /// The function itself, its heaviest caller, that one's heaviest caller, and so on to the top;
    /// ends where a circle closes.
    pub fn way_up(&self, function: usize) -> Vec<usize> {
        let mut way = vec![function];
        let mut seen = std::collections::HashSet::from([function]);
        let mut current = function;
        while let Some(caller) = self.heaviest.get(current).copied().flatten() {
            if !seen.insert(caller) {
                break;
            }
            way.push(caller);
            current = caller;
        }
        way
    }
}

/// Run last seen in, cost and calls there: compared in this order.
type Weight = (usize, f64, f64);

fn weight(edge: &EdgeSeries) -> Option<Weight> {
    let run = edge.costs.iter().rposition(Option::is_some)?;
    let cost = edge.costs[run]?;
    let seconds = if cost.ttot.is_finite() { cost.ttot } else { 0.0 };
    Some((run, seconds, cost.ncall as f64))
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;

    use super::*;

    fn edge(caller: usize, callee: usize, costs: &[Option<f64>]) -> EdgeSeries {
        EdgeSeries {
            caller,
            callee,
            costs: costs
                .iter()
                .map(|ttot| ttot.map(|ttot| Cost { ncall: 1, ttot, ..Cost::default() }))
                .collect(),
        }
    }

    fn check(edges: &[EdgeSeries], from: usize, expected: &[usize]) {
        assert_eq!(Callers::new(4, edges).way_up(from), expected);
    }

    #[test]
    fn leads_up_the_heaviest_edges() {
        let edges = [
            edge(0, 1, &[Some(1.0), Some(9.0)]),
            edge(1, 3, &[Some(9.0), Some(1.0)]),
            edge(2, 3, &[Some(1.0), Some(5.0)]),
            edge(0, 2, &[Some(1.0), Some(5.0)]),
        ];
        check(&edges, 3, &[3, 2, 0]);
        check(&edges, 1, &[1, 0]);
        check(&edges, 0, &[0]);
    }

    #[test]
    fn the_largest_run_decides() {
        let edges = [edge(0, 3, &[Some(99.0), None]), edge(1, 3, &[None, Some(1.0)])];
        check(&edges, 3, &[3, 1]);
    }

    #[test]
    fn circles_end() {
        let edges = [
            edge(1, 2, &[Some(1.0)]),
            edge(2, 1, &[Some(1.0)]),
            edge(2, 2, &[Some(5.0)]),
            edge(9, 1, &[None]),
        ];
        check(&edges, 1, &[1, 2]);
    }
}

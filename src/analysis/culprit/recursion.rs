//! Functions that call each other in a circle, and how often the circle is entered from outside.

use std::collections::BTreeMap;

use crate::analysis::identity::EdgeSeries;

/// A set of functions each of which calls every other, directly or not, or one that calls itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// Positions, ascending.
    pub functions: Vec<usize>,
    /// The member that is called most from outside in the largest run.
    pub door: usize,
    /// Calls from outside the circle to any member, one per run.
    pub entries: Vec<Option<f64>>,
}

/// All circles among `functions` functions.
///
/// Source: Tarjan's strongly connected components, without recursion of its own.
pub fn circles(functions: usize, edges: &[EdgeSeries]) -> Vec<Circle> {
    let mut callees: Vec<Vec<usize>> = vec![Vec::new(); functions];
    let mut calls_itself = vec![false; functions];
    for edge in edges {
        if edge.caller == edge.callee {
            if let Some(flag) = calls_itself.get_mut(edge.caller) {
                *flag = true;
            }
        } else if edge.callee < functions
            && let Some(callees) = callees.get_mut(edge.caller)
        {
            callees.push(edge.callee);
        }
    }
    let mut circle_of = vec![None; functions];
    let mut members = Vec::new();
    for component in components(&callees) {
        if component.len() > 1 || component.iter().any(|&only| calls_itself[only]) {
            for &function in &component {
                circle_of[function] = Some(members.len());
            }
            members.push(component);
        }
    }
    let mut entries = entries(&circle_of, edges, members.len());
    members
        .into_iter()
        .enumerate()
        .map(|(circle, mut functions)| {
            functions.sort_unstable();
            let (door, entries) = entries.remove(&circle).unwrap_or_default();
            Circle { door: door.unwrap_or(functions[0]), functions, entries }
        })
        .collect()
}

type Entries = BTreeMap<usize, (Option<usize>, Vec<Option<f64>>)>;

/// Per circle its door and the calls from outside.
fn entries(circle_of: &[Option<usize>], edges: &[EdgeSeries], circles: usize) -> Entries {
    let mut sums: Entries = (0..circles).map(|circle| (circle, Default::default())).collect();
    let mut most: BTreeMap<usize, f64> = BTreeMap::new();
    for edge in edges {
        let Some(circle) = circle_of.get(edge.callee).copied().flatten() else {
            continue;
        };
        let from_outside = circle_of.get(edge.caller).copied().flatten() != Some(circle);
        let Some((door, entries)) = sums.get_mut(&circle).filter(|_| from_outside) else {
            continue;
        };
        let calls = edge.ncall();
        entries.resize(calls.len(), None);
        for (sum, calls) in entries.iter_mut().zip(&calls) {
            if let Some(calls) = calls {
                *sum = Some(sum.unwrap_or(0.0) + calls);
            }
        }
        let last = calls.last().copied().flatten().unwrap_or(0.0);
        let known = most.entry(circle).or_insert(-1.0);
        if last > *known {
            *known = last;
            *door = Some(edge.callee);
        }
    }
    sums
}

/// Where the walk through one function has got to.
struct Step {
    function: usize,
    next_callee: usize,
}

fn components(callees: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut walk = Walk {
        numbers: vec![None; callees.len()],
        lowest: vec![0; callees.len()],
        on_stack: vec![false; callees.len()],
        stack: Vec::new(),
        found: Vec::new(),
        next_number: 0,
    };
    for start in 0..callees.len() {
        if walk.numbers[start].is_none() {
            walk.from(start, callees);
        }
    }
    walk.found
}

struct Walk {
    numbers: Vec<Option<usize>>,
    lowest: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    found: Vec<Vec<usize>>,
    next_number: usize,
}

impl Walk {
    fn from(&mut self, start: usize, callees: &[Vec<usize>]) {
        let mut steps = vec![self.enter(start)];
        while let Some(step) = steps.last_mut() {
            let function = step.function;
            if let Some(&callee) = callees[function].get(step.next_callee) {
                step.next_callee += 1;
                match self.numbers[callee] {
                    None => steps.push(self.enter(callee)),
                    Some(number) if self.on_stack[callee] => {
                        self.lowest[function] = self.lowest[function].min(number);
                    }
                    Some(_) => {}
                }
            } else {
                steps.pop();
                if let Some(caller) = steps.last() {
                    self.lowest[caller.function] =
                        self.lowest[caller.function].min(self.lowest[function]);
                }
                self.leave(function);
            }
        }
    }

    fn enter(&mut self, function: usize) -> Step {
        self.numbers[function] = Some(self.next_number);
        self.lowest[function] = self.next_number;
        self.next_number += 1;
        self.stack.push(function);
        self.on_stack[function] = true;
        Step { function, next_callee: 0 }
    }

    fn leave(&mut self, function: usize) {
        if self.numbers[function] != Some(self.lowest[function]) {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            component.push(member);
            if member == function {
                break;
            }
        }
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;

    use super::*;

    /// `edges`: caller, callee, calls. `expected`: members, door, entries.
    fn check(edges: &[(usize, usize, u64)], expected: &[(&[usize], usize, f64)]) {
        let edges: Vec<EdgeSeries> = edges
            .iter()
            .map(|&(caller, callee, ncall)| EdgeSeries {
                caller,
                callee,
                costs: vec![Some(Cost { ncall, ..Cost::default() })],
            })
            .collect();
        let mut found = circles(6, &edges);
        found.sort_by(|left, right| left.functions.cmp(&right.functions));
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (circle, (functions, door, entries)) in found.iter().zip(expected) {
            assert_eq!(&circle.functions, functions);
            assert_eq!(circle.door, *door);
            assert_eq!(circle.entries, [Some(*entries)]);
        }
    }

    #[test]
    fn finds_what_calls_itself_and_who_enters_it() {
        check(&[(0, 1, 3), (1, 2, 4), (2, 3, 1)], &[]);
        check(&[(0, 1, 3), (1, 1, 40)], &[(&[1], 1, 3.0)]);
        check(&[(0, 1, 3), (0, 2, 5), (1, 2, 40), (2, 3, 7), (3, 1, 7)], &[(&[1, 2, 3], 2, 8.0)]);
        check(
            &[(0, 1, 1), (1, 2, 9), (2, 1, 9), (2, 4, 2), (4, 5, 8), (5, 4, 8)],
            &[(&[1, 2], 1, 1.0), (&[4, 5], 4, 2.0)],
        );
    }

    #[test]
    fn a_very_deep_chain_does_not_exhaust_the_stack() {
        let callees: Vec<Vec<usize>> =
            (0..200_000).map(|next| vec![(next + 1) % 200_000]).collect();
        assert_eq!(components(&callees).len(), 1);
    }
}

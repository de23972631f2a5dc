//! Functions that call each other in a circle, and how often the circle is entered from outside.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::analysis::identity::EdgeSeries;

/// A set of functions each of which calls every other, directly or not, or one that calls itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// Positions, ascending.
    pub functions: Vec<usize>,
    /// The member that is called most from outside in the largest run that has a profile.
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
    let entries = entries(&circle_of, edges, members.len());
    members
        .into_iter()
        .zip(entries)
        .map(|(mut functions, (door, entries))| {
            functions.sort_unstable();
            Circle { door: door.unwrap_or(functions[0]), functions, entries }
        })
        .collect()
}

/// Calls from outside, one per run.
type Calls = Vec<Option<f64>>;

/// Per circle its door and the calls from outside.
fn entries(
    circle_of: &[Option<usize>],
    edges: &[EdgeSeries],
    circles: usize,
) -> Vec<(Option<usize>, Calls)> {
    let mut members: Vec<BTreeMap<usize, Calls>> = vec![BTreeMap::new(); circles];
    for edge in edges {
        let circle = |function: usize| circle_of.get(function).copied().flatten();
        let entered = circle(edge.callee).filter(|entered| circle(edge.caller) != Some(*entered));
        if let Some(entered) = entered {
            add(members[entered].entry(edge.callee).or_default(), &edge.ncall());
        }
    }
    members.iter().map(door).collect()
}

/// The member that was called most in the last run with any call, the first of several, and the
/// calls of all.
///
/// `members`: calls from outside by member, runs in order of size.
fn door(members: &BTreeMap<usize, Calls>) -> (Option<usize>, Calls) {
    let mut all = Calls::new();
    members.values().for_each(|calls| add(&mut all, calls));
    let last = all.iter().rposition(Option::is_some);
    let called = |calls: &Calls| calls.get(last?).copied().flatten();
    let door = members.iter().rev().max_by(|left, right| {
        called(left.1).partial_cmp(&called(right.1)).unwrap_or(Ordering::Equal)
    });
    (door.map(|(member, _)| *member), all)
}

fn add(sums: &mut Calls, calls: &[Option<f64>]) {
    sums.resize(calls.len().max(sums.len()), None);
    for (sum, calls) in sums.iter_mut().zip(calls) {
        *sum = calls.map_or(*sum, |calls| Some(sum.unwrap_or(0.0) + calls));
    }
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

    /// The door of the circle of 1 and 2; `edges`: caller, callee, calls by run.
    fn check_door(edges: &[(usize, usize, &[Option<u64>])], expected: usize) {
        let inside: [(usize, usize, &[Option<u64>]); 2] =
            [(1, 2, &[Some(9); 2]), (2, 1, &[Some(9); 2])];
        let cost = |ncall| Cost { ncall, ..Cost::default() };
        let edges: Vec<EdgeSeries> = inside
            .iter()
            .chain(edges)
            .map(|&(caller, callee, calls)| EdgeSeries {
                caller,
                callee,
                costs: calls.iter().map(|calls| calls.map(cost)).collect(),
            })
            .collect();
        assert_eq!(circles(6, &edges)[0].door, expected);
    }

    #[test]
    fn the_door_is_that_of_the_largest_run_with_a_profile() {
        check_door(&[(0, 1, &[Some(3), None]), (0, 2, &[Some(50), None])], 2);
        check_door(&[(0, 1, &[Some(3), Some(9)]), (0, 2, &[Some(50), Some(8)])], 1);
        check_door(&[(0, 1, &[Some(50), None]), (0, 2, &[Some(3), Some(1)])], 2);
        check_door(
            &[(0, 1, &[None, Some(5)]), (0, 2, &[None, Some(3)]), (3, 2, &[None, Some(3)])],
            2,
        );
        check_door(&[(0, 1, &[None, Some(5)]), (0, 2, &[None, Some(5)])], 1);
    }

    #[test]
    fn a_very_deep_chain_does_not_exhaust_the_stack() {
        let callees: Vec<Vec<usize>> =
            (0..200_000).map(|next| vec![(next + 1) % 200_000]).collect();
        assert_eq!(components(&callees).len(), 1);
    }
}

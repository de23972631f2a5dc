//! Whole stacks from a graph of calls, for pictures and for formats that have nothing else.
//!
//! A profile knows what each function spent itself and along each call, not along each path of
//! calls. So a function's cost is shared out over its callers in proportion, as gprof does: what
//! `f` costs when `a` called it is taken to be spent in the same way as when `b` did. The self cost
//! of every function is kept to the last digit; only the paths to it are an estimate.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::profile::model::Profile;

/// A path that has less than this share of the whole is not followed further.
pub const LEAST_SHARE: f64 = 1e-5;

/// No more paths than this are followed, the heaviest first.
const MOST_PATHS: usize = 50_000;

/// Deeper calls are not followed.
const DEEPEST: usize = 512;

/// The frame above what was not followed to its callers.
pub const UNKNOWN_CALLERS: &str = "(callers not known)";

/// The stacks of a profile as a tree: every node is a function called along one path.
#[derive(Debug, Default)]
pub struct Unfolded {
    /// A node comes after its parent.
    pub nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    pub parent: Option<usize>,
    /// Index into the profile's functions; `None` for [`UNKNOWN_CALLERS`].
    pub function: Option<usize>,
    /// Self cost along this path, in the profile's unit.
    pub own: f64,
}

/// A path to be followed: its cost with callees decides when.
struct Step {
    parent: Option<usize>,
    depth: usize,
    function: usize,
    /// The part of the function's whole cost that is spent along this path, from 0 to 1.
    part: f64,
    cost: f64,
}

impl Unfolded {
    /// Example: `main` (self 1) calls `a` (self 2) and `b` (self 1), which both call `f` (self 4),
    /// along edges of 3 and 1: `main;a;f` has 3, `main;b;f` has 1.
    pub fn of(profile: &Profile) -> Self {
        let mut tree = Tree::new(profile);
        let mut open = tree.roots();
        while let Some(step) = open.pop() {
            if tree.nodes.len() >= MOST_PATHS {
                break;
            }
            tree.follow(&step, &mut open);
        }
        tree.finish()
    }

    /// The functions of a node's path, the outermost first.
    pub fn path(&self, mut node: usize) -> Vec<Option<usize>> {
        let mut path = vec![self.nodes[node].function];
        while let Some(parent) = self.nodes[node].parent {
            path.push(self.nodes[parent].function);
            node = parent;
        }
        path.reverse();
        path
    }

    /// What each node costs with what is below it.
    pub fn totals(&self) -> Vec<f64> {
        let mut totals: Vec<f64> = self.nodes.iter().map(|node| node.own).collect();
        for (at, node) in self.nodes.iter().enumerate().rev() {
            if let Some(parent) = node.parent {
                totals[parent] += totals[at];
            }
        }
        totals
    }
}

struct Tree {
    /// By function: its self cost.
    own: Vec<f64>,
    /// By function: its cumulative cost.
    total: Vec<f64>,
    /// By function: its callees, and the cost along the edge.
    callees: Vec<Vec<(usize, f64)>>,
    nodes: Vec<Node>,
    /// By function: how much of its self cost stands in the tree.
    placed: Vec<f64>,
    whole: f64,
}

impl Tree {
    fn new(profile: &Profile) -> Self {
        let known = profile.functions.len();
        let own: Vec<f64> = profile.functions.iter().map(|one| possible(one.cost.tsub)).collect();
        let total = profile.functions.iter().map(|one| possible(one.cost.ttot)).collect();
        let mut callees = vec![Vec::new(); known];
        for edge in &profile.edges {
            if edge.caller < known && edge.callee < known && edge.caller != edge.callee {
                callees[edge.caller].push((edge.callee, possible(edge.cost.ttot)));
            }
        }
        let whole = own.iter().sum();
        Self { own, total, callees, nodes: Vec::new(), placed: vec![0.0; known], whole }
    }

    /// Every function, with the part of its cost that no caller accounts for.
    fn roots(&self) -> BinaryHeap<Step> {
        let mut called = vec![0.0; self.own.len()];
        for (callee, cost) in self.callees.iter().flatten() {
            called[*callee] += cost;
        }
        let root = |(function, called): (usize, f64)| {
            let ttot = self.total[function];
            let cost = ttot - called;
            let step = Step { parent: None, depth: 0, function, part: cost / ttot, cost };
            (cost > self.whole * LEAST_SHARE).then_some(step)
        };
        called.into_iter().enumerate().filter_map(root).collect()
    }

    fn follow(&mut self, step: &Step, open: &mut BinaryHeap<Step>) {
        let own = self.own[step.function] * step.part;
        let at = self.nodes.len();
        self.nodes.push(Node { parent: step.parent, function: Some(step.function), own });
        self.placed[step.function] += own;
        if step.depth + 1 >= DEEPEST {
            return;
        }
        for &(function, edge) in &self.callees[step.function] {
            let ttot = self.total[function];
            let cost = (edge * step.part).min(step.cost);
            // What is within itself already is part of what stands further out.
            if cost > self.whole * LEAST_SHARE && ttot > 0.0 && !self.is_on_path(at, function) {
                let (parent, depth) = (Some(at), step.depth + 1);
                let part = (cost / ttot).min(1.0);
                open.push(Step { parent, depth, function, part, cost });
            }
        }
    }

    fn is_on_path(&self, mut node: usize, function: usize) -> bool {
        loop {
            if self.nodes[node].function == Some(function) {
                return true;
            }
            match self.nodes[node].parent {
                Some(parent) => node = parent,
                None => return false,
            }
        }
    }

    /// Makes the self cost of every function what the profile says: what stands in the tree too
    /// often is scaled down, what is missing comes without its callers.
    fn finish(mut self) -> Unfolded {
        let has_edges = self.callees.iter().any(|callees| !callees.is_empty());
        for node in &mut self.nodes {
            if let Some(function) = node.function
                && self.placed[function] > self.own[function]
            {
                node.own *= self.own[function] / self.placed[function];
            }
        }
        let mut above = None;
        for function in 0..self.placed.len() {
            let missing = self.own[function] - self.placed[function];
            if missing <= self.own[function] * 1e-9 {
                continue;
            }
            if above.is_none() && has_edges {
                above = Some(self.nodes.len());
                self.nodes.push(Node { parent: None, function: None, own: 0.0 });
            }
            self.nodes.push(Node { parent: above, function: Some(function), own: missing });
        }
        Unfolded { nodes: self.nodes }
    }
}

/// A cost as it can be: finite, and not below 0.
fn possible(cost: f64) -> f64 {
    if cost.is_finite() { cost.max(0.0) } else { 0.0 }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    /// By cost; equal ones in one order, so that the same profile gives the same stacks.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_cost = self.cost.total_cmp(&other.cost);
        by_cost.then_with(|| (other.parent, other.function).cmp(&(self.parent, self.function)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::model::Cost;
    use crate::profile::model::Edge;
    use crate::profile::model::Function;
    use crate::profile::model::FunctionKey;

    /// Functions as name, self and cumulative cost; edges as caller, callee and cost.
    fn profile(functions: &[(&str, f64, f64)], edges: &[(usize, usize, f64)]) -> Profile {
        let cost = |tsub, ttot| Cost { ncall: 1, nactual: 1, tsub, ttot };
        let function = |&(name, tsub, ttot): &(&str, f64, f64)| Function {
            key: FunctionKey { name: name.into(), ..FunctionKey::default() },
            cost: cost(tsub, ttot),
        };
        let edge = |&(caller, callee, ttot): &(usize, usize, f64)| Edge {
            caller,
            callee,
            cost: cost(0.0, ttot),
        };
        Profile {
            functions: functions.iter().map(function).collect(),
            edges: edges.iter().map(edge).collect(),
            ..Profile::default()
        }
    }

    fn check(profile: &Profile, expected: &[(&str, f64)]) {
        let unfolded = Unfolded::of(profile);
        let name = |function: &Option<usize>| {
            function.map_or(UNKNOWN_CALLERS, |at| profile.functions[at].key.name.as_str())
        };
        let mut stacks: Vec<(String, f64)> = (0..unfolded.nodes.len())
            .filter(|node| unfolded.nodes[*node].own > 0.0)
            .map(|node| {
                let names: Vec<&str> = unfolded.path(node).iter().map(name).collect();
                (names.join(";"), unfolded.nodes[node].own)
            })
            .collect();
        stacks.sort_by(|a, b| a.0.cmp(&b.0));
        let shown: Vec<(&str, f64)> =
            stacks.iter().map(|(stack, own)| (stack.as_str(), *own)).collect();
        assert_eq!(shown, expected);
        let whole: f64 = profile.functions.iter().map(|one| one.cost.tsub).sum();
        let total: f64 = unfolded.nodes.iter().map(|node| node.own).sum();
        assert!((whole - total).abs() < 1e-9);
    }

    #[test]
    fn costs_are_shared_out_over_callers() {
        let functions = [("main", 1.0, 8.0), ("a", 2.0, 5.0), ("b", 1.0, 2.0), ("f", 4.0, 4.0)];
        let edges = [(0, 1, 5.0), (0, 2, 2.0), (1, 3, 3.0), (2, 3, 1.0)];
        check(
            &profile(&functions, &edges),
            &[
                ("main", 1.0),
                ("main;a", 2.0),
                ("main;a;f", 3.0),
                ("main;b", 1.0),
                ("main;b;f", 1.0),
            ],
        );
    }

    #[test]
    fn recursion_is_cut_and_nothing_is_lost() {
        let direct = profile(&[("main", 1.0, 9.0), ("f", 8.0, 8.0)], &[(0, 1, 8.0), (1, 1, 6.0)]);
        check(&direct, &[("main", 1.0), ("main;f", 8.0)]);
        let functions = [("main", 1.0, 9.0), ("f", 5.0, 8.0), ("g", 3.0, 7.0)];
        let mutual = profile(&functions, &[(0, 1, 8.0), (1, 2, 7.0), (2, 1, 6.0)]);
        // The circle hides that `f` was entered from `main` alone.
        let total: f64 = Unfolded::of(&mutual).nodes.iter().map(|node| node.own).sum();
        assert_eq!(total, 9.0);
    }

    #[test]
    fn what_has_no_known_callers_is_said_to_have_none() {
        check(&profile(&[("a", 1.0, 1.0), ("b", 2.0, 2.0)], &[]), &[("a", 1.0), ("b", 2.0)]);
        let lonely = profile(&[("a", 2.0, 2.0), ("b", 3.0, 1e9)], &[(0, 1, 1.0)]);
        let total: f64 = Unfolded::of(&lonely).nodes.iter().map(|node| node.own).sum();
        assert!((total - 5.0).abs() < 1e-9);
    }

    #[test]
    fn figures_that_cannot_be_true_do_no_harm() {
        let functions = [("a", 1.0, f64::MAX), ("b", 0.0, 0.0), ("c", 5.0, 1.0)];
        let edges = [(0, 1, f64::MAX), (1, 2, f64::MAX), (2, 0, 1.0), (7, 9, 1.0), (0, 2, 1e300)];
        let total: f64 =
            Unfolded::of(&profile(&functions, &edges)).nodes.iter().map(|node| node.own).sum();
        assert!((total - 6.0).abs() < 1e-6, "{total}");
        let functions = [("a", f64::NAN, 1.0), ("b", 1.0, f64::INFINITY), ("c", -3.0, -1.0)];
        let edges = [(0, 2, f64::NAN), (7, 1, 1.0), (2, 0, f64::NEG_INFINITY)];
        let unfolded = Unfolded::of(&profile(&functions, &edges));
        assert!(unfolded.totals().iter().all(|total| total.is_finite()));
        assert_eq!(unfolded.nodes.iter().map(|node| node.own).sum::<f64>(), 1.0);
    }

    #[test]
    fn a_graph_made_to_explode_is_bounded() {
        let names: Vec<String> = (0..40).map(|at| format!("f{at}")).collect();
        let mut functions: Vec<(&str, f64, f64)> =
            names.iter().map(|name| (name.as_str(), 1.0, 40.0)).collect();
        functions[0].2 = 80.0;
        let everyone = (0..40).flat_map(|a| (0..40).map(move |b| (a, b, 1.0)));
        let edges: Vec<(usize, usize, f64)> = everyone.collect();
        assert!(Unfolded::of(&profile(&functions, &edges)).nodes.len() <= MOST_PATHS + 41);
    }
}

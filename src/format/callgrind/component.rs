//! Which functions call each other in a circle: the strongly connected components of a graph.

/// The component of every node, as a number; `calls` are pairs of nodes, each below `nodes`.
///
/// Source: R. Tarjan, Depth-First Search and Linear Graph Algorithms, 1972, without recursion, so
/// that no depth of calls exhausts the stack.
/// Example: of 0 → 1 → 2 → 1 the nodes 1 and 2 are one component.
pub fn components(nodes: usize, calls: &[(usize, usize)]) -> Vec<usize> {
    let mut search = Search {
        outgoing: Outgoing::new(nodes, calls),
        found: vec![0; nodes],
        lowest: vec![0; nodes],
        component: vec![UNKNOWN; nodes],
        open: Vec::new(),
        count: 0,
        components: 0,
    };
    for node in 0..nodes {
        if search.found[node] == 0 {
            search.from(node);
        }
    }
    search.component
}

const UNKNOWN: usize = usize::MAX;

/// The callees of all nodes one after the other, and where those of each node begin.
struct Outgoing {
    callees: Vec<usize>,
    begins: Vec<usize>,
}

struct Search {
    outgoing: Outgoing,
    /// When a node was found, from 1; 0 where it was not yet.
    found: Vec<usize>,
    /// The earliest node that can be reached from each.
    lowest: Vec<usize>,
    component: Vec<usize>,
    /// Nodes whose component is not known yet.
    open: Vec<usize>,
    count: usize,
    components: usize,
}

impl Outgoing {
    fn new(nodes: usize, calls: &[(usize, usize)]) -> Self {
        let mut begins = vec![0; nodes + 1];
        for (from, _) in calls {
            begins[from + 1] += 1;
        }
        for node in 0..nodes {
            begins[node + 1] += begins[node];
        }
        let mut next = begins.clone();
        let mut callees = vec![0; calls.len()];
        for &(from, to) in calls {
            callees[next[from]] = to;
            next[from] += 1;
        }
        Self { callees, begins }
    }
}

impl Search {
    fn from(&mut self, start: usize) {
        let mut path = vec![(start, self.outgoing.begins[start])];
        self.enter(start);
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if *next < self.outgoing.begins[node + 1] {
                let callee = self.outgoing.callees[*next];
                *next += 1;
                if self.found[callee] == 0 {
                    self.enter(callee);
                    path.push((callee, self.outgoing.begins[callee]));
                } else if self.component[callee] == UNKNOWN {
                    self.lowest[node] = self.lowest[node].min(self.found[callee]);
                }
                continue;
            }
            path.pop();
            if let Some(&(caller, _)) = path.last() {
                self.lowest[caller] = self.lowest[caller].min(self.lowest[node]);
            }
            if self.lowest[node] == self.found[node] {
                self.close(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.count += 1;
        self.found[node] = self.count;
        self.lowest[node] = self.count;
        self.open.push(node);
    }

    fn close(&mut self, first: usize) {
        while let Some(node) = self.open.pop() {
            self.component[node] = self.components;
            if node == first {
                break;
            }
        }
        self.components += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nodes: usize, calls: &[(usize, usize)], expected: &[&[usize]]) {
        let component = components(nodes, calls);
        let mut groups: Vec<Vec<usize>> = (0..nodes)
            .map(|group| (0..nodes).filter(|node| component[*node] == group).collect())
            .filter(|group: &Vec<usize>| !group.is_empty())
            .collect();
        groups.sort();
        assert_eq!(groups, expected);
    }

    #[test]
    fn circles_are_one_component() {
        check(0, &[], &[]);
        check(3, &[(0, 1), (1, 2)], &[&[0], &[1], &[2]]);
        check(4, &[(0, 1), (1, 2), (2, 1), (2, 3)], &[&[0], &[1, 2], &[3]]);
        check(3, &[(2, 1), (1, 0), (0, 2), (0, 0)], &[&[0, 1, 2]]);
        check(5, &[(0, 1), (1, 0), (2, 3), (3, 2), (1, 2)], &[&[0, 1], &[2, 3], &[4]]);
    }

    #[test]
    fn a_chain_of_any_length_needs_no_stack() {
        let chain: Vec<(usize, usize)> = (0..300_000).map(|at| (at, at + 1)).collect();
        assert_eq!(components(300_001, &chain)[0], 300_000);
    }
}

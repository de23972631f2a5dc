//! The graph of calls as the file spells it: levels of a recursion are nodes of their own.

use crate::format::intern::Interner;

/// What was met so far. Nodes and calls are numbered in the order first seen.
#[derive(Debug, Default)]
pub struct Graph {
    /// Object, file and function names.
    pub texts: Interner,
    /// The nodes, each as the numbers of its object's, file's and function's name.
    keys: Interner,
    pub nodes: Vec<Node>,
    /// By the number of a function's name, the node that it was last: a name seldom means two.
    recent: Vec<Option<(Names, usize)>>,
    /// Calls of the same two nodes stand here once after [`Graph::merge`].
    pub calls: Vec<Call>,
    /// How many calls may be there before they are merged.
    most_calls: usize,
}

/// Fewer calls than this are not worth merging.
const FEW_CALLS: usize = 1 << 16;

#[derive(Debug, Clone, Copy, Default)]
pub struct Node {
    pub own: f64,
    /// Where the function begins, as far as its first cost tells; 0 where unknown.
    pub line: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub from: usize,
    pub to: usize,
    pub count: u64,
    /// Cost of the callee with what it called in turn.
    pub cost: f64,
}

/// The numbers of a node's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    pub object: u32,
    pub file: u32,
    pub function: u32,
}

impl Graph {
    /// The node of those names; `None` when there are more than can be numbered.
    pub fn node(&mut self, names: Names) -> Option<usize> {
        let name = names.function as usize;
        if let Some((known, node)) = self.recent.get(name).copied().flatten()
            && known == names
        {
            return Some(node);
        }
        let mut key = [0; 12];
        let words = key.as_chunks_mut::<4>().0.iter_mut();
        for (to, number) in words.zip([names.object, names.file, names.function]) {
            *to = number.to_le_bytes();
        }
        let node = self.keys.intern(&key)? as usize;
        if node == self.nodes.len() {
            self.nodes.push(Node::default());
        }
        if name >= self.recent.len() {
            self.recent.resize(name + 1, None);
        }
        self.recent[name] = Some((names, node));
        Some(node)
    }

    pub fn names(&self, node: usize) -> Names {
        let word = |at: usize| {
            let bytes = self.keys.get(node as u32).as_chunks::<4>().0;
            bytes.get(at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
        };
        Names { object: word(0), file: word(1), function: word(2) }
    }

    /// Adds calls from one node to another. There are never much more than twice as many of them as
    /// distinct ones.
    pub fn add_calls(&mut self, from: usize, to: usize, count: u64, cost: f64) {
        if self.calls.len() >= self.most_calls.max(FEW_CALLS) {
            self.merge();
            self.most_calls = 2 * self.calls.len();
        }
        self.calls.push(Call { from, to, count, cost });
    }

    /// Makes calls of the same two nodes one.
    pub fn merge(&mut self) {
        self.calls.sort_by_key(|call| (call.from, call.to));
        self.calls.dedup_by(|call, sum| {
            let is_same = (call.from, call.to) == (sum.from, sum.to);
            if is_same {
                sum.count = sum.count.saturating_add(call.count);
                sum.cost += call.cost;
            }
            is_same
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_one_kind_take_the_room_of_one() {
        let mut graph = Graph::default();
        for call in 0..10 * FEW_CALLS {
            graph.add_calls(call % 3, 1, 2, 0.5);
        }
        assert!(graph.calls.len() <= FEW_CALLS);
        graph.merge();
        let count: u64 = graph.calls.iter().map(|call| call.count).sum();
        assert_eq!((graph.calls.len(), count), (3, 20 * FEW_CALLS as u64));
    }

    #[test]
    fn a_name_in_two_files_is_two_nodes() {
        let mut graph = Graph::default();
        let names = |file| Names { object: 0, file, function: 5 };
        let nodes = [1, 2, 1, 2].map(|file| graph.node(names(file)).unwrap());
        assert_eq!(nodes, [0, 1, 0, 1]);
        assert_eq!(graph.names(1), names(2));
    }
}

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
    /// The calls, each as the numbers of its two nodes.
    pairs: Interner,
    pub calls: Vec<Call>,
}

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
        let mut key = [0; 12];
        let words = key.as_chunks_mut::<4>().0.iter_mut();
        for (to, number) in words.zip([names.object, names.file, names.function]) {
            *to = number.to_le_bytes();
        }
        let node = self.keys.intern(&key)? as usize;
        if node == self.nodes.len() {
            self.nodes.push(Node::default());
        }
        Some(node)
    }

    pub fn names(&self, node: usize) -> Names {
        let word = |at: usize| {
            let bytes = self.keys.get(node as u32).as_chunks::<4>().0;
            bytes.get(at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
        };
        Names { object: word(0), file: word(1), function: word(2) }
    }

    /// Adds calls from one node to another; `None` when there are more than can be numbered.
    pub fn add_calls(&mut self, from: usize, to: usize, count: u64, cost: f64) -> Option<()> {
        let mut pair = [0; 8];
        pair[..4].copy_from_slice(&(from as u32).to_le_bytes());
        pair[4..].copy_from_slice(&(to as u32).to_le_bytes());
        let at = self.pairs.intern(&pair)? as usize;
        if at == self.calls.len() {
            self.calls.push(Call { from, to, count: 0, cost: 0.0 });
        }
        let call = &mut self.calls[at];
        call.count = call.count.saturating_add(count);
        call.cost += cost;
        Some(())
    }
}

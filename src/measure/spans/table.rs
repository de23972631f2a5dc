//! All memory of one thread: its open calls, its edges and the table that finds them.
//! This is the slow side, behind a lock; per call the thread goes straight to frames and edges.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use crate::measure::spans::edge::Edge;
use crate::measure::spans::edge::EdgeCost;
use crate::measure::spans::edge::Index;
use crate::measure::spans::edge::find;
use crate::measure::spans::edge::insert;
use crate::measure::spans::edge::new_index;
use crate::measure::spans::frame::Frame;

const FIRST_SLOTS: usize = 128;

/// The memory of one thread. It is never given back: a table that grew leaves at most its own size
/// behind, and the next thread takes over what an ended one had.
pub(super) struct Tables {
    pub root: &'static Frame,
    pub index: Index,
    edges: Vec<&'static Edge>,
    /// Open calls per site number.
    open: HashMap<u32, &'static AtomicU32>,
}

impl Tables {
    pub fn new() -> Self {
        Self {
            root: Frame::new_root(),
            index: new_index(FIRST_SLOTS),
            edges: Vec::new(),
            open: HashMap::new(),
        }
    }

    /// Makes sure that there is an edge from `caller` to `callee`.
    pub fn ensure_edge(&mut self, caller: u32, callee: u32) {
        if find(self.index, caller, callee).is_some() {
            return;
        }
        if (self.edges.len() + 1) * 2 > self.index.len() {
            self.index = new_index(self.index.len() * 2);
            for edge in &self.edges {
                let open = open_calls(&mut self.open, edge.cost().callee);
                insert(self.index, edge, open);
            }
        }
        let edge: &'static Edge = Box::leak(Box::new(Edge::new(caller, callee)));
        self.edges.push(edge);
        insert(self.index, edge, open_calls(&mut self.open, callee));
    }

    /// What was spent until `now_ticks`, calls that are still open included.
    pub fn costs(&self, now_ticks: u64) -> Vec<EdgeCost> {
        let ended = self.edges.iter().map(|edge| edge.cost());
        ended.chain(self.root.unfinished(now_ticks)).filter(|cost| !cost.is_nothing()).collect()
    }

    /// How many calls have not ended.
    pub fn unfinished(&self) -> usize {
        self.root.open_calls().count()
    }

    /// Makes the memory fit for another thread; its edges stay known.
    pub fn clear(&self) {
        self.root.clear();
        for edge in &self.edges {
            edge.clear();
        }
        for open in self.open.values() {
            open.store(0, Relaxed);
        }
    }
}

fn open_calls(open: &mut HashMap<u32, &'static AtomicU32>, site: u32) -> &'static AtomicU32 {
    open.entry(site).or_insert_with(|| Box::leak(Box::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::spans::edge::add;

    #[test]
    fn an_edge_keeps_its_figures_however_much_the_table_grew() {
        let mut tables = Tables::new();
        for number in 1..=5_000_u32 {
            tables.ensure_edge(number / 7, number);
            tables.ensure_edge(number / 7, number);
            let edge = find(tables.index, number / 7, number).unwrap().edge;
            add(&edge.ncall, u64::from(number));
        }
        for number in 1..=5_000_u32 {
            let edge = find(tables.index, number / 7, number).unwrap().edge;
            assert_eq!(edge.cost().ncall, u64::from(number));
        }
        assert_eq!(tables.costs(0).len(), 5_000);
        tables.clear();
        assert!(tables.costs(0).is_empty());
    }

    #[test]
    fn all_edges_to_a_function_share_its_count_of_open_calls() {
        let mut tables = Tables::new();
        let mut open = |caller, callee| {
            tables.ensure_edge(caller, callee);
            std::ptr::from_ref(find(tables.index, caller, callee).unwrap().open)
        };
        assert_eq!(open(0, 7), open(3, 7));
        assert_ne!(open(0, 7), open(0, 3));
    }
}

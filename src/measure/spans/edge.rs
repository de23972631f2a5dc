//! What one thread has spent per call edge, and how an edge is found.
//! Written by that thread alone, without locks; readable by any at any moment.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// What a callee spent when called from one caller. It never moves and is never given back.
pub(super) struct Edge {
    caller: u32,
    callee: u32,
    pub ncall: AtomicU64,
    /// Calls made while the callee was open already. Counting these, not the others, spares the
    /// usual call an addition.
    pub nested: AtomicU64,
    /// Of both ticks the sum may pass through numbers below 0, where the counters of two processors
    /// differ a little.
    pub self_ticks: AtomicU64,
    pub total_ticks: AtomicU64,
}

/// The content of an [`Edge`]; `caller` is 0 where nothing measured made the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EdgeCost {
    pub caller: u32,
    pub callee: u32,
    pub ncall: u64,
    pub nactual: u64,
    pub self_ticks: u64,
    pub total_ticks: u64,
}

/// What the look-up of an edge gives. The key and the count stand here and not behind another
/// reference, since every step of the way is a wait before the clock is read.
#[derive(Clone, Copy)]
pub(super) struct Found {
    key: u64,
    /// How many calls of the callee are open, whoever called: all edges of a callee share it.
    pub open: &'static AtomicU32,
    pub edge: &'static Edge,
}

/// A hash table with open addressing, at most half full; its length is a power of two or 0.
pub(super) type Index = &'static [OnceLock<Found>];

/// The edge from `caller` to `callee`; `None` when there is none yet.
#[inline(always)]
pub(super) fn find(index: Index, caller: u32, callee: u32) -> Option<&'static Found> {
    let key = key(caller, callee);
    let mut at = first_slot(index, caller, callee);
    loop {
        let found = index.get(at)?.get()?;
        if found.key == key {
            return Some(found);
        }
        at = next_slot(index, at);
    }
}

/// Puts in an edge that is not there yet; the table must have room.
pub(super) fn insert(index: Index, edge: &'static Edge, open: &'static AtomicU32) {
    let EdgeCost { caller, callee, .. } = edge.cost();
    let key = key(caller, callee);
    let mut at = first_slot(index, caller, callee);
    while let Some(slot) = index.get(at) {
        if slot.set(Found { key, open, edge }).is_ok() {
            return;
        }
        at = next_slot(index, at);
    }
}

/// An empty table of `length` slots, a power of two.
pub(super) fn new_index(length: usize) -> Index {
    let slots: Vec<_> = std::iter::repeat_with(OnceLock::new).take(length).collect();
    slots.leak()
}

/// Adds to a figure that only this thread writes: plain moves, no locked instruction.
#[inline(always)]
pub(super) fn add(figure: &AtomicU64, more: u64) {
    figure.store(figure.load(Relaxed).wrapping_add(more), Relaxed);
}

impl Edge {
    pub fn new(caller: u32, callee: u32) -> Self {
        Self {
            caller,
            callee,
            ncall: AtomicU64::new(0),
            nested: AtomicU64::new(0),
            self_ticks: AtomicU64::new(0),
            total_ticks: AtomicU64::new(0),
        }
    }

    pub fn cost(&self) -> EdgeCost {
        let ncall = self.ncall.load(Relaxed);
        let at_least_0 = |ticks: &AtomicU64| {
            let ticks = ticks.load(Relaxed).cast_signed();
            ticks.max(0).cast_unsigned()
        };
        EdgeCost {
            caller: self.caller,
            callee: self.callee,
            ncall,
            nactual: ncall.saturating_sub(self.nested.load(Relaxed)),
            self_ticks: at_least_0(&self.self_ticks),
            total_ticks: at_least_0(&self.total_ticks),
        }
    }

    pub fn clear(&self) {
        self.ncall.store(0, Relaxed);
        self.nested.store(0, Relaxed);
        self.self_ticks.store(0, Relaxed);
        self.total_ticks.store(0, Relaxed);
    }
}

impl EdgeCost {
    pub fn is_nothing(&self) -> bool {
        self.ncall == 0 && self.self_ticks == 0 && self.total_ticks == 0
    }
}

#[inline(always)]
fn key(caller: u32, callee: u32) -> u64 {
    u64::from(caller) << 32 | u64::from(callee)
}

/// Callers, which are numbered densely, are spread by the golden ratio; the callees of one lie side
/// by side.
#[inline(always)]
fn first_slot(index: Index, caller: u32, callee: u32) -> usize {
    let hash = caller.wrapping_mul(0x9E37_79B9).wrapping_add(callee);
    hash as usize & index.len().wrapping_sub(1)
}

#[inline(always)]
fn next_slot(index: Index, at: usize) -> usize {
    (at + 1) & index.len().wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    static OPEN: AtomicU32 = AtomicU32::new(0);

    #[test]
    fn a_time_below_0_is_none_and_later_times_make_up_for_it() {
        let edge = Edge::new(0, 1);
        add(&edge.self_ticks, 5_u64.wrapping_sub(7));
        assert_eq!(edge.cost().self_ticks, 0);
        add(&edge.self_ticks, 10);
        assert_eq!(edge.cost().self_ticks, 8);
    }

    #[test]
    fn an_edge_is_found_by_its_two_ends() {
        let index = new_index(64);
        for number in 1..=32 {
            let edge = Box::leak(Box::new(Edge::new(number / 3, number)));
            insert(index, edge, &OPEN);
        }
        for number in 1..=32 {
            let cost = find(index, number / 3, number).unwrap().edge.cost();
            assert_eq!((cost.caller, cost.callee), (number / 3, number));
            assert!(cost.is_nothing());
        }
        assert!(find(index, 9, 9).is_none());
        assert!(find(&[], 0, 1).is_none());
    }
}

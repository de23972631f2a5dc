//! What one thread has spent and has open: its calls per edge, its stack, its counts of open calls.
//! Written by that thread alone, without locks; readable by any at any moment.

use std::collections::HashSet;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

const FIRST_FRAMES: usize = 64;
const FIRST_SITES: usize = 64;
const FIRST_EDGES: usize = 128;

/// The memory of one thread. It is never given back, since another thread may be reading it:
/// growing leaves at most as much behind as the new size, and the next thread takes over what an
/// ended one had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables {
    /// The open calls, outermost first; the one at 0 stands for the thread itself.
    pub frames: &'static [Frame],
    /// Open calls per site number, for telling the outermost call of a recursion.
    pub open: &'static [AtomicU32],
    /// A hash table with open addressing; its length is a power of two or 0.
    pub edges: &'static [EdgeSlot],
}

/// One open call; free where `site` is 0.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub site: AtomicU32,
    /// How many calls its end will count: 1, or 0 for one that was counted before.
    pub calls: AtomicU32,
    pub start_ticks: AtomicU64,
    /// Time in calls that this one made and that have ended.
    pub child_ticks: AtomicU64,
}

/// What a callee spent when called from one caller; free where `key` is 0.
#[derive(Debug, Default)]
pub(super) struct EdgeSlot {
    key: AtomicU64,
    pub ncall: AtomicU64,
    pub nactual: AtomicU64,
    pub self_ticks: AtomicU64,
    pub total_ticks: AtomicU64,
}

/// The content of an [`EdgeSlot`]; `caller` is 0 where nothing measured made the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EdgeCost {
    pub caller: u32,
    pub callee: u32,
    pub ncall: u64,
    pub nactual: u64,
    pub self_ticks: u64,
    pub total_ticks: u64,
}

impl Tables {
    pub const EMPTY: Self = Self { frames: &[], open: &[], edges: &[] };

    /// Twice the room for open calls.
    pub fn with_more_frames(self) -> Self {
        let frames: Vec<Frame> = (0..(self.frames.len() * 2).max(FIRST_FRAMES))
            .map(|at| self.frames.get(at).map(Frame::copy).unwrap_or_default())
            .collect();
        Self { frames: frames.leak(), ..self }
    }

    /// Room for counting the open calls of `site`.
    pub fn with_site(self, site: usize) -> Self {
        let length = (site + 1).next_power_of_two().max(FIRST_SITES);
        let open: Vec<AtomicU32> = (0..length)
            .map(|at| self.open.get(at).map_or(0, |open| open.load(RELAXED)))
            .map(AtomicU32::new)
            .collect();
        Self { open: open.leak(), ..self }
    }

    /// Twice the room for edges.
    pub fn with_more_edges(self) -> Self {
        let slots: Vec<EdgeSlot> = std::iter::repeat_with(EdgeSlot::default)
            .take((self.edges.len() * 2).max(FIRST_EDGES))
            .collect();
        let edges: &'static [EdgeSlot] = slots.leak();
        for cost in self.closed() {
            if let Some(slot) = free_slot(edges, key(cost.caller, cost.callee)) {
                slot.add(&cost);
                slot.key.store(key(cost.caller, cost.callee), RELAXED);
            }
        }
        Self { edges, ..self }
    }

    /// Whether one edge more than `used` would fill the table so far that looking one up takes long.
    pub fn is_full(&self, used: usize) -> bool {
        (used + 1) * 2 > self.edges.len()
    }

    /// The slot of an edge that is not in the table yet, ready to be added to.
    pub fn new_edge(&self, caller: u32, callee: u32) -> Option<&'static EdgeSlot> {
        let key = key(caller, callee);
        let slot = free_slot(self.edges, key)?;
        slot.key.store(key, Ordering::Release);
        Some(slot)
    }

    /// What was spent until `now_ticks`, calls that are still open included.
    pub fn costs(&self, now_ticks: u64) -> Vec<EdgeCost> {
        self.closed().chain(self.unfinished(now_ticks)).collect()
    }

    /// How many calls have not ended.
    pub fn depth(&self) -> usize {
        self.open_frames().count()
    }

    /// Makes the memory fit for another thread.
    pub fn clear(&self) {
        for frame in self.frames {
            frame.site.store(0, RELAXED);
            frame.child_ticks.store(0, RELAXED);
        }
        for open in self.open {
            open.store(0, RELAXED);
        }
        for slot in self.edges {
            slot.clear();
        }
    }

    fn closed(&self) -> impl Iterator<Item = EdgeCost> + use<> {
        self.edges.iter().filter_map(EdgeSlot::read)
    }

    fn open_frames(&self) -> impl Iterator<Item = &'static Frame> + use<> {
        self.frames.iter().skip(1).take_while(|frame| frame.site.load(Ordering::Acquire) != 0)
    }

    /// The open calls as if they all ended at `now_ticks`.
    fn unfinished(&self, now_ticks: u64) -> Vec<EdgeCost> {
        let frames: Vec<Frame> = self.open_frames().map(Frame::copy).collect();
        let elapsed = |frame: &Frame| now_ticks.saturating_sub(frame.start_ticks.load(RELAXED));
        let mut seen = HashSet::new();
        let mut caller = 0;
        let mut costs = Vec::with_capacity(frames.len());
        for (at, frame) in frames.iter().enumerate() {
            let within = frames.get(at + 1).map_or(0, elapsed) + frame.child_ticks.load(RELAXED);
            let callee = frame.site.load(RELAXED);
            let calls = u64::from(frame.calls.load(RELAXED));
            let outermost = seen.insert(callee);
            costs.push(EdgeCost {
                caller,
                callee,
                ncall: calls,
                nactual: if outermost { calls } else { 0 },
                self_ticks: elapsed(frame).saturating_sub(within),
                total_ticks: if outermost { elapsed(frame) } else { 0 },
            });
            caller = callee;
        }
        costs
    }
}

impl Frame {
    fn copy(&self) -> Self {
        Self {
            site: AtomicU32::new(self.site.load(RELAXED)),
            calls: AtomicU32::new(self.calls.load(RELAXED)),
            start_ticks: AtomicU64::new(self.start_ticks.load(RELAXED)),
            child_ticks: AtomicU64::new(self.child_ticks.load(RELAXED)),
        }
    }
}

impl EdgeSlot {
    fn add(&self, cost: &EdgeCost) {
        add(&self.ncall, cost.ncall);
        add(&self.nactual, cost.nactual);
        add(&self.self_ticks, cost.self_ticks);
        add(&self.total_ticks, cost.total_ticks);
    }

    fn read(&self) -> Option<EdgeCost> {
        let key = self.key.load(Ordering::Acquire);
        (key != 0).then(|| EdgeCost {
            caller: (key >> 32) as u32,
            callee: key as u32,
            ncall: self.ncall.load(RELAXED),
            nactual: self.nactual.load(RELAXED),
            self_ticks: self.self_ticks.load(RELAXED),
            total_ticks: self.total_ticks.load(RELAXED),
        })
    }

    fn clear(&self) {
        self.key.store(0, RELAXED);
        for figure in [&self.ncall, &self.nactual, &self.self_ticks, &self.total_ticks] {
            figure.store(0, RELAXED);
        }
    }
}

/// The slot of a known edge; `None` when it has none yet.
#[inline]
pub(super) fn find(edges: &[EdgeSlot], caller: u32, callee: u32) -> Option<&EdgeSlot> {
    let key = key(caller, callee);
    let mut at = first_slot(edges, key);
    loop {
        let slot = edges.get(at)?;
        match slot.key.load(RELAXED) {
            found if found == key => return Some(slot),
            0 => return None,
            _ => at = next_slot(edges, at),
        }
    }
}

/// Adds to a figure that only this thread writes: two plain moves, no locked instruction.
#[inline]
pub(super) fn add(figure: &AtomicU64, more: u64) {
    figure.store(figure.load(RELAXED).wrapping_add(more), RELAXED);
}

pub(super) const RELAXED: Ordering = Ordering::Relaxed;

/// `None` only for a table without a free slot, which growing in time rules out.
fn free_slot(edges: &'static [EdgeSlot], key: u64) -> Option<&'static EdgeSlot> {
    let mut at = first_slot(edges, key);
    for _ in 0..edges.len() {
        let slot = edges.get(at)?;
        if slot.key.load(RELAXED) == 0 {
            return Some(slot);
        }
        at = next_slot(edges, at);
    }
    None
}

#[inline]
fn key(caller: u32, callee: u32) -> u64 {
    u64::from(caller) << 32 | u64::from(callee)
}

/// Fibonacci hashing: the upper half of a product with 2^64 over the golden ratio.
#[inline]
fn first_slot(edges: &[EdgeSlot], key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & edges.len().wrapping_sub(1)
}

#[inline]
fn next_slot(edges: &[EdgeSlot], at: usize) -> usize {
    (at + 1) & edges.len().wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_found_again_however_much_the_table_grew() {
        let mut tables = Tables::EMPTY;
        for number in 1..=5_000_u32 {
            if tables.is_full(number as usize - 1) {
                tables = tables.with_more_edges();
            }
            let slot = tables.new_edge(number / 7, number).unwrap();
            add(&slot.ncall, u64::from(number));
        }
        for number in 1..=5_000_u32 {
            let slot = find(tables.edges, number / 7, number).unwrap();
            assert_eq!(slot.ncall.load(RELAXED), u64::from(number));
        }
        assert!(find(tables.edges, 9, 9).is_none());
        assert_eq!(tables.costs(0).len(), 5_000);
        tables.clear();
        assert!(tables.costs(0).is_empty());
    }

    #[test]
    fn an_empty_table_holds_nothing() {
        assert!(find(Tables::EMPTY.edges, 0, 1).is_none());
        assert!(Tables::EMPTY.costs(9).is_empty());
    }

    /// Sites 1, 2, 1 opened at ticks 10, 20, 30; 5 ticks of the second were in an ended call.
    /// At 100: self 10, 80 − 70 − 5, 70; total 90, 80 and nothing for the inner call of site 1.
    #[test]
    fn open_calls_count_as_ended_now() {
        let tables = Tables::EMPTY.with_more_frames();
        for (at, (site, start, child)) in [(1, 10, 0), (2, 20, 5), (1, 30, 0)].iter().enumerate() {
            let frame = &tables.frames[at + 1];
            frame.calls.store(1, RELAXED);
            frame.start_ticks.store(*start, RELAXED);
            frame.child_ticks.store(*child, RELAXED);
            frame.site.store(*site, RELAXED);
        }
        let figures: Vec<_> = tables
            .costs(100)
            .iter()
            .map(|cost| (cost.caller, cost.callee, cost.nactual, cost.self_ticks, cost.total_ticks))
            .collect();
        let expected = [(0, 1, 1, 10, 90), (1, 2, 1, 5, 80), (2, 1, 0, 70, 0)];
        assert_eq!(figures, expected);
    }
}

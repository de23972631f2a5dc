//! The open calls of one thread, as a chain from the outermost inwards.
//! A frame never moves and is never given back, since another thread may be reading it.

use std::collections::HashSet;
use std::iter;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Acquire;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::Release;

use crate::measure::spans::edge::EdgeCost;

/// One open call, or room for one; the root stands for the thread itself.
#[derive(Default)]
pub(super) struct Frame {
    /// `None` for the root.
    pub outer: Option<&'static Frame>,
    inner: OnceLock<&'static Frame>,
    /// The number of the site in the lower half, 0 when free; in the upper half how many calls the
    /// end will count: 1, or 0 for one that was counted before.
    content: AtomicU64,
    pub start_ticks: AtomicU64,
    /// Time in calls that this one made and that have ended.
    pub child_ticks: AtomicU64,
}

/// How many frames a chain grows by.
const MORE_FRAMES: usize = 64;

impl Frame {
    pub fn new_root() -> &'static Self {
        let root: &'static Self = Box::leak(Box::default());
        root.deepen();
        root
    }

    /// The next frame inwards, where there is one yet.
    #[inline(always)]
    pub fn inner(&self) -> Option<&'static Self> {
        self.inner.get().copied()
    }

    /// Adds frames behind this one, the last of its chain.
    pub fn deepen(&'static self) {
        let mut last = self;
        for _ in 0..MORE_FRAMES {
            let next = Self { outer: Some(last), ..Self::default() };
            last = last.inner.get_or_init(|| Box::leak(Box::new(next)));
        }
    }

    /// Makes this the frame of a call that starts now.
    #[inline(always)]
    pub fn occupy(&self, site: u32, calls: u32, start_ticks: u64) {
        self.start_ticks.store(start_ticks, Relaxed);
        let content = u64::from(calls) << 32 | u64::from(site);
        self.content.store(content, Release);
    }

    #[inline(always)]
    pub fn free(&self) {
        self.content.store(0, Relaxed);
    }

    /// The number of the site, 0 when free.
    #[inline(always)]
    pub fn number(&self) -> u32 {
        self.content.load(Relaxed) as u32
    }

    /// How many calls the end of this one counts.
    #[inline(always)]
    pub fn calls(&self) -> u64 {
        self.content.load(Relaxed) >> 32
    }

    /// The open calls of this root, outermost first.
    pub fn open_calls(&self) -> impl Iterator<Item = &'static Self> + use<> {
        iter::successors(self.inner(), |frame| frame.inner())
            .take_while(|frame| frame.content.load(Acquire) != 0)
    }

    /// What the open calls of this root would have cost if they all ended at `now_ticks`.
    pub fn unfinished(&self, now_ticks: u64) -> Vec<EdgeCost> {
        let elapsed = |frame: &Self| now_ticks.saturating_sub(frame.start_ticks.load(Relaxed));
        let frames: Vec<&Self> = self.open_calls().collect();
        let mut seen = HashSet::new();
        let mut caller = 0;
        let mut costs = Vec::with_capacity(frames.len());
        for (at, frame) in frames.iter().enumerate() {
            let in_open = frames.get(at + 1).map_or(0, |inner| elapsed(inner));
            let within = in_open.saturating_add(frame.child_ticks.load(Relaxed));
            let callee = frame.number();
            let calls = frame.calls();
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

    /// Makes the chain of this root fit for another thread.
    pub fn clear(&self) {
        for frame in self.open_calls() {
            frame.free();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sites 1, 2, 1 opened at ticks 10, 20, 30; 5 ticks of the second were in an ended call.
    /// At 100: self 10, 80 − 70 − 5, 70; total 90, 80 and nothing for the inner call of site 1.
    #[test]
    fn open_calls_count_as_ended_now() {
        let root = Frame::new_root();
        let mut frame = root;
        for (site, start, child) in [(1, 10, 0), (2, 20, 5), (1, 30, 0)] {
            frame = frame.inner().unwrap();
            frame.child_ticks.store(child, Relaxed);
            frame.occupy(site, 1, start);
            assert_eq!((frame.number(), frame.calls()), (site, 1));
        }
        let figures: Vec<_> = root
            .unfinished(100)
            .iter()
            .map(|cost| (cost.caller, cost.callee, cost.self_ticks, cost.total_ticks))
            .collect();
        assert_eq!(figures, [(0, 1, 10, 90), (1, 2, 5, 80), (2, 1, 70, 0)]);
        root.clear();
        assert!(root.unfinished(100).is_empty());
    }
}

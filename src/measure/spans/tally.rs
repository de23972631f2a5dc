//! How often the calling thread enters each span while some work is done. Exact, whatever other
//! threads do meanwhile; what the work hands to other threads is not in it.

use std::collections::HashMap;

use crate::measure::spans::recorder;
use crate::measure::spans::recorder::Recording;
use crate::measure::spans::site;
use crate::profile::FunctionKey;

/// How often one function called another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    pub function: FunctionKey,
    /// `None` for calls from outside of any span.
    pub caller: Option<FunctionKey>,
    pub calls: u64,
}

/// Does the work and counts the calls that end within it, on this thread; no particular order.
pub fn tally<T>(work: impl FnOnce() -> T) -> (T, Vec<Calls>) {
    let before = per_edge();
    let recording = Recording::hold();
    let result = work();
    drop(recording);
    let keys = site::keys();
    let key = |number: u32| keys.get((number as usize).checked_sub(1)?).cloned();
    let calls = per_edge().into_iter().filter_map(|((caller, callee), calls)| {
        let calls = calls - before.get(&(caller, callee)).copied().unwrap_or(0);
        (calls > 0).then_some(Calls { function: key(callee)?, caller: key(caller), calls })
    });
    (result, calls.collect())
}

fn per_edge() -> HashMap<(u32, u32), u64> {
    let edges = recorder::own_edges();
    edges.into_iter().map(|edge| ((edge.caller, edge.callee), edge.ncall)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(times: u64) {
        let _span = crate::span!("tally step");
        for _ in 0..times {
            let _inner = crate::span!("tally inner");
        }
    }

    fn count(all: &[Calls], name: &str) -> u64 {
        all.iter().filter(|one| one.function.name == name).map(|one| one.calls).sum()
    }

    #[test]
    fn only_the_work_is_counted_and_only_on_this_thread() {
        step(5);
        let (result, all) = tally(|| {
            step(3);
            std::thread::scope(|scope| {
                scope.spawn(|| step(100));
            });
            step(4);
            7
        });
        step(5);
        assert_eq!(result, 7);
        assert_eq!((count(&all, "tally step"), count(&all, "tally inner")), (2, 7));
        let inner = all.iter().find(|one| one.function.name == "tally inner").unwrap();
        assert_eq!(inner.caller.as_ref().unwrap().name, "tally step");
    }

    #[test]
    fn a_panic_of_the_work_ends_the_counting() {
        assert!(std::panic::catch_unwind(|| tally(|| panic!("on purpose"))).is_err());
        let (_, all) = tally(|| step(1));
        assert_eq!(count(&all, "tally inner"), 1);
    }
}

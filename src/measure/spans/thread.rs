//! The threads that were measured, living and ended, and what each has spent.
//! It neither knows sites by name nor what a tick is in seconds.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::measure::spans::edge::EdgeCost;
use crate::measure::spans::table::Tables;

/// Ended threads kept one by one; those that end later are kept as one, so that a program which
/// starts a thread per request does not fill the memory.
const MOST_ENDED: usize = 1_000;

/// A thread in which a span was opened.
pub(super) struct Measured {
    id: u64,
    name: String,
    /// `None` once the thread has ended.
    tables: Mutex<Option<Tables>>,
}

/// What a thread has spent, per call edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spent {
    /// From 1, in the order in which the threads opened their first span; 0 for "all others".
    pub id: u64,
    pub name: String,
    pub edges: Vec<EdgeCost>,
    /// Calls that had not ended and were counted up to now.
    pub unfinished: usize,
}

struct Registry {
    started: u64,
    living: Vec<Arc<Measured>>,
    ended: Vec<Spent>,
    /// Tables of ended threads, cleared for the next ones.
    spare: Vec<Tables>,
}

static REGISTRY: Mutex<Registry> =
    Mutex::new(Registry { started: 0, living: Vec::new(), ended: Vec::new(), spare: Vec::new() });

impl Measured {
    /// Takes the calling thread in.
    pub fn start() -> Arc<Self> {
        let mut registry = registry();
        registry.started += 1;
        let id = registry.started;
        let tables = registry.spare.pop().unwrap_or_else(Tables::new);
        let thread = Arc::new(Self {
            id,
            name: std::thread::current()
                .name()
                .map_or_else(|| format!("thread-{id}"), String::from),
            tables: Mutex::new(Some(tables)),
        });
        registry.living.push(Arc::clone(&thread));
        thread
    }

    /// Lets the thread itself work on its tables; `None` once it has ended.
    pub fn with_tables<T>(&self, act: impl FnOnce(&mut Tables) -> T) -> Option<T> {
        self.lock().as_mut().map(act)
    }

    /// Keeps what the ending thread has spent and hands its memory on.
    pub fn end(&self, now_ticks: u64) {
        let mut registry = registry();
        registry.living.retain(|thread| thread.id != self.id);
        if let Some(tables) = self.lock().take() {
            registry.keep(self.spent(&tables, now_ticks));
            tables.clear();
            registry.spare.push(tables);
        }
    }

    /// What it has spent so far; `None` once it has ended.
    pub fn spent_so_far(&self, now_ticks: u64) -> Option<Spent> {
        let tables = self.lock();
        Some(self.spent(tables.as_ref()?, now_ticks))
    }

    fn spent(&self, tables: &Tables, now_ticks: u64) -> Spent {
        Spent {
            id: self.id,
            name: self.name.clone(),
            edges: merged(&tables.costs(now_ticks)),
            unfinished: tables.unfinished(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tables>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What every thread has spent so far, in the order in which they started.
pub(super) fn all(now_ticks: u64) -> Vec<Spent> {
    let registry = registry();
    let mut spent = registry.ended.clone();
    let living = registry.living.iter();
    spent.extend(living.filter_map(|thread| thread.spent_so_far(now_ticks)));
    spent.sort_by_key(|spent| spent.id);
    spent
}

impl Registry {
    fn keep(&mut self, spent: Spent) {
        if self.ended.len() < MOST_ENDED {
            return self.ended.push(spent);
        }
        match self.ended.iter_mut().find(|others| others.id == 0) {
            Some(others) => {
                others.edges.extend(spent.edges);
                others.edges = merged(&others.edges);
                others.unfinished += spent.unfinished;
            }
            None => self.ended.push(Spent { id: 0, name: "other ended threads".into(), ..spent }),
        }
    }
}

fn registry() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One row per edge, in the order first seen.
fn merged(costs: &[EdgeCost]) -> Vec<EdgeCost> {
    let mut rows: Vec<EdgeCost> = Vec::with_capacity(costs.len());
    let mut places = HashMap::new();
    for cost in costs {
        let place = *places.entry((cost.caller, cost.callee)).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(row) => {
                row.ncall += cost.ncall;
                row.nactual += cost.nactual;
                row.self_ticks += cost.self_ticks;
                row.total_ticks += cost.total_ticks;
            }
            None => rows.push(*cost),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(caller: u32, callee: u32, ncall: u64) -> EdgeCost {
        EdgeCost { caller, callee, ncall, nactual: 0, self_ticks: 2, total_ticks: 3 }
    }

    #[test]
    fn rows_of_the_same_edge_are_summed() {
        let rows = merged(&[cost(0, 1, 4), cost(1, 2, 1), cost(0, 1, 5)]);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].ncall, rows[0].total_ticks), (9, 6));
    }

    #[test]
    fn threads_past_the_limit_are_kept_as_one() {
        let mut registry =
            Registry { started: 0, living: Vec::new(), ended: Vec::new(), spare: Vec::new() };
        let most = MOST_ENDED as u64;
        for id in 1..=most + 5 {
            registry.keep(Spent {
                id,
                name: format!("thread-{id}"),
                edges: vec![cost(0, 1, 1)],
                unfinished: 0,
            });
        }
        assert_eq!(registry.ended.len(), MOST_ENDED + 1);
        let calls: u64 = registry.ended.iter().map(|spent| spent.edges[0].ncall).sum();
        assert_eq!(calls, most + 5);
    }
}

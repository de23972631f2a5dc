//! What was recorded, as a profile: ticks become seconds, numbers become names.
//! It reads while the program may go on recording, and changes nothing.

use std::collections::HashMap;

use crate::measure::spans::edge::EdgeCost;
use crate::measure::spans::recorder;
use crate::measure::spans::site;
use crate::measure::spans::thread;
use crate::measure::spans::thread::Spent;
use crate::profile::Cost;
use crate::profile::CostUnit;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Origin;
use crate::profile::Profile;
use crate::profile::Thread;
use crate::units::Seconds;

/// Everything recorded in this process until now, on threads that ended and on those that live.
/// A call that is still open counts as if it ended now, and a warning says how many there were.
pub(super) fn snapshot() -> Profile {
    let (source, begin) = recorder::begin();
    let tick = begin.seconds_per_tick(source);
    profile(&site::keys(), &thread::all(source.ticks()), tick)
}

fn profile(sites: &[FunctionKey], threads: &[Spent], tick: Seconds) -> Profile {
    let mut book = Book {
        sites,
        tick,
        profile: Profile {
            unit: CostUnit::WallSeconds,
            counts_calls: true,
            origin: origin(threads),
            ..Profile::default()
        },
        functions: HashMap::new(),
        edges: HashMap::new(),
    };
    for spent in threads {
        book.enter(spent);
    }
    book.profile
}

fn origin(threads: &[Spent]) -> Origin {
    let unfinished: usize = threads.iter().map(|spent| spent.unfinished).sum();
    let warning = format!(
        "{unfinished} calls had not ended when the profile was saved; their time until then is in it"
    );
    Origin {
        backend: "spans".into(),
        backend_version: env!("CARGO_PKG_VERSION").into(),
        warnings: (unfinished > 0).then_some(warning).into_iter().collect(),
        ..Origin::default()
    }
}

/// A profile in the making, and where in it each thing stands.
struct Book<'a> {
    sites: &'a [FunctionKey],
    tick: Seconds,
    profile: Profile,
    functions: HashMap<FunctionKey, usize>,
    edges: HashMap<(usize, usize), usize>,
}

impl Book<'_> {
    fn enter(&mut self, spent: &Spent) {
        let mut rows: Vec<(usize, Cost)> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        for edge in &spent.edges {
            let Some(callee) = self.function(edge.callee) else {
                continue;
            };
            let cost = self.cost(edge);
            let place = *places.entry(callee).or_insert(rows.len());
            match rows.get_mut(place) {
                Some((_, known)) => *known = known.plus(cost),
                None => rows.push((callee, cost)),
            }
            let whole = &mut self.profile.functions[callee].cost;
            *whole = whole.plus(cost);
            if let Some(caller) = self.function(edge.caller) {
                self.enter_edge(caller, callee, cost);
            }
        }
        self.profile.threads.push(Thread { id: spent.id, name: spent.name.clone(), costs: rows });
    }

    fn enter_edge(&mut self, caller: usize, callee: usize, cost: Cost) {
        let edges = &mut self.profile.edges;
        let place = *self.edges.entry((caller, callee)).or_insert(edges.len());
        match edges.get_mut(place) {
            Some(edge) => edge.cost = edge.cost.plus(cost),
            None => edges.push(Edge { caller, callee, cost }),
        }
    }

    /// Where the function of a site stands; `None` for number 0, which is no site.
    /// Sites with the same name and place are one function.
    fn function(&mut self, number: u32) -> Option<usize> {
        let position = (number as usize).checked_sub(1)?;
        let key = self.sites.get(position)?;
        if let Some(place) = self.functions.get(key) {
            return Some(*place);
        }
        let place = self.profile.functions.len();
        self.profile.functions.push(Function { key: key.clone(), cost: Cost::default() });
        self.functions.insert(key.clone(), place);
        Some(place)
    }

    fn cost(&self, edge: &EdgeCost) -> Cost {
        Cost {
            ncall: edge.ncall,
            nactual: edge.nactual,
            tsub: edge.self_ticks as f64 * self.tick.0,
            ttot: edge.total_ticks as f64 * self.tick.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> FunctionKey {
        FunctionKey { name: name.into(), file: "a.rs".into(), line: 1 }
    }

    fn spent(id: u64, edges: &[(u32, u32, u64, u64)]) -> Spent {
        let cost = |&(caller, callee, ncall, ticks): &(u32, u32, u64, u64)| EdgeCost {
            caller,
            callee,
            ncall,
            nactual: ncall,
            self_ticks: ticks,
            total_ticks: 2 * ticks,
        };
        Spent { id, name: format!("t{id}"), edges: edges.iter().map(cost).collect(), unfinished: 0 }
    }

    /// Two threads, a tick of half a second: `a` was called 1 + 2 times from nothing measured,
    /// `b` 3 times by `a` with 8 ticks = 4 s of its own.
    #[test]
    fn functions_are_sums_over_callers_and_threads() {
        let threads = [spent(1, &[(0, 1, 1, 2), (1, 2, 3, 8)]), spent(2, &[(0, 1, 2, 4)])];
        let profile = profile(&[key("a"), key("b")], &threads, Seconds(0.5));
        let figures: Vec<_> = profile
            .functions
            .iter()
            .map(|function| (function.cost.ncall, function.cost.tsub, function.cost.ttot))
            .collect();
        assert_eq!(figures, [(3, 3.0, 6.0), (3, 4.0, 8.0)]);
        assert_eq!(profile.edges.len(), 1);
        assert_eq!((profile.edges[0].caller, profile.edges[0].callee), (0, 1));
        assert_eq!(profile.threads[1].costs.len(), 1);
        assert_eq!(profile.threads[1].costs[0].1.tsub, 2.0);
    }

    #[test]
    fn sites_of_the_same_name_and_place_are_one_function() {
        let threads = [spent(1, &[(0, 1, 1, 2), (0, 2, 1, 2)])];
        let profile = profile(&[key("a"), key("a")], &threads, Seconds(1.0));
        assert_eq!(profile.functions.len(), 1);
        assert_eq!(profile.functions[0].cost.ncall, 2);
    }

    #[test]
    fn calls_that_had_not_ended_are_said() {
        let mut thread = spent(1, &[(0, 1, 1, 2)]);
        thread.unfinished = 3;
        let profile = profile(&[key("a")], &[thread], Seconds(1.0));
        assert!(profile.origin.warnings[0].starts_with("3 calls had not ended"));
    }
}

//! What pyinstrument writes as functions entered and left, although it takes samples: equal ones in
//! a row are one event, and the time of a function itself is that of a callee `[self]`.

use crate::profile::Cost;
use crate::profile::Edge;
use crate::profile::FunctionKey;

const EXPORTER: &str = "pyinstrument";
const SELF: &str = "[self]";

/// A reader of the figures must know it.
pub const WARNING: &str = "sampled by pyinstrument: there are no call counts";

/// Whether a file of `exporter` is such a one.
pub fn made(exporter: &str) -> bool {
    exporter.starts_with(EXPORTER)
}

/// Takes away the counts, which are no calls, and gives the time of each `[self]` to its caller.
///
/// `keys` and `costs`: one per function; the callees `[self]` are left without any cost.
pub fn put_right(keys: &[FunctionKey], costs: &mut [Cost], edges: &mut Vec<Edge>) {
    let is_self = |function: usize| keys.get(function).is_some_and(|key| key.name == SELF);
    edges.retain(|edge| {
        if !is_self(edge.callee) {
            return true;
        }
        if let Some(caller) = costs.get_mut(edge.caller) {
            caller.tsub += edge.cost.ttot;
        }
        false
    });
    for (function, cost) in costs.iter_mut().enumerate() {
        *cost = match is_self(function) {
            true => Cost::default(),
            false => without_calls(*cost),
        };
    }
    edges.iter_mut().for_each(|edge| edge.cost = without_calls(edge.cost));
}

fn without_calls(cost: Cost) -> Cost {
    Cost { ncall: 0, nactual: 0, ..cost }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_own_time_is_its_own() {
        let key = |name: &str| FunctionKey { name: name.into(), ..FunctionKey::default() };
        let keys = [key("f"), key(SELF), key("g")];
        let cost = |tsub, ttot| Cost { ncall: 2, nactual: 2, tsub, ttot };
        let mut costs = [cost(0.5, 6.0), cost(2.0, 2.0), cost(3.5, 3.5)];
        let edge = |callee, ttot| Edge { caller: 0, callee, cost: cost(0.0, ttot) };
        let mut edges = vec![edge(1, 2.0), edge(2, 3.5)];
        put_right(&keys, &mut costs, &mut edges);
        let shown = costs.map(|cost| (cost.ncall, cost.tsub, cost.ttot));
        assert_eq!(shown, [(0, 2.5, 6.0), (0, 0.0, 0.0), (0, 3.5, 3.5)]);
        assert_eq!(edges.len(), 1);
        assert_eq!((edges[0].callee, edges[0].cost.ncall), (2, 0));
    }
}

//! A profile in one order, so that equal profiles give equal files.

use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::Profile;

/// The same functions sorted by name and place, and the edges between them. Threads, which no
/// format of stacks has, are left out.
pub fn ordered(profile: &Profile) -> Profile {
    let mut positions: Vec<usize> = (0..profile.functions.len()).collect();
    positions.sort_by(|a, b| profile.functions[*a].key.cmp(&profile.functions[*b].key));
    let mut place = vec![0; positions.len()];
    for (new, old) in positions.iter().enumerate() {
        place[*old] = new;
    }
    let functions: Vec<Function> =
        positions.into_iter().map(|old| profile.functions[old].clone()).collect();
    let known = |edge: &&Edge| edge.caller < place.len() && edge.callee < place.len();
    let mut edges: Vec<Edge> = profile
        .edges
        .iter()
        .filter(known)
        .map(|edge| Edge { caller: place[edge.caller], callee: place[edge.callee], ..*edge })
        .collect();
    edges.sort_by_key(|edge| (edge.caller, edge.callee));
    Profile {
        unit: profile.unit,
        counts_calls: profile.counts_calls,
        functions,
        edges,
        threads: Vec::new(),
        origin: profile.origin.clone(),
    }
}

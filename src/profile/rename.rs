//! A profile whose functions are found to be elsewhere; functions that become the same are one.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::profile::model::Cost;
use crate::profile::model::Edge;
use crate::profile::model::Function;
use crate::profile::model::FunctionKey;
use crate::profile::model::Profile;
use crate::profile::model::Thread;

/// The profile with the functions where `place` says, which gives file and line of a function, or
/// `None` where it stays. Costs of functions that become one are added up, also where one is called
/// by the other.
pub fn renamed(profile: Profile, place: &dyn Fn(&FunctionKey) -> Option<(String, u32)>) -> Profile {
    let mut functions: Vec<Function> = Vec::new();
    let mut numbers: HashMap<FunctionKey, usize> = HashMap::new();
    let mut became = Vec::new();
    for Function { key, cost } in profile.functions {
        let key = match place(&key) {
            Some((file, line)) => FunctionKey { file, line, ..key },
            None => key,
        };
        let number = *numbers.entry(key.clone()).or_insert(functions.len());
        match functions.get_mut(number) {
            Some(same) => same.cost = same.cost.plus(cost),
            None => functions.push(Function { key, cost }),
        }
        became.push(number);
    }
    let mut edges: Vec<Edge> = Vec::new();
    let mut of_pair: HashMap<(usize, usize), usize> = HashMap::new();
    for edge in profile.edges {
        let pair = (became[edge.caller], became[edge.callee]);
        let at = *of_pair.entry(pair).or_insert(edges.len());
        match edges.get_mut(at) {
            Some(same) => same.cost = same.cost.plus(edge.cost),
            None => edges.push(Edge { caller: pair.0, callee: pair.1, cost: edge.cost }),
        }
    }
    let of_thread = |thread: Thread| {
        let mut costs: BTreeMap<usize, Cost> = BTreeMap::new();
        for (function, cost) in thread.costs {
            let sum = costs.entry(became[function]).or_default();
            *sum = sum.plus(cost);
        }
        Thread { costs: costs.into_iter().collect(), ..thread }
    };
    let threads = profile.threads.into_iter().map(of_thread).collect();
    Profile { functions, edges, threads, ..profile }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_become_the_same_are_one_with_their_calls() {
        let function = |name: &str, file: &str, ncall| Function {
            key: FunctionKey { name: name.into(), file: file.into(), line: 9 },
            cost: Cost { ncall, nactual: ncall, tsub: 1.0, ttot: 2.0 },
        };
        let edge = |caller, callee, ncall| Edge {
            caller,
            callee,
            cost: Cost { ncall, ..Cost::default() },
        };
        let cost = Cost { ncall: 1, ..Cost::default() };
        let profile = Profile {
            functions: vec![
                function("main", "a.c", 1),
                function("f", "inlined.h", 2),
                function("f", "other.h", 3),
            ],
            edges: vec![edge(0, 1, 2), edge(0, 2, 3)],
            threads: vec![Thread { id: 1, name: "t".into(), costs: vec![(2, cost), (1, cost)] }],
            ..Profile::default()
        };
        let place = |key: &FunctionKey| (key.name == "f").then(|| ("a.c".to_string(), 5));
        let profile = renamed(profile, &place);
        let shown: Vec<_> = profile
            .functions
            .iter()
            .map(|one| (one.key.name.as_str(), one.key.line, one.cost.ncall, one.cost.ttot))
            .collect();
        assert_eq!(shown, [("main", 9, 1, 2.0), ("f", 5, 5, 4.0)]);
        assert_eq!(profile.edges, [edge(0, 1, 5)]);
        assert_eq!(profile.threads[0].costs, [(1, Cost { ncall: 2, ..Cost::default() })]);
    }
}

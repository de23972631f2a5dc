//! All runs side by side: per function and per call edge what each run spent, or that it is absent.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::analysis::identity::moved;
use crate::analysis::identity::name;
use crate::analysis::identity::series;
use crate::analysis::identity::series::EdgeSeries;
use crate::analysis::identity::series::FunctionSeries;
use crate::profile::Cost;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// What a set of runs spent, function by function; "one per run" has the order of the runs given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Ordered by file, line and name, whatever the order in the profiles.
    pub functions: Vec<FunctionSeries>,
    /// Ordered by caller and callee, both positions in `functions`; empty when no profile keeps
    /// edges.
    pub edges: Vec<EdgeSeries>,
}

impl Table {
    /// The functions of all profiles, matched by file, line and bare name, or by name where an
    /// edited file moved them; rows of one function in one profile are summed.
    ///
    /// `profiles`: one per run; a run without one is absent everywhere.
    pub fn new(profiles: &[Option<&Profile>]) -> Self {
        let mut builder = Builder { runs: profiles.len(), ..Builder::default() };
        for (run, profile) in profiles.iter().enumerate() {
            if let Some(profile) = profile {
                builder.add(run, profile);
            }
        }
        builder.finish()
    }

    /// The edge from one function to another, both by position.
    pub fn edge(&self, caller: usize, callee: usize) -> Option<&EdgeSeries> {
        self.edges
            .binary_search_by_key(&(caller, callee), |edge| (edge.caller, edge.callee))
            .ok()
            .map(|position| &self.edges[position])
    }

    /// The table with only the runs at these positions, in this order. Functions and edges keep
    /// their place, also those that none of the runs knows.
    pub fn with_runs(&self, positions: &[usize]) -> Self {
        let chosen = |costs: &[Option<Cost>]| {
            positions.iter().map(|&run| costs.get(run).copied().flatten()).collect()
        };
        Self {
            functions: self
                .functions
                .iter()
                .map(|function| FunctionSeries {
                    key: function.key.clone(),
                    costs: chosen(&function.costs),
                })
                .collect(),
            edges: self
                .edges
                .iter()
                .map(|edge| EdgeSeries {
                    caller: edge.caller,
                    callee: edge.callee,
                    costs: chosen(&edge.costs),
                })
                .collect(),
        }
    }
}

#[derive(Default)]
struct Builder {
    runs: usize,
    functions: Vec<FunctionSeries>,
    /// The full name of each function while it was always the same.
    full_names: Vec<Option<String>>,
    positions: HashMap<FunctionKey, usize>,
    edges: HashMap<(usize, usize), Vec<Option<Cost>>>,
}

impl Builder {
    fn add(&mut self, run: usize, profile: &Profile) {
        let positions: Vec<usize> = profile
            .functions
            .iter()
            .map(|function| {
                let position = self.position(&function.key);
                series::add(&mut self.functions[position].costs[run], function.cost);
                position
            })
            .collect();
        for edge in &profile.edges {
            let ends = (positions.get(edge.caller), positions.get(edge.callee));
            if let (Some(&caller), Some(&callee)) = ends {
                let costs =
                    self.edges.entry((caller, callee)).or_insert_with(|| vec![None; self.runs]);
                series::add(&mut costs[run], edge.cost);
            }
        }
    }

    fn position(&mut self, key: &FunctionKey) -> usize {
        let full_name = name::without_addresses(&key.name);
        let same = FunctionKey {
            name: name::bare(&full_name, key.line).into(),
            file: name::same_path(&key.file).into_owned(),
            line: key.line,
        };
        if let Some(&position) = self.positions.get(&same) {
            let known = &mut self.full_names[position];
            if known.as_deref() != Some(&*full_name) {
                *known = None;
            }
            return position;
        }
        let position = self.functions.len();
        self.positions.insert(same.clone(), position);
        self.full_names.push(Some(full_name.into_owned()));
        self.functions.push(FunctionSeries { key: same, costs: vec![None; self.runs] });
        position
    }

    fn finish(mut self) -> Table {
        let stands_for = moved::same_function(&self.functions);
        for (position, &target) in stands_for.iter().enumerate() {
            if target != position {
                for run in 0..self.runs {
                    if let Some(cost) = self.functions[position].costs[run].take() {
                        series::add(&mut self.functions[target].costs[run], cost);
                    }
                }
                if self.full_names[position] != self.full_names[target] {
                    self.full_names[target] = None;
                }
            }
        }
        let places = self.places(&stands_for);
        let edges = sorted_edges(self.edges, &places, self.runs);
        let mut functions: Vec<(usize, FunctionSeries)> = self
            .functions
            .into_iter()
            .zip(self.full_names)
            .enumerate()
            .filter(|(position, _)| stands_for[*position] == *position)
            .map(|(position, (function, full_name))| (places[position], shown(function, full_name)))
            .collect();
        functions.sort_by_key(|(place, _)| *place);
        Table { functions: functions.into_iter().map(|(_, function)| function).collect(), edges }
    }

    /// The place of every function in the finished table.
    fn places(&self, stands_for: &[usize]) -> Vec<usize> {
        let mut kept: Vec<usize> = (0..self.functions.len())
            .filter(|&position| stands_for[position] == position)
            .collect();
        kept.sort_by(|&left, &right| {
            by_place(&self.functions[left].key, &self.functions[right].key)
        });
        let mut places = vec![0; self.functions.len()];
        for (place, &position) in kept.iter().enumerate() {
            places[position] = place;
        }
        stands_for.iter().map(|&target| places[target]).collect()
    }
}

fn by_place(left: &FunctionKey, right: &FunctionKey) -> Ordering {
    (&left.file, left.line, &left.name).cmp(&(&right.file, right.line, &right.name))
}

/// The name as it was seen when it was always the same, else the bare one.
fn shown(mut function: FunctionSeries, full_name: Option<String>) -> FunctionSeries {
    if let Some(full_name) = full_name {
        function.key.name = full_name;
    }
    function
}

fn sorted_edges(
    edges: HashMap<(usize, usize), Vec<Option<Cost>>>,
    places: &[usize],
    runs: usize,
) -> Vec<EdgeSeries> {
    let mut merged: HashMap<(usize, usize), Vec<Option<Cost>>> =
        HashMap::with_capacity(edges.len());
    for ((caller, callee), costs) in edges {
        let sums =
            merged.entry((places[caller], places[callee])).or_insert_with(|| vec![None; runs]);
        for (sum, cost) in sums.iter_mut().zip(costs) {
            if let Some(cost) = cost {
                series::add(sum, cost);
            }
        }
    }
    let mut edges: Vec<EdgeSeries> = merged
        .into_iter()
        .map(|((caller, callee), costs)| EdgeSeries { caller, callee, costs })
        .collect();
    edges.sort_by_key(|edge| (edge.caller, edge.callee));
    edges
}

#[cfg(test)]
mod tests {
    use crate::profile::Edge;
    use crate::profile::Function;

    use super::*;

    fn cost(ncall: u64) -> Cost {
        Cost { ncall, nactual: ncall, tsub: ncall as f64, ttot: 2.0 * ncall as f64 }
    }

    fn profile(rows: &[(&str, &str, u32, u64)], edges: &[(usize, usize, u64)]) -> Profile {
        Profile {
            counts_calls: true,
            functions: rows
                .iter()
                .map(|&(name, file, line, ncall)| Function {
                    key: FunctionKey { name: name.into(), file: file.into(), line },
                    cost: cost(ncall),
                })
                .collect(),
            edges: edges
                .iter()
                .map(|&(caller, callee, ncall)| Edge { caller, callee, cost: cost(ncall) })
                .collect(),
            ..Profile::default()
        }
    }

    /// `expected`: name, file, line, and the calls in each run.
    fn check(profiles: &[Profile], expected: &[(&str, &str, u32, &[Option<f64>])]) {
        let table = Table::new(&profiles.iter().map(Some).collect::<Vec<_>>());
        let found: Vec<_> = table
            .functions
            .iter()
            .map(|function| (function.key.clone(), function.ncall()))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|&(name, file, line, calls)| {
                let (name, file) = (name.into(), file.into());
                (FunctionKey { name, file, line }, calls.to_vec())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_of_one_function_are_summed() {
        check(
            &[
                profile(&[("A.f", "a.py", 3, 1), ("B.f", "a.py", 3, 2)], &[]),
                profile(&[("A.f", "a.py", 3, 5)], &[]),
            ],
            &[("f", "a.py", 3, &[Some(3.0), Some(5.0)])],
        );
    }

    #[test]
    fn one_file_is_one_however_its_path_is_written() {
        check(
            &[
                profile(&[("f", "./rel.py", 5, 1), ("g", "a//b.py", 3, 1)], &[]),
                profile(&[("f", "rel.py", 5, 2), ("g", "a/./b.py", 3, 2)], &[]),
            ],
            &[
                ("g", "a/b.py", 3, &[Some(1.0), Some(2.0)]),
                ("f", "rel.py", 5, &[Some(1.0), Some(2.0)]),
            ],
        );
    }

    #[test]
    fn a_name_that_never_changes_is_shown_whole() {
        check(
            &[profile(&[("A.f", "a.py", 3, 1)], &[]), profile(&[("A.f", "a.py", 5, 5)], &[])],
            &[("A.f", "a.py", 5, &[Some(1.0), Some(5.0)])],
        );
    }

    #[test]
    fn absent_is_not_zero() {
        check(
            &[
                profile(&[("<x at 0x1f>", "~", 0, 0)], &[]),
                profile(&[("g", "b.py", 1, 4), ("<x at 0x2f>", "~", 0, 7)], &[]),
            ],
            &[("g", "b.py", 1, &[None, Some(4.0)]), ("<x>", "~", 0, &[Some(0.0), Some(7.0)])],
        );
    }

    #[test]
    fn edges_follow_their_functions() {
        let one = profile(
            &[("main", "a.py", 1, 1), ("A.f", "a.py", 3, 2), ("B.f", "a.py", 3, 4)],
            &[(0, 1, 2), (0, 2, 4), (0, 9, 1)],
        );
        let two = profile(&[("f", "a.py", 4, 9), ("main", "a.py", 1, 1)], &[(1, 0, 9)]);
        let table = Table::new(&[Some(&one), None, Some(&two)]);
        assert_eq!(table.functions.len(), 2);
        assert_eq!(table.edges.len(), 1);
        assert_eq!(table.edges[0].ncall(), [Some(6.0), None, Some(9.0)]);
        assert_eq!((table.edges[0].caller, table.edges[0].callee), (0, 1));
        let turned = table.with_runs(&[2, 0]);
        assert_eq!(turned.edges[0].ncall(), [Some(9.0), Some(6.0)]);
        assert_eq!(turned.functions[0].ncall(), [Some(1.0), Some(1.0)]);
    }
}

//! All runs side by side: per function and per call edge what each run spent, or that it is absent.

use std::collections::HashMap;

use crate::analysis::identity::name;
use crate::profile::Cost;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// What a set of runs spent, function by function; "one per run" has the order of the runs given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Ordered by file, line and name, whatever the order in the profiles.
    pub functions: Vec<FunctionSeries>,
    /// Ordered by caller and callee; empty when no profile keeps edges.
    pub edges: Vec<EdgeSeries>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct FunctionSeries {
    /// Name, file and line as they are shown.
    pub key: FunctionKey,
    /// One per run; `None` where the function was absent.
    pub costs: Vec<Option<Cost>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EdgeSeries {
    /// Position in [`Table::functions`].
    pub caller: usize,
    /// Position in [`Table::functions`].
    pub callee: usize,
    /// One per run; `None` where the edge was absent.
    pub costs: Vec<Option<Cost>>,
}

/// A function while the table is built: the names it was seen under decide the one that is shown.
struct Row {
    series: FunctionSeries,
    full_name: Option<String>,
}

impl Table {
    /// The functions of all profiles, matched by file, line and bare name; rows of one function in
    /// one profile are summed.
    ///
    /// `profiles`: one per run; a run without one is absent everywhere.
    pub fn new(profiles: &[Option<&Profile>]) -> Self {
        let mut builder = Builder {
            runs: profiles.len(),
            ..Builder::default()
        };
        for (run, profile) in profiles.iter().enumerate() {
            if let Some(profile) = profile {
                builder.add(run, profile);
            }
        }
        builder.finish()
    }
}

#[derive(Default)]
struct Builder {
    runs: usize,
    rows: Vec<Row>,
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
                add_cost(&mut self.rows[position].series.costs[run], function.cost);
                position
            })
            .collect();
        for edge in &profile.edges {
            let ends = (positions.get(edge.caller), positions.get(edge.callee));
            if let (Some(&caller), Some(&callee)) = ends {
                let costs = self
                    .edges
                    .entry((caller, callee))
                    .or_insert_with(|| vec![None; self.runs]);
                add_cost(&mut costs[run], edge.cost);
            }
        }
    }

    fn position(&mut self, key: &FunctionKey) -> usize {
        let full_name = name::without_addresses(&key.name);
        let same = FunctionKey {
            name: name::bare(&full_name, key.line).into(),
            file: name::relative_path(&key.file).into_owned(),
            line: key.line,
        };
        if let Some(&position) = self.positions.get(&same) {
            let row = &mut self.rows[position];
            if row.full_name.as_deref() != Some(&full_name) {
                row.full_name = None;
            }
            return position;
        }
        let position = self.rows.len();
        self.positions.insert(same.clone(), position);
        self.rows.push(Row {
            series: FunctionSeries {
                key: same,
                costs: vec![None; self.runs],
            },
            full_name: Some(full_name.into_owned()),
        });
        position
    }

    fn finish(self) -> Table {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by(|&left, &right| by_place(&self.rows[left], &self.rows[right]));
        let mut places = vec![0; order.len()];
        for (place, &position) in order.iter().enumerate() {
            places[position] = place;
        }
        let mut edges: Vec<EdgeSeries> = self
            .edges
            .into_iter()
            .map(|((caller, callee), costs)| EdgeSeries {
                caller: places[caller],
                callee: places[callee],
                costs,
            })
            .collect();
        edges.sort_by_key(|edge| (edge.caller, edge.callee));
        let mut rows: Vec<Option<Row>> = self.rows.into_iter().map(Some).collect();
        let functions = order
            .into_iter()
            .filter_map(|position| rows[position].take())
            .map(shown)
            .collect();
        Table { functions, edges }
    }
}

fn by_place(left: &Row, right: &Row) -> std::cmp::Ordering {
    let place = |row: &Row| {
        let FunctionKey { name, file, line } = row.series.key.clone();
        (file, line, name)
    };
    place(left).cmp(&place(right))
}

/// The name as it was seen when it was always the same, else the bare one.
fn shown(row: Row) -> FunctionSeries {
    let mut series = row.series;
    if let Some(full_name) = row.full_name {
        series.key.name = full_name;
    }
    series
}

fn add_cost(sum: &mut Option<Cost>, cost: Cost) {
    *sum = Some(sum.map_or(cost, |sum| sum.plus(cost)));
}

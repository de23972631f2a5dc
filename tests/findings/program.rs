//! Programs as call graphs with known costs, and what is found of them.

use superlinear::analysis::Culprit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::phase1;
use superlinear::profile::Cost;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;

pub const SIZES: [f64; 5] = [50.0, 100.0, 200.0, 400.0, 800.0];
pub const PANDAS: &str = "/v/lib/python3.11/site-packages/pandas/concat.py";

/// A quantity as a function of the size.
pub type AtSize = fn(f64) -> f64;

/// A program as a call graph: callers before what they call.
#[derive(Default)]
pub struct Program {
    functions: Vec<Node>,
    /// Caller, callee, calls per call of the caller.
    edges: Vec<(usize, usize, AtSize)>,
}

struct Node {
    name: &'static str,
    file: &'static str,
    /// Self seconds per call at a size.
    each: AtSize,
}

impl Program {
    pub fn function(&mut self, name: &'static str, file: &'static str, each: AtSize) -> usize {
        self.functions.push(Node { name, file, each });
        self.functions.len() - 1
    }

    pub fn call(&mut self, caller: usize, callee: usize, per_call: AtSize) {
        self.edges.push((caller, callee, per_call));
    }

    /// The profile at size `n`, everything `slow` times as slow; the first function is called once.
    pub fn profile(&self, n: f64, slow: f64) -> Profile {
        let mut calls = vec![0.0; self.functions.len()];
        calls[0] = 1.0;
        for caller in 0..calls.len() {
            for (_, callee, per_call) in self.edges.iter().filter(|edge| edge.0 == caller) {
                calls[*callee] += calls[caller] * per_call(n);
            }
        }
        let mut each: Vec<f64> = self.functions.iter().map(|node| slow * (node.each)(n)).collect();
        let own = each.clone();
        for caller in (0..each.len()).rev() {
            for (_, callee, per_call) in self.edges.iter().filter(|edge| edge.0 == caller) {
                each[caller] += each[*callee] * per_call(n);
            }
        }
        let cost = |ncall: f64, own: f64, total: f64| Cost {
            ncall: ncall as u64,
            nactual: ncall as u64,
            tsub: ncall * own,
            ttot: ncall * total,
        };
        Profile {
            counts_calls: true,
            functions: (0..calls.len())
                .map(|position| Function {
                    key: FunctionKey {
                        name: self.functions[position].name.into(),
                        file: self.functions[position].file.into(),
                        line: if self.functions[position].file == "~" {
                            0
                        } else {
                            position as u32 + 1
                        },
                    },
                    cost: cost(calls[position], own[position], each[position]),
                })
                .collect(),
            edges: self
                .edges
                .iter()
                .map(|&(caller, callee, per_call)| Edge {
                    caller,
                    callee,
                    cost: cost(calls[caller] * per_call(n), own[callee], each[callee]),
                })
                .collect(),
            ..Profile::default()
        }
    }

    pub fn judged_at(&self, sizes: &[f64], slow: &[f64], settings: &Settings) -> Phase1 {
        let runs: Vec<MeasuredRun> = sizes
            .iter()
            .enumerate()
            .map(|(order, &size)| {
                let profile = self.profile(size, slow[order % slow.len()]);
                MeasuredRun {
                    id: format!("run-{size}"),
                    size,
                    wall_seconds: Some(profile.functions[0].cost.ttot),
                    profile: Some(profile),
                    order: [3, 0, 4, 1, 2][order % 5],
                    ..MeasuredRun::default()
                }
            })
            .collect();
        phase1(&runs, settings).unwrap()
    }

    pub fn judged(&self) -> Phase1 {
        self.judged_at(&SIZES, &[1.0], &Settings::default())
    }
}

/// The main loop of a strategy: `main` calls `on_iteration` n times.
pub fn strategy() -> (Program, usize) {
    let mut program = Program::default();
    let main = program.function("main", "strategy.py", |n| 1e-6 * n);
    let iteration = program.function("on_iteration", "strategy.py", |_| 1e-5);
    let history = program.function("history", "strategy.py", |_| 2e-5);
    program.call(main, iteration, |n| n);
    program.call(iteration, history, |_| 3.0);
    (program, iteration)
}

pub fn names(culprits: &[Culprit]) -> Vec<&str> {
    culprits.iter().map(|culprit| culprit.name.as_str()).collect()
}

pub fn check(program: &Program, expected: &[&str]) -> Phase1 {
    let found = program.judged();
    assert_eq!(names(&found.culprits), expected, "{:#?}", found.culprits);
    found
}

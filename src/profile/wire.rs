//! The exchange form of a profile: what a measured program writes for the worker that measures it.
//! Compact rows of numbers in JSON; the conversion to [`Profile`] is the validation.

use serde::Deserialize;
use serde::Serialize;

use crate::profile::model::Cost;
use crate::profile::model::CostUnit;
use crate::profile::model::Edge;
use crate::profile::model::Function;
use crate::profile::model::FunctionKey;
use crate::profile::model::Origin;
use crate::profile::model::Profile;
use crate::profile::model::Thread;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Document {
    superlinear_profile: u32,
    unit: CostUnit,
    counts_calls: bool,
    #[serde(flatten)]
    origin: Origin,
    functions: Vec<FunctionRow>,
    #[serde(default)]
    edges: Vec<EdgeRow>,
    #[serde(default)]
    threads: Vec<ThreadRows>,
}

/// `[name, file, line, ncall, nactual, tsub, ttot]`
#[derive(Serialize, Deserialize)]
struct FunctionRow(String, String, u32, u64, u64, f64, f64);

/// `[caller, callee, ncall, nactual, tsub, ttot]`, the first two as positions in `functions`
#[derive(Clone, Copy, Serialize, Deserialize)]
struct EdgeRow(usize, usize, u64, u64, f64, f64);

#[derive(Serialize, Deserialize)]
struct ThreadRows {
    id: u64,
    name: String,
    functions: Vec<ThreadRow>,
}

/// `[function, ncall, nactual, tsub, ttot]`, the first as a position in `functions`
#[derive(Serialize, Deserialize)]
struct ThreadRow(usize, u64, u64, f64, f64);

/// The exchange form of `profile`, as UTF-8 JSON.
pub fn to_json(profile: &Profile) -> Vec<u8> {
    let document = Document {
        superlinear_profile: VERSION,
        unit: profile.unit,
        counts_calls: profile.counts_calls,
        origin: profile.origin.clone(),
        functions: profile.functions.iter().map(function_row).collect(),
        edges: profile.edges.iter().map(edge_row).collect(),
        threads: profile.threads.iter().map(thread_rows).collect(),
    };
    serde_json::to_vec(&document).unwrap_or_default()
}

/// Reads the exchange form.
///
/// # Errors
/// What is wrong and where, as a phrase: no JSON, another version, a row that refers to no
/// function, a cost that is not a finite number of at least 0.
pub fn from_json(bytes: &[u8]) -> Result<Profile, String> {
    let document: Document = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if document.superlinear_profile != VERSION {
        return Err(format!(
            "version {} of the exchange form is not known (known: {VERSION})",
            document.superlinear_profile
        ));
    }
    let functions: Vec<Function> = document.functions.into_iter().map(function).collect();
    let profile = Profile {
        unit: document.unit,
        counts_calls: document.counts_calls,
        edges: document.edges.into_iter().map(edge).collect(),
        threads: document.threads.into_iter().map(thread).collect(),
        origin: document.origin,
        functions,
    };
    validate(&profile)?;
    Ok(profile)
}

fn validate(profile: &Profile) -> Result<(), String> {
    let known = profile.functions.len();
    let check = |what: &str, position: usize, function: usize, cost: &Cost| {
        if function >= known {
            return Err(format!("{what} {position} refers to function {function} of {known}"));
        }
        if !(cost.tsub.is_finite() && cost.ttot.is_finite()) || cost.tsub < 0.0 || cost.ttot < 0.0 {
            return Err(format!("{what} {position} has a cost that is not a number of at least 0"));
        }
        Ok(())
    };
    for (position, function) in profile.functions.iter().enumerate() {
        check("function", position, position, &function.cost)?;
    }
    for (position, edge) in profile.edges.iter().enumerate() {
        check("edge", position, edge.caller, &edge.cost)?;
        check("edge", position, edge.callee, &edge.cost)?;
    }
    for (position, thread) in profile.threads.iter().enumerate() {
        for (function, cost) in &thread.costs {
            check("thread", position, *function, cost)?;
        }
    }
    Ok(())
}

fn function_row(function: &Function) -> FunctionRow {
    let Function { key, cost } = function;
    let FunctionKey { name, file, line } = key.clone();
    FunctionRow(name, file, line, cost.ncall, cost.nactual, cost.tsub, cost.ttot)
}

fn edge_row(edge: &Edge) -> EdgeRow {
    let Edge { caller, callee, cost } = *edge;
    EdgeRow(caller, callee, cost.ncall, cost.nactual, cost.tsub, cost.ttot)
}

fn thread_rows(thread: &Thread) -> ThreadRows {
    let row = |&(function, cost): &(usize, Cost)| {
        ThreadRow(function, cost.ncall, cost.nactual, cost.tsub, cost.ttot)
    };
    ThreadRows {
        id: thread.id,
        name: thread.name.clone(),
        functions: thread.costs.iter().map(row).collect(),
    }
}

fn function(row: FunctionRow) -> Function {
    let FunctionRow(name, file, line, ncall, nactual, tsub, ttot) = row;
    Function { key: FunctionKey { name, file, line }, cost: Cost { ncall, nactual, tsub, ttot } }
}

fn edge(row: EdgeRow) -> Edge {
    let EdgeRow(caller, callee, ncall, nactual, tsub, ttot) = row;
    Edge { caller, callee, cost: Cost { ncall, nactual, tsub, ttot } }
}

fn thread(rows: ThreadRows) -> Thread {
    let cost = |ThreadRow(function, ncall, nactual, tsub, ttot): ThreadRow| {
        (function, Cost { ncall, nactual, tsub, ttot })
    };
    Thread { id: rows.id, name: rows.name, costs: rows.functions.into_iter().map(cost).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Profile {
        let cost = |ncall, tsub, ttot| Cost { ncall, nactual: ncall, tsub, ttot };
        let named = |name: &str, line, cost| Function {
            key: FunctionKey { name: name.into(), file: "a.py".into(), line },
            cost,
        };
        Profile {
            counts_calls: true,
            functions: vec![
                named("main", 1, cost(1, 0.5, 2.0)),
                named("work", 7, cost(3, 1.5, 1.5)),
            ],
            edges: vec![Edge { caller: 0, callee: 1, cost: cost(3, 1.5, 1.5) }],
            threads: vec![Thread {
                id: 1,
                name: "main".into(),
                costs: vec![(1, cost(3, 1.5, 1.5))],
            }],
            ..Profile::default()
        }
    }

    #[test]
    fn comes_back_as_it_was_written() {
        assert_eq!(from_json(&to_json(&sample())), Ok(sample()));
    }

    #[test]
    fn refuses_rows_that_refer_to_no_function() {
        let mut profile = sample();
        profile.edges[0].callee = 9;
        let message = from_json(&to_json(&profile)).unwrap_err();
        assert_eq!(message, "edge 0 refers to function 9 of 2");
    }

    #[test]
    fn refuses_every_cut() {
        let whole = to_json(&sample());
        for length in 0..whole.len() {
            assert!(from_json(&whole[..length]).is_err(), "cut at {length}");
        }
    }
}

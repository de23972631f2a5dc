//! What the size of a run is: its days, its own number, or the calls of a function; and which of
//! them the measured work follows best.

use std::collections::BTreeSet;

use crate::analysis::identity::FunctionSeries;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::SizeBy;
use crate::analysis::middle::median;
use crate::error::Error;
use crate::error::Result;
use crate::profile::FunctionKey;
use crate::stats::Line;

/// Names that an error message offers.
const NEAREST: usize = 5;
/// Scatter of the calls about a power of the size from which the size is a poor one.
const POOR_FIT: f64 = 0.02;
/// A better size leaves at most this part of the scatter.
const CLEARLY_BETTER: f64 = 1.0 / 3.0;
/// Calls that a function needs in every run to serve as a size.
const LEAST_CALLS: f64 = 10.0;
/// Functions that are compared with each other when a better size is sought.
const MOST_COMPARED: usize = 60;

/// The size of every run; `None` for a run that has none under `size_by`.
///
/// `sizes`: the runs' own sizes or counters, one per run, as in the costs of `functions`.
///
/// # Errors
/// When the function that sizes are to be counted by is unknown, or its name stands for several.
pub fn sizes(
    size_by: &SizeBy,
    sizes: &[f64],
    functions: &[FunctionSeries],
) -> Result<Vec<Option<f64>>> {
    let usable = |size: &f64| size.is_finite() && *size > 0.0;
    match size_by {
        SizeBy::Size | SizeBy::Counter(_) | SizeBy::Unknown => {
            Ok(sizes.iter().map(|size| Some(*size).filter(usable)).collect())
        }
        SizeBy::Calls(name) => Ok(find(name, functions)?
            .ncall()
            .into_iter()
            .map(|calls| calls.filter(usable))
            .collect()),
    }
}

/// The counter `name` of every run, one per run; NaN where a run did not count it.
///
/// # Errors
/// When no run counted it; the error lists what they did count.
pub fn counted(runs: &[MeasuredRun], name: &str) -> Result<Vec<f64>> {
    let known: BTreeSet<&str> =
        runs.iter().flat_map(|run| run.counters.keys()).map(String::as_str).collect();
    if !known.contains(name) {
        return Err(Error::unknown("counter", name, known));
    }
    Ok(runs.iter().map(|run| run.counters.get(name).copied().unwrap_or(f64::NAN)).collect())
}

/// The function that `name` stands for: a bare name, or `file:name` where the file is the end of a
/// path.
///
/// # Errors
/// When there is none, with the nearest names, or when there are several, with where each stands.
pub fn find<'a>(name: &str, functions: &'a [FunctionSeries]) -> Result<&'a FunctionSeries> {
    let found: Vec<&FunctionSeries> =
        functions.iter().filter(|function| is_called(function, name)).collect();
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(Error::unknown("function", name, nearest(name, functions))),
        several => Err(Error::usage(
            format!("cannot choose a function: `{name}` stands for {}", listed(several)),
            format!("name one of them, for example `{}:{}`", several[0].key.file, bare(several[0])),
        )),
    }
}

/// What [`find`] finds `function` by: its name, or that with its file where several have the name.
/// `None` when not even that is its own.
pub fn unambiguous(function: &FunctionSeries, functions: &[FunctionSeries]) -> Option<String> {
    let FunctionKey { name, file, .. } = &function.key;
    [name.clone(), format!("{file}:{name}"), format!("{file}:{}", bare(function))]
        .into_iter()
        .find(|name| find(name, functions).is_ok_and(|found| found.key == function.key))
}

/// The function whose calls measure the work much better than the present sizes do.
///
/// `sizes`: one per run; `functions`: those to be judged, the costliest first.
/// `None` when the present sizes fit well or nothing fits much better.
pub fn better<'a>(
    sizes: &[Option<f64>],
    functions: &[&'a FunctionSeries],
) -> Option<&'a FunctionSeries> {
    let calls: Vec<(&FunctionSeries, Vec<Option<f64>>)> = functions
        .iter()
        .map(|function| (*function, function.ncall()))
        .filter(|(_, calls)| grows(calls))
        .take(MOST_COMPARED)
        .collect();
    let present = misfit(sizes, &calls)?;
    if present < POOR_FIT {
        return None;
    }
    let (best, scatter) = calls
        .iter()
        .filter_map(|(function, own)| Some((*function, misfit(own, &calls)?)))
        .min_by(|left, right| left.1.total_cmp(&right.1))?;
    (scatter < present * CLEARLY_BETTER).then_some(best)
}

/// Median scatter of the calls of all functions about a power of `sizes`.
fn misfit(sizes: &[Option<f64>], calls: &[(&FunctionSeries, Vec<Option<f64>>)]) -> Option<f64> {
    let scatters: Vec<f64> = calls
        .iter()
        .filter_map(|(_, calls)| {
            let points: Vec<(f64, f64)> = sizes
                .iter()
                .zip(calls)
                .filter_map(|(size, calls)| Some(((*size)?, (*calls)?)))
                .collect();
            Line::through(&points)?.residual
        })
        .collect();
    // One function always fits itself; three show a common measure.
    median(&scatters).filter(|_| scatters.len() > 3)
}

/// Whether the calls are many in every run, and not the same in all.
fn grows(calls: &[Option<f64>]) -> bool {
    let known: Vec<f64> = calls.iter().flatten().copied().collect();
    known.len() == calls.len()
        && known.iter().all(|calls| *calls >= LEAST_CALLS)
        && known.iter().any(|calls| *calls != known[0])
}

fn is_called(function: &FunctionSeries, name: &str) -> bool {
    let is_name = |name: &str| function.key.name == name || bare(function) == name;
    let is_file = |file: &str| {
        let path = &function.key.file;
        !file.is_empty()
            && path
                .strip_suffix(file)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/') || file.starts_with('/'))
    };
    is_name(name)
        || name
            .rmatch_indices(':')
            .any(|(colon, _)| is_file(&name[..colon]) && is_name(&name[colon + 1..]))
}

fn bare(function: &FunctionSeries) -> &str {
    crate::analysis::identity::name::bare(&function.key.name, function.key.line)
}

fn nearest<'a>(name: &str, functions: &'a [FunctionSeries]) -> Vec<&'a str> {
    let wanted = name.rsplit(':').next().unwrap_or(name);
    let mut names: Vec<(usize, &str)> = functions
        .iter()
        .map(|function| {
            let known = bare(function);
            (strsim::damerau_levenshtein(wanted, known), known)
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().take(NEAREST).map(|(_, name)| name).collect()
}

fn listed(functions: &[&FunctionSeries]) -> String {
    let mut places: Vec<String> = functions
        .iter()
        .take(NEAREST)
        .map(|function| {
            format!("`{}:{}` (line {})", function.key.file, bare(function), function.key.line)
        })
        .collect();
    if functions.len() > NEAREST {
        places.push(format!("{} more", functions.len() - NEAREST));
    }
    places.join(", ")
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;

    use super::*;

    fn function(name: &str, file: &str, calls: &[u64]) -> FunctionSeries {
        FunctionSeries {
            key: FunctionKey { name: name.into(), file: file.into(), line: 3 },
            costs: calls
                .iter()
                .map(|&ncall| (ncall > 0).then(|| Cost { ncall, ..Cost::default() }))
                .collect(),
        }
    }

    fn program() -> Vec<FunctionSeries> {
        vec![
            function("Strategy.on_iteration", "/x/a.py", &[100, 0, 400]),
            function("close", "/x/a.py", &[1, 1, 1]),
            function("close", "/x/b.py", &[2, 2, 2]),
        ]
    }

    fn check(size_by: &SizeBy, expected: std::result::Result<&[Option<f64>], &str>) {
        let found = sizes(size_by, &[7.0, f64::NAN, 28.0], &program());
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (found, expected) => {
                assert_eq!(found.unwrap_err().to_string(), expected.unwrap_err());
            }
        }
    }

    #[test]
    fn a_size_is_a_number_above_zero() {
        check(&SizeBy::Size, Ok(&[Some(7.0), None, Some(28.0)]));
    }

    #[test]
    fn calls_of_a_function_can_be_the_size() {
        let calls = [Some(100.0), None, Some(400.0)];
        for name in
            ["on_iteration", "Strategy.on_iteration", "a.py:on_iteration", "/x/a.py:on_iteration"]
        {
            check(&SizeBy::Calls(name.into()), Ok(&calls));
        }
        check(&SizeBy::Calls("b.py:close".into()), Ok(&[Some(2.0); 3]));
    }

    #[test]
    fn a_name_must_stand_for_one_function() {
        check(
            &SizeBy::Calls("on_iteratoin".into()),
            Err("unknown function `on_iteratoin` (known: `on_iteration`, `close`)"),
        );
        check(
            &SizeBy::Calls("close".into()),
            Err(
                "cannot choose a function: `close` stands for `/x/a.py:close` (line 3), `/x/b.py:close` (line 3)",
            ),
        );
        check(
            &SizeBy::Calls(".py:close".into()),
            Err("unknown function `.py:close` (known: `close`, `on_iteration`)"),
        );
    }

    #[test]
    fn a_name_that_several_have_is_told_with_its_file() {
        let name = |position: usize, functions: &[FunctionSeries]| {
            unambiguous(&functions[position], functions)
        };
        let mut functions = program();
        assert_eq!(name(0, &functions).as_deref(), Some("Strategy.on_iteration"));
        assert_eq!(name(2, &functions).as_deref(), Some("/x/b.py:close"));
        functions.push(function("close", "/x/b.py", &[3, 3, 3]));
        functions[3].key.line = 40;
        assert_eq!(name(2, &functions), None);
    }

    #[test]
    fn suggests_the_work_that_days_measure_badly() {
        let work = [100, 130, 390, 1_700];
        let functions: Vec<FunctionSeries> =
            (1..6).map(|each| function("f", "a.py", &work.map(|calls| calls * each))).collect();
        let functions: Vec<&FunctionSeries> = functions.iter().collect();
        let days = [7.0, 7.0, 30.0, 90.0].map(Some);
        assert!(better(&days, &functions).is_some());
        assert!(better(&work.map(|calls| Some(calls as f64)), &functions).is_none());
        assert!(better(&[], &[]).is_none());
    }
}

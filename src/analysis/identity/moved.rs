//! Functions whose line changed because their file was edited between runs, matched by name.
//! Only when nothing speaks against it: two functions of one name are never taken for one.

use std::collections::BTreeMap;

use crate::analysis::identity::name;
use crate::analysis::identity::series::FunctionSeries;

/// For every function the position of the one that it is a moved version of; itself where it is
/// none. The version with the most recent run (the last one it was seen in) stands for all.
///
/// Functions of one name in one file are one function when no run knows two of them, the name does
/// not stand for many (`<lambda>`), and no function further down kept its line in the same two
/// runs: an insertion moves everything below it.
pub fn same_function(functions: &[FunctionSeries]) -> Vec<usize> {
    let mut stands_for: Vec<usize> = (0..functions.len()).collect();
    for file in by_file(functions).values() {
        for versions in by_name(functions, file).values() {
            if versions.len() > 1 && are_one(functions, file, versions) {
                let last = last_seen(functions, versions);
                for &version in versions {
                    stands_for[version] = last;
                }
            }
        }
    }
    stands_for
}

fn by_file(functions: &[FunctionSeries]) -> BTreeMap<&str, Vec<usize>> {
    let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, function) in functions.iter().enumerate() {
        if function.key.line > 0 {
            files.entry(&function.key.file).or_default().push(position);
        }
    }
    files
}

fn by_name<'a>(functions: &'a [FunctionSeries], file: &[usize]) -> BTreeMap<&'a str, Vec<usize>> {
    let mut names: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &position in file {
        let name = functions[position].key.name.as_str();
        if !name::is_anonymous(name) {
            names.entry(name).or_default().push(position);
        }
    }
    names
}

fn are_one(functions: &[FunctionSeries], file: &[usize], versions: &[usize]) -> bool {
    versions.iter().enumerate().all(|(index, &first)| {
        versions[index + 1..].iter().all(|&second| {
            let (first, second) = (&functions[first], &functions[second]);
            !share_a_run(first, second)
                && !file.iter().any(|&other| kept_its_line_below(&functions[other], first, second))
        })
    })
}

fn share_a_run(first: &FunctionSeries, second: &FunctionSeries) -> bool {
    first.costs.iter().zip(&second.costs).any(|(first, second)| first.is_some() && second.is_some())
}

/// Whether `other` lies below the upper of the two and was seen in a run of each.
fn kept_its_line_below(
    other: &FunctionSeries,
    first: &FunctionSeries,
    second: &FunctionSeries,
) -> bool {
    other.key.line > first.key.line.min(second.key.line)
        && share_a_run(other, first)
        && share_a_run(other, second)
}

fn last_seen(functions: &[FunctionSeries], versions: &[usize]) -> usize {
    versions
        .iter()
        .copied()
        .max_by_key(|&version| functions[version].costs.iter().rposition(Option::is_some))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;
    use crate::profile::FunctionKey;

    use super::*;

    /// `rows`: name, line, and in which of the runs the function was seen, as in `x.x`.
    fn check(rows: &[(&str, u32, &str)], expected: &[usize]) {
        let functions: Vec<FunctionSeries> = rows
            .iter()
            .map(|&(name, line, seen)| FunctionSeries {
                key: FunctionKey { name: name.into(), file: "a.py".into(), line },
                costs: seen.chars().map(|mark| (mark == 'x').then(Cost::default)).collect(),
            })
            .collect();
        assert_eq!(same_function(&functions), expected);
    }

    #[test]
    fn a_function_that_moved_is_one_function() {
        check(&[("f", 10, "xx."), ("f", 12, "..x")], &[1, 1]);
        check(&[("g", 5, "xxx"), ("f", 10, "x.."), ("f", 12, ".xx")], &[0, 2, 2]);
        check(&[("f", 9, "x.."), ("f", 10, ".x."), ("f", 12, "..x")], &[2, 2, 2]);
    }

    #[test]
    fn two_functions_of_one_name_stay_two() {
        check(&[("f", 10, "xx"), ("f", 12, ".x")], &[0, 1]);
        check(&[("f", 10, "x."), ("f", 50, ".x"), ("g", 60, "xx")], &[0, 1, 2]);
        check(&[("<lambda>", 10, "x."), ("<lambda>", 12, ".x")], &[0, 1]);
        check(&[("f", 0, "x."), ("f", 0, ".x")], &[0, 1]);
    }
}

//! The plain log ratio of every two runs: what a person computes by hand, always shown beside the
//! fit.

use std::collections::HashMap;

use crate::analysis::document::Pair;
use crate::analysis::middle::median;
use crate::stats::ratio;

/// Runs of which every two are shown; beyond, their pairs would outgrow everything else that is
/// told of a function.
const MOST_PAIRED: usize = 12;

/// The log ratios of all pairs of runs of different size, from the smaller to the larger run; of
/// more than [`MOST_PAIRED`] runs those to the next larger size, and that of the first and the last.
///
/// `runs`: id and size, one per run, repetitions by the same id; `values`: one per run. Of
/// repetitions the median counts. A pair without a ratio (equal sizes, a value missing or not above
/// 0) is left out.
/// Example: 7 days, 1,000 calls to 30 days, 18,000 calls: ln 18 / ln(30/7) = 1.986.
pub fn log_ratios(runs: &[(&str, f64)], values: &[Option<f64>]) -> Vec<Pair> {
    let known = medians(runs, values);
    let pair = |one: &Known<'_>, other: &Known<'_>| {
        let (small, large) = if one.1 <= other.1 { (one, other) } else { (other, one) };
        let exponent = ratio::exponent(small.1, small.2, large.1, large.2)?;
        Some(Pair { from: small.0.into(), to: large.0.into(), exponent })
    };
    if known.len() > MOST_PAIRED {
        return neighbours(known).iter().filter_map(|(one, other)| pair(one, other)).collect();
    }
    let with_later = |(place, one)| known[place + 1..].iter().filter_map(move |two| pair(one, two));
    known.iter().enumerate().flat_map(with_later).collect()
}

/// Id, size and value.
type Known<'a> = (&'a str, f64, f64);

/// Every run with the first of the next larger size, and the smallest with the largest.
fn neighbours(mut known: Vec<Known<'_>>) -> Vec<(Known<'_>, Known<'_>)> {
    known.sort_by(|left, right| left.1.total_cmp(&right.1));
    let next =
        |run: &Known<'_>| known.get(known.partition_point(|other| other.1 <= run.1)).copied();
    let mut pairs: Vec<_> = known.iter().filter_map(|run| Some((*run, next(run)?))).collect();
    pairs.extend(known.first().copied().zip(known.last().copied()));
    pairs
}

/// Id, size and value of every run that has one.
fn medians<'a>(runs: &[(&'a str, f64)], values: &[Option<f64>]) -> Vec<Known<'a>> {
    let mut by_id: Vec<(&str, Vec<f64>, Vec<f64>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (&(id, size), value) in runs.iter().zip(values) {
        let Some(value) = value else { continue };
        let place = *places.entry(id).or_insert(by_id.len());
        if place == by_id.len() {
            by_id.push((id, Vec::new(), Vec::new()));
        }
        by_id[place].1.push(size);
        by_id[place].2.push(*value);
    }
    let middle = |(id, sizes, values): (_, Vec<f64>, Vec<f64>)| {
        Some((id, median(&sizes)?, median(&values)?))
    };
    by_id.into_iter().filter_map(middle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runs: &[(&str, f64)], values: &[Option<f64>], expected: &[(&str, &str, f64)]) {
        let pairs = log_ratios(runs, values);
        assert_eq!(pairs.len(), expected.len(), "{pairs:?}");
        for (pair, (from, to, exponent)) in pairs.iter().zip(expected) {
            assert_eq!((pair.from.as_str(), pair.to.as_str()), (*from, *to));
            assert!((pair.exponent - exponent).abs() < 5e-4, "{pair:?}");
        }
    }

    #[test]
    fn every_pair_of_different_size_has_a_ratio() {
        check(
            &[("a", 7.0), ("b", 30.0), ("c", 60.0)],
            &[Some(1_000.0), Some(18_000.0), Some(36_000.0)],
            &[("a", "b", 1.986), ("a", "c", 1.668), ("b", "c", 1.0)],
        );
        check(&[("b", 30.0), ("a", 7.0)], &[Some(18.0), Some(1.0)], &[("a", "b", 1.986)]);
    }

    #[test]
    fn of_repetitions_the_median_counts() {
        // ln 18 / ln(30/7) again: 18,000 lies between the two others of its run.
        check(
            &[("a", 7.0), ("b", 30.0), ("b", 30.0), ("b", 30.0)],
            &[Some(1_000.0), Some(90_000.0), Some(18_000.0), Some(17_000.0)],
            &[("a", "b", 1.986)],
        );
        check(&[("a", 7.0), ("a", 7.0)], &[Some(1.0), Some(2.0)], &[]);
    }

    #[test]
    fn of_many_runs_neighbours_are_paired_and_the_ends() {
        let sizes: Vec<f64> = [1.0, 1.0].into_iter().chain((1..=12).map(f64::from)).collect();
        let ids: Vec<String> = (0..sizes.len()).map(|run| format!("r{run}")).collect();
        let runs: Vec<(&str, f64)> = ids.iter().map(String::as_str).zip(sizes.clone()).collect();
        let values: Vec<Option<f64>> = sizes.iter().map(|size| Some(size * size)).collect();
        let every = log_ratios(&runs[2..], &values[2..]);
        assert_eq!(every.len(), 12 * 11 / 2);
        let pairs = log_ratios(&runs, &values);
        let ends: Vec<(&str, &str)> =
            pairs.iter().map(|pair| (pair.from.as_str(), pair.to.as_str())).collect();
        assert_eq!(ends[..4], [("r0", "r3"), ("r1", "r3"), ("r2", "r3"), ("r3", "r4")]);
        assert_eq!((ends.len(), ends[ends.len() - 1]), (14, ("r0", "r13")));
        assert!(pairs.iter().all(|pair| (pair.exponent - 2.0).abs() < 1e-9));
    }

    #[test]
    fn leaves_out_what_has_no_ratio() {
        check(&[("a", 7.0), ("b", 7.0)], &[Some(1.0), Some(2.0)], &[]);
        check(&[("a", 7.0), ("b", 9.0)], &[Some(0.0), Some(2.0)], &[]);
        check(&[("a", 7.0), ("b", 9.0)], &[None, Some(2.0)], &[]);
        check(&[("a", 7.0), ("b", 9.0)], &[Some(f64::NAN), Some(2.0)], &[]);
        check(&[("a", 0.0), ("b", 9.0)], &[Some(1.0), Some(2.0)], &[]);
    }
}

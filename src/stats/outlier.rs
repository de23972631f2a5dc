//! Slow repetitions: values far above the others of their own size.
//! Never drops across sizes: the largest run is not an outlier.

use crate::stats::bench::median;
use crate::stats::series::Value;

/// How many scaled median absolute deviations a value may lie above the others.
const LIMIT: f64 = 3.5;
/// From the median absolute deviation to a standard deviation, with what small samples lack.
const SCALE: f64 = 1.4826 * 1.1;
const LEAST_REPETITIONS: usize = 3;
const LEAST_RESIDUALS: usize = 8;

/// What is left of values sorted by place, and the runs that were dropped, or `None` when there
/// are too few repetitions to tell: a size needs three, and eight residuals in all.
///
/// `floor`: standard deviation in `ln` below which nothing counts as far.
///
/// Source: one-sided rule on the median absolute deviation, pooled over sizes.
/// Example: residuals 0, ±0.01, ±0.02, ±0.03, 0.5: their median size is 0.02, so the limit is
/// 3.5 · 1.4826 · 1.1 · 0.02 = 0.114 and 0.5 goes.
pub fn without_slow(values: &[Value], floor: f64) -> Option<(Vec<Value>, Vec<usize>)> {
    let residuals = residuals(values);
    let pooled: Vec<f64> = residuals.iter().flatten().map(|residual| residual.abs()).collect();
    if pooled.len() < LEAST_RESIDUALS {
        return None;
    }
    let limit = LIMIT * (SCALE * median(&pooled).unwrap_or_default()).max(floor);
    let is_slow = |residual: &Option<f64>| residual.is_some_and(|residual| residual > limit);
    let mut kept = Vec::with_capacity(values.len());
    let mut dropped = Vec::new();
    for (value, residual) in values.iter().zip(&residuals) {
        match is_slow(residual) {
            true => dropped.push(value.run),
            false => kept.push(*value),
        }
    }
    dropped.sort_unstable();
    Some((kept, dropped))
}

/// Distance of each value from the median of its size, where there are enough repetitions.
fn residuals(values: &[Value]) -> Vec<Option<f64>> {
    let mut residuals = Vec::with_capacity(values.len());
    for same in values.chunk_by(|a, b| a.place == b.place) {
        let logs: Vec<f64> = same.iter().map(|value| value.ln).collect();
        let middle = median(&logs).unwrap_or_default();
        let enough = same.len() >= LEAST_REPETITIONS;
        residuals.extend(same.iter().map(|value| enough.then_some(value.ln - middle)));
    }
    residuals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(residuals: &[(usize, f64)]) -> Vec<Value> {
        residuals
            .iter()
            .enumerate()
            .map(|(run, (place, ln))| Value { run, place: *place, ln: *ln, known_variance: 0.0 })
            .collect()
    }

    fn check(residuals: &[(usize, f64)], floor: f64, expected: Option<&[usize]>) {
        let dropped = without_slow(&values(residuals), floor).map(|(_, dropped)| dropped);
        assert_eq!(dropped.as_deref(), expected);
    }

    #[test]
    fn drops_what_lies_far_above_its_own_size() {
        let near = [-0.03, -0.02, -0.01, 0.0, 0.0, 0.01, 0.02, 0.03];
        let mut series: Vec<(usize, f64)> = near.iter().map(|ln| (0, *ln)).collect();
        series.push((0, 0.5));
        check(&series, 0.01, Some(&[8]));
        series[8].1 = 0.08;
        check(&series, 0.01, Some(&[]));
        series[8].1 = -0.5;
        check(&series, 0.01, Some(&[]));
    }

    #[test]
    fn never_drops_a_size_or_judges_by_few() {
        let mut series: Vec<(usize, f64)> = (0..9).map(|run| (run / 3, 0.0)).collect();
        series.push((3, 9.0));
        check(&series, 0.01, Some(&[]));
        check(&[(0, 0.0), (0, 0.0), (0, 9.0)], 0.01, None);
    }

    #[test]
    fn equal_values_do_not_make_the_next_step_an_outlier() {
        let mut series: Vec<(usize, f64)> = (0..9).map(|_| (0, 0.0)).collect();
        series.push((0, 0.03));
        check(&series, 0.01, Some(&[]));
        check(&series, 0.001, Some(&[9]));
    }
}

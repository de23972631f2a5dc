//! What a person would compute: the log ratio and two straight lines on log-log axes.

use superlinear::stats::Class;
use superlinear::stats::Line;
use superlinear::stats::ratio;

use crate::case::Case;

/// Log ratio of the medians at the smallest and the largest size.
pub fn log_ratio(case: &Case) -> f64 {
    let points = medians(case);
    let (first, last) = (points[0], points[points.len() - 1]);
    ratio::exponent(first.0, first.1, last.0, last.1).unwrap_or(0.0)
}

/// Least-squares line through all values.
pub fn line(case: &Case) -> f64 {
    let points: Vec<(f64, f64)> =
        case.sizes.iter().copied().zip(case.values.iter().copied()).collect();
    Line::through(&points).map_or(0.0, |line| line.exponent)
}

/// Median of the slopes of all pairs of different sizes.
pub fn theil_sen(case: &Case) -> f64 {
    let points: Vec<(f64, f64)> =
        case.sizes.iter().copied().zip(case.values.iter().copied()).collect();
    let slopes = points.iter().enumerate().flat_map(|(index, a)| {
        points[..index].iter().filter_map(|b| ratio::exponent(a.0, a.1, b.0, b.1))
    });
    median(slopes.collect())
}

/// The named class whose exponent at the largest size is nearest.
pub fn nearest_class(exponent: f64, largest: f64) -> Class {
    let distance = |class: &Class| (class.exponent_at(largest.ln()) - exponent).abs();
    let nearest = Class::ALL.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.unwrap_or(Class::Constant)
}

fn medians(case: &Case) -> Vec<(f64, f64)> {
    let mut sizes = case.sizes.clone();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let at = |size: &f64| {
        let same = case.sizes.iter().zip(&case.values).filter(|(other, _)| *other == size);
        (*size, median(same.map(|(_, value)| *value).collect()))
    };
    sizes.iter().map(at).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

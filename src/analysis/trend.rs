//! Whether one series moves with another, and the trend that is in it.

use crate::stats::bench::mean;

/// Correlation from which two series are taken to follow each other.
const FOLLOWS: f64 = 0.8;
/// Values that have an order at all.
const LEAST: usize = 3;

/// The curve through `logs`, in order of size, that only rises, or only falls where they fall on the
/// whole: what breaks the order is averaged with its neighbours, and runs of one size are one.
/// Whatever form the growth has that all functions share, it is in this curve.
///
/// Source: pooling of adjacent violators; Ayer, Brunk, Ewing, Reid and Silverman, 1955.
/// Example: 0, 0.3, 0.1 and 0.4 give 0, 0.2, 0.2 and 0.4.
pub fn monotone(sizes: &[f64], logs: &[f64]) -> Vec<f64> {
    let rises = correlation(sizes, logs) >= 0.0;
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (position, log) in logs.iter().enumerate() {
        let is_same_size = position > 0 && sizes[position - 1] == sizes[position];
        match blocks.last_mut().filter(|_| is_same_size) {
            Some(last) => *last = (last.0 + log, last.1 + 1),
            None => blocks.push((*log, 1)),
        }
        while let [.., before, last] = blocks.as_mut_slice() {
            let mean = |block: (f64, usize)| block.0 / block.1 as f64;
            let breaks =
                if rises { mean(*before) > mean(*last) } else { mean(*before) < mean(*last) };
            if !breaks {
                break;
            }
            *before = (before.0 + last.0, before.1 + last.1);
            blocks.pop();
        }
    }
    let spread = |(sum, count): (f64, usize)| std::iter::repeat_n(sum / count as f64, count);
    blocks.into_iter().flat_map(spread).collect()
}

/// Whether two series move together by more than chance, in a line or in their order alone: growth
/// that all functions share need be no power of the size.
///
/// Example: 0.02, 0.06, 0.22 and 0.69 over 1, 2, 3 and 4: 0.92 in a line, less than the 0.95 that
/// chance may reach, but 1 by rank.
pub fn follows(left: &[f64], right: &[f64]) -> bool {
    let in_order = left.len() >= LEAST && correlate(&ranks(left), &ranks(right));
    in_order || follows_in_a_line(left, right)
}

/// The rank of each value; equal ones share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 - 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// A correlation of 0.8 and, for few runs, of what one in twenty pairs of unrelated series would
/// reach.
fn follows_in_a_line(left: &[f64], right: &[f64]) -> bool {
    /// Two-sided 5 % points of the correlation of 3 to 6 unrelated pairs; below 0.8 from 7 on.
    const BY_CHANCE: [f64; 4] = [0.997, 0.950, 0.878, 0.811];
    let Some(beyond_three) = left.len().checked_sub(3) else {
        return false;
    };
    let needed = BY_CHANCE.get(beyond_three).copied().unwrap_or(FOLLOWS).max(FOLLOWS);
    correlation(left, right).abs() >= needed
}

/// Whether two series have a correlation of 0.8 or more, of either sign.
pub fn correlate(left: &[f64], right: &[f64]) -> bool {
    correlation(left, right).abs() >= FOLLOWS
}

/// Pearson's correlation; 0 where one series does not vary.
fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let (Some(middle_left), Some(middle_right)) = (mean(left), mean(right)) else {
        return 0.0;
    };
    let moments = left.iter().zip(right).fold((0.0, 0.0, 0.0), |(sxy, sxx, syy), (x, y)| {
        let (dx, dy) = (x - middle_left, y - middle_right);
        (sxy + dx * dy, sxx + dx * dx, syy + dy * dy)
    });
    let (sxy, sxx, syy) = moments;
    let scale = (sxx * syy).sqrt();
    let correlation = sxy / scale;
    if scale > 0.0 && correlation.is_finite() { correlation } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monotone_curve_averages_what_breaks_its_order() {
        let check = |sizes: &[f64], logs: &[f64], expected: &[f64]| {
            let found = monotone(sizes, logs);
            found
                .iter()
                .zip(expected)
                .for_each(|(found, expected)| assert!((found - expected).abs() < 1e-9));
            assert_eq!(found.len(), expected.len());
        };
        let sizes = [1.0, 2.0, 3.0, 4.0];
        check(&sizes, &[0.0, 0.3, 0.1, 0.4], &[0.0, 0.2, 0.2, 0.4]);
        check(&sizes, &[0.4, 0.1, 0.3, 0.0], &[0.4, 0.2, 0.2, 0.0]);
        check(&[1.0, 1.0, 2.0], &[0.1, 0.3, 0.5], &[0.2, 0.2, 0.5]);
        check(&[], &[], &[]);
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
    }
}

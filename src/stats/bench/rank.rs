//! Is one sample larger than another, by the order of their values alone? What scatters oddly, in
//! steps or with values far off, cannot mislead it.

use crate::stats::gamma::normal_above;

/// Probability, when `first` and `second` come from one distribution, that `second` ranks at least
/// so high; `None` of an empty sample, or when all values are the same.
///
/// Source: Mann and Whitney (1947), by the normal approximation with corrections for ties and
/// continuity; U counts the pairs in which the second value is the larger, a tie as half of one.
/// Example: 1, 2 and 3, 4: U = 4 of a mean of 2, variance 2·2·5/12 = 5/3, z = 1.5 / √(5/3) =
/// 1.1619, p = 0.1226.
pub fn ranks_higher(first: &[f64], second: &[f64]) -> Option<f64> {
    let (n, m) = (first.len() as f64, second.len() as f64);
    let mut tagged: Vec<(f64, bool)> = first.iter().map(|value| (*value, false)).collect();
    tagged.extend(second.iter().map(|value| (*value, true)));
    tagged.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut lower, mut u, mut ties) = (0.0, 0.0, 0.0);
    for group in tagged.chunk_by(|left, right| left.0 == right.0) {
        let seconds = group.iter().filter(|(_, is_second)| *is_second).count() as f64;
        let all = group.len() as f64;
        let firsts = all - seconds;
        u += seconds * (lower + 0.5 * firsts);
        lower += firsts;
        ties += all * all * all - all;
    }
    let all = n + m;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    let z = (u - n * m / 2.0 - 0.5) / variance.sqrt();
    (variance > 0.0 && z.is_finite()).then(|| normal_above(z).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: &[f64], second: &[f64], expected: f64) {
        let found = ranks_higher(first, second).unwrap();
        assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
    }

    #[test]
    fn ranks_by_hand() {
        check(&[1.0, 2.0], &[3.0, 4.0], 0.1226);
        // U = 0: z = −2.5 / √(5/3) = −1.9365.
        check(&[4.0, 3.0], &[2.0, 1.0], 0.9736);
        // U = 1.5 + 2 of a mean of 2; a tie of two: variance 4/12 · (5 − 6/12) = 1.5; z = 1 / √1.5.
        check(&[1.0, 2.0], &[2.0, 3.0], 0.2071);
    }

    #[test]
    fn equal_values_have_no_order() {
        assert_eq!(ranks_higher(&[1.0, 1.0], &[1.0]), None);
        assert_eq!(ranks_higher(&[], &[1.0, 2.0]), None);
    }
}

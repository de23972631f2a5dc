//! How sure the ratio of two medians is, by drawing again from what was measured.

use crate::stats::bench::random::Random;
use crate::stats::bench::sample::median;

/// Median of the baseline over median of the optimised version: above 1 is faster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    pub point: f64,
    pub low: f64,
    pub high: f64,
}

/// The ratio of medians with its percentile interval.
///
/// `pairs`: whether values at one place belong together and are drawn together; both slices are
/// then of one length.
/// `confidence`: of the interval, between 0 and 1.
/// `draws`: how many times; `seed`: the draws are the same for the same seed.
/// `None` when a slice is empty, pairs are not, or a median is not above 0.
///
/// Source: percentile bootstrap (Efron), quantiles by linear interpolation.
/// Example: 2, 2, 2 over 1, 1, 1 is 2 in every draw: 2 \[2, 2\].
pub fn ratio_of_medians(
    baseline: &[f64],
    optimized: &[f64],
    pairs: bool,
    confidence: f64,
    draws: usize,
    seed: u64,
) -> Option<Ratio> {
    if pairs && baseline.len() != optimized.len() {
        return None;
    }
    let point = ratio(baseline, optimized)?;
    let mut random = Random::new(seed);
    let mut ratios = Vec::with_capacity(draws);
    let again = |values: &[f64], places: &[usize]| -> Vec<f64> {
        places.iter().map(|place| values[*place]).collect()
    };
    for _ in 0..draws {
        let first = places(&mut random, baseline.len());
        let second = if pairs { first.clone() } else { places(&mut random, optimized.len()) };
        ratios.extend(ratio(&again(baseline, &first), &again(optimized, &second)));
    }
    ratios.sort_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    Some(Ratio { point, low: quantile(&ratios, tail)?, high: quantile(&ratios, 1.0 - tail)? })
}

fn places(random: &mut Random, count: usize) -> Vec<usize> {
    (0..count).map(|_| random.below(count)).collect()
}

fn ratio(baseline: &[f64], optimized: &[f64]) -> Option<f64> {
    let (baseline, optimized) = (median(baseline)?, median(optimized)?);
    (baseline > 0.0 && optimized > 0.0).then(|| baseline / optimized)
}

/// The quantile `share` of sorted values, linear between neighbours.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_that_never_varies_is_sure() {
        let found = ratio_of_medians(&[2.0; 3], &[1.0; 3], false, 0.95, 100, 1);
        assert_eq!(found, Some(Ratio { point: 2.0, low: 2.0, high: 2.0 }));
        // Pairs of one and the same ratio stay so however they are drawn.
        let found = ratio_of_medians(&[2.0, 4.0, 6.0], &[1.0, 2.0, 3.0], true, 0.95, 100, 1);
        assert_eq!(found, Some(Ratio { point: 2.0, low: 2.0, high: 2.0 }));
    }

    #[test]
    fn quantiles_by_hand() {
        let sorted = [1.0, 2.0, 4.0];
        assert_eq!(quantile(&sorted, 0.25), Some(1.5));
        assert_eq!(quantile(&sorted, 1.0), Some(4.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn says_nothing_of_nothing() {
        assert_eq!(ratio_of_medians(&[], &[1.0], false, 0.95, 10, 1), None);
        assert_eq!(ratio_of_medians(&[1.0], &[0.0], false, 0.95, 10, 1), None);
        assert_eq!(ratio_of_medians(&[1.0, 2.0], &[1.0], true, 0.95, 10, 1), None);
        assert_eq!(ratio_of_medians(&[1.0], &[1.0], true, 0.95, 0, 1), None);
    }
}

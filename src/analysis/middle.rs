//! The middle of several: the median, and the run that stands for all of its size.

pub use crate::stats::bench::median;

/// The position of the middle one of the known values, of two middle ones that of the lower; `None`
/// when none is known.
///
/// Example: of 3, 9, none and 4 the last one.
pub fn typical(values: impl Iterator<Item = Option<f64>>) -> Option<usize> {
    let known = values.enumerate().filter_map(|(place, value)| Some((value?, place)));
    let mut known: Vec<(f64, usize)> = known.collect();
    known.sort_by(|left, right| left.0.total_cmp(&right.0));
    known.get(known.len().checked_sub(1)? / 2).map(|(_, place)| *place)
}

/// Of the runs of the largest size that has a known cost, the one whose cost is in the middle.
///
/// `sizes`: one per run, in order.
pub fn typical_of_largest(sizes: &[f64], costs: &[Option<f64>]) -> Option<usize> {
    let largest = sizes[costs.iter().rposition(Option::is_some)?];
    let at_largest = |(size, cost): (&f64, &Option<f64>)| cost.filter(|_| *size == largest);
    typical(sizes.iter().zip(costs).map(at_largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typical_one_is_the_lower_of_two_middle_ones() {
        let known = |values: &[f64]| typical(values.iter().map(|value| Some(*value)));
        assert_eq!(known(&[5.0, 1.0, 4.0]), Some(2));
        assert_eq!(known(&[5.0, 1.0, 4.0, 3.0]), Some(3));
        assert_eq!(typical([Some(3.0), Some(9.0), None, Some(4.0)].into_iter()), Some(3));
        assert_eq!(typical([None, None].into_iter()), None);
    }

    #[test]
    fn of_repetitions_the_middle_one_stands_for_the_largest_size() {
        let costs = [Some(1.0), Some(7.0), Some(5.0), Some(6.0), None];
        assert_eq!(typical_of_largest(&[1.0, 8.0, 8.0, 8.0, 9.0], &costs), Some(3));
        assert_eq!(typical_of_largest(&[1.0, 8.0, 9.0, 9.0, 9.0], &costs), Some(2));
        assert_eq!(typical_of_largest(&[1.0], &[None]), None);
    }
}

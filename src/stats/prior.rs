//! What is believed before a value is seen: of shapes, fixed shares, noise and slow runs.
//! Every number that steers the estimate stands here.

use crate::stats::shape::Shape;

/// How many fixed shares the curves are laid out for.
pub const SHARES: usize = 200;

/// Prior probability of each family of shapes: nothing grows, then of the rest 0.5 for the other
/// named classes, 0.39 for the continuous powers, 0.10 for two terms, 0.01 for what is steeper.
const FAMILIES: [f64; 5] =
    [1.0 / 9.0, 0.5 * 8.0 / 9.0, 0.39 * 8.0 / 9.0, 0.1 * 8.0 / 9.0, 0.01 * 8.0 / 9.0];

/// Prior probability that nothing is fixed, for a shape that grows.
const NOTHING_FIXED: f64 = 0.25;
/// Even steps of the fixed share up to 0.95; beyond, the growing part shrinks by this factor.
const SHARE_STEP: f64 = 0.005;
const EVEN_SHARES: usize = 191;
const SHRINK: f64 = 0.6;

/// Prior probability that a given value of a few is slow.
pub const SLOW: f64 = 0.05;
/// Mean slow-down of a slow value, as a difference in `ln`.
pub const SLOWNESS: f64 = 0.25;

/// The fixed shares, rising from 0 to 0.9995.
pub fn fixed_shares() -> [f64; SHARES] {
    std::array::from_fn(fixed_share)
}

/// The fixed share at a position of the table.
pub fn fixed_share(index: usize) -> f64 {
    match index.checked_sub(EVEN_SHARES - 1) {
        None => index as f64 * SHARE_STEP,
        Some(steps) => 1.0 - (1.0 - 0.95) * SHRINK.powi(steps as i32),
    }
}

/// Prior probability of each fixed share: a part at 0, the rest even over 0 to 1.
pub fn share_weights() -> [f64; SHARES] {
    let shares = fixed_shares();
    std::array::from_fn(|index| {
        let left = shares[index.saturating_sub(1)];
        let right = shares.get(index + 1).copied().unwrap_or(1.0);
        let width = (right - left) / 2.0
            + if index + 1 == SHARES { (1.0 - shares[index]) / 2.0 } else { 0.0 };
        let even = (1.0 - NOTHING_FIXED) * width;
        if index == 0 { NOTHING_FIXED + even } else { even }
    })
}

/// Prior probability of each of `shapes`, in their order; they sum to 1.
pub fn shape_weights(shapes: &[Shape]) -> Vec<f64> {
    let mut kin = [0.0; FAMILIES.len()];
    for shape in shapes {
        kin[family(*shape)] += 1.0;
    }
    let weight = |shape: &Shape| FAMILIES[family(*shape)] / kin[family(*shape)];
    shapes.iter().map(weight).collect()
}

fn family(shape: Shape) -> usize {
    match shape {
        Shape::Named(class) if !class.grows() => 0,
        Shape::Named(_) => 1,
        steep if steep.is_steep() => 4,
        Shape::Power { .. } => 2,
        Shape::TwoTerm { .. } | Shape::Exponential { .. } => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::class::Class;
    use crate::stats::shape::Span;

    #[test]
    fn shares_rise_and_their_weights_sum_to_one() {
        let shares = fixed_shares();
        assert_eq!(shares[0], 0.0);
        assert!((shares[100] - 0.5).abs() < 1e-12);
        assert!((shares[190] - 0.95).abs() < 1e-12);
        assert!((shares[191] - 0.97).abs() < 1e-12);
        assert!(shares.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(shares[SHARES - 1] < 1.0);
        let weights = share_weights();
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((weights[100] - 0.75 * 0.005).abs() < 1e-12);
    }

    #[test]
    fn shapes_share_out_the_whole_belief() {
        for smallest in [1.0f64, 7.0] {
            let span = Span { ln_smallest: smallest.ln(), ln_largest: 304f64.ln() };
            let shapes = Shape::all(span);
            let weights = shape_weights(&shapes);
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let of = |wanted: Shape| weights[shapes.iter().position(|s| *s == wanted).unwrap()];
            assert!((of(Shape::Named(Class::Constant)) - 1.0 / 9.0).abs() < 1e-12);
            let others = if smallest < 2.0 { 5.0 } else { 8.0 };
            assert!((of(Shape::Named(Class::N2)) - 4.0 / 9.0 / others).abs() < 1e-12);
        }
    }
}

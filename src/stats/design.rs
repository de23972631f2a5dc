//! One list of sizes and the curves that values at them are compared with.
//! Computed once, shared by all functions, metrics and threads; it never sees a value.

use std::fmt;
use std::sync::OnceLock;

use crate::stats::prior;
use crate::stats::prior::SHARES;
use crate::stats::shape::Shape;
use crate::stats::shape::Span;

/// Sizes of a series of runs, with the table of model curves over them.
#[derive(Debug)]
pub struct Design {
    /// Per run, in the order given: which of the places below it stands at, and how far its size
    /// lies above that place in `ln` (0 unless places had to be merged).
    runs: Vec<(usize, f64)>,
    /// Logarithms of the distinct sizes, rising.
    ln_sizes: Vec<f64>,
    span: Span,
    shapes: Vec<Weighted>,
    share_weights: [f64; SHARES],
    /// Logarithms of the curves: per shape, per place, one for each fixed share. In single
    /// precision, a millionth off at most for any sensible span, they are half to read: the fit
    /// waits for memory more than for arithmetic.
    curves: Vec<[f32; SHARES]>,
    /// Log evidence of each shape for counts that are all equal, once it was asked for.
    flat_evidence: OnceLock<Vec<f64>>,
}

/// A shape with what the design says of it.
#[derive(Debug, Clone, Copy)]
pub struct Weighted {
    pub shape: Shape,
    /// Prior probability.
    pub weight: f64,
    pub exponent: f64,
    /// What an interval that ends at the shape is widened by.
    pub half_step: f64,
    pub is_superlinear: bool,
}

/// Why no design can be made of a list of sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DesignFault {
    NoSizes,
    /// A size that is not a finite number above 0, and its position.
    NotASize {
        position: usize,
        size: f64,
    },
}

/// Beyond this many distinct sizes, neighbours share a place, so that the table stays small.
const MOST_PLACES: usize = 40;

impl Design {
    /// The design for `sizes`, one per run in any one unit; repetitions repeat the size.
    ///
    /// # Errors
    /// When there is no size, or one is not finite and above 0.
    pub fn new(sizes: &[f64]) -> Result<Design, DesignFault> {
        let unusable = |size: &f64| !(size.is_finite() && *size > 0.0);
        if let Some(position) = sizes.iter().position(unusable) {
            let size = sizes[position];
            return Err(DesignFault::NotASize { position, size });
        }
        let logs: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
        let ln_sizes = places(&logs);
        let (Some(&ln_smallest), Some(&ln_largest)) = (ln_sizes.first(), ln_sizes.last()) else {
            return Err(DesignFault::NoSizes);
        };
        let span = Span { ln_smallest, ln_largest };
        let shapes = weighted_shapes(span);
        Ok(Design {
            runs: logs.iter().map(|ln_size| placed(*ln_size, &ln_sizes)).collect(),
            curves: curves(&shapes, &ln_sizes, span),
            share_weights: prior::share_weights(),
            flat_evidence: OnceLock::new(),
            ln_sizes,
            span,
            shapes,
        })
    }

    /// Logarithms of the distinct sizes, rising.
    pub fn ln_sizes(&self) -> &[f64] {
        &self.ln_sizes
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// Bytes held by the table of curves.
    pub fn table_bytes(&self) -> usize {
        size_of_val(self.curves.as_slice())
    }

    /// Log evidence of each shape for a count of every run that is the same in all of them.
    /// It depends on the sizes alone, since the level of a series is taken out before it is
    /// compared: what `compute` finds for one such series holds to the bit for all.
    pub(super) fn flat_evidence(&self, compute: impl FnOnce() -> Vec<f64>) -> &[f64] {
        self.flat_evidence.get_or_init(compute)
    }

    /// How many usable values the size with the fewest has, of those that have any; 0 without any.
    ///
    /// `values`: one per run.
    pub fn fewest(&self, values: &[Option<f64>]) -> usize {
        let mut counts = vec![0; self.ln_sizes.len()];
        for ((place, _), value) in self.runs.iter().zip(values) {
            counts[*place] +=
                usize::from(value.is_some_and(|value| value.is_finite() && value > 0.0));
        }
        counts.into_iter().filter(|count| *count > 0).min().unwrap_or_default()
    }

    /// Place and offset in `ln` of each run, in the order given.
    pub(super) fn runs(&self) -> &[(usize, f64)] {
        &self.runs
    }

    /// All shapes, from flat to steep.
    pub(super) fn shapes(&self) -> &[Weighted] {
        &self.shapes
    }

    pub(super) fn share_weights(&self) -> &[f64; SHARES] {
        &self.share_weights
    }

    /// Logarithms of the curves of one shape at one place, one for each fixed share.
    pub(super) fn row(&self, shape: usize, place: usize) -> &[f32; SHARES] {
        &self.curves[shape * self.ln_sizes.len() + place]
    }
}

/// The distinct logarithms, rising; too many of them are gathered in even steps of `ln size`.
fn places(logs: &[f64]) -> Vec<f64> {
    let mut distinct = logs.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let (Some(&first), Some(&last)) = (distinct.first(), distinct.last()) else {
        return distinct;
    };
    if distinct.len() <= MOST_PLACES {
        return distinct;
    }
    let step = (last - first) / (MOST_PLACES - 1) as f64;
    let mut kept: Vec<f64> = (0..MOST_PLACES)
        .map(|place| if place + 1 == MOST_PLACES { last } else { first + step * place as f64 })
        .collect();
    let near = |place: &f64| distinct.iter().any(|ln_size| (ln_size - place).abs() <= step / 2.0);
    kept.retain(near);
    kept
}

/// The nearest place and the distance above it.
fn placed(ln_size: f64, places: &[f64]) -> (usize, f64) {
    let above = places.partition_point(|place| *place < ln_size);
    let candidates = above.saturating_sub(1)..places.len().min(above + 1);
    let distance = |place: &usize| (ln_size - places[*place]).abs();
    let nearest = candidates.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or((0, 0.0), |place| (place, ln_size - places[place]))
}

fn weighted_shapes(span: Span) -> Vec<Weighted> {
    let shapes = Shape::all(span);
    let weights = prior::shape_weights(&shapes);
    shapes
        .into_iter()
        .zip(weights)
        .map(|(shape, weight)| Weighted {
            shape,
            weight,
            exponent: shape.exponent(span),
            half_step: shape.half_step(span),
            is_superlinear: shape.is_superlinear(span),
        })
        .collect()
}

fn curves(shapes: &[Weighted], ln_sizes: &[f64], span: Span) -> Vec<[f32; SHARES]> {
    let shares = prior::fixed_shares();
    let mut curves = Vec::with_capacity(shapes.len() * ln_sizes.len());
    for shape in shapes {
        for ln_size in ln_sizes {
            curves.push(shares.map(|share| shape.shape.ln_curve(*ln_size, share, span) as f32));
        }
    }
    curves
}

impl std::error::Error for DesignFault {}

impl fmt::Display for DesignFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DesignFault::NoSizes => write!(f, "there are no sizes"),
            DesignFault::NotASize { position, size } => {
                write!(f, "size {size} at position {position} is not a number above 0")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_share_a_place() {
        let design = Design::new(&[7.0, 28.0, 7.0, 304.0]).unwrap();
        assert_eq!(design.ln_sizes(), [7f64.ln(), 28f64.ln(), 304f64.ln()]);
        assert_eq!(design.runs(), [(0, 0.0), (1, 0.0), (0, 0.0), (2, 0.0)]);
        assert_eq!(design.table_bytes(), 253 * 3 * 200 * 4);
    }

    #[test]
    fn rows_hold_the_curves_of_their_shape() {
        let design = Design::new(&[2.0, 8.0]).unwrap();
        let square = Shape::Power { hundredths: 200 };
        let index = design.shapes().iter().position(|s| s.shape == square).unwrap();
        assert_eq!(design.row(index, 0)[100], 0.0);
        assert!((design.row(index, 1)[0] - 16f32.ln()).abs() < 1e-6);
        assert!((design.row(index, 1)[100] - 8.5f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn many_sizes_are_gathered_in_few_places() {
        let sizes: Vec<f64> = (1..=5_000).map(f64::from).collect();
        let design = Design::new(&sizes).unwrap();
        assert!(design.ln_sizes().len() <= MOST_PLACES);
        assert_eq!(design.span().ln_largest, 5_000f64.ln());
        for ((place, offset), size) in design.runs().iter().zip(&sizes) {
            assert!((design.ln_sizes()[*place] + offset - size.ln()).abs() < 1e-12);
        }
    }

    #[test]
    fn refuses_what_is_not_a_size() {
        let check = |sizes: &[f64], expected: &str| {
            assert_eq!(Design::new(sizes).unwrap_err().to_string(), expected);
        };
        check(&[], "there are no sizes");
        check(&[1.0, 0.0], "size 0 at position 1 is not a number above 0");
        check(&[f64::NAN], "size NaN at position 0 is not a number above 0");
        check(&[-7.0, 7.0], "size -7 at position 0 is not a number above 0");
        check(&[7.0, f64::INFINITY], "size inf at position 1 is not a number above 0");
    }
}

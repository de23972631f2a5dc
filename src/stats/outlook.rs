//! What the fitted curves say of other sizes: a handful of curves that stand for all of them.
//! Chosen at even steps of the probability, so the same values always give the same curves.

use crate::stats::class::Class;
use crate::stats::prior;
use crate::stats::shape::Shape;
use crate::stats::shape::Span;
use crate::stats::student;

/// Curves that stand for all, each for its part of the probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    span: Span,
    curves: Vec<Curve>,
    /// Best curves of the two classes that are hardest to choose between.
    rivals: Option<(Curve, Curve)>,
    fitted: Fitted,
}

/// What the curves were fitted to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// Number of values.
    pub values: usize,
    /// Degrees of freedom of the noise about a curve: `2q` of the evidence.
    pub freedom: f64,
}

/// One model curve with its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    pub shape: Shape,
    /// Position of the fixed share in the table of shares.
    pub share: u8,
    /// How many of the [`CURVES`] parts of the probability it stands for.
    pub parts: u8,
    /// Standard deviation of the values about it, in `ln`.
    pub noise: f32,
    /// Logarithm of the value at the smallest size.
    pub ln_scale: f64,
}

/// A value with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// How many parts the probability is cut into.
pub const CURVES: usize = 64;

impl Curve {
    pub fn class(&self) -> Option<Class> {
        match self.shape {
            Shape::Named(class) => Some(class),
            Shape::Power { .. } | Shape::TwoTerm { .. } | Shape::Exponential { .. } => None,
        }
    }
}

impl Outlook {
    pub fn new(span: Span, curves: Vec<Curve>, fitted: Fitted) -> Outlook {
        Outlook { span, curves, rivals: None, fitted }
    }

    #[must_use]
    pub fn with_rivals(mut self, rivals: Option<(Curve, Curve)>) -> Outlook {
        self.rivals = rivals;
        self
    }

    /// Best curves of the two classes that are hardest to choose between, the more probable first.
    pub fn rivals(&self) -> Option<(Curve, Curve)> {
        self.rivals
    }

    /// The value to be expected of one more run at `size`, its own noise included.
    /// `None` when `size` is not a finite number above 0.
    pub fn value_at(&self, size: f64) -> Option<Range> {
        self.range_at(size, 1.0)
    }

    /// The curve itself at `size`, as the mean of many runs would show it.
    /// `None` when `size` is not a finite number above 0.
    pub fn curve_at(&self, size: f64) -> Option<Range> {
        self.range_at(size, 0.0)
    }

    /// The middle one of the curves at `size`: the middle of [`Outlook::curve_at`] to within the
    /// noise, for a small part of its time.
    pub fn middle_curve_at(&self, size: f64) -> Option<f64> {
        if !(size.is_finite() && size > 0.0) {
            return None;
        }
        let height = |curve: &Curve| {
            let share = prior::fixed_share(usize::from(curve.share));
            curve.ln_scale + curve.shape.ln_curve(size.ln(), share, self.span)
        };
        let mut heights: Vec<(f64, u8)> =
            self.curves.iter().map(|curve| (height(curve), curve.parts)).collect();
        heights.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: usize = heights.iter().map(|(_, parts)| usize::from(*parts)).sum();
        let mut below = 0;
        let middle = heights.iter().find(|(_, parts)| {
            below += usize::from(*parts);
            2 * below >= all
        });
        middle.map(|(height, _)| height.exp())
    }

    /// The value of the part that does not grow, by the posterior median of its share.
    pub fn fixed_value(&self) -> f64 {
        let share = self.fixed_share();
        let start = self.quantile(0.5, self.span.ln_smallest, 0.0);
        share * start.exp()
    }

    /// Posterior median of the part of the value at the smallest size that does not grow, 0 to 1;
    /// what is constant does not grow at all.
    pub fn fixed_share(&self) -> f64 {
        let share = |curve: &Curve| match curve.shape {
            Shape::Named(class) if !class.grows() => 1.0,
            _ => prior::fixed_share(usize::from(curve.share)),
        };
        let mut shares: Vec<(f64, u8)> =
            self.curves.iter().map(|curve| (share(curve), curve.parts)).collect();
        shares.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: usize = shares.iter().map(|(_, parts)| usize::from(*parts)).sum();
        let mut below = 0;
        let middle = shares.iter().find(|(_, parts)| {
            below += usize::from(*parts);
            2 * below >= all
        });
        middle.map_or(0.0, |(share, _)| *share)
    }

    /// Mean relative standard deviation of the values about the curves.
    pub fn noise(&self) -> f64 {
        let weighted = |curve: &Curve| f64::from(curve.noise) * f64::from(curve.parts);
        let parts: f64 = self.curves.iter().map(|curve| f64::from(curve.parts)).sum();
        self.curves.iter().map(weighted).sum::<f64>() / parts
    }

    /// `own`: 1 to include the noise of one more value, 0 for the curve alone.
    fn range_at(&self, size: f64, own: f64) -> Option<Range> {
        if !(size.is_finite() && size > 0.0) || self.curves.is_empty() {
            return None;
        }
        let ln_size = size.ln();
        let at = |part: f64| self.quantile(part, ln_size, own).exp();
        Some(Range { low: at(0.025), middle: at(0.5), high: at(0.975) })
    }

    /// Logarithm below which `part` of the mixture of curves lies at the size of logarithm
    /// `ln_size`.
    ///
    /// Source: with scale and variance integrated out, a value about a curve is Student's t with `2q`
    /// degrees, its scale the noise of the curve times `√(own + 1/N)`.
    fn quantile(&self, part: f64, ln_size: f64, own: f64) -> f64 {
        let Fitted { values, freedom } = self.fitted;
        let widening = (own + 1.0 / values as f64).sqrt();
        let places: Vec<(f64, f64, f64)> = self
            .curves
            .iter()
            .map(|curve| {
                let share = prior::fixed_share(usize::from(curve.share));
                let height = curve.ln_scale + curve.shape.ln_curve(ln_size, share, self.span);
                (height, f64::from(curve.noise) * widening, f64::from(curve.parts))
            })
            .collect();
        let parts: f64 = places.iter().map(|(_, _, parts)| parts).sum();
        let below = |limit: f64| -> f64 {
            let term = |(height, noise, parts): &(f64, f64, f64)| {
                parts * student::above((height - limit) / noise, freedom)
            };
            places.iter().map(term).sum::<f64>() / parts
        };
        // Far enough out for any number of degrees of freedom above one.
        const FAR: f64 = 60.0;
        let outer = |sign: f64| {
            let edge = places.iter().map(|(height, noise, _)| sign * height + FAR * noise);
            sign * edge.fold(f64::NEG_INFINITY, f64::max)
        };
        let (mut low, mut high) = (outer(-1.0), outer(1.0));
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            match below(middle) < part {
                true => low = middle,
                false => high = middle,
            }
        }
        f64::midpoint(low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlook(curves: &[(Class, u8, u8)]) -> Outlook {
        let span = Span { ln_smallest: 10f64.ln(), ln_largest: 100f64.ln() };
        let curve = |&(class, share, parts): &(Class, u8, u8)| Curve {
            shape: Shape::Named(class),
            share,
            parts,
            noise: 0.01,
            ln_scale: 2f64.ln(),
        };
        let fitted = Fitted { values: 4, freedom: 3.0 };
        Outlook::new(span, curves.iter().map(curve).collect(), fitted)
    }

    #[test]
    fn one_curve_is_followed() {
        let only = outlook(&[(Class::N2, 0, 64)]);
        assert!((only.curve_at(100.0).unwrap().middle - 200.0).abs() < 1e-6);
        assert!((only.value_at(20.0).unwrap().middle - 8.0).abs() < 1e-6);
        // Student's t with 3 degrees: 3.182 · 0.01 · √(1 + 1/4) on each side.
        let range = only.value_at(10.0).unwrap();
        let half = 3.182_446 * 0.01 * 1.25f64.sqrt();
        assert!((range.high - 2.0 * half.exp()).abs() < 1e-6, "{range:?}");
        assert!((range.low - 2.0 * (-half).exp()).abs() < 1e-6, "{range:?}");
        assert!((only.noise() - 0.01).abs() < 1e-8);
    }

    #[test]
    fn the_middle_curve_is_close_to_the_middle_of_all() {
        let several = outlook(&[(Class::N, 0, 20), (Class::NLogN, 0, 24), (Class::N2, 0, 20)]);
        let (middle, curve) = (several.curve_at(50.0).unwrap(), several.middle_curve_at(50.0));
        assert!((curve.unwrap() / middle.middle - 1.0).abs() < 0.01, "{curve:?}, {middle:?}");
    }

    #[test]
    fn rivals_widen_the_interval() {
        let both = outlook(&[(Class::N, 0, 32), (Class::N2, 0, 32)]);
        let range = both.curve_at(1_000.0).unwrap();
        assert!(range.low < 205.0 && range.high > 19_500.0, "{range:?}");
    }

    #[test]
    fn the_fixed_part_is_the_median_share() {
        assert_eq!(outlook(&[(Class::N2, 100, 40), (Class::N3, 0, 24)]).fixed_share(), 0.5);
        assert_eq!(outlook(&[(Class::Constant, 0, 40), (Class::N3, 0, 24)]).fixed_share(), 1.0);
        assert!((outlook(&[(Class::N2, 100, 64)]).fixed_value() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_said_of_what_is_not_a_size() {
        for size in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(outlook(&[(Class::N, 0, 64)]).value_at(size), None);
            assert_eq!(outlook(&[(Class::N, 0, 64)]).middle_curve_at(size), None);
        }
    }
}

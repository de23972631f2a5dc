//! The forms that growth is looked for in: the named classes, a continuous power, two terms, and what
//! is steeper than all of them.
//! A shape knows its curve and its exponent; how probable it is comes from `prior` and the data.

use crate::stats::class::Class;

/// The span of sizes that shapes are scaled to, as natural logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub ln_smallest: f64,
    pub ln_largest: f64,
}

/// One form of growth, small enough to be kept by the million.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Named(Class),
    /// `n^a` with `a` in hundredths.
    Power {
        hundredths: u16,
    },
    /// `(1 − q)·x + q·x^power` with `x = n / n_max`: `q`, in hundredths, is the share of the
    /// faster term at the largest size.
    TwoTerm {
        power: u8,
        hundredths: u8,
    },
    /// `e^(k·x)` with `x = n / n_max` and `k = 5 · 1.1^step`, its local slope at the largest size.
    ///
    /// Example: `2^n` up to 18 has the slope 18 · ln 2 = 12.5, near 5 · 1.1^10 = 13.0.
    Exponential {
        step: u8,
    },
}

/// The step of the continuous powers, in hundredths.
const POWER_STEP: u16 = 2;
const STEEPEST_POWER: u16 = 340;
/// Powers beyond, in coarser steps: how fast exactly matters less there than that it is so fast.
const STEEP_POWERS: std::ops::RangeInclusive<u16> = 350..=800;
const STEEP_STEP: u16 = 50;
const TWO_TERM_STEP: u8 = 5;
/// The flattest exponential, and how much steeper each next one is.
const LEAST_SLOPE: f64 = 5.0;
const SLOPE_STEP: f64 = 1.1;
/// The steepest has a slope of 54.
const EXPONENTIALS: u8 = 26;
/// The exponent that `n log n` is given at most, where sizes are small.
const N_LOG_N_AT_MOST: f64 = 1.35;

impl Span {
    /// Shapes with a logarithm vanish at size 1, so they are left out below 2.
    pub fn has_room_for_logarithms(&self) -> bool {
        self.ln_smallest >= 2f64.ln()
    }
}

impl Shape {
    /// All shapes that make sense over `span`, from flat to steep by their exponent.
    pub fn all(span: Span) -> Vec<Shape> {
        let named = Class::ALL
            .into_iter()
            .filter(|class| span.has_room_for_logarithms() || !class.has_logarithm())
            .map(Shape::Named);
        let powers = (POWER_STEP..=STEEPEST_POWER)
            .step_by(usize::from(POWER_STEP))
            .map(|hundredths| Shape::Power { hundredths });
        let two_terms = [2, 3].into_iter().flat_map(|power| {
            (TWO_TERM_STEP..100)
                .step_by(usize::from(TWO_TERM_STEP))
                .map(move |hundredths| Shape::TwoTerm { power, hundredths })
        });
        let steep_powers = STEEP_POWERS
            .step_by(usize::from(STEEP_STEP))
            .map(|hundredths| Shape::Power { hundredths });
        let exponentials = (0..EXPONENTIALS).map(|step| Shape::Exponential { step });
        let steep = steep_powers.chain(exponentials);
        let mut shapes: Vec<Shape> = named.chain(powers).chain(two_terms).chain(steep).collect();
        shapes.sort_by(|a, b| a.exponent(span).total_cmp(&b.exponent(span)));
        shapes
    }

    /// Effective exponent of the growing term: its local slope at the largest size.
    ///
    /// Example: `(1 − 0.25)·x + 0.25·x³` at `x = 1`: 0.75 + 3 · 0.25 = 1.5.
    pub fn exponent(self, span: Span) -> f64 {
        match self {
            Shape::Named(class) => class.exponent_at(span.ln_largest),
            Shape::Power { hundredths } => f64::from(hundredths) / 100.0,
            Shape::TwoTerm { power, hundredths } => {
                1.0 + (f64::from(power) - 1.0) * f64::from(hundredths) / 100.0
            }
            Shape::Exponential { step } => LEAST_SLOPE * SLOPE_STEP.powi(i32::from(step)),
        }
    }

    /// Whether it is steeper than all other shapes.
    pub fn is_steep(self) -> bool {
        match self {
            Shape::Power { hundredths } => STEEP_POWERS.contains(&hundredths),
            Shape::Exponential { .. } => true,
            Shape::Named(_) | Shape::TwoTerm { .. } => false,
        }
    }

    /// Half of the step of exponents between the shape and its neighbours on its own grid: what
    /// an interval that ends at the shape is widened by.
    pub fn half_step(self, span: Span) -> f64 {
        match self {
            Shape::Power { .. } if self.is_steep() => f64::from(STEEP_STEP) / 200.0,
            Shape::Named(_) | Shape::Power { .. } => f64::from(POWER_STEP) / 200.0,
            Shape::TwoTerm { power, .. } => {
                (f64::from(power) - 1.0) * f64::from(TWO_TERM_STEP) / 200.0
            }
            Shape::Exponential { .. } => self.exponent(span) * (SLOPE_STEP - 1.0) / 2.0,
        }
    }

    /// Logarithm of the growth from the smallest size of `span` to the size of logarithm `ln_size`.
    pub fn ln_growth(self, ln_size: f64, span: Span) -> f64 {
        match self {
            Shape::Named(class) => class.ln_growth(span.ln_smallest, ln_size),
            Shape::Power { hundredths } => {
                f64::from(hundredths) / 100.0 * (ln_size - span.ln_smallest)
            }
            Shape::TwoTerm { power, hundredths } => {
                let share = f64::from(hundredths) / 100.0;
                let steeper = f64::from(power) - 1.0;
                let bend = |ln_size: f64| {
                    let x = (steeper * (ln_size - span.ln_largest)).exp();
                    (1.0 - share + share * x).ln()
                };
                ln_size - span.ln_smallest + bend(ln_size) - bend(span.ln_smallest)
            }
            Shape::Exponential { .. } => {
                let part = |ln_size: f64| (ln_size - span.ln_largest).exp();
                self.exponent(span) * (part(ln_size) - part(span.ln_smallest))
            }
        }
    }

    /// Logarithm of the model curve, 0 at the smallest size: `ln(r + (1 − r)·growth)`.
    ///
    /// `fixed_share`: the part `r` of the value at the smallest size that does not grow, 0 to 1.
    /// Example: half fixed, growth 3: ln(0.5 + 0.5 · 3) = ln 2.
    pub fn ln_curve(self, ln_size: f64, fixed_share: f64, span: Span) -> f64 {
        let growth = self.ln_growth(ln_size, span);
        if growth > 0.0 {
            growth + (1.0 - fixed_share + fixed_share * (-growth).exp()).ln()
        } else {
            (fixed_share + (1.0 - fixed_share) * growth.exp()).ln()
        }
    }

    /// Whether the shape grows meaningfully faster than `n log n` over `span`.
    ///
    /// A power does above the midpoint between 1.5 and the exponent of `n log n` at the largest
    /// size, the latter taken as 1.35 at most; two terms do from 1.35.
    /// Example: with sizes up to 304 a power does above (1 + 1/5.717 + 1.5) / 2 = 1.337.
    pub fn is_superlinear(self, span: Span) -> bool {
        match self {
            Shape::Named(class) => class.is_superlinear(),
            Shape::Power { .. } => {
                let n_log_n = match span.ln_largest > 0.0 {
                    true => (1.0 + 1.0 / span.ln_largest).min(N_LOG_N_AT_MOST),
                    false => N_LOG_N_AT_MOST,
                };
                self.exponent(span) > f64::midpoint(n_log_n, 1.5)
            }
            Shape::TwoTerm { .. } | Shape::Exponential { .. } => {
                self.exponent(span) >= N_LOG_N_AT_MOST
            }
        }
    }

    /// The same at a size of logarithm `ln_size`, no smaller than the largest of `span`: the faster
    /// of two terms has a greater share there.
    ///
    /// Example: `0.75·x + 0.25·x²` at ten times the largest size: 2.5 of 3.25 is the square, so the
    /// exponent is 1.77, which is superlinear; at the largest size it is 1.25, which is not.
    pub fn is_superlinear_at(self, ln_size: f64, span: Span) -> bool {
        let beyond = Span { ln_largest: ln_size.max(span.ln_largest), ..span };
        let Shape::TwoTerm { power, hundredths } = self else {
            return self.is_superlinear(beyond);
        };
        let steeper = f64::from(power) - 1.0;
        let share = f64::from(hundredths) / 100.0;
        let faster = share * (steeper * (beyond.ln_largest - span.ln_largest)).exp();
        let there = 1.0 - (1.0 - share) / (1.0 - share + faster);
        1.0 + steeper * there >= N_LOG_N_AT_MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(smallest: f64, largest: f64) -> Span {
        Span { ln_smallest: smallest.ln(), ln_largest: largest.ln() }
    }

    fn check_curve(shape: Shape, size: f64, fixed_share: f64, expected: f64) {
        let found = shape.ln_curve(size.ln(), fixed_share, span(2.0, 8.0)).exp();
        assert!((found - expected).abs() < 1e-9, "{shape:?}: {found} is not {expected}");
    }

    #[test]
    fn curves_start_at_one_and_grow_above_their_fixed_share() {
        check_curve(Shape::Named(Class::N2), 2.0, 0.3, 1.0);
        check_curve(Shape::Named(Class::N2), 8.0, 0.0, 16.0);
        check_curve(Shape::Named(Class::N2), 8.0, 0.5, 8.5);
        check_curve(Shape::Named(Class::N2), 1.0, 0.5, 0.625);
        check_curve(Shape::Power { hundredths: 150 }, 8.0, 0.9, 1.7);
        // x is 1/4 and 1: (0.5 + 0.5) / (0.5/4 + 0.5/16) = 6.4.
        let two = Shape::TwoTerm { power: 2, hundredths: 50 };
        check_curve(two, 8.0, 0.0, 6.4);
        check_curve(two, 8.0, 0.5, 3.7);
        // x is 1/4 and 1: e^(5.5 · 3/4).
        check_curve(Shape::Exponential { step: 1 }, 8.0, 0.0, 4.125f64.exp());
    }

    #[test]
    fn huge_growth_does_not_overflow() {
        let wide = span(1e-300, 1e300);
        let curve = Shape::Power { hundredths: 340 }.ln_curve(wide.ln_largest, 0.5, wide);
        assert!((curve - (3.4 * 600.0 * 10f64.ln() + 0.5f64.ln())).abs() < 1e-9);
        let two = Shape::TwoTerm { power: 3, hundredths: 5 };
        assert!(two.ln_curve(wide.ln_smallest, 0.0, wide).is_finite());
    }

    #[test]
    fn shapes_are_sorted_and_logarithms_left_out_below_two() {
        let all = Shape::all(span(7.0, 304.0));
        assert_eq!(all.len(), 9 + 170 + 38 + 10 + 26);
        let exponents: Vec<f64> = all.iter().map(|s| s.exponent(span(7.0, 304.0))).collect();
        assert!(exponents.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(Shape::all(span(1.0, 304.0)).len(), 6 + 170 + 38 + 10 + 26);
    }

    #[test]
    fn superlinear_is_meaningfully_above_n_log_n() {
        let check = |shape: Shape, expected: bool| {
            assert_eq!(shape.is_superlinear(span(7.0, 304.0)), expected, "{shape:?}");
        };
        check(Shape::Named(Class::NLogN), false);
        check(Shape::Named(Class::NSqrtN), true);
        check(Shape::Power { hundredths: 132 }, false);
        check(Shape::Power { hundredths: 134 }, true);
        check(Shape::TwoTerm { power: 2, hundredths: 30 }, false);
        check(Shape::TwoTerm { power: 2, hundredths: 35 }, true);
        assert!(!Shape::Power { hundredths: 142 }.is_superlinear(span(0.5, 0.9)));
    }

    #[test]
    fn the_faster_term_wins_at_larger_sizes() {
        let check = |shape: Shape, size: f64, expected: bool| {
            assert_eq!(shape.is_superlinear_at(size.ln(), span(7.0, 31.0)), expected, "{shape:?}");
        };
        let quarter = Shape::TwoTerm { power: 2, hundredths: 25 };
        check(quarter, 31.0, false);
        check(quarter, 310.0, true);
        // 0.05 · 3 of 0.95 + 0.15 is 0.136.
        check(Shape::TwoTerm { power: 2, hundredths: 5 }, 93.0, false);
        check(Shape::TwoTerm { power: 3, hundredths: 5 }, 93.0, true);
        check(Shape::Named(Class::NLogN), 304.0, false);
        check(Shape::Named(Class::N2), 304.0, true);
        // The exponent of n log n falls with the size, and what is above it with it.
        check(Shape::Power { hundredths: 134 }, 31.0, false);
        check(Shape::Power { hundredths: 134 }, 304.0, true);
    }
}

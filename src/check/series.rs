//! One quantity at several sizes, and whether it grows as it may.

use crate::analysis::document;
use crate::analysis::growth::Judge;
use crate::analysis::growth::Kind;
use crate::error::Result;
use crate::stats::Bands;
use crate::stats::Class;

/// Scatter that is taken of times at least.
const TIME_FLOOR: f64 = 0.01;

/// One quantity, named for people.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    /// `` `is_known` (src/a.rs:7) is called ``
    pub subject: String,
    /// What stands beside the finding, such as the callers.
    pub note: Option<String>,
    pub is_time: bool,
    /// Size and value, in order of size; several of one size are repetitions.
    pub points: Vec<(f64, f64)>,
}

/// Whether a series stays within a class.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Standing {
    Within,
    /// The interval of the exponent holds the limit, or there is no estimate.
    Open(Box<document::Growth>),
    Above(Box<document::Growth>),
}

impl Series {
    /// Judges against `class`; exact counts that are plainly within need no estimate.
    ///
    /// # Errors
    /// When a size is not above 0.
    pub fn standing(&self, class: Class) -> Result<Standing> {
        if !self.is_time && is_concave(&self.points, class) {
            return Ok(Standing::Within);
        }
        let growth = self.judged()?;
        let largest = self.points.iter().map(|point| point.0).fold(0.0, f64::max);
        let limit = limit(class, largest.ln());
        Ok(match (growth.low, growth.high) {
            (Some(low), _) if low > limit => Standing::Above(Box::new(growth)),
            (_, Some(high)) if high <= limit => Standing::Within,
            _ => Standing::Open(Box::new(growth)),
        })
    }

    /// The estimate with its curve.
    fn judged(&self) -> Result<document::Growth> {
        let sizes: Vec<f64> = self.points.iter().map(|(size, _)| *size).collect();
        let judge = Judge::of_sizes(&sizes, Bands::default())?;
        let values: Vec<Option<f64>> = self.points.iter().map(|(_, value)| Some(*value)).collect();
        let kind = if self.is_time { Kind::Time(TIME_FLOOR) } else { Kind::Count };
        let fit = judge.fit(&values, kind);
        Ok(judge.growth_with_curve(&fit, values, None))
    }
}

/// The exponent from which growth is above `class`: half way to the next steeper class.
///
/// `ln_size`: logarithm of the largest size.
/// Example: at 1,000 the limit of `n` is half way to `n log n`, 1 + 1/6.908/2 = 1.072.
pub(super) fn limit(class: Class, ln_size: f64) -> f64 {
    const BEYOND_ALL: f64 = 0.5;
    let own = class.exponent_at(ln_size);
    let steeper = Class::ALL.into_iter().map(|other| other.exponent_at(ln_size));
    let next = steeper.filter(|other| *other > own + 1e-9).fold(f64::INFINITY, f64::min);
    if next.is_finite() { f64::midpoint(own, next) } else { own + BEYOND_ALL }
}

/// Whether the values bend down, or are straight, over what `class` says: then no faster growth is
/// in them, whatever their fixed part. A bend of one count is rounding.
fn is_concave(points: &[(f64, f64)], class: Class) -> bool {
    const ROUNDING: f64 = 1.0;
    let Some(&(first, _)) = points.first() else { return false };
    let is_distinct = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
    if points.len() < 3 || !is_distinct || (class.has_logarithm() && first < 2.0) {
        return false;
    }
    if !class.grows() {
        return points.windows(2).all(|pair| pair[1].1 <= pair[0].1);
    }
    let over = |size: f64| class.ln_growth(first.ln(), size.ln()).exp();
    let slopes: Vec<(f64, f64)> = points
        .windows(2)
        .map(|pair| {
            let step = over(pair[1].0) - over(pair[0].0);
            ((pair[1].1 - pair[0].1) / step, step)
        })
        .collect();
    slopes.windows(2).all(|pair| {
        let ((before, _), (after, step)) = (pair[0], pair[1]);
        after <= before + before.abs() * 1e-9 + ROUNDING / step
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f64; 4] = [250.0, 500.0, 1_000.0, 2_000.0];

    fn series(law: impl Fn(f64) -> f64) -> Series {
        Series {
            subject: "it counts".into(),
            note: None,
            is_time: false,
            points: SIZES.iter().map(|&size| (size, law(size))).collect(),
        }
    }

    #[track_caller]
    fn check(law: impl Fn(f64) -> f64, class: Class, expected: &str) {
        let word = match series(law).standing(class).unwrap() {
            Standing::Within => "within",
            Standing::Open(_) => "open",
            Standing::Above(_) => "above",
        };
        assert_eq!(word, expected, "{class}");
    }

    #[test]
    fn laws_stand_where_they_belong() {
        check(|n| n, Class::N, "within");
        check(|n| 1e6 + n, Class::N, "within");
        check(|n| (n / 3.0).floor(), Class::N, "within");
        check(|n| n * n.ln(), Class::NLogN, "within");
        check(|n| n * n.ln(), Class::N, "above");
        check(|n| n * n, Class::NLogN, "above");
        check(|n| n * (n + 1.0) / 2.0, Class::NSqrtN, "above");
        check(|n| n * n, Class::N2, "within");
        check(|n| n.powi(3), Class::N2LogN, "above");
        check(|_| 7.0, Class::Constant, "within");
        check(|n| n, Class::Constant, "above");
        check(f64::ln, Class::LogN, "within");
    }

    #[test]
    fn a_quadratic_part_is_seen_behind_a_large_fixed_one() {
        check(|n| 1e7 + n * n, Class::NLogN, "above");
    }

    #[test]
    fn the_limit_is_half_way_to_the_next_class() {
        let at = |class| limit(class, 1_000f64.ln());
        assert!((at(Class::N) - 1.072).abs() < 5e-4);
        assert!((at(Class::NLogN) - (1.144_76 + 1.5) / 2.0).abs() < 5e-4);
        assert!((at(Class::N3) - 3.5).abs() < 1e-12);
    }
}

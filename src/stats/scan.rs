//! The comparison of a series with every curve of a design: the one hot loop of the estimate.
//! Sums and powers only, over rows of all fixed shares at once, so that the processor can do
//! several at a time; logarithms are taken once per shape.

use std::f64::consts::PI;

use crate::stats::design::Design;
use crate::stats::evidence::Evidence;
use crate::stats::gamma::ln_gamma;
use crate::stats::prior;
use crate::stats::prior::SHARES;
use crate::stats::series::Group;
use crate::stats::series::Series;
use crate::stats::series::Value;

/// One number for each fixed share.
pub type Row = [f64; SHARES];

/// A series beside a design, ready to be compared shape by shape.
#[derive(Debug)]
pub struct Scan<'a> {
    design: &'a Design,
    series: &'a Series,
    evidence: Evidence,
    slow: Option<SlowValue<'a>>,
}

/// The alternative that one value of a few is slow.
#[derive(Debug, Clone, Copy)]
struct SlowValue<'a> {
    values: &'a [Value],
    /// Constant factor of the evidence without one value against the evidence with all.
    factor: f64,
}

/// How a curve lies to the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Logarithm of the value that the curve's start stands for.
    pub ln_scale: f64,
    /// Residual sum of squares about it.
    pub residual_sum: f64,
    /// The run that is most probably slow, when that is more probable than none; left out above.
    pub slow_run: Option<usize>,
}

/// How many fixed shares are looked at together, and how often that goes into all of them.
const WIDTH: usize = 20;
const LANES: usize = SHARES / WIDTH;

type Lane = [f64; WIDTH];

/// Mean and residual sum of the differences between a series and the curves of a lane.
#[derive(Debug, Clone, Copy, Default)]
struct Residuals {
    mean: Lane,
    sum: Lane,
}

impl<'a> Scan<'a> {
    pub fn new(design: &'a Design, series: &'a Series, evidence: Evidence) -> Scan<'a> {
        Scan { design, series, evidence, slow: None }
    }

    /// The same with the alternative that one of `values`, some of a series whose values all weigh the
    /// same, is slow.
    #[must_use]
    pub fn with_slow_value(mut self, values: &'a [Value]) -> Scan<'a> {
        let count = self.series.count as f64;
        let power = self.evidence.power;
        let ln_factor = ln_gamma(power - 0.5) - ln_gamma(power)
            + 0.5 * (count / (count - 1.0)).ln()
            + 0.5 * (2.0 * PI).ln();
        let odds = prior::SLOW / (1.0 - prior::SLOW);
        let is_possible = count > 2.0 && !values.is_empty();
        self.slow = is_possible.then(|| SlowValue { values, factor: odds * ln_factor.exp() });
        self
    }

    /// What the evidence of one slow value is multiplied with, its density apart: no more than this
    /// wherever the value lies; `None` where no value may be slow.
    pub fn slow_factor(&self) -> Option<f64> {
        self.slow.as_ref().map(|slow| slow.factor / rarity(0.0))
    }

    /// Number of values compared.
    pub fn count(&self) -> usize {
        self.series.count
    }

    /// Probability of each fixed share of a shape, its prior included, relative to the evidence of
    /// the smallest residual sum of the shape; returns that sum.
    pub fn shares(&self, shape: usize, probability: &mut Row) -> f64 {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "twice as fast, to the same bits")]
            // SAFETY: the processor was just asked whether it has what the function needs.
            return unsafe { self.shares_four_at_once(shape, probability) };
        }
        self.shares_anywhere(shape, probability)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn shares_four_at_once(&self, shape: usize, probability: &mut Row) -> f64 {
        self.shares_anywhere(shape, probability)
    }

    #[inline(always)]
    fn shares_anywhere(&self, shape: usize, probability: &mut Row) -> f64 {
        let mut residuals = [Residuals::default(); LANES];
        let mut least = [f64::INFINITY; WIDTH];
        for (lane, residuals) in residuals.iter_mut().enumerate() {
            *residuals = self.residuals(shape, lane);
            each(|at| least[at] = lesser(least[at], residuals.sum[at]));
        }
        let least = least.into_iter().fold(f64::INFINITY, lesser);
        let reference = self.evidence.floor + least / 2.0;
        let weights = self.design.share_weights().as_chunks::<WIDTH>().0;
        let lanes = probability.as_chunks_mut().0.iter_mut().zip(weights).enumerate();
        for (index, (lane, weights)) in lanes {
            *lane = self.lane(shape, index, &residuals[index], reference);
            each(|at| lane[at] *= weights[at]);
        }
        least
    }

    /// How one curve, given by shape and fixed share, lies to the series.
    pub fn fit(&self, shape: usize, share: usize) -> Fit {
        let all = self.fit_all(shape, share);
        let mean = all.ln_scale - self.series.level;
        let Some(slow) = &self.slow else { return all };
        let with_all = (self.evidence.floor + all.residual_sum / 2.0).powf(-self.evidence.power);
        let mut best = (with_all, all);
        let count = self.series.count as f64;
        for value in slow.values {
            let curve = f64::from(self.design.row(shape, value.place)[share]);
            let residual = value.ln - self.series.level - curve - mean;
            let lateness = residual * count / (count - 1.0);
            let left = (all.residual_sum - residual * lateness).max(0.0);
            let evidence = slow.factor / rarity(lateness)
                * (self.evidence.floor + left / 2.0).powf(0.5 - self.evidence.power);
            if lateness > 0.0 && evidence > best.0 {
                let fit = Fit {
                    ln_scale: all.ln_scale - residual / (count - 1.0),
                    residual_sum: left,
                    slow_run: Some(value.run),
                };
                best = (evidence, fit);
            }
        }
        best.1
    }

    fn fit_all(&self, shape: usize, share: usize) -> Fit {
        let groups = &self.series.groups;
        let difference =
            |group: &Group| group.mean - f64::from(self.design.row(shape, group.place)[share]);
        let moment = |group: &Group| group.weight * difference(group);
        let mean = groups.iter().map(moment).sum::<f64>() / self.series.weight;
        let square = |group: &Group| group.weight * (difference(group) - mean).powi(2);
        Fit {
            ln_scale: self.series.level + mean,
            residual_sum: groups.iter().map(square).sum::<f64>() + self.series.within,
            slow_run: None,
        }
    }

    #[inline(always)]
    fn residuals(&self, shape: usize, lane: usize) -> Residuals {
        let mut mean = [0.0; WIDTH];
        let mut sum = [0.0; WIDTH];
        for group in &self.series.groups {
            let curve = self.curve(shape, group.place, lane);
            each(|at| {
                let difference = group.mean - f64::from(curve[at]);
                let weighted = group.weight * difference;
                mean[at] += weighted;
                sum[at] += weighted * difference;
            });
        }
        let share_of_one = self.series.weight.recip();
        each(|at| {
            let about_mean = sum[at] - mean[at] * mean[at] * share_of_one;
            sum[at] = positive_part(about_mean) + self.series.within;
            mean[at] *= share_of_one;
        });
        Residuals { mean, sum }
    }

    /// Evidence of the curves of a lane, relative to that of the residual sum that `reference`
    /// stands for.
    #[inline(always)]
    fn lane(&self, shape: usize, lane: usize, residuals: &Residuals, reference: f64) -> Lane {
        let floor = self.evidence.floor;
        let half_powers = self.evidence.half_powers();
        let ratio = residuals.sum.map(|sum| reference / (floor + sum / 2.0));
        let mut evidence = raised(ratio, half_powers);
        if let Some(slow) = &self.slow {
            let factor = slow.factor * reference.sqrt();
            for value in slow.values {
                let curve = self.curve(shape, value.place, lane);
                self.add_slow(value, curve, residuals, (reference, factor), &mut evidence);
            }
        }
        evidence
    }

    /// Adds the evidence of `value` being the slow one: the residual sum is downdated by
    /// `e²·N/(N − 1)` instead of fitted again.
    #[inline(always)]
    fn add_slow(
        &self,
        value: &Value,
        curve: &[f32; WIDTH],
        residuals: &Residuals,
        (reference, factor): (f64, f64),
        evidence: &mut Lane,
    ) {
        let height = value.ln - self.series.level;
        let mut residual = [0.0; WIDTH];
        let mut latest = 0.0;
        each(|at| residual[at] = height - f64::from(curve[at]) - residuals.mean[at]);
        each(|at| latest = if residual[at] > latest { residual[at] } else { latest });
        if latest <= 0.0 {
            return;
        }
        let count = self.series.count as f64;
        let stretch = count / (count - 1.0);
        let scale = reference.recip();
        let mut ratio = [0.0; WIDTH];
        each(|at| {
            let left = positive_part(residuals.sum[at] - residual[at] * residual[at] * stretch);
            ratio[at] = (self.evidence.floor + left / 2.0) * scale;
        });
        let ratio = raised(ratio, self.evidence.half_powers() - 1);
        each(|at| {
            let added = factor / (rarity(residual[at] * stretch) * ratio[at]);
            evidence[at] += if residual[at] > 0.0 { added } else { 0.0 };
        });
    }

    #[inline(always)]
    fn curve(&self, shape: usize, place: usize, lane: usize) -> &[f32; WIDTH] {
        &self.design.row(shape, place).as_chunks().0[lane]
    }
}

/// One over the density of the slow-down of a slow value, in `ln`, for values that are slow.
///
/// A Lomax density: near the exponential of the same mean, but a run that is ten times too slow
/// is no surprise to it, and it needs no exponential function.
/// Example: at 0 the density is 3 / 0.5 = 6, at 0.5 it is 6 / 2⁴ = 0.375.
#[inline(always)]
fn rarity(lateness: f64) -> f64 {
    const TAIL: f64 = 3.0;
    const SCALE: f64 = prior::SLOWNESS * (TAIL - 1.0);
    let square = (1.0 + lateness / SCALE) * (1.0 + lateness / SCALE);
    SCALE / TAIL * square * square
}

/// Each number to the power of `half_powers / 2`, by squaring.
#[inline(always)]
pub fn raised<const WIDTH: usize>(base: [f64; WIDTH], half_powers: i32) -> [f64; WIDTH] {
    let mut result = match half_powers % 2 {
        1 => base.map(f64::sqrt),
        _ => [1.0; WIDTH],
    };
    let mut power = base;
    let mut left = half_powers / 2;
    while left > 0 {
        if left % 2 == 1 {
            (0..WIDTH).for_each(|at| result[at] *= power[at]);
        }
        left /= 2;
        (0..WIDTH).for_each(|at| power[at] *= power[at]);
    }
    result
}

/// The smaller of two numbers, as one instruction; numbers here are finite.
#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// What of a number lies above 0, as one instruction.
#[inline(always)]
fn positive_part(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

/// Does the same at each position of a lane.
#[inline(always)]
fn each(mut act: impl FnMut(usize)) {
    for at in 0..WIDTH {
        act(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::class::Class;
    use crate::stats::noise::NoiseFloor;
    use crate::stats::series::usable;
    use crate::stats::shape::Shape;

    #[test]
    fn powers_are_raised_by_halves() {
        let check = |half_powers: i32, expected: f64| {
            assert!((raised([0.25; WIDTH], half_powers)[WIDTH - 1] - expected).abs() < 1e-15);
        };
        check(1, 0.5);
        check(2, 0.25);
        check(5, 0.031_25);
        check(6, 0.015_625);
    }

    #[test]
    fn shares_are_weighed_by_their_residual_sums() {
        let sizes = [2.0, 4.0, 8.0];
        let design = Design::new(&sizes).unwrap();
        let noise = NoiseFloor::Clock(0.1);
        let values = sizes.map(|size| Some(3.0 * size * size));
        let (values, _) = usable(&design, &values, noise);
        let series = Series::new(&values, noise.level());
        let scan = Scan::new(&design, &series, Evidence::new(3, noise));
        let mut row = [0.0; SHARES];
        let shape = Shape::Named(Class::N2);
        let position = design.shapes().iter().position(|known| known.shape == shape).unwrap();
        assert!(scan.shares(position, &mut row) < 1e-9);
        // Half fixed, the curve is 1, 2.5, 8.5; its distances in ln are 0, 0.47000, 0.63252, their
        // squares about the mean 0.215800; with q = 1 and β = 0.005: 0.005 / 0.1129001 = 0.0442869.
        let weights = design.share_weights();
        assert!((row[0] / weights[0] - 1.0).abs() < 1e-6);
        assert!((row[100] / weights[100] - 0.044_287).abs() < 1e-5, "{}", row[100] / weights[100]);
    }

    #[test]
    fn the_density_of_slowness_is_one_in_all() {
        let step = 0.001;
        let sum: f64 = (0..50_000).map(|at| step / rarity((f64::from(at) + 0.5) * step)).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        assert!((rarity(0.5) - 1.0 / 0.375).abs() < 1e-12);
    }
}

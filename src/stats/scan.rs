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

/// Mean and residual sum of the differences between series and curves.
struct Residuals {
    mean: Row,
    sum: Row,
}

impl<'a> Scan<'a> {
    pub fn new(design: &'a Design, series: &'a Series, evidence: Evidence) -> Scan<'a> {
        Scan { design, series, evidence, slow: None }
    }

    /// The same with the alternative that one of `values`, which all weigh the same, is slow.
    #[must_use]
    pub fn with_slow_value(mut self, values: &'a [Value]) -> Scan<'a> {
        let count = values.len() as f64;
        let power = self.evidence.power;
        let ln_factor = ln_gamma(power - 0.5) - ln_gamma(power)
            + 0.5 * (count / (count - 1.0)).ln()
            + 0.5 * (2.0 * PI).ln();
        let odds = prior::SLOW / (1.0 - prior::SLOW);
        self.slow =
            (values.len() > 2).then(|| SlowValue { values, factor: odds * ln_factor.exp() });
        self
    }

    /// Number of values compared.
    pub fn count(&self) -> usize {
        self.series.count
    }

    /// Probability of each fixed share of a shape, its prior included, relative to the evidence of
    /// the smallest residual sum of the shape; returns `β + RSS/2` of that sum.
    pub fn shares(&self, shape: usize, probability: &mut Row) -> f64 {
        let residuals = self.residuals(shape);
        let floor = self.evidence.floor;
        let least = residuals.sum.iter().copied().fold(f64::INFINITY, f64::min);
        let reference = floor + least / 2.0;
        let half_powers = self.evidence.half_powers();
        for (ratio, sum) in probability.iter_mut().zip(&residuals.sum) {
            *ratio = reference / (floor + sum / 2.0);
        }
        raise(probability, half_powers);
        if let Some(slow) = &self.slow {
            self.add_slow(shape, slow, &residuals, reference, probability);
        }
        for (probability, weight) in probability.iter_mut().zip(self.design.share_weights()) {
            *probability *= weight;
        }
        reference
    }

    /// How one curve, given by shape and fixed share, lies to the series.
    pub fn fit(&self, shape: usize, share: usize) -> Fit {
        let all = self.fit_all(shape, share);
        let mean = all.ln_scale - self.series.level;
        let Some(slow) = &self.slow else { return all };
        let with_all = (self.evidence.floor + all.residual_sum / 2.0).powf(-self.evidence.power);
        let mut best = (with_all, all);
        let count = slow.values.len() as f64;
        for value in slow.values {
            let curve = self.design.row(shape, value.place)[share];
            let residual = value.ln - self.series.level - curve - mean;
            let lateness = residual * count / (count - 1.0);
            let left = (all.residual_sum - residual * lateness).max(0.0);
            let evidence = slow.factor
                * density(lateness)
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
        let difference = |group: &Group| group.mean - self.design.row(shape, group.place)[share];
        let moment = |group: &Group| group.weight * difference(group);
        let mean = groups.iter().map(moment).sum::<f64>() / self.series.weight;
        let square = |group: &Group| group.weight * (difference(group) - mean).powi(2);
        Fit {
            ln_scale: self.series.level + mean,
            residual_sum: groups.iter().map(square).sum::<f64>() + self.series.within,
            slow_run: None,
        }
    }

    fn residuals(&self, shape: usize) -> Residuals {
        let mut mean = [0.0; SHARES];
        let mut sum = [0.0; SHARES];
        for group in &self.series.groups {
            let row = self.design.row(shape, group.place);
            for ((mean, sum), curve) in mean.iter_mut().zip(&mut sum).zip(row) {
                let difference = group.mean - curve;
                let weighted = group.weight * difference;
                *mean += weighted;
                *sum += weighted * difference;
            }
        }
        let share_of_one = self.series.weight.recip();
        for (mean, sum) in mean.iter_mut().zip(&mut sum) {
            *sum = (*sum - *mean * *mean * share_of_one).max(0.0) + self.series.within;
            *mean *= share_of_one;
        }
        Residuals { mean, sum }
    }

    /// Adds the evidence of each value being the slow one: the residual sum is downdated by
    /// `e²·N/(N − 1)` instead of fitted again.
    fn add_slow(
        &self,
        shape: usize,
        slow: &SlowValue<'_>,
        residuals: &Residuals,
        reference: f64,
        probability: &mut Row,
    ) {
        let count = slow.values.len() as f64;
        let stretch = count / (count - 1.0);
        let floor = self.evidence.floor;
        let factor = slow.factor * reference.sqrt();
        let half_powers = self.evidence.half_powers() - 1;
        let mut lateness = [0.0; SHARES];
        let mut ratio = [0.0; SHARES];
        for value in slow.values {
            let row = self.design.row(shape, value.place);
            let height = value.ln - self.series.level;
            for index in 0..SHARES {
                let residual = height - row[index] - residuals.mean[index];
                let late = residual * stretch;
                let left = (residuals.sum[index] - residual * late).max(0.0);
                lateness[index] = late;
                ratio[index] = reference / (floor + left / 2.0);
            }
            raise(&mut ratio, half_powers);
            for index in 0..SHARES {
                let late = lateness[index].max(0.0);
                let added = factor * density(late) * ratio[index];
                probability[index] += if lateness[index] > 0.0 { added } else { 0.0 };
            }
        }
    }
}

/// Density of the slow-down of a slow value, in `ln`, at `lateness` of 0 or more.
///
/// A Lomax density: near the exponential of the same mean, but a run that is ten times too slow
/// is no surprise to it, and it needs no exponential function.
fn density(lateness: f64) -> f64 {
    const TAIL: f64 = 3.0;
    const SCALE: f64 = prior::SLOWNESS * (TAIL - 1.0);
    let x = 1.0 + lateness / SCALE;
    TAIL / SCALE / (x * x * x * x)
}

/// Raises each number to `half_powers / 2`, by squaring.
fn raise(row: &mut Row, half_powers: i32) {
    let mut left = half_powers / 2;
    let mut power = *row;
    if half_powers % 2 == 1 {
        row.iter_mut().for_each(|value| *value = value.sqrt());
    } else {
        row.fill(1.0);
    }
    while left > 0 {
        if left % 2 == 1 {
            row.iter_mut().zip(&power).for_each(|(value, power)| *value *= power);
        }
        left /= 2;
        if left > 0 {
            power.iter_mut().for_each(|power| *power *= *power);
        }
    }
}

//! The verdict alone, without the figures behind it: curves that a bound rules out are not
//! compared. It gives the verdict of the full estimate, in a fraction of the time, or hands over to
//! it.
//!
//! # Why it cannot change a verdict
//!
//! The full estimate adds up, over all shapes,
//!
//! `E = weight · Σ over fixed shares (evidence · prior)`
//!
//! and its verdict is that of `p = S / (S + N)`: `S` the sum over superlinear shapes, `N` over the
//! others. Here every shape first has an [upper bound](crate::stats::bound) `U ≥ E`; then shapes are
//! compared in full, the one with the largest bound first. With `s`, `n` the sums over those
//! compared and `u`, `v` the bounds of the superlinear and the other ones that are left,
//!
//! `s / (s + n + v) ≤ p ≤ (s + u) / (s + u + n)`
//!
//! and as soon as both ends have the same verdict, it is the verdict of `p`. That `p` here and
//! there differ by rounding (some 1e-12) is covered by [`MARGIN`]: an end that is nearer to a
//! threshold is not believed, and a series that stays undecided gets the full estimate.
//!
//! Where the sizes depart from every curve by more than their repetitions explain, the full
//! estimate takes each size as one value. Whether they do depends on the nearest of all curves,
//! which lies no farther than the nearest of those compared: if they do not depart from that one,
//! they depart from none. Otherwise the verdict is settled both ways, and given where it is the
//! same.

use crate::stats::bound::Bounds;
use crate::stats::design::Design;
use crate::stats::estimate::Skipped;
use crate::stats::estimate::Verdict;
use crate::stats::evidence::Evidence;
use crate::stats::fit;
use crate::stats::misfit::Departure;
use crate::stats::noise::NoiseFloor;
use crate::stats::prior::SHARES;
use crate::stats::scan::Scan;
use crate::stats::series::Sample;
use crate::stats::series::Series;

/// How far a bound on the probability must lie from a threshold to be believed.
const MARGIN: f64 = 1e-9;
/// Beyond this many values evidence may be too small for a number, and the full estimate is asked.
const MOST_VALUES: usize = 64;
/// Evidence below this, of at most 1, is too near to what a number can hold.
const LEAST_EVIDENCE: f64 = 1e-250;
/// Bounds for series that have a value in every run of a design.
#[derive(Debug)]
pub struct Screen {
    shapes: Vec<Bounds>,
}

/// Evidence of both sides: what is known, and the most that what is left can add.
#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    superlinear: f64,
    other: f64,
    most_superlinear: f64,
    most_other: f64,
}

/// What is known of a series once its verdict is settled.
struct Compared {
    verdict: Verdict,
    series: Series,
    /// Smallest residual sum of the curves compared.
    least: f64,
}

impl Screen {
    /// Bounds for the curves of `design`.
    pub fn new(design: &Design) -> Screen {
        let counts: Vec<f64> = (0..design.ln_sizes().len())
            .map(|place| design.runs().iter().filter(|run| run.0 == place).count() as f64)
            .collect();
        let bounds = |shape| Bounds::new(design, shape, &counts);
        Screen { shapes: (0..design.shapes().len()).map(bounds).collect() }
    }

    /// The verdict of [`Design::estimate`] on the same values; `design`: the one of
    /// [`Screen::new`].
    ///
    /// # Errors
    /// As there.
    pub fn verdict(
        &self,
        design: &Design,
        values: &[Option<f64>],
        noise: NoiseFloor,
    ) -> Result<Verdict, Skipped> {
        let settled = fit::complete(design, values, noise)
            .and_then(|sample| self.settled(design, &sample, noise));
        match settled {
            Some(verdict) => Ok(verdict),
            None => design.estimate(values, noise).map(|estimate| estimate.verdict),
        }
    }

    /// The verdict, when the bounds settle it.
    ///
    /// `sample`: a value of every run, all of one weight.
    fn settled(&self, design: &Design, sample: &Sample, noise: NoiseFloor) -> Option<Verdict> {
        let of_values = self.compared(design, sample, noise)?;
        let departure = Departure::of(design, &of_values.series, of_values.least, noise.level());
        if !departure.is_some_and(|departure| departure.is_likely()) {
            return Some(of_values.verdict);
        }
        let of_sizes = self.compared(design, &sample.by_size(), noise)?;
        (of_sizes.verdict == of_values.verdict).then_some(of_values.verdict)
    }

    /// Compares a sample with shape after shape until the verdict is settled.
    fn compared(&self, design: &Design, sample: &Sample, noise: NoiseFloor) -> Option<Compared> {
        let Sample { values, may_be_slow } = sample;
        if values.len() > MOST_VALUES {
            return None;
        }
        let series = Series::new(values, noise.level());
        let evidence = Evidence::new(series.count, noise);
        let scan = Scan::new(design, &series, evidence).with_slow_value(may_be_slow);
        let most =
            |bounds: &Bounds| bounds.most(may_be_slow, &series, evidence, scan.slow_factor());
        let mut open: Vec<(f64, usize)> =
            self.shapes.iter().enumerate().map(|(shape, bounds)| (most(bounds), shape)).collect();
        open.sort_by(|left, right| left.0.total_cmp(&right.0));
        let is_superlinear = |shape: usize| design.shapes()[shape].is_superlinear;
        let mut sides = Sides::default();
        for (most, shape) in &open {
            *sides.most(is_superlinear(*shape)) += most;
        }
        let mut row = [0.0; SHARES];
        let mut least = f64::INFINITY;
        while let Some((most, shape)) = open.pop() {
            let residual_sum = scan.shares(shape, &mut row);
            let relative = (evidence.ln_of(residual_sum) - evidence.ln_of(0.0)).exp();
            let found = design.shapes()[shape].weight * row.iter().sum::<f64>() * relative;
            *sides.known(is_superlinear(shape)) += found;
            *sides.most(is_superlinear(shape)) -= most;
            least = least.min(residual_sum);
            if let Some(verdict) = sides.verdict() {
                return Some(Compared { verdict, series, least });
            }
        }
        None
    }
}

impl Sides {
    fn known(&mut self, superlinear: bool) -> &mut f64 {
        if superlinear { &mut self.superlinear } else { &mut self.other }
    }

    fn most(&mut self, superlinear: bool) -> &mut f64 {
        if superlinear { &mut self.most_superlinear } else { &mut self.most_other }
    }

    /// The verdict that both bounds of the probability have.
    ///
    /// Example: 0.01 known of superlinear shapes and 0.02 at most to come, 0.9 known of the others:
    /// p is at most 0.03 / 0.93 = 0.032, so the answer is *not superlinear*.
    fn verdict(self) -> Option<Verdict> {
        let known = self.superlinear + self.other;
        if known < LEAST_EVIDENCE {
            return None;
        }
        // What is left was taken away term by term, so that a little of it may be missing.
        let slack = MARGIN * (1.0 + (self.most_superlinear + self.most_other) / known);
        let superlinear = self.superlinear + self.most_superlinear.max(0.0);
        let most = superlinear / (superlinear + self.other);
        let least = self.superlinear / (known + self.most_other.max(0.0));
        let ends = [least - slack, least + slack, most - slack, most + slack].map(Verdict::of);
        ends.iter().all(|end| *end == ends[0]).then_some(ends[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_must_have_one_verdict() {
        let check = |known: (f64, f64), most: (f64, f64), expected: Option<Verdict>| {
            let sides = Sides {
                superlinear: known.0,
                other: known.1,
                most_superlinear: most.0,
                most_other: most.1,
            };
            assert_eq!(sides.verdict(), expected, "{sides:?}");
        };
        check((0.01, 0.9), (0.02, 5.0), Some(Verdict::NotSuperlinear));
        check((0.01, 0.9), (0.2, 0.0), None);
        check((0.95, 0.01), (3.0, 0.02), Some(Verdict::Superlinear));
        check((0.95, 0.01), (0.0, 0.2), None);
        check((0.5, 0.5), (0.1, 0.1), Some(Verdict::CannotTell));
        // At a threshold to the last digits nothing is believed.
        check((0.1, 0.9), (0.0, 0.0), None);
        check((0.0, 0.0), (1.0, 1.0), None);
    }
}

//! How well the curves of a shape can fit at most, told from a few of them: the bound that rules out
//! shapes before they are compared.
//!
//! Take the curves of one shape as points with one coordinate per value, and let `‖x‖` be the length
//! of `x` once its mean is taken out: the residual sum about a curve `c` is `RSS = ‖z − c‖²`. The
//! fixed shares are cut into [`ANCHORS`] runs of neighbours, each with an anchor `a` among them and
//! a radius `ρ ≥ ‖c − a‖` for all `c` of the run. So for each of them
//!
//! `√RSS ≥ ‖z − a‖ − ρ`
//!
//! Leaving out one value (which may be slow) leaves `‖z − a‖² − e²·N/(N−1)` with `e` its residual,
//! and the same radius holds, since leaving out a coordinate makes no length longer; for the same
//! reason it holds for one value of each size. Evidence falls as residual sums rise, and the density
//! of a slow-down is highest at none, so putting in the least residual sums bounds it from above.

use crate::stats::design::Design;
use crate::stats::evidence::Evidence;
use crate::stats::prior::SHARES;
use crate::stats::scan::raised;
use crate::stats::series::Series;
use crate::stats::series::Value;

/// Runs of neighbouring fixed shares that share a bound, at most.
const ANCHORS: usize = 40;
/// What rounding to single precision may add to a distance between curves.
const ROUNDING: f64 = 1e-4;

type Anchors = [f64; ANCHORS];

/// The runs of fixed shares of one shape.
#[derive(Debug)]
pub struct Bounds {
    /// Per place: the anchors' curves.
    curves: Vec<[f32; ANCHORS]>,
    radius: Anchors,
    /// Prior probability of the shape, and of the shares in a run.
    weight: Anchors,
}

impl Bounds {
    /// Bounds for the curves of a shape of `design`; `counts`: how many runs stand at each place.
    pub fn new(design: &Design, shape: usize, counts: &[f64]) -> Bounds {
        let rows: Vec<&[f32; SHARES]> =
            (0..counts.len()).map(|place| design.row(shape, place)).collect();
        let distance = |one: usize, other: usize| {
            let apart = |row: &&[f32; SHARES]| f64::from(row[one]) - f64::from(row[other]);
            spread(rows.iter().map(apart).zip(counts.iter().copied()))
        };
        let mut bounds = Bounds {
            curves: vec![[0.0; ANCHORS]; counts.len()],
            radius: [0.0; ANCHORS],
            weight: [0.0; ANCHORS],
        };
        let weights = design.share_weights();
        for (run, shares) in runs_of_shares(distance).into_iter().enumerate() {
            let anchor = usize::midpoint(shares.start, shares.end - 1);
            let radius = shares.clone().map(|share| distance(anchor, share)).fold(0.0, f64::max);
            bounds.radius[run] = radius * (1.0 + ROUNDING) + ROUNDING;
            bounds.weight[run] =
                design.shapes()[shape].weight * weights[shares].iter().sum::<f64>();
            for (curves, row) in bounds.curves.iter_mut().zip(&rows) {
                curves[run] = row[anchor];
            }
        }
        bounds
    }

    /// No less than the evidence of the shape, its prior included, relative to that of no
    /// residuals.
    pub fn most(
        &self,
        may_be_slow: &[Value],
        series: &Series,
        evidence: Evidence,
        slow_factor: Option<f64>,
    ) -> f64 {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "twice as fast, to the same bits")]
            // SAFETY: the processor was just asked whether it has what the function needs.
            return unsafe { self.most_four_at_once(may_be_slow, series, evidence, slow_factor) };
        }
        self.most_anywhere(may_be_slow, series, evidence, slow_factor)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn most_four_at_once(
        &self,
        may_be_slow: &[Value],
        series: &Series,
        evidence: Evidence,
        slow_factor: Option<f64>,
    ) -> f64 {
        self.most_anywhere(may_be_slow, series, evidence, slow_factor)
    }

    #[inline(always)]
    fn most_anywhere(
        &self,
        may_be_slow: &[Value],
        series: &Series,
        evidence: Evidence,
        slow_factor: Option<f64>,
    ) -> f64 {
        let count = series.count as f64;
        let mut mean = [0.0; ANCHORS];
        let mut sum = [0.0; ANCHORS];
        for group in &series.groups {
            let curve = &self.curves[group.place];
            for at in 0..ANCHORS {
                let apart = group.mean - f64::from(curve[at]);
                mean[at] += group.weight * apart;
                sum[at] += group.weight * apart * apart;
            }
        }
        for at in 0..ANCHORS {
            mean[at] /= count;
            sum[at] = (sum[at] - mean[at] * mean[at] * count).max(0.0) + series.within;
        }
        let mut most = raised(self.nearness(evidence, &sum), evidence.half_powers());
        if let Some(factor) = slow_factor {
            let mut farthest = [0.0_f64; ANCHORS];
            for value in may_be_slow {
                let curve = &self.curves[value.place];
                let height = value.ln - series.level;
                for at in 0..ANCHORS {
                    let residual = height - f64::from(curve[at]) - mean[at];
                    let square = residual * residual;
                    farthest[at] = if square > farthest[at] { square } else { farthest[at] };
                }
            }
            let stretch = count / (count - 1.0);
            for at in 0..ANCHORS {
                sum[at] -= farthest[at] * stretch;
            }
            let factor = count * factor * evidence.floor.sqrt();
            let left = raised(self.nearness(evidence, &sum), evidence.half_powers() - 1);
            for at in 0..ANCHORS {
                most[at] += factor * left[at];
            }
        }
        most.iter().zip(&self.weight).map(|(most, weight)| most * weight).sum()
    }

    /// `β / (β + RSS/2)` for the least residual sum in each run of shares, of those at its anchor.
    #[inline(always)]
    fn nearness(&self, evidence: Evidence, sums: &Anchors) -> Anchors {
        let mut nearness = [0.0; ANCHORS];
        for at in 0..ANCHORS {
            let sum = if sums[at] > 0.0 { sums[at] } else { 0.0 };
            let apart = sum.sqrt() - self.radius[at];
            let apart = if apart > 0.0 { apart } else { 0.0 };
            nearness[at] = evidence.floor / (evidence.floor + apart * apart / 2.0);
        }
        nearness
    }
}

/// The length of a vector once its mean is taken out; each coordinate with how often it is there.
fn spread(coordinates: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (coordinate, times) in coordinates {
        count += times;
        sum += times * coordinate;
        squares += times * coordinate * coordinate;
    }
    (squares - sum * sum / count).max(0.0).sqrt()
}

/// All shares in at most [`ANCHORS`] runs, cut where the curve has gone equal parts of its way.
fn runs_of_shares(distance: impl Fn(usize, usize) -> f64) -> Vec<std::ops::Range<usize>> {
    let mut way = vec![0.0];
    for share in 1..SHARES {
        way.push(way[share - 1] + distance(share - 1, share));
    }
    let whole = way[SHARES - 1];
    let part = |share: usize| {
        let part = if whole > 0.0 { way[share] / whole * ANCHORS as f64 } else { 0.0 };
        (part as usize).min(ANCHORS - 1)
    };
    let shares: Vec<usize> = (0..SHARES).collect();
    let runs = shares.chunk_by(|left, right| part(*left) == part(*right));
    runs.map(|run| run[0]..run[run.len() - 1] + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::fit;
    use crate::stats::noise::NoiseFloor;
    use crate::stats::scan::Scan;
    use crate::stats::series::Sample;

    #[test]
    fn the_bound_is_never_below_the_evidence() {
        let sizes = [100.0, 200.0, 400.0, 400.0, 800.0, 1600.0, 3200.0];
        let design = Design::new(&sizes).unwrap();
        let counts = [1.0, 1.0, 2.0, 1.0, 1.0, 1.0];
        let mut row = [0.0; SHARES];
        for seed in 0..60_u32 {
            let noise = NoiseFloor::Clock(if seed % 2 == 0 { 0.01 } else { 0.1 });
            let exponent = f64::from(seed % 7) / 2.0;
            let law = |run: usize| {
                let wild = f64::from((seed * 31 + run as u32 * 17) % 23) / 23.0;
                let slow = if seed % 5 == 0 && run == seed as usize % 7 { 2.0 } else { 0.0 };
                let fixed = f64::from(seed % 3) * 100f64.powf(exponent);
                Some((fixed + sizes[run].powf(exponent)) * (0.2 * wild + slow).exp())
            };
            let values: Vec<Option<f64>> = (0..sizes.len()).map(law).collect();
            let Sample { values, may_be_slow } = fit::complete(&design, &values, noise).unwrap();
            assert_eq!(values, may_be_slow);
            let series = Series::new(&values, noise.level());
            let evidence = Evidence::new(series.count, noise);
            let scan = Scan::new(&design, &series, evidence).with_slow_value(&values);
            for shape in 0..design.shapes().len() {
                let bounds = Bounds::new(&design, shape, &counts);
                let residual_sum = scan.shares(shape, &mut row);
                let relative = (evidence.ln_of(residual_sum) - evidence.ln_of(0.0)).exp();
                let found = design.shapes()[shape].weight * row.iter().sum::<f64>() * relative;
                let most = bounds.most(&values, &series, evidence, scan.slow_factor());
                assert!(most >= found, "seed {seed}, shape {shape}: {most} < {found}");
            }
        }
    }

    #[test]
    fn all_shares_are_in_one_run_each() {
        let check = |distance: fn(usize, usize) -> f64| {
            let runs = runs_of_shares(distance);
            assert!(runs.len() <= ANCHORS);
            let shares: Vec<usize> = runs.into_iter().flatten().collect();
            assert_eq!(shares, (0..SHARES).collect::<Vec<_>>());
        };
        check(|_, _| 0.0);
        check(|_, _| 1.0);
        check(|_, share| (share as f64).powi(3));
        assert_eq!(runs_of_shares(|_, _| 0.0).len(), 1);
    }
}

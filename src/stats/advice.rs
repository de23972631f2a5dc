//! What would settle it: which extra size, or how many repetitions, tell two classes apart.
//! Looks at the fitted curves only; how to run it is for others to say.

use crate::stats::class::Class;
use crate::stats::design::Design;
use crate::stats::estimate::Estimate;
use crate::stats::estimate::Verdict;
use crate::stats::outlook::Curve;
use crate::stats::prior;
use crate::stats::shape::Span;

/// What would separate the two classes between which an estimate cannot choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Advice {
    /// The more probable one first.
    pub between: (Class, Class),
    pub extra_size: Option<ExtraSize>,
    /// Further runs at each of the present sizes that would do as well; `None` when no sensible
    /// number would.
    pub repetitions: Option<u32>,
}

/// A size that the classes predict different values for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExtraSize {
    pub size: f64,
    /// Runs needed at it.
    pub runs: u32,
    /// Values that the two classes predict there, in their order.
    pub predicted: (f64, f64),
}

/// Predictions this many standard deviations of the noise apart tell two classes apart: three to
/// be clear, two for what the rivals make up for when they are fitted to the new runs too.
const CLEAR: f64 = 5.0;
/// More repetitions than this are no advice.
const MOST_RUNS: f64 = 100.0;
/// Extra sizes beyond the present ones, as multiples of the largest and of the smallest.
const ABOVE: [f64; 3] = [2.0, 4.0, 8.0];
const BELOW: [f64; 2] = [0.5, 0.25];

impl Design {
    /// What would settle `estimate`, made from this design: `None` when it is settled, that is,
    /// the verdict is given and the class set holds one class.
    ///
    /// Of the sizes between, above and below the present ones, the first that one run tells the
    /// rivals apart at; otherwise the one that does so with the fewest runs. Between a largest
    /// size of 80 and a noise of 10 %, rivals that lie a factor 1.8 apart at 160 are ln 1.8 / 0.1
    /// = 5.9 deviations apart: one run at 160.
    pub fn advice(&self, estimate: &Estimate) -> Option<Advice> {
        if estimate.verdict != Verdict::CannotTell && estimate.class_set.len() < 2 {
            return None;
        }
        let (first, second) = estimate.outlook.rivals()?;
        let noise = estimate.noise.max(f64::MIN_POSITIVE);
        let apart = |ln_size: f64| {
            height(second, ln_size, self.span()) - height(first, ln_size, self.span())
        };
        let candidates = candidates(self.ln_sizes());
        let runs = |ln_size: f64| (CLEAR * noise / apart(ln_size).abs()).powi(2).ceil().max(1.0);
        let single = candidates.iter().find(|ln_size| runs(**ln_size) <= 1.0);
        let fewest = candidates.iter().min_by(|a, b| runs(**a).total_cmp(&runs(**b)));
        let extra_size = single.or(fewest).filter(|ln_size| runs(**ln_size) <= MOST_RUNS);
        let present: Vec<f64> = self.ln_sizes().iter().map(|ln_size| apart(*ln_size)).collect();
        Some(Advice {
            between: (first.class()?, second.class()?),
            extra_size: extra_size.map(|ln_size| ExtraSize {
                size: ln_size.exp(),
                runs: runs(*ln_size) as u32,
                predicted: (
                    height(first, *ln_size, self.span()).exp(),
                    height(second, *ln_size, self.span()).exp(),
                ),
            }),
            repetitions: repetitions(&present, noise),
        })
    }
}

fn height(curve: Curve, ln_size: f64, span: Span) -> f64 {
    let share = prior::fixed_share(usize::from(curve.share));
    curve.ln_scale + curve.shape.ln_curve(ln_size, share, span)
}

/// Sizes to look at, as logarithms: the middles of the gaps, then beyond both ends.
fn candidates(ln_sizes: &[f64]) -> Vec<f64> {
    let gaps = ln_sizes.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    let above = ln_sizes.last().into_iter().flat_map(|last| ABOVE.map(|factor| last + factor.ln()));
    let below =
        ln_sizes.first().into_iter().flat_map(|first| BELOW.map(|factor| first + factor.ln()));
    gaps.chain(above).chain(below).collect()
}

/// Rounds of runs at the present sizes after which the rivals are clearly apart, from the
/// differences of their predictions in `ln`.
///
/// Example: differences −0.1, 0, 0.1 at a noise of 10 %: a round is worth √2 deviations, so
/// (5 / √2)² = 12.5, 13 rounds.
fn repetitions(apart: &[f64], noise: f64) -> Option<u32> {
    let mean = apart.iter().sum::<f64>() / apart.len() as f64;
    let squares: f64 = apart.iter().map(|apart| (apart - mean).powi(2)).sum();
    let rounds = (CLEAR * CLEAR * noise * noise / squares).ceil();
    (rounds <= MOST_RUNS).then(|| rounds.max(1.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::noise::NoiseFloor;

    #[test]
    fn repetitions_follow_the_square_of_the_noise() {
        assert_eq!(repetitions(&[-0.1, 0.0, 0.1], 0.1), Some(13));
        assert_eq!(repetitions(&[-0.1, 0.0, 0.1], 0.2), Some(50));
        assert_eq!(repetitions(&[-0.1, 0.0, 0.1], 0.001), Some(1));
        assert_eq!(repetitions(&[0.0, 0.0, 0.0], 0.1), None);
    }

    #[test]
    fn a_settled_estimate_needs_no_advice() {
        let sizes = [100.0, 200.0, 400.0, 800.0, 1600.0];
        let design = Design::new(&sizes).unwrap();
        let values = sizes.map(|size| Some(size * size));
        let estimate = design.estimate(&values, NoiseFloor::Counter).unwrap();
        assert_eq!(design.advice(&estimate), None);
    }

    #[test]
    fn the_advised_runs_settle_it() {
        // n log n disturbed by 15 %, so that n^1.5 is a rival.
        let sizes = [10.0, 15.0, 20.0, 30.0, 40.0, 50.0];
        let noise = [1.15, 0.9, 1.1, 0.87, 1.12, 0.93];
        let law = |size: f64| size * size.ln();
        let values: Vec<Option<f64>> =
            sizes.iter().zip(noise).map(|(size, noise)| Some(law(*size) * noise)).collect();
        let design = Design::new(&sizes).unwrap();
        let estimate = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
        assert_eq!(estimate.verdict, Verdict::CannotTell, "{estimate:?}");
        let advice = design.advice(&estimate).unwrap();
        let extra = advice.extra_size.unwrap();
        assert!(extra.size > 50.0, "{advice:?}");

        let mut sizes = sizes.to_vec();
        let mut values = values;
        for _ in 0..extra.runs {
            sizes.push(extra.size);
            values.push(Some(law(extra.size)));
        }
        let settled =
            Design::new(&sizes).unwrap().estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
        assert_eq!(settled.verdict, Verdict::NotSuperlinear, "{advice:?} {settled:?}");
    }
}

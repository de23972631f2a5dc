//! What would settle it: which extra size, or how many repetitions, tell two classes apart.
//! Looks at the fitted curves only; what that costs and how to run it is for others to say.

use crate::stats::class::Class;
use crate::stats::design::Design;
use crate::stats::estimate::Estimate;
use crate::stats::estimate::Verdict;
use crate::stats::outlook::Curve;
use crate::stats::prior;
use crate::stats::prior::SHARES;
use crate::stats::scatter::Repeating;

/// What would separate the two classes between which an estimate cannot choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The more probable one first.
    pub between: (Class, Class),
    /// Each of them would do alone; empty when nothing sensible would.
    pub ways: Vec<Way>,
}

/// More runs that tell the two classes apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// That many runs at a size that is not among the present ones.
    Size { size: f64, runs: u32 },
    /// That many further runs at each of the present sizes.
    Rounds(u32),
}

/// The rival, fitted to what the more probable class predicts, must stay this many standard
/// deviations of the noise away: three to be clear, one for the noise of the runs themselves.
const CLEAR: f64 = 4.0;
/// More runs than this are no advice.
const MOST_RUNS: f64 = 10_000.0;
/// Extra sizes beyond the present ones, as multiples of the largest. None lies below the smallest:
/// the less there is to do, the more of a time is chance.
const ABOVE: [f64; 2] = [2.0, 4.0];
/// Relative distance within which two sizes are one.
const NEAR: f64 = 1e-6;

impl Design {
    /// What would settle `estimate`, made from this design: `None` when it is settled, that is,
    /// the verdict is given and the class set holds one class.
    ///
    /// Sizes are looked for between those with a value and up to four times the largest of them.
    /// Where to repeat tells nothing, only another size helps, once.
    pub fn advice(&self, estimate: &Estimate, repeating: Repeating) -> Option<Advice> {
        if estimate.verdict != Verdict::CannotTell && estimate.class_set.len() < 2 {
            return None;
        }
        let (first, second) = estimate.outlook.rivals()?;
        let noise = estimate.noise.max(f64::MIN_POSITIVE);
        let rivalry = Rivalry::new(self, estimate, first, second);
        let sizes = self.other_sizes(&rivalry.present).into_iter().filter_map(|size| {
            let runs = rivalry.runs_at(size.ln(), noise)?;
            Some(Way::Size { size, runs })
        });
        let rounds = rivalry.rounds(noise).map(Way::Rounds);
        let helps =
            |way: &Way| repeating == Repeating::Helps || matches!(way, Way::Size { runs: 1, .. });
        Some(Advice {
            between: (first.class()?, second.class()?),
            ways: sizes.chain(rounds).filter(helps).collect(),
        })
    }

    /// One run at another size, for a series that has too few of them for a verdict: beyond the
    /// largest, and then between those that have a value.
    pub fn further_size(&self, estimate: &Estimate) -> Vec<Way> {
        let present = self.present(estimate);
        let largest = present.last().map_or(0.0, |(ln_size, _)| ln_size.exp());
        let (above, between): (Vec<f64>, Vec<f64>) =
            self.other_sizes(&present).into_iter().partition(|size| *size > largest);
        let sizes = above.first().into_iter().chain(between.iter().rev());
        sizes.map(|&size| Way::Size { size, runs: 1 }).collect()
    }

    /// Logarithm of each size that has a value in `estimate`, and how many count there.
    fn present(&self, estimate: &Estimate) -> Vec<(f64, f64)> {
        let mut runs = vec![0.0; self.ln_sizes().len()];
        for (run, (place, _)) in self.runs().iter().enumerate() {
            let is_out = estimate.dropped.contains(&run)
                || estimate.unused.iter().any(|unused| unused.run == run);
            runs[*place] += f64::from(u8::from(!is_out));
        }
        let counted = |runs: f64| if estimate.by_size { 1.0 } else { runs };
        let places = self.ln_sizes().iter().zip(runs).filter(|(_, runs)| *runs > 0.0);
        places.map(|(ln_size, runs)| (*ln_size, counted(runs))).collect()
    }

    /// Sizes to look at, rising: the middles of the gaps between the present ones, then beyond the
    /// largest; whole where all sizes of the design are, and none that was run already.
    fn other_sizes(&self, present: &[(f64, f64)]) -> Vec<f64> {
        let known: Vec<f64> = self.ln_sizes().iter().map(|ln_size| ln_size.exp()).collect();
        let near = |left: f64, right: f64| (left - right).abs() <= NEAR * right;
        let are_whole = known.iter().all(|size| near(size.round(), *size));
        let gaps = present.windows(2).map(|pair| f64::midpoint(pair[0].0, pair[1].0));
        let last = present.last().map(|(ln_size, _)| *ln_size);
        let above = last.into_iter().flat_map(|last| ABOVE.map(|factor| last + factor.ln()));
        gaps.chain(above)
            .map(|ln_size| if are_whole { ln_size.exp().round() } else { ln_size.exp() })
            .filter(|size| *size > 0.0 && !known.iter().any(|known| near(*size, *known)))
            .collect()
    }
}

/// Two curves over a design: what one predicts, and how well the other can be fitted to it.
struct Rivalry<'a> {
    design: &'a Design,
    first: Curve,
    second: Curve,
    /// Logarithm of each size that has a value, and how many there are at it.
    present: Vec<(f64, f64)>,
}

impl<'a> Rivalry<'a> {
    fn new(design: &'a Design, estimate: &Estimate, first: Curve, second: Curve) -> Self {
        Self { design, first, second, present: design.present(estimate) }
    }

    /// Runs at an extra size after which the rival is clearly off; at first twice as many at each
    /// step, then as few as do.
    fn runs_at(&self, ln_size: f64, noise: f64) -> Option<u32> {
        let without = self.left_over(&self.present);
        let is_clear = |runs: u32| {
            let extra = [self.present.as_slice(), &[(ln_size, f64::from(runs))]].concat();
            self.left_over(&extra) - without >= (CLEAR * noise).powi(2)
        };
        let enough = (0..).map(|step| 1 << step).take_while(|runs| f64::from(*runs) <= MOST_RUNS);
        let enough: u32 = enough.into_iter().find(|runs| is_clear(*runs))?;
        let few: Vec<u32> = (enough / 2 + 1..=enough).collect();
        few.get(few.partition_point(|runs| !is_clear(*runs))).copied()
    }

    /// Rounds of runs at the present sizes after which the rival is clearly off.
    fn rounds(&self, noise: f64) -> Option<u32> {
        let once: Vec<(f64, f64)> =
            self.present.iter().map(|(ln_size, _)| (*ln_size, 1.0)).collect();
        let rounds = ((CLEAR * noise).powi(2) / self.left_over(&once)).ceil();
        (rounds <= MOST_RUNS).then(|| rounds.max(1.0) as u32)
    }

    /// The smallest residual sum of the rival, whatever its scale and fixed share, fitted to what
    /// the first curve predicts at sizes that are given with their number of runs.
    ///
    /// Example: n against a constant at 1, 2 and 4, once each: 0, ln 2 and 2·ln 2 about their mean
    /// are 2·ln² 2 = 0.961.
    fn left_over(&self, sizes: &[(f64, f64)]) -> f64 {
        let span = self.design.span();
        let own = prior::fixed_share(usize::from(self.first.share));
        let weight: f64 = sizes.iter().map(|(_, runs)| runs).sum();
        let residual_sum = |share: usize| -> f64 {
            let share = prior::fixed_share(share);
            let apart = |ln_size: f64| {
                self.first.shape.ln_curve(ln_size, own, span)
                    - self.second.shape.ln_curve(ln_size, share, span)
            };
            let moment = |power: i32| -> f64 {
                sizes.iter().map(|(ln_size, runs)| runs * apart(*ln_size).powi(power)).sum()
            };
            let mean = moment(1) / weight;
            sizes.iter().map(|(ln_size, runs)| runs * (apart(*ln_size) - mean).powi(2)).sum()
        };
        (0..SHARES).map(residual_sum).fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::noise::NoiseFloor;
    use crate::stats::shape::Shape;

    fn curve(class: Class) -> Curve {
        Curve { shape: Shape::Named(class), share: 0, parts: 1, noise: 0.1, ln_scale: 0.0 }
    }

    fn check_runs(noise: f64, runs_at_eight: Option<u32>, rounds: u32) {
        let design = Design::new(&[1.0, 2.0, 4.0]).unwrap();
        let values = [Some(1.0), Some(2.0), Some(4.0)];
        let estimate = design.estimate(&values, NoiseFloor::Counter).unwrap();
        let rivalry = Rivalry::new(&design, &estimate, curve(Class::N), curve(Class::Constant));
        assert_eq!(rivalry.runs_at(8f64.ln(), noise), runs_at_eight, "{noise}");
        assert_eq!(rivalry.rounds(noise), Some(rounds), "{noise}");
    }

    #[test]
    fn runs_needed_agree_with_the_numbers_worked_out_by_hand() {
        // In units of ln² 2: a round is worth 2; at 8, k runs are worth 12 − 36 / (k + 3), so
        // that one is worth 3, two 4.8, and any number less than 12.
        // Needed are 16 · noise² / ln² 2.
        check_runs(0.25, Some(1), 2); // 2.08
        check_runs(0.35, Some(2), 3); // 4.08
        check_runs(0.7, None, 9); // 16.3
        check_runs(0.001, Some(1), 1);
    }

    #[test]
    fn a_settled_estimate_needs_no_advice() {
        let sizes = [100.0, 200.0, 400.0, 800.0, 1600.0];
        let design = Design::new(&sizes).unwrap();
        let values = sizes.map(|size| Some(size * size));
        let estimate = design.estimate(&values, NoiseFloor::Counter).unwrap();
        assert_eq!(design.advice(&estimate, Repeating::Helps), None);
    }

    #[test]
    fn no_repetition_is_advised_where_it_would_tell_nothing() {
        let sizes: [f64; 6] = [10.0, 15.0, 20.0, 30.0, 40.0, 50.0];
        let departures = [1.05, 0.96, 1.04, 0.95, 1.06, 0.97];
        let values = sizes.iter().zip(departures).map(|(size, by)| size * size.ln() * by);
        let values: Vec<Option<f64>> =
            values.flat_map(|value| [value, value * 1.005]).map(Some).collect();
        let design = Design::new(&sizes.map(|size| [size, size]).concat()).unwrap();
        let estimate = design.estimate(&values, NoiseFloor::Clock(0.001)).unwrap();
        assert!(estimate.by_size, "{estimate:?}");
        let repeating = design.repeating(&values, &estimate, NoiseFloor::Clock(0.001));
        let advice = design.advice(&estimate, repeating).unwrap();
        let is_one = |way: &Way| matches!(way, Way::Size { runs: 1, .. });
        assert!(!advice.ways.is_empty() && advice.ways.iter().all(is_one), "{advice:?}");
    }

    #[test]
    fn only_values_that_were_judged_are_counted() {
        // Seen from 40 on, once dropped as slow: as if the other sizes were not there.
        let sizes = [10.0, 20.0, 40.0, 80.0, 160.0];
        let present = |sizes: &[f64], values: &[Option<f64>], dropped: &[usize]| {
            let design = Design::new(sizes).unwrap();
            let estimate = design.estimate(values, NoiseFloor::Clock(0.01)).unwrap();
            let estimate = Estimate { dropped: dropped.to_vec(), ..estimate };
            let rivalry = Rivalry::new(&design, &estimate, curve(Class::N), curve(Class::NSqrtN));
            (rivalry.present.clone(), rivalry.rounds(0.1), design.other_sizes(&rivalry.present))
        };
        let seen = [None, None, Some(40.0), Some(88.0), Some(160.0)];
        let found = present(&sizes, &seen, &[]);
        assert_eq!(found, present(&sizes[2..], &seen[2..], &[]));
        // n^1.5 at even steps of ln 2 · (0, 1, 2) is off by 0.5 · ln 2 of n at each, but for the
        // fixed share that it may have.
        assert_eq!(
            (found.1, found.2.as_slice()),
            (Some(19), [57.0, 113.0, 320.0, 640.0].as_slice())
        );
        let dropped = present(&sizes, &[1.0, 2.0, 4.0, 8.0, 16.0].map(Some), &[4]);
        assert_eq!(dropped.0, present(&sizes[..4], &[1.0, 2.0, 4.0, 8.0].map(Some), &[]).0);
        // 160 was run already.
        assert_eq!(dropped.2, [14.0, 28.0, 57.0, 320.0]);
    }

    #[test]
    fn every_way_of_few_runs_settles_it() {
        // n log n disturbed by 15 %, so that n^1.5 is a rival.
        let sizes = [10.0, 15.0, 20.0, 30.0, 40.0, 50.0];
        let noise = [1.15, 0.9, 1.1, 0.87, 1.12, 0.93];
        let law = |size: f64| size * size.ln();
        let values: Vec<Option<f64>> =
            sizes.iter().zip(noise).map(|(size, noise)| Some(law(*size) * noise)).collect();
        let design = Design::new(&sizes).unwrap();
        let estimate = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
        assert_eq!(estimate.verdict, Verdict::CannotTell, "{estimate:?}");
        let advice = design.advice(&estimate, Repeating::Helps).unwrap();
        assert!(!advice.ways.is_empty());
        for way in advice.ways {
            let (mut sizes, mut values) = (sizes.to_vec(), values.clone());
            match way {
                Way::Size { size, runs } => {
                    assert!(size <= 4.0 * 50.0 * (1.0 + 1e-9), "{way:?}");
                    sizes.extend((0..runs).map(|_| size));
                }
                Way::Rounds(rounds) => {
                    sizes.extend((0..rounds).flat_map(|_| sizes.clone()).collect::<Vec<_>>());
                }
            }
            // Another disturbance for a size in each round.
            let more = sizes[values.len()..].iter().enumerate();
            values
                .extend(more.map(|(run, size)| Some(law(*size) * noise[(run + run / 6 + 1) % 6])));
            let settled =
                Design::new(&sizes).unwrap().estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
            assert_eq!(settled.verdict, Verdict::NotSuperlinear, "{way:?} {settled:?}");
        }
    }
}

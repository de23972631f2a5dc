//! One judged series: what was found of its growth, and how far the evidence goes.

use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::document::CurvePoint;
use crate::analysis::document::Growth;
use crate::analysis::document::Verdict;
use crate::analysis::run_name::RunName;
use crate::stats;
use crate::stats::Bands;
use crate::stats::Design;
use crate::stats::Estimate;
use crate::stats::NoiseFloor;
use crate::stats::Range;
use crate::stats::Repeating;
use crate::stats::Way;
use crate::units::three_digits;

/// Distinct sizes below which times of single runs are only suspected; counts need fewer.
pub const ENOUGH_SIZES: usize = 4;
/// Relative scatter about a curve above which counts are not exact, or follow no law.
const EXACT: f64 = 0.05;
/// Probability from which such counts are believed all the same.
const SURE: f64 = 0.99;
/// Local exponent below which what has no single law is no longer seen to grow too fast.
const NO_STEEPER: f64 = 1.25;
/// Runs left out as slow that are named.
const MOST_NAMED: usize = 5;
/// Steps of a drawn curve: between them it is straight to the eye.
const CURVE_STEPS: usize = 24;

/// What kind of number a series holds, and so how far it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Exact and repeatable: calls, instructions.
    Count,
    /// A time, with its relative noise floor.
    Time(f64),
    /// A number of samples.
    Samples,
}

/// A judged series; cheap to copy.
#[derive(Debug, Clone)]
pub struct Fit {
    pub verdict: Verdict,
    /// Why the verdict is weaker than the probability alone would make it.
    reservation: Option<String>,
    /// The runs whose values were left out as slow.
    slow_runs: Vec<String>,
    /// Whether to measure again at the same sizes would tell more.
    pub(super) repeating: Repeating,
    estimate: std::result::Result<Arc<Estimate>, stats::Skipped>,
}

impl Fit {
    /// How `values` grow, one per run of `design`; `names` are theirs.
    pub fn of(design: &Design, names: &[RunName], values: &[Option<f64>], kind: Kind) -> Self {
        let estimate = design.estimate(values, kind.noise_floor()).map(Arc::new);
        let verdict =
            estimate.as_ref().map_or(stats::Verdict::CannotTell, |estimate| estimate.verdict);
        let steep = estimate.as_ref().ok().filter(|one| one.verdict == stats::Verdict::Superlinear);
        let doubt = steep.and_then(|estimate| doubt(estimate, kind, design.fewest(values)));
        let repeating = estimate.as_ref().map_or(Repeating::TellsNothing, |estimate| {
            design.repeating(values, estimate, kind.noise_floor())
        });
        let fit = Fit {
            verdict: match verdict {
                stats::Verdict::Superlinear => Verdict::Superlinear,
                stats::Verdict::NotSuperlinear => Verdict::NotSuperlinear,
                stats::Verdict::CannotTell => Verdict::CannotTell,
            },
            reservation: None,
            slow_runs: slow_runs(names, &estimate),
            repeating,
            estimate,
        };
        match doubt {
            Some(doubt) => fit.suspected(doubt),
            None => fit,
        }
    }

    /// The figures alone, without the values that they were made from.
    pub fn figures(&self, bands: &Bands) -> Growth {
        let verdict = self.verdict;
        match &self.estimate {
            Err(skipped) => {
                Growth { verdict, note: Some(skipped.to_string()), ..Growth::default() }
            }
            Ok(estimate) => Growth {
                exponent: finite(estimate.exponent),
                low: finite(estimate.low),
                high: finite(estimate.high),
                class: Some(estimate.class.name().into()),
                class_set: estimate.class_set.iter().map(|class| class.name().into()).collect(),
                p_superlinear: finite(estimate.p_superlinear),
                verdict,
                band: bands.of(estimate.exponent).map(|band| band.name().into()),
                fixed_share: finite(estimate.fixed_share),
                noise: finite(estimate.noise),
                note: self.note(estimate),
                ..Growth::default()
            },
        }
    }

    /// The fitted curve at even steps of the size's logarithm, at the largest size, and as far as
    /// `target_size` where that lies beyond it; empty without an estimate.
    ///
    /// `sizes`: one per run, above 0.
    pub fn curve(&self, sizes: &[f64], target_size: Option<f64>) -> Vec<CurvePoint> {
        let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let end = target_size.unwrap_or(largest).max(largest);
        let at = |step: usize| smallest * (end / smallest).powf(step as f64 / CURVE_STEPS as f64);
        let mut steps: Vec<f64> =
            (1..CURVE_STEPS).map(at).chain([smallest, largest, end]).collect();
        steps.sort_by(f64::total_cmp);
        steps.dedup();
        let point = |size: &f64| {
            let Range { low, middle: value, high } = self.curve_at(*size)?;
            let is_drawn = [low, value, high].iter().all(|number| number.is_finite());
            is_drawn.then_some(CurvePoint { size: *size, value, low, high })
        };
        steps.par_iter().filter_map(point).collect()
    }

    /// What stands behind all figures; `None` where there is none.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.estimate.as_deref().ok()
    }

    pub fn exponent(&self) -> Option<f64> {
        finite(self.estimate()?.exponent)
    }

    /// The lower end of the exponent's interval.
    pub fn low(&self) -> Option<f64> {
        finite(self.estimate()?.low)
    }

    /// The upper end of the exponent's interval.
    pub fn high(&self) -> Option<f64> {
        finite(self.estimate()?.high)
    }

    pub fn p_superlinear(&self) -> Option<f64> {
        finite(self.estimate()?.p_superlinear)
    }

    /// The value that does not grow with the size.
    pub fn fixed_value(&self) -> Option<f64> {
        finite(self.estimate()?.outlook.fixed_value())
    }

    /// The same on evidence that is not firm, and why it is not.
    pub fn suspected(self, reservation: impl Into<String>) -> Self {
        Self { verdict: Verdict::Suspected, reservation: Some(reservation.into()), ..self }
    }

    /// The same on evidence that is too thin for any verdict, and why.
    pub fn doubted(self, reservation: impl Into<String>) -> Self {
        Self { verdict: Verdict::CannotTell, reservation: Some(reservation.into()), ..self }
    }

    /// The same without a verdict.
    pub fn unjudged(self) -> Self {
        Self { verdict: Verdict::CannotTell, ..self }
    }

    /// Why a steep growth is only suspected, or not even that.
    pub fn reservation(&self) -> Option<&str> {
        self.reservation.as_deref()
    }

    /// Why there is no estimate.
    pub fn skipped(&self) -> Option<String> {
        self.estimate.as_ref().err().map(ToString::to_string)
    }

    /// Whether the growth is superlinear with a probability of at least nine tenths, however thin
    /// the evidence.
    pub fn is_steep(&self) -> bool {
        matches!(self.verdict, Verdict::Superlinear | Verdict::Suspected)
    }

    /// The value that the curve gives at `size`.
    pub fn at(&self, size: f64) -> Option<f64> {
        finite(self.range_at(size)?.middle)
    }

    /// About the same, for a small part of the time.
    pub fn about(&self, size: f64) -> Option<f64> {
        finite(self.estimate()?.outlook.middle_curve_at(size)?)
    }

    /// The value of one more run at `size`, with its 95 % interval.
    pub fn range_at(&self, size: f64) -> Option<Range> {
        self.estimate()?.outlook.value_at(size)
    }

    /// The curve itself at `size`, with its 95 % band: as the mean of many runs would show it.
    pub fn curve_at(&self, size: f64) -> Option<Range> {
        self.estimate()?.outlook.curve_at(size)
    }

    /// What stands in the way of trusting the sizes, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.estimate
            .as_ref()
            .map(|estimate| estimate.warnings.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    fn note(&self, estimate: &Estimate) -> Option<String> {
        let mut notes = Vec::new();
        if let Some(reservation) = &self.reservation {
            notes.push(match self.verdict {
                Verdict::Suspected => format!("only suspected: {reservation}"),
                _ => format!("it looks steep, but {reservation}"),
            });
        }
        if let Some(misfit) = &estimate.misfit {
            let slope = three_digits(misfit.local_slope);
            notes.push(format!("no single law; local slope {slope}"));
        }
        if !self.slow_runs.is_empty() {
            let named = self.slow_runs[..self.slow_runs.len().min(MOST_NAMED)].join(", ");
            let more = match self.slow_runs.len().saturating_sub(MOST_NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            notes.push(format!("left out as slow: {named}{more}"));
        }
        (!notes.is_empty()).then(|| notes.join("; "))
    }
}

/// Why what looks steep is not firm, if anything speaks against it.
///
/// `fewest`: values at the size that has the fewest.
fn doubt(estimate: &Estimate, kind: Kind, fewest: usize) -> Option<String> {
    let is_thin = estimate.sizes < ENOUGH_SIZES;
    if kind != Kind::Count && is_thin && fewest < 2 {
        return Some("times of single runs at so few sizes mislead".into());
    }
    if kind == Kind::Count && estimate.noise > EXACT && (is_thin || estimate.p_superlinear < SURE) {
        let percent = three_digits(100.0 * estimate.noise);
        return Some(format!("its counts lie {percent} % off every law"));
    }
    let last = estimate.misfit.as_ref().map(|misfit| misfit.local_slope);
    last.filter(|slope| *slope < NO_STEEPER).map(|slope| {
        format!("no single law, and between the largest sizes it grows as n^{slope:.2}")
    })
}

impl Kind {
    pub(super) fn noise_floor(self) -> NoiseFloor {
        match self {
            Kind::Count => NoiseFloor::Counter,
            Kind::Time(floor) => NoiseFloor::Clock(floor),
            Kind::Samples => NoiseFloor::Samples(1.0),
        }
    }
}

fn slow_runs(
    names: &[RunName],
    estimate: &std::result::Result<Arc<Estimate>, stats::Skipped>,
) -> Vec<String> {
    let dropped = estimate.as_ref().map(|estimate| estimate.dropped.as_slice());
    let slow = dropped.unwrap_or_default().iter().filter_map(|&run| names.get(run));
    slow.map(ToString::to_string).collect()
}

/// Runs after which times at `sizes` sizes, the last of which is `largest`, are no longer thin: a
/// second round of all, or the size that is missing.
pub(super) fn confirming(sizes: usize, largest: f64) -> Vec<Way> {
    let further = Way::Size { size: 2.0 * largest, runs: 1 };
    let further = (sizes + 1 >= ENOUGH_SIZES).then_some(further);
    further.into_iter().chain([Way::Rounds(1)]).collect()
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

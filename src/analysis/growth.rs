//! One series of values judged: the estimate of `stats` in the words of the document, under the rule
//! of evidence. The only room that asks `stats` for an estimate.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use rayon::prelude::*;

use crate::analysis::document::CurvePoint;
use crate::analysis::document::Growth;
use crate::analysis::document::Verdict;
use crate::analysis::next_step::Settling;
use crate::analysis::pairs;
use crate::error::Error;
use crate::error::Result;
use crate::stats;
use crate::stats::Bands;
use crate::stats::Design;
use crate::stats::Estimate;
use crate::stats::NoiseFloor;
use crate::stats::Range;
use crate::units::grouped;
use crate::units::three_digits;

/// Distinct sizes below which times of single runs are only suspected.
const ENOUGH_SIZES: usize = 4;
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
    /// Ids of the runs whose values were left out as slow.
    slow_runs: Vec<String>,
    estimate: std::result::Result<Arc<Estimate>, stats::Skipped>,
}

/// Judges series over one set of runs; the work that depends on the sizes alone is done once.
#[derive(Debug)]
pub struct Judge {
    ids: Vec<String>,
    sizes: Vec<f64>,
    design: Design,
    bands: Bands,
    /// Many functions are called equally often; the same counts have the same answer.
    counts: Mutex<HashMap<Vec<Option<u64>>, Fit>>,
}

impl Judge {
    /// `runs`: id and size, one per run; repetitions repeat both.
    ///
    /// # Errors
    /// When there is no run, or a size is not a finite number above 0.
    pub fn new(runs: &[(&str, f64)], bands: Bands) -> Result<Self> {
        let sizes: Vec<f64> = runs.iter().map(|(_, size)| *size).collect();
        let design = Design::new(&sizes).map_err(|fault| {
            Error::analyse(
                format!("cannot judge growth: {fault}"),
                "run some sizes first, for example `runner --phase 1`",
            )
        })?;
        Ok(Self {
            ids: runs.iter().map(|(id, _)| (*id).to_string()).collect(),
            sizes,
            design,
            bands,
            counts: Mutex::default(),
        })
    }

    /// One per run.
    pub fn sizes(&self) -> &[f64] {
        &self.sizes
    }

    /// How `values` grow, one per run.
    pub fn fit(&self, values: &[Option<f64>], kind: Kind) -> Fit {
        match kind {
            Kind::Count => self.counted(values),
            Kind::Time(_) | Kind::Samples => self.estimated(values, kind),
        }
    }

    /// How exact counts grow.
    pub fn count(&self, values: &[Option<f64>]) -> Fit {
        self.fit(values, Kind::Count)
    }

    /// A fit in the words of the document, beside the values as they were measured.
    pub fn growth(&self, fit: &Fit, measured: Vec<Option<f64>>) -> Growth {
        let pairs = pairs::log_ratios(&self.runs(), &measured);
        Growth { pairs, values: measured, ..self.figures(fit) }
    }

    /// The figures of a fit alone, without the values that it was made from.
    pub fn figures(&self, fit: &Fit) -> Growth {
        let mut growth = Growth { verdict: fit.verdict, ..Growth::default() };
        match &fit.estimate {
            Ok(estimate) => self.describe(&mut growth, estimate, fit),
            Err(skipped) => growth.note = Some(skipped.to_string()),
        }
        growth
    }

    /// The same with the curve through the values, for those that are drawn; as far as `target_size`
    /// where that lies beyond the largest size.
    pub fn growth_with_curve(
        &self,
        fit: &Fit,
        measured: Vec<Option<f64>>,
        target_size: Option<f64>,
    ) -> Growth {
        let mut sizes: HashMap<u64, Option<f64>> = HashMap::new();
        let mut growth = self.growth(fit, measured);
        growth.fitted = self
            .sizes
            .iter()
            .map(|size| *sizes.entry(size.to_bits()).or_insert_with(|| fit.at(*size)))
            .collect();
        growth.curve = curve(fit, &self.sizes, target_size);
        growth
    }

    /// What would tell the two most probable classes apart; `None` when the question is settled or
    /// nothing sensible would.
    pub fn settling(&self, fit: &Fit) -> Option<Settling> {
        let advice = self.design.advice(fit.estimate.as_ref().ok()?)?;
        let size = advice.extra_size.map(|extra| (extra.size, extra.runs));
        Some(Settling { size, repetitions: advice.repetitions })
    }

    /// The same in words, as something to do.
    pub fn what_would_settle(&self, fit: &Fit, size_unit: &str) -> Option<String> {
        let (first, second) = self.design.advice(fit.estimate.as_ref().ok()?)?.between;
        let settling = self.settling(fit)?;
        let size = settling.size.map(|(size, runs)| {
            let runs = if runs == 1 { "one run".into() } else { format!("{runs} runs") };
            let unit = if size_unit.is_empty() { "" } else { " " };
            let size = if (1e3..1e15).contains(&size) {
                grouped(size.round() as u64)
            } else {
                three_digits(size)
            };
            format!("{runs} at about {size}{unit}{size_unit}")
        });
        let repetitions =
            settling.repetitions.map(|rounds| format!("{rounds} more repetitions of every run"));
        let acts: Vec<String> = size.into_iter().chain(repetitions).collect();
        (!acts.is_empty())
            .then(|| format!("{} would tell {first} from {second}", acts.join(" or ")))
    }

    fn describe(&self, growth: &mut Growth, estimate: &Estimate, fit: &Fit) {
        growth.exponent = finite(estimate.exponent);
        growth.low = finite(estimate.low);
        growth.high = finite(estimate.high);
        growth.class = Some(estimate.class.name().into());
        growth.class_set = estimate.class_set.iter().map(|class| class.name().into()).collect();
        growth.p_superlinear = finite(estimate.p_superlinear);
        growth.band = self.bands.of(estimate.exponent).map(|band| band.name().into());
        growth.fixed_share = finite(estimate.fixed_share);
        growth.noise = finite(estimate.noise);
        growth.note = note(estimate, fit);
    }

    fn runs(&self) -> Vec<(&str, f64)> {
        let ids = self.ids.iter().map(String::as_str);
        ids.zip(self.sizes.iter().copied()).collect()
    }

    fn counted(&self, values: &[Option<f64>]) -> Fit {
        let key: Vec<Option<u64>> = values.iter().map(|value| value.map(f64::to_bits)).collect();
        let known = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let fit = self.estimated(values, Kind::Count);
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts.insert(key, fit.clone());
            fit
        })
    }

    fn estimated(&self, values: &[Option<f64>], kind: Kind) -> Fit {
        let estimate = self.design.estimate(values, kind.noise_floor()).map(Arc::new);
        let verdict =
            estimate.as_ref().map_or(stats::Verdict::CannotTell, |estimate| estimate.verdict);
        let is_weak = verdict == stats::Verdict::Superlinear
            && kind != Kind::Count
            && estimate.as_ref().is_ok_and(|estimate| is_thin(estimate.sizes, values));
        let fit = Fit {
            verdict: match verdict {
                stats::Verdict::Superlinear => Verdict::Superlinear,
                stats::Verdict::NotSuperlinear => Verdict::NotSuperlinear,
                stats::Verdict::CannotTell => Verdict::CannotTell,
            },
            reservation: None,
            slow_runs: self.slow_runs(&estimate),
            estimate,
        };
        if is_weak { fit.suspected("times of single runs at so few sizes mislead") } else { fit }
    }

    fn slow_runs(
        &self,
        estimate: &std::result::Result<Arc<Estimate>, stats::Skipped>,
    ) -> Vec<String> {
        let dropped = estimate.as_ref().map(|estimate| estimate.dropped.as_slice());
        let ids = dropped.unwrap_or_default().iter().filter_map(|&run| self.ids.get(run));
        ids.map(|id| format!("`{id}`")).collect()
    }
}

impl Fit {
    pub fn exponent(&self) -> Option<f64> {
        finite(self.estimate.as_ref().ok()?.exponent)
    }

    /// The lower end of the exponent's interval.
    pub fn low(&self) -> Option<f64> {
        finite(self.estimate.as_ref().ok()?.low)
    }

    /// The upper end of the exponent's interval.
    pub fn high(&self) -> Option<f64> {
        finite(self.estimate.as_ref().ok()?.high)
    }

    pub fn p_superlinear(&self) -> Option<f64> {
        finite(self.estimate.as_ref().ok()?.p_superlinear)
    }

    /// The value that does not grow with the size.
    pub fn fixed_value(&self) -> Option<f64> {
        finite(self.estimate.as_ref().ok()?.outlook.fixed_value())
    }

    /// The same on evidence that is not firm, and why it is not.
    pub fn suspected(self, reservation: impl Into<String>) -> Self {
        Self { verdict: Verdict::Suspected, reservation: Some(reservation.into()), ..self }
    }

    /// Why a steep growth is only suspected.
    pub fn reservation(&self) -> Option<&str> {
        self.reservation.as_deref()
    }

    /// Why there is no estimate.
    pub fn skipped(&self) -> Option<String> {
        self.estimate.as_ref().err().map(ToString::to_string)
    }

    /// Whether the growth is superlinear with a probability of at least nine tenths, however thin the
    /// evidence.
    pub fn is_steep(&self) -> bool {
        matches!(self.verdict, Verdict::Superlinear | Verdict::Suspected)
    }

    /// The value that the curve gives at `size`.
    pub fn at(&self, size: f64) -> Option<f64> {
        finite(self.range_at(size)?.middle)
    }

    /// The value of one more run at `size`, with its 95 % interval.
    pub fn range_at(&self, size: f64) -> Option<Range> {
        self.estimate.as_ref().ok()?.outlook.value_at(size)
    }

    /// The curve itself at `size`, with its 95 % band: as the mean of many runs would show it.
    pub fn curve_at(&self, size: f64) -> Option<Range> {
        self.estimate.as_ref().ok()?.outlook.curve_at(size)
    }

    /// What stands in the way of trusting the sizes, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.estimate
            .as_ref()
            .map(|estimate| estimate.warnings.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }
}

impl Kind {
    fn noise_floor(self) -> NoiseFloor {
        match self {
            Kind::Count => NoiseFloor::Counter,
            Kind::Time(floor) => NoiseFloor::Clock(floor),
            Kind::Samples => NoiseFloor::Samples(1.0),
        }
    }
}

/// The fitted curve at even steps of the size's logarithm, at the largest size, and as far as
/// `target_size` where that lies beyond it; empty without an estimate.
///
/// `sizes`: one per run, above 0.
fn curve(fit: &Fit, sizes: &[f64], target_size: Option<f64>) -> Vec<CurvePoint> {
    let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let end = target_size.unwrap_or(largest).max(largest);
    let at = |step: usize| smallest * (end / smallest).powf(step as f64 / CURVE_STEPS as f64);
    let mut steps: Vec<f64> = (1..CURVE_STEPS).map(at).chain([smallest, largest, end]).collect();
    steps.sort_by(f64::total_cmp);
    steps.dedup();
    let point = |size: &f64| {
        let Range { low, middle: value, high } = fit.curve_at(*size)?;
        let is_drawn = [low, value, high].iter().all(|number| number.is_finite());
        is_drawn.then_some(CurvePoint { size: *size, value, low, high })
    };
    steps.par_iter().filter_map(point).collect()
}

fn note(estimate: &Estimate, fit: &Fit) -> Option<String> {
    let mut notes = Vec::new();
    if let Some(reservation) = &fit.reservation {
        notes.push(format!("only suspected: {reservation}"));
    }
    if let Some(misfit) = &estimate.misfit {
        let slope = three_digits(misfit.local_slope);
        notes.push(format!("no single law; local slope {slope}"));
    }
    if !fit.slow_runs.is_empty() {
        notes.push(format!("left out as slow: {}", fit.slow_runs.join(", ")));
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// Few sizes, and not even two runs at each of them.
fn is_thin(sizes: usize, values: &[Option<f64>]) -> bool {
    sizes < ENOUGH_SIZES && values.iter().flatten().count() < 2 * sizes
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f64; 5] = [10.0, 20.0, 40.0, 80.0, 160.0];

    fn judge(sizes: &[f64]) -> Judge {
        let runs: Vec<(&str, f64)> = sizes.iter().map(|size| ("r", *size)).collect();
        Judge::new(&runs, Bands::default()).unwrap()
    }

    fn power(sizes: &[f64], exponent: f64) -> Vec<Option<f64>> {
        sizes.iter().map(|size| Some(3.0 * size.powf(exponent))).collect()
    }

    fn check(sizes: &[f64], exponent: f64, kind: Kind, expected: Verdict) {
        let judge = judge(sizes);
        let values = power(sizes, exponent);
        let fit = judge.fit(&values, kind);
        let growth = judge.growth(&fit, values);
        assert_eq!(growth.verdict, expected, "{growth:?}");
        assert!((growth.exponent.unwrap() - exponent).abs() < 0.03, "{growth:?}");
    }

    #[test]
    fn exact_powers_have_their_verdict() {
        check(&SIZES, 2.0, Kind::Count, Verdict::Superlinear);
        check(&SIZES, 1.0, Kind::Count, Verdict::NotSuperlinear);
        check(&SIZES, 2.0, Kind::Time(0.01), Verdict::Superlinear);
        check(&SIZES, 1.0, Kind::Time(0.01), Verdict::NotSuperlinear);
    }

    #[test]
    fn times_of_single_runs_at_few_sizes_are_only_suspected() {
        check(&SIZES[..3], 2.0, Kind::Count, Verdict::Superlinear);
        check(&SIZES[..3], 2.0, Kind::Time(0.01), Verdict::Suspected);
        let repeated = [10.0, 10.0, 20.0, 20.0, 40.0, 40.0];
        check(&repeated, 2.0, Kind::Time(0.01), Verdict::Superlinear);
        check(&SIZES[..2], 2.0, Kind::Count, Verdict::CannotTell);
    }

    #[test]
    fn says_why_there_is_no_estimate() {
        let judge = judge(&SIZES);
        let nothing = judge.growth(&judge.count(&[None; 5]), vec![None; 5]);
        assert_eq!(nothing.note.as_deref(), Some("no value is above zero"));
        assert_eq!(nothing.exponent, None);
        assert_eq!(nothing.verdict, Verdict::CannotTell);
    }

    #[test]
    fn the_curve_runs_through_exact_values() {
        let judge = judge(&SIZES);
        let values = power(&SIZES, 2.0);
        let growth = judge.growth_with_curve(&judge.count(&values), values.clone(), Some(320.0));
        for (fitted, value) in growth.fitted.iter().zip(&values) {
            assert!((fitted.unwrap() / value.unwrap() - 1.0).abs() < 0.01);
        }
        let last = growth.curve[growth.curve.len() - 1];
        assert_eq!((growth.curve[0].size, last.size), (10.0, 320.0));
        assert!((last.value / (3.0 * 320f64.powi(2)) - 1.0).abs() < 0.02, "{last:?}");
        let largest = growth.curve.iter().find(|point| point.size == 160.0).unwrap();
        for point in &growth.curve {
            assert!(point.low <= point.value && point.value <= point.high, "{point:?}");
        }
        // The band is no narrower where nothing was measured.
        let width = |point: &CurvePoint| point.high / point.low;
        assert!(width(&last) >= width(largest) * (1.0 - 1e-9), "{last:?}, {largest:?}");
    }

    #[test]
    fn odd_sizes_are_refused() {
        for sizes in [&[][..], &[0.0], &[f64::NAN, 1.0]] {
            let runs: Vec<(&str, f64)> = sizes.iter().map(|size| ("r", *size)).collect();
            assert!(Judge::new(&runs, Bands::default()).is_err());
        }
    }
}

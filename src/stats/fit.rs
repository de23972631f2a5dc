//! From the values of one function and metric to the estimate of its growth.
//! The order of the steps stands here; each step has its own room.

use crate::stats::class::Class;
use crate::stats::design::Design;
use crate::stats::estimate::Estimate;
use crate::stats::estimate::Misfit;
use crate::stats::estimate::Skipped;
use crate::stats::estimate::Verdict;
use crate::stats::estimate::Warning;
use crate::stats::evidence::Evidence;
use crate::stats::misfit::Departure;
use crate::stats::noise::NoiseFloor;
use crate::stats::outlier;
use crate::stats::posterior;
use crate::stats::posterior::Posterior;
use crate::stats::prior::SHARES;
use crate::stats::scan::Scan;
use crate::stats::series;
use crate::stats::series::Sample;
use crate::stats::series::Series;
use crate::stats::series::Unused;
use crate::stats::series::Value;
use crate::stats::sketch::Sketch;
use crate::stats::sketch::sketch;

/// Up to this many values, one of them may be slow without repetitions to show it.
const FEW: usize = 12;
/// Sizes that a verdict needs.
pub const LEAST_SIZES: usize = 3;
const GOOD_SIZES: usize = 4;
const GOOD_SPAN: f64 = 8.0;

/// What is left to judge once slow repetitions are gone.
pub(super) struct Prepared {
    pub(super) sample: Sample,
    unused: Vec<Unused>,
    dropped: Vec<usize>,
    /// Whether this is a count of every run that is the same in all of them.
    is_flat_count: bool,
    by_size: bool,
    pub(super) noise: NoiseFloor,
}

/// A series compared with all curves.
pub(super) struct Compared<'a> {
    pub(super) posterior: Posterior<'a>,
    pub(super) series: Series,
    /// Smallest residual sum of all curves.
    least: f64,
    sketch: Sketch,
    misfit: Option<Misfit>,
}

impl Design {
    /// How `values` grow with the sizes of this design.
    ///
    /// `values`: one per run in the order of the sizes, in any one unit; `None` where the run has
    /// none. What is missing, zero, negative or not finite is left out and listed in the estimate.
    ///
    /// # Errors
    /// When there are not as many values as runs, or fewer than two distinct sizes have a value
    /// above zero.
    pub fn estimate(&self, values: &[Option<f64>], noise: NoiseFloor) -> Result<Estimate, Skipped> {
        let (prepared, compared) = compare(self, prepared(self, values, noise)?);
        Ok(answer(self, prepared, compared))
    }
}

/// The values that can be judged.
///
/// # Errors
/// As [`Design::estimate`].
pub(super) fn prepared(
    design: &Design,
    values: &[Option<f64>],
    noise: NoiseFloor,
) -> Result<Prepared, Skipped> {
    if values.len() != design.runs().len() {
        let runs = design.runs().len();
        return Err(Skipped::WrongLength { runs, values: values.len() });
    }
    let prepared = prepare(design, values, noise);
    match prepared.sample.values.chunk_by(|a, b| a.place == b.place).count() {
        0 => Err(Skipped::NothingMeasured),
        1 => Err(Skipped::OneSize),
        _ => Ok(prepared),
    }
}

/// Values of every run that all weigh the same; `None` where some are missing, were dropped, or
/// have a noise of their own: those are for the full estimate.
pub fn complete(design: &Design, values: &[Option<f64>], noise: NoiseFloor) -> Option<Sample> {
    if values.len() != design.runs().len() {
        return None;
    }
    let Prepared { sample, is_flat_count, .. } = prepare(design, values, noise);
    let is_whole = sample.values.len() == values.len()
        && design.ln_sizes().len() >= LEAST_SIZES
        && sample.values.iter().all(|value| value.known_variance == 0.0);
    (is_whole && !is_flat_count).then_some(sample)
}

fn prepare(design: &Design, values: &[Option<f64>], noise: NoiseFloor) -> Prepared {
    let noise_floor = noise.level();
    let (mut values, unused) = series::usable(design, values, noise);
    let is_flat = values.windows(2).all(|pair| pair[0].ln == pair[1].ln);
    let is_flat_count = is_flat && unused.is_empty() && noise == NoiseFloor::Counter;
    if is_flat {
        // Rounding hides growth only where something moved.
        values.iter_mut().for_each(|value| value.known_variance = 0.0);
    }
    let thinned = noise
        .errs_to_the_slow_side()
        .then(|| outlier::without_slow(&values, noise_floor))
        .flatten();
    let one_may_be_slow = noise.errs_to_the_slow_side() && thinned.is_none() && values.len() <= FEW;
    let (values, dropped) = thinned.unwrap_or((values, Vec::new()));
    let may_be_slow = if one_may_be_slow { values.clone() } else { Vec::new() };
    let sample = Sample { values, may_be_slow };
    Prepared { sample, unused, dropped, is_flat_count, by_size: false, noise }
}

/// Compares with all curves; where the sizes depart from all of them by more than their repetitions
/// explain, again with every size as one value, whose departure is then the noise.
pub(super) fn compare(design: &Design, prepared: Prepared) -> (Prepared, Compared<'_>) {
    let compared = compare_values(design, &prepared);
    let departure = Departure::of(design, &compared.series, compared.least, prepared.noise.level());
    let Some(departure) = departure.filter(Departure::is_likely) else {
        return (prepared, compared);
    };
    let by_size = prepared.by_size();
    let compared = compare_values(design, &by_size);
    let misfit = departure.misfit().filter(|_| compared.sketch.slow_run.is_none());
    (by_size, Compared { misfit, ..compared })
}

/// Again, when the noise found says that values whose own noise is known were weighed as if there
/// were no other.
fn compare_values<'a>(design: &'a Design, prepared: &Prepared) -> Compared<'a> {
    let floor = prepared.noise.level();
    let first = compare_at(design, prepared, floor);
    let found = first.sketch.outlook.noise();
    let matters = |value: &Value| value.known_variance > 0.01 * floor.powi(2);
    if found > 2.0 * floor && prepared.sample.values.iter().any(matters) {
        return compare_at(design, prepared, found);
    }
    first
}

fn compare_at<'a>(design: &'a Design, prepared: &Prepared, level: f64) -> Compared<'a> {
    let series = Series::new(&prepared.sample.values, level);
    let evidence = Evidence::new(series.count, prepared.noise);
    let scan = prepared.scan(design, &series, evidence);
    let (posterior, least) = match prepared.is_flat_count {
        true => {
            let flat = design.flat_evidence(|| all_shapes(design, &scan, evidence).0);
            (Posterior::new(design.shapes(), flat), 0.0)
        }
        false => {
            let (ln_evidence, least) = all_shapes(design, &scan, evidence);
            (Posterior::new(design.shapes(), &ln_evidence), least)
        }
    };
    let sketch = sketch(design, &scan, evidence, &posterior);
    Compared { posterior, least, sketch, series, misfit: None }
}

impl Prepared {
    /// The mean of every size in place of its values.
    fn by_size(self) -> Self {
        Self { sample: self.sample.by_size(), by_size: true, ..self }
    }

    /// `series`: these values, gathered.
    pub(super) fn scan<'a>(
        &'a self,
        design: &'a Design,
        series: &'a Series,
        evidence: Evidence,
    ) -> Scan<'a> {
        Scan::new(design, series, evidence).with_slow_value(&self.sample.may_be_slow)
    }
}

/// Log evidence of each shape, and the smallest residual sum of all their curves.
fn all_shapes(design: &Design, scan: &Scan<'_>, evidence: Evidence) -> (Vec<f64>, f64) {
    let mut least = f64::INFINITY;
    let mut row = [0.0; SHARES];
    let mut ln_evidence = Vec::with_capacity(design.shapes().len());
    for shape in 0..design.shapes().len() {
        let residual_sum = scan.shares(shape, &mut row);
        least = least.min(residual_sum);
        ln_evidence.push(row.iter().sum::<f64>().ln() + evidence.ln_of(residual_sum));
    }
    (ln_evidence, least)
}

fn answer(design: &Design, prepared: Prepared, compared: Compared<'_>) -> Estimate {
    let Compared { posterior, series, sketch, misfit, .. } = compared;
    let Sketch { outlook, slow_run } = sketch;
    let log_ratio = log_ratio(design, &series);
    let sizes = series.groups.len();
    let p_superlinear = posterior.superlinear();
    let (low, high) = posterior.interval();
    let classes = posterior.classes();
    let enough = sizes >= LEAST_SIZES;
    let mut dropped = prepared.dropped;
    dropped.extend(slow_run);
    Estimate {
        exponent: if enough { posterior.exponent_at(0.5) } else { log_ratio },
        low: if enough { low } else { low.min(log_ratio) },
        high: if enough { high } else { high.max(log_ratio) },
        class: classes.first().map_or(Class::Constant, |(class, _)| *class),
        class_set: posterior::class_set(classes),
        classes: classes.to_vec(),
        p_superlinear,
        verdict: if enough { Verdict::of(p_superlinear) } else { Verdict::CannotTell },
        fixed_share: outlook.fixed_share(),
        noise: outlook.noise(),
        log_ratio,
        sizes,
        dropped,
        unused: prepared.unused,
        by_size: prepared.by_size,
        misfit,
        warnings: warnings(design, &series),
        outlook,
    }
}

/// Exponent between the smallest and the largest size with a value.
fn log_ratio(design: &Design, series: &Series) -> f64 {
    let (Some(first), Some(last)) = (series.groups.first(), series.groups.last()) else {
        return 0.0;
    };
    let distance = design.ln_sizes()[last.place] - design.ln_sizes()[first.place];
    (last.mean - first.mean) / distance
}

fn warnings(design: &Design, series: &Series) -> Vec<Warning> {
    let places: Vec<usize> = series.groups.iter().map(|group| group.place).collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let span = (design.ln_sizes()[*last] - design.ln_sizes()[*first]).exp();
    let few = (places.len() < GOOD_SIZES).then_some(Warning::FewSizes(places.len()));
    let narrow = (span < GOOD_SPAN * (1.0 - 1e-9)).then_some(Warning::NarrowSpan(span));
    few.into_iter().chain(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOUBLINGS: [f64; 6] = [100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0];

    fn check_power(exponent: f64, noise: NoiseFloor) {
        let design = Design::new(&DOUBLINGS).unwrap();
        let values = DOUBLINGS.map(|size| Some(3.0 * size.powf(exponent)));
        let found = design.estimate(&values, noise).unwrap();
        assert!((found.exponent - exponent).abs() < 0.011, "{exponent}: {found:?}");
        assert!(found.low <= exponent && exponent <= found.high, "{exponent}: {found:?}");
    }

    #[test]
    fn exact_power_laws_come_back_to_the_grid() {
        for hundredths in (0..=340).step_by(10) {
            let exponent = f64::from(hundredths) / 100.0;
            check_power(exponent, NoiseFloor::Counter);
            check_power(exponent, NoiseFloor::Clock(0.001));
        }
    }

    /// Growth n^1.5 with 5 % of disturbance and half of the smallest value fixed.
    const NOISY: [f64; 6] = [103.0, 199.0, 440.0, 1_240.0, 3_105.0, 9_420.0];

    fn check_same(a: &Estimate, b: &Estimate) {
        assert_eq!(a.verdict, b.verdict);
        assert_eq!(a.class_set, b.class_set);
        let pairs = [
            (a.exponent, b.exponent),
            (a.low, b.low),
            (a.high, b.high),
            (a.p_superlinear, b.p_superlinear),
            (a.fixed_share, b.fixed_share),
            (a.noise, b.noise),
        ];
        for (a, b) in pairs {
            assert!((a - b).abs() < 1e-6, "{a} is not {b}");
        }
    }

    #[test]
    fn the_unit_of_the_values_does_not_matter() {
        let design = Design::new(&DOUBLINGS).unwrap();
        let in_unit = |unit: f64| {
            let values = NOISY.map(|value| Some(value * unit));
            design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap()
        };
        for unit in [1e-9, 0.001, 60.0, 1e12] {
            check_same(&in_unit(1.0), &in_unit(unit));
        }
    }

    #[test]
    fn the_order_of_the_runs_does_not_matter() {
        let estimate = |order: [usize; 6]| {
            let design = Design::new(&order.map(|run| DOUBLINGS[run])).unwrap();
            let values = order.map(|run| Some(NOISY[run]));
            design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap()
        };
        let sorted = estimate([0, 1, 2, 3, 4, 5]);
        for order in [[5, 4, 3, 2, 1, 0], [2, 0, 4, 1, 5, 3]] {
            let shuffled = estimate(order);
            assert_eq!((sorted.exponent, sorted.low), (shuffled.exponent, shuffled.low));
            assert_eq!(sorted.p_superlinear, shuffled.p_superlinear);
            assert_eq!(sorted.outlook, shuffled.outlook);
        }
    }

    #[test]
    fn more_noise_does_not_narrow_the_interval_on_average() {
        let design = Design::new(&DOUBLINGS).unwrap();
        // Three patterns of disturbance, each seen from both sides.
        let patterns = [
            [1.0, -1.0, 1.0, -1.0, 1.0, -1.0],
            [0.5, 1.0, -1.0, -0.5, 1.0, -1.0],
            [-1.0, 0.3, 0.7, -0.4, -0.6, 1.0],
        ];
        let mean_width = |noise: f64| -> f64 {
            let width = |signed: f64, pattern: &[f64; 6]| {
                let value = |run: usize| {
                    let law = 1.0 + (DOUBLINGS[run] / 100.0).powi(2);
                    Some(law * (signed * noise * pattern[run]).exp())
                };
                let values = std::array::from_fn::<_, 6, _>(value);
                let estimate = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
                estimate.high - estimate.low
            };
            patterns.iter().map(|pattern| width(1.0, pattern) + width(-1.0, pattern)).sum()
        };
        let widths = [0.0, 0.02, 0.05, 0.1, 0.2].map(mean_width);
        assert!(widths.windows(2).all(|pair| pair[0] <= pair[1]), "{widths:?}");
    }

    #[test]
    fn start_up_cost_does_not_hide_a_square() {
        let design = Design::new(&DOUBLINGS).unwrap();
        let values = DOUBLINGS.map(|size| Some(0.9 + 0.1 * (size / 100.0).powi(2)));
        let found = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
        assert_eq!((found.class, found.verdict), (Class::N2, Verdict::Superlinear));
        assert!((found.fixed_share - 0.9).abs() < 0.02, "{found:?}");
        assert!(found.log_ratio < 1.4);
        let ahead = found.outlook.value_at(6_400.0).unwrap();
        let expected = 0.9 + 0.1 * 4_096.0;
        assert!(ahead.low < expected && expected < ahead.high, "{ahead:?}");
    }

    #[test]
    fn two_sizes_give_a_log_ratio_and_no_verdict() {
        let design = Design::new(&[7.0, 30.0, 30.0, 7.0]).unwrap();
        let values = [Some(1_000.0), Some(18_000.0), None, Some(0.0)];
        let found = design.estimate(&values, NoiseFloor::Counter).unwrap();
        assert_eq!(found.verdict, Verdict::CannotTell);
        assert!((found.exponent - 1.986).abs() < 5e-4);
        assert!(found.low <= found.exponent && found.exponent <= found.high);
        assert_eq!(found.unused.len(), 2);
        assert_eq!(found.warnings.len(), 2);
    }

    #[test]
    fn equal_counts_are_constant_and_few_steps_are_no_growth() {
        let design = Design::new(&DOUBLINGS).unwrap();
        let estimate =
            |values: [f64; 6]| design.estimate(&values.map(Some), NoiseFloor::Counter).unwrap();
        let equal = estimate([1.0; 6]);
        assert_eq!((equal.class, equal.verdict), (Class::Constant, Verdict::NotSuperlinear));
        assert_eq!((equal.exponent, equal.low, equal.fixed_share), (0.0, 0.0, 1.0));
        let steps = estimate([1.0, 1.0, 1.0, 1.0, 1.0, 2.0]);
        assert_ne!(steps.verdict, Verdict::Superlinear, "{steps:?}");
        let square = estimate([1.0, 4.0, 16.0, 64.0, 256.0, 1_024.0]);
        assert_eq!((square.class, square.verdict), (Class::N2, Verdict::Superlinear));
    }

    #[test]
    fn a_shared_answer_for_equal_counts_is_the_answer_of_the_full_fit() {
        let estimate = |design: &Design, count: f64| {
            design.estimate(&[Some(count); 6], NoiseFloor::Counter).unwrap()
        };
        let design = Design::new(&DOUBLINGS).unwrap();
        let _ = estimate(&design, 1.0);
        for count in [1.0, 17.0, 1e9] {
            let alone = Design::new(&DOUBLINGS).unwrap();
            assert_eq!(estimate(&design, count), estimate(&alone, count));
        }
    }

    #[test]
    fn one_slow_run_is_found_among_few() {
        let design = Design::new(&DOUBLINGS).unwrap();
        let mut values = DOUBLINGS.map(|size| Some(size * 1e-3));
        values[2] = Some(0.4 * 3.0);
        let found = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
        assert_eq!((found.class, found.dropped.as_slice()), (Class::N, [2].as_slice()));
    }

    #[test]
    fn one_slow_run_is_no_growth_where_another_size_has_repetitions() {
        let windows = [7.0, 7.0, 7.0, 7.0, 28.0, 30.0, 31.0, 91.0, 304.0];
        let noise = [0.99, 1.01, 0.985, 1.015, 1.01, 0.99, 1.0, 1.0, 1.0];
        let design = Design::new(&windows).unwrap();
        for slowness in [1.6, 2.0] {
            let mut values: Vec<_> =
                windows.iter().zip(noise).map(|(size, noise)| Some(size * noise)).collect();
            values[8] = Some(304.0 * slowness);
            let found = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
            assert_ne!(found.verdict, Verdict::Superlinear, "{found:?}");
        }
    }

    #[test]
    fn what_is_steeper_than_every_class_is_superlinear() {
        let check = |sizes: &[f64], law: fn(f64) -> f64| {
            let design = Design::new(sizes).unwrap();
            let values: Vec<Option<f64>> = sizes.iter().map(|size| Some(law(*size))).collect();
            for noise in [NoiseFloor::Counter, NoiseFloor::Clock(0.01)] {
                let found = design.estimate(&values, noise).unwrap();
                assert_eq!(found.verdict, Verdict::Superlinear, "{sizes:?}: {found:?}");
                assert_eq!(found.class, Class::N3, "{sizes:?}: {found:?}");
                assert!(found.exponent > 4.5, "{sizes:?}: {found:?}");
            }
        };
        check(&[10.0, 20.0, 40.0, 80.0], |size| size.powi(5));
        check(&[6.0, 9.0, 12.0, 15.0, 18.0], f64::exp2);
        check(&[12.0, 15.0, 18.0, 21.0, 24.0], |size| 1.618f64.powf(size).round());
        check(&[4.0, 6.0, 8.0, 10.0, 12.0], |size| (1..=size as u32).map(f64::from).product());
    }

    #[test]
    fn says_why_there_is_no_estimate() {
        let design = Design::new(&[1.0, 2.0]).unwrap();
        let check = |values: &[Option<f64>], expected: &str| {
            let found = design.estimate(values, NoiseFloor::Counter).unwrap_err();
            assert_eq!(found.to_string(), expected);
        };
        check(&[Some(1.0)], "there are 1 values for 2 runs");
        check(&[None, Some(0.0)], "no value is above zero");
        check(&[None, Some(1.0)], "all values above zero are of one size");
    }
}

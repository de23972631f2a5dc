//! From the values of one function and metric to the estimate of its growth.
//! The order of the steps stands here; each step has its own room.

use crate::stats::class::Class;
use crate::stats::design::Design;
use crate::stats::estimate::Estimate;
use crate::stats::estimate::Skipped;
use crate::stats::estimate::Verdict;
use crate::stats::estimate::Warning;
use crate::stats::evidence::Evidence;
use crate::stats::misfit::misfit;
use crate::stats::noise::NoiseFloor;
use crate::stats::outlier;
use crate::stats::outlook::CURVES;
use crate::stats::outlook::Curve;
use crate::stats::outlook::Outlook;
use crate::stats::posterior;
use crate::stats::posterior::Posterior;
use crate::stats::prior::SHARES;
use crate::stats::scan::Scan;
use crate::stats::series;
use crate::stats::series::Series;
use crate::stats::series::Unused;
use crate::stats::series::Value;

/// Up to this many values, one of them may be slow without repetitions to show it.
const FEW: usize = 12;
const LEAST_SIZES: usize = 3;
const GOOD_SIZES: usize = 4;
const GOOD_SPAN: f64 = 8.0;

/// What is left to judge once slow repetitions are gone.
struct Prepared {
    values: Vec<Value>,
    unused: Vec<Unused>,
    dropped: Vec<usize>,
    /// Whether one of the values may be slow without it being known which.
    one_may_be_slow: bool,
    noise_floor: f64,
}

/// A series compared with all curves.
struct Compared<'a> {
    posterior: Posterior<'a>,
    series: Series,
    /// Smallest residual sum of all curves.
    least: f64,
    curves: Vec<Curve>,
    slow_run: Option<usize>,
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
        if values.len() != self.runs().len() {
            let runs = self.runs().len();
            return Err(Skipped::WrongLength {
                runs,
                values: values.len(),
            });
        }
        let prepared = prepare(self, values, noise);
        let sizes = prepared.values.chunk_by(|a, b| a.place == b.place).count();
        match sizes {
            0 => return Err(Skipped::NothingMeasured),
            1 => return Err(Skipped::OneSize),
            _ => {}
        }
        let compared = compare(self, &prepared);
        Ok(answer(self, prepared, compared))
    }
}

fn prepare(design: &Design, values: &[Option<f64>], noise: NoiseFloor) -> Prepared {
    let noise_floor = noise.level();
    let (mut values, unused) = series::usable(design, values, noise);
    if values.windows(2).all(|pair| pair[0].ln == pair[1].ln) {
        // Rounding hides growth only where something moved.
        values
            .iter_mut()
            .for_each(|value| value.known_variance = 0.0);
    }
    let thinned = noise
        .errs_to_the_slow_side()
        .then(|| outlier::without_slow(&values, noise_floor))
        .flatten();
    let one_may_be_slow = noise.errs_to_the_slow_side() && thinned.is_none() && values.len() <= FEW;
    let (values, dropped) = thinned.unwrap_or((values, Vec::new()));
    Prepared {
        values,
        unused,
        dropped,
        one_may_be_slow,
        noise_floor,
    }
}

/// Compares with all curves; again, when the noise found says that values whose own noise is
/// known were weighed as if there were no other.
fn compare<'a>(design: &'a Design, prepared: &Prepared) -> Compared<'a> {
    let first = compare_at(design, prepared, prepared.noise_floor);
    let found = Outlook::new(design.span(), first.curves.clone(), first.series.count).noise();
    let weighed = prepared
        .values
        .iter()
        .any(|value| value.known_variance > 0.0);
    if weighed && found > 2.0 * prepared.noise_floor {
        return compare_at(design, prepared, found);
    }
    first
}

fn compare_at<'a>(design: &'a Design, prepared: &Prepared, level: f64) -> Compared<'a> {
    let series = Series::new(&prepared.values, level);
    let evidence = Evidence::new(series.count, prepared.noise_floor);
    let mut scan = Scan::new(design, &series, evidence);
    if prepared.one_may_be_slow {
        scan = scan.with_slow_value(&prepared.values);
    }
    let mut least = f64::INFINITY;
    let mut row = [0.0; SHARES];
    let mut ln_evidence = Vec::with_capacity(design.shapes().len());
    for shape in 0..design.shapes().len() {
        let reference = scan.shares(shape, &mut row);
        least = least.min(2.0 * (reference - evidence.floor));
        ln_evidence.push(row.iter().sum::<f64>().ln() - evidence.power * reference.ln());
    }
    let posterior = Posterior::new(design.shapes(), &ln_evidence);
    let (curves, slow_run) = typical_curves(design, &scan, evidence, &posterior);
    Compared {
        posterior,
        least,
        curves,
        slow_run,
        series,
    }
}

/// The curves in the middle of even parts of the probability, and the run that is slow for most.
fn typical_curves(
    design: &Design,
    scan: &Scan<'_>,
    evidence: Evidence,
    posterior: &Posterior<'_>,
) -> (Vec<Curve>, Option<usize>) {
    let mut curves = Vec::new();
    let mut slow: Vec<(usize, u8)> = Vec::new();
    let mut row = [0.0; SHARES];
    let mut below = 0.0;
    for (shape, probability) in posterior.shapes().iter().enumerate() {
        let (from, to) = (parts_below(below), parts_below(below + probability));
        below += probability;
        if from == to {
            continue;
        }
        scan.shares(shape, &mut row);
        for (share, parts) in spread(&row, to - from) {
            let fit = scan.fit(shape, share);
            slow.extend(fit.slow_run.map(|run| (run, parts)));
            curves.push(Curve {
                shape: design.shapes()[shape].shape,
                share: share as u8,
                parts,
                noise: evidence.noise(fit.residual_sum) as f32,
                ln_scale: fit.ln_scale,
            });
        }
    }
    let parts_of = |run: usize| -> usize {
        let parts = slow.iter().filter(|(other, _)| *other == run);
        parts.map(|(_, parts)| usize::from(*parts)).sum()
    };
    let slow_run = slow
        .iter()
        .map(|(run, _)| *run)
        .find(|run| 2 * parts_of(*run) > CURVES);
    (curves, slow_run)
}

/// How many middles of parts lie below a probability.
fn parts_below(probability: f64) -> usize {
    ((probability * CURVES as f64 + 0.5).floor() as usize).min(CURVES)
}

/// Shares at even steps of their probability, each with the number of parts that fall to it.
fn spread(row: &[f64; SHARES], parts: usize) -> Vec<(usize, u8)> {
    let sum: f64 = row.iter().sum();
    let mut chosen: Vec<(usize, u8)> = Vec::new();
    let mut below = 0.0;
    let mut next = 0;
    for (share, probability) in row.iter().enumerate() {
        below += probability;
        let mut own = 0;
        while next < parts && below >= sum * (next as f64 + 0.5) / parts as f64 {
            own += 1;
            next += 1;
        }
        if own > 0 {
            chosen.push((share, own));
        }
    }
    chosen
}

fn answer(design: &Design, prepared: Prepared, compared: Compared<'_>) -> Estimate {
    let Compared {
        posterior,
        series,
        least,
        curves,
        slow_run,
    } = compared;
    let log_ratio = log_ratio(design, &series);
    let sizes = series.groups.len();
    let p_superlinear = posterior.superlinear();
    let (low, high) = posterior.interval();
    let classes = posterior.classes();
    let outlook = Outlook::new(design.span(), curves, series.count);
    let enough = sizes >= LEAST_SIZES;
    let mut dropped = prepared.dropped;
    dropped.extend(slow_run);
    Estimate {
        exponent: if enough {
            posterior.exponent_at(0.5)
        } else {
            log_ratio
        },
        low: if enough { low } else { low.min(log_ratio) },
        high: if enough { high } else { high.max(log_ratio) },
        class: classes.first().map_or(Class::Constant, |(class, _)| *class),
        class_set: posterior::class_set(&classes),
        classes,
        p_superlinear,
        verdict: if enough {
            Verdict::of(p_superlinear)
        } else {
            Verdict::CannotTell
        },
        fixed_share: outlook.fixed_share(),
        noise: outlook.noise(),
        log_ratio,
        sizes,
        dropped,
        unused: prepared.unused,
        misfit: misfit(design, &series, least, prepared.noise_floor),
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
        assert!(
            (found.exponent - exponent).abs() < 0.011,
            "{exponent}: {found:?}"
        );
        assert!(
            found.low <= exponent && exponent <= found.high,
            "{exponent}: {found:?}"
        );
    }

    #[test]
    fn exact_power_laws_come_back_to_the_grid() {
        for hundredths in (0..=340).step_by(10) {
            let exponent = f64::from(hundredths) / 100.0;
            check_power(exponent, NoiseFloor::Counter);
            check_power(exponent, NoiseFloor::Clock(0.001));
        }
    }
}

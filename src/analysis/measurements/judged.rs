//! Each id of a table by itself, those with the same sizes together.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::analysis::ceiling::Ceiling;
use crate::analysis::document::Foretold;
use crate::analysis::document::Skipped;
use crate::analysis::document::VERSION;
use crate::analysis::document::Verdict;
use crate::analysis::growth::Fit;
use crate::analysis::growth::Judge;
use crate::analysis::growth::Kind;
use crate::analysis::measurements::document::MeasuredGrowth;
use crate::analysis::measurements::document::Measurements;
use crate::analysis::measurements::document::ValueKind;
use crate::analysis::measurements::points::Usable;
use crate::analysis::measurements::points::left_out;
use crate::analysis::measurements::points::usable;
use crate::analysis::settling::Price;
use crate::error::Result;
use crate::profile::MeasuredSeries;
use crate::stats::Bands;

/// Relative scatter below which times of unknown origin are not believed to be exact.
const TIME_FLOOR: f64 = 0.01;

/// The judged id, or why there is no estimate of it.
type Judged = (MeasuredGrowth, Option<String>);

/// Judges every series by itself, in parallel; the order stays.
///
/// `target_size`: foretell the value there.
///
/// # Errors
/// A bug: odd values are no error, they have no estimate and a reason.
pub fn measurements(
    series: &[MeasuredSeries],
    values: ValueKind,
    bands: Bands,
    target_size: Option<f64>,
) -> Result<Measurements> {
    let usable: Vec<Vec<Usable>> = series.par_iter().map(usable).collect();
    let judged: Vec<Vec<(usize, Judged)>> = by_sizes(&usable)
        .into_par_iter()
        .map(|ids| judged_together(series, &usable, &ids, values, bands, target_size))
        .collect::<Result<_>>()?;
    let mut judged: Vec<(usize, Judged)> = judged.into_iter().flatten().collect();
    judged.sort_by_key(|(position, _)| *position);
    let mut measurements = Vec::with_capacity(judged.len());
    let mut skipped = Vec::new();
    for (_, (growth, reason)) in judged {
        skipped.extend(reason.map(|reason| Skipped { name: growth.id.clone(), reason }));
        measurements.push(growth);
    }
    let flags = measurements.iter().filter(|growth| growth.verdict == Verdict::Superlinear);
    let expected = flags.map(|growth| 1.0 - growth.p_superlinear.unwrap_or(1.0)).sum();
    Ok(Measurements {
        version: VERSION,
        values,
        measurements,
        skipped,
        expected_false_flags: expected,
    })
}

/// Positions of the series that have the same sizes, each equally often: they share the work that
/// depends on the sizes alone.
fn by_sizes(all: &[Vec<Usable>]) -> Vec<Vec<usize>> {
    let mut groups: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut positions: Vec<Vec<usize>> = Vec::new();
    for (position, points) in all.iter().enumerate() {
        let key = points.iter().map(|point| point.size.to_bits()).collect();
        let group = *groups.entry(key).or_insert_with(|| {
            positions.push(Vec::new());
            positions.len() - 1
        });
        positions[group].push(position);
    }
    positions
}

fn judged_together(
    series: &[MeasuredSeries],
    usable: &[Vec<Usable>],
    ids: &[usize],
    values: ValueKind,
    bands: Bands,
    target_size: Option<f64>,
) -> Result<Vec<(usize, Judged)>> {
    let first = ids.first().map_or(&[][..], |first| usable[*first].as_slice());
    if first.is_empty() {
        let judged = |&position: &usize| (position, unjudged(&series[position]));
        return Ok(ids.iter().map(judged).collect());
    }
    let sizes: Vec<f64> = first.iter().map(|point| point.size).collect();
    let judge = Judge::of_sizes(&sizes, bands)?;
    let kind = match values {
        ValueKind::Times => Kind::Time(TIME_FLOOR),
        ValueKind::Counters => Kind::Count,
    };
    let judged = |&position: &usize| {
        let points: Vec<Option<f64>> =
            usable[position].iter().map(|point| Some(point.value)).collect();
        let fit = judge.fit(&points, kind);
        (position, described(&judge, &fit, &series[position], &usable[position], target_size))
    };
    Ok(ids.par_iter().map(judged).collect())
}

fn described(
    judge: &Judge,
    fit: &Fit,
    series: &MeasuredSeries,
    points: &[Usable],
    target_size: Option<f64>,
) -> Judged {
    if let Some(reason) = fit.skipped() {
        let reason =
            [Some(reason), left_out(series, &[])].into_iter().flatten().collect::<Vec<_>>();
        let growth = counted(series, points);
        return (growth, Some(reason.join("; ")));
    }
    let figures = judge.figures(fit);
    let range = target_size.and_then(|size| fit.range_at(size));
    let left_out = left_out(series, points);
    let note: Vec<String> =
        fit.warnings().into_iter().chain(figures.note).chain(left_out.clone()).collect();
    let growth = MeasuredGrowth {
        exponent: figures.exponent,
        low: figures.low,
        high: figures.high,
        class: figures.class,
        class_set: figures.class_set,
        p_superlinear: figures.p_superlinear,
        verdict: figures.verdict,
        band: figures.band,
        fixed_share: figures.fixed_share,
        noise: figures.noise,
        note: (!note.is_empty()).then(|| note.join("; ")),
        left_out,
        advice: matches!(figures.verdict, Verdict::CannotTell | Verdict::Suspected)
            .then(|| advice(judge, fit, points))
            .flatten(),
        foretold: range.and_then(Foretold::of),
        ..counted(series, points)
    };
    (growth, None)
}

/// What would settle it, by what the values themselves say of the cost of runs.
fn advice(judge: &Judge, fit: &Fit, points: &[Usable]) -> Option<String> {
    let sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
    let values: Vec<Option<f64>> = points.iter().map(|point| Some(point.value)).collect();
    let ceiling = Ceiling::of(&sizes, &values)?;
    let price = Price { round: ceiling.round(), is_seconds: false };
    let at = |size| Some(ceiling.run_cost(size, fit.at(size)?));
    Some(judge.settling(fit, price, at)?.words("", price))
}

fn unjudged(series: &MeasuredSeries) -> Judged {
    let reason = left_out(series, &[]).unwrap_or_else(|| "nothing was measured".into());
    (counted(series, &[]), Some(format!("no measurement can be judged: {reason}")))
}

fn counted(series: &MeasuredSeries, points: &[Usable]) -> MeasuredGrowth {
    MeasuredGrowth {
        id: series.id.clone(),
        values: points.len(),
        sizes: points.chunk_by(|left, right| left.size == right.size).count(),
        ..MeasuredGrowth::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Point;

    const SIZES: [f64; 5] = [100.0, 200.0, 400.0, 800.0, 1600.0];

    fn series(id: &str, sizes: &[f64], value: impl Fn(f64) -> f64) -> MeasuredSeries {
        let point = |size: &f64| Point { size: Some(*size), value: Some(value(*size)) };
        MeasuredSeries {
            id: id.into(),
            points: sizes.iter().map(point).collect(),
            ..MeasuredSeries::default()
        }
    }

    fn judged(all: &[MeasuredSeries]) -> Measurements {
        measurements(all, ValueKind::Times, Bands::default(), None).unwrap()
    }

    #[test]
    fn every_id_is_judged_by_itself_and_in_order() {
        let found = judged(&[
            series("square", &SIZES, |n| n * n),
            series("other sizes", &[7.0, 14.0, 28.0, 90.0, 304.0], |n| n),
            series("line", &SIZES, |n| 3.0 * n),
        ]);
        let words: Vec<(&str, Verdict, Option<&str>)> = found
            .measurements
            .iter()
            .map(|one| (one.id.as_str(), one.verdict, one.class.as_deref()))
            .collect();
        assert_eq!(
            words,
            [
                ("square", Verdict::Superlinear, Some("n^2")),
                ("other sizes", Verdict::NotSuperlinear, Some("n")),
                ("line", Verdict::NotSuperlinear, Some("n")),
            ]
        );
        assert!(found.expected_false_flags < 0.1 && found.skipped.is_empty());
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let forth = series("a", &SIZES, |n| n * n + 1e4);
        let mut back = forth.clone();
        back.points.reverse();
        assert_eq!(judged(&[forth]).measurements, judged(&[back]).measurements);
    }

    #[test]
    fn what_cannot_be_judged_has_a_reason_and_no_numbers() {
        let check = |points: &[(Option<f64>, Option<f64>)], reason: &str| {
            let points = points.iter().map(|&(size, value)| Point { size, value }).collect();
            let found =
                judged(&[MeasuredSeries { id: "a".into(), points, ..MeasuredSeries::default() }]);
            assert_eq!(found.skipped[0].reason, reason);
            let one = &found.measurements[0];
            assert_eq!((one.verdict, one.exponent, one.p_superlinear), Default::default());
        };
        check(&[], "no measurement can be judged: nothing was measured");
        check(
            &[(Some(1.0), Some(0.0)), (Some(2.0), Some(-1.0)), (Some(4.0), Some(f64::NAN))],
            "no measurement can be judged: left out: 1 of 3 with the value zero, \
             1 of 3 with a negative value, 1 of 3 with a value that is not finite",
        );
        check(
            &[(Some(5.0), Some(1.0)), (Some(5.0), Some(2.0)), (None, Some(1.0))],
            "all values above zero are of one size; left out: 1 of 3 without a size",
        );
        check(
            &[(Some(0.0), Some(1.0)), (Some(-2.0), Some(1.0))],
            "no measurement can be judged: left out: 2 of 2 of a size not above zero",
        );
    }

    #[test]
    fn a_value_that_is_left_out_is_told() {
        let mut odd = series("a", &SIZES, |n| n * n);
        odd.points.push(Point { size: Some(200.0), value: Some(0.0) });
        let found = judged(std::slice::from_ref(&odd));
        assert_eq!(found.measurements[0].verdict, Verdict::Superlinear);
        let note = found.measurements[0].note.as_deref();
        assert_eq!(note, Some("left out: 1 of 6 with the value zero"));
        odd.points.push(Point { size: Some(3200.0), value: None });
        odd.no_numbers.push("timeout".into());
        let words = "left out: 1 of 7 with the value zero, 1 of 7 without a value (in place of a \
                     number: `timeout`); the verdict is of sizes up to 1600: at larger ones, up to \
                     3200, nothing could be judged";
        assert_eq!(judged(&[odd]).measurements[0].left_out.as_deref(), Some(words));
    }

    #[test]
    fn a_round_is_one_measurement_of_every_size() {
        // n log n with 30 % of disturbance, five times each: a round costs what one of them does.
        let by =
            |repetition: usize, size: usize| [1.3, 0.8, 1.1, 0.75, 1.2][(repetition + size) % 5];
        let point = |repetition: usize, (place, size): (usize, &f64)| Point {
            size: Some(*size),
            value: Some(size * size.ln() * by(repetition, 2 * place)),
        };
        let sizes = [10.0, 15.0, 20.0, 30.0, 40.0];
        let points =
            (0..5).flat_map(|each| sizes.iter().enumerate().map(move |at| point(each, at)));
        let series =
            MeasuredSeries { id: "a".into(), points: points.collect(), ..Default::default() };
        let usable = usable(&series);
        let known: Vec<f64> = usable.iter().map(|point| point.size).collect();
        let values: Vec<Option<f64>> = usable.iter().map(|point| Some(point.value)).collect();
        let once: f64 = sizes.iter().map(|size| size * size.ln() * 1.1).sum();
        let round = Ceiling::of(&known, &values).unwrap().round();
        assert!((round / once - 1.0).abs() < 1e-9, "{round} {once}");
    }

    #[test]
    fn the_value_at_a_size_that_was_not_measured_is_foretold() {
        let all = [series("a", &SIZES, |n| n * n)];
        let found =
            measurements(&all, ValueKind::Counters, Bands::default(), Some(3200.0)).unwrap();
        let foretold = found.measurements[0].foretold.unwrap();
        assert!((foretold.value / 3200f64.powi(2) - 1.0).abs() < 0.02, "{foretold:?}");
    }
}

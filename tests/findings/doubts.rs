//! What looks steep and is not firm: counts that follow no law, a step that is no growth.

use superlinear::analysis::ValueKind;
use superlinear::analysis::Verdict;
use superlinear::analysis::measurements;
use superlinear::analysis::measurements::MeasuredGrowth;
use superlinear::profile::MeasuredSeries;
use superlinear::profile::Point;
use superlinear::stats::Bands;

fn judged(values: ValueKind, points: impl Iterator<Item = (f64, f64)>) -> MeasuredGrowth {
    let points = points.map(|(size, value)| Point { size: Some(size), value: Some(value) });
    let series =
        MeasuredSeries { id: "a".into(), points: points.collect(), ..MeasuredSeries::default() };
    let found = measurements(&[series], values, Bands::default(), None).unwrap();
    found.measurements.into_iter().next().unwrap()
}

#[test]
fn counts_that_lie_off_every_law_are_only_suspected() {
    let check = |sizes: &[f64], count: fn(f64) -> f64, expected: Verdict| {
        let found = judged(ValueKind::Counters, sizes.iter().map(|&size| (size, count(size))));
        assert_eq!(found.verdict, expected, "{found:?}");
    };
    let doublings = [250.0, 500.0, 1_000.0, 2_000.0];
    // The first 199 are left out: linear, though the local exponent falls from 2.6 to 1.2.
    check(&doublings, |n| n - 199.0, Verdict::Suspected);
    check(&doublings, |n| n * (n - 1.0) / 2.0, Verdict::Superlinear);
    check(&[4.0, 8.0, 16.0, 32.0], |n| n * (n - 1.0) / 2.0, Verdict::Superlinear);
    check(&[10.0, 20.0, 40.0], |n| n * (n - 1.0) * (n - 2.0) / 6.0, Verdict::Superlinear);
}

#[test]
fn a_step_is_no_growth_where_the_largest_sizes_show_none() {
    let sizes = [100.0, 200.0, 400.0, 800.0, 1_600.0, 3_200.0];
    let judged = |law: fn(f64) -> f64| {
        let points = sizes
            .iter()
            .flat_map(|&size| [0.98, 1.0, 1.02].map(|scatter| (size, law(size) * scatter)));
        judged(ValueKind::Times, points)
    };
    // A cache that is full from 1,000 on.
    let step = judged(|n| if n < 1_000.0 { n } else { 3.0 * n });
    assert!(step.p_superlinear.unwrap() > 0.9, "{step:?}");
    assert_eq!(step.verdict, Verdict::Suspected);
    let words = "no single law, and between the largest sizes it grows as n^1.00";
    assert!(step.note.as_deref().unwrap().contains(words), "{step:?}");
    assert_eq!(judged(|n| n * n).verdict, Verdict::Superlinear);
}

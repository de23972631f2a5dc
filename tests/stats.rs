//! Whatever the sizes and values, the estimate answers or says why not; it never panics.

use proptest::prelude::*;
use superlinear::stats::Bands;
use superlinear::stats::Design;
use superlinear::stats::Estimate;
use superlinear::stats::Line;
use superlinear::stats::NoiseFloor;
use superlinear::stats::Repeating;
use superlinear::stats::Verdict;
use superlinear::stats::bench;
use superlinear::stats::ratio;

fn odd_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => 1.0..1_000.0f64,
        2 => (1u32..20).prop_map(f64::from),
        1 => prop::num::f64::ANY,
        1 => prop::sample::select(vec![
            0.0, -0.0, -1.0, 1.0, 2.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::NAN,
            f64::INFINITY, f64::NEG_INFINITY, 1e-300, 1e300, 1.0 + f64::EPSILON,
        ]),
    ]
}

fn any_size() -> impl Strategy<Value = f64> {
    odd_number().prop_map(|number| match number.is_finite() && number != 0.0 {
        true => number.abs(),
        false => 1.0,
    })
}

fn noise() -> impl Strategy<Value = NoiseFloor> {
    prop_oneof![
        Just(NoiseFloor::Counter),
        odd_number().prop_map(NoiseFloor::Clock),
        odd_number().prop_map(NoiseFloor::Samples),
    ]
}

fn is_sound(estimate: &Estimate) {
    assert!(estimate.exponent.is_finite(), "{estimate:?}");
    assert!(estimate.low <= estimate.exponent, "{estimate:?}");
    assert!(estimate.exponent <= estimate.high, "{estimate:?}");
    assert!((0.0..=1.0).contains(&estimate.p_superlinear), "{estimate:?}");
    assert!((0.0..=1.0).contains(&estimate.fixed_share), "{estimate:?}");
    assert!(estimate.noise.is_finite() && estimate.noise > 0.0, "{estimate:?}");
    assert!(!estimate.class_set.is_empty(), "{estimate:?}");
    let probability: f64 = estimate.classes.iter().map(|(_, probability)| probability).sum();
    assert!((probability - 1.0).abs() < 1e-9, "{estimate:?}");
    assert!(estimate.sizes >= 3 || estimate.verdict == Verdict::CannotTell, "{estimate:?}");
}

const DOUBLINGS: [f64; 6] = [100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0];
/// Factors of up to 5 %, as a machine disturbs its runs.
const DISTURBED: [f64; 6] = [1.03, 0.99, 1.05, 0.96, 1.01, 0.98];

/// The estimate of `n^exponent`, disturbed, at the doublings times `unit`, every run `times` times.
fn power(exponent: f64, unit: f64, times: usize) -> Estimate {
    let sizes: Vec<f64> = DOUBLINGS.repeat(times).iter().map(|size| size * unit).collect();
    let value = |run: usize| (DOUBLINGS[run] / 100.0).powf(exponent) * DISTURBED[run];
    let values: Vec<Option<f64>> = (0..sizes.len()).map(|run| Some(value(run % 6))).collect();
    Design::new(&sizes).unwrap().estimate(&values, NoiseFloor::Clock(0.01)).unwrap()
}

#[test]
fn the_unit_of_the_sizes_hardly_matters() {
    // Not to the last digit: `log n` is another shape in another unit.
    for exponent in [0.5, 1.0, 1.7, 2.0, 3.0] {
        let usual = power(exponent, 1.0, 1);
        for unit in [0.1, 24.0, 1e6] {
            let other = power(exponent, unit, 1);
            assert_eq!(usual.verdict, other.verdict, "{exponent}: {usual:?} {other:?}");
            let apart = (usual.exponent - other.exponent).abs();
            assert!(apart < 0.1, "{exponent}: {usual:?} {other:?}");
        }
    }
}

#[test]
fn the_same_runs_again_move_nothing_and_widen_nothing() {
    for exponent in [0.5, 1.0, 1.7, 2.0, 3.0] {
        let once = power(exponent, 1.0, 1);
        for times in [2, 4] {
            let again = power(exponent, 1.0, times);
            assert!((once.exponent - again.exponent).abs() < 0.1, "{once:?} {again:?}");
            let width = |estimate: &Estimate| estimate.high - estimate.low;
            assert!(width(&again) <= width(&once) + 1e-9, "{once:?} {again:?}");
        }
    }
}

/// A program departs from its law by some 10 % at each size, which no repetition shows: these are
/// numbers of a normal distribution, in the order drawn.
#[test]
fn repetitions_of_what_departs_from_its_law_make_nobody_too_sure() {
    const SERIES: u64 = 60;
    let mut state = 7_u64;
    let mut even = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut normal =
        || (-2.0 * (1.0 - even()).ln()).sqrt() * (std::f64::consts::TAU * even()).cos();
    let sizes: Vec<f64> = DOUBLINGS.repeat(5);
    let design = Design::new(&sizes).unwrap();
    let (mut covered, mut wrong) = (0, 0);
    for _ in 0..SERIES {
        let departures = DOUBLINGS.map(|_| (0.1 * normal()).exp());
        let values: Vec<Option<f64>> = sizes
            .iter()
            .enumerate()
            .map(|(run, size)| Some(size * departures[run % 6] * (0.01 * normal()).exp()))
            .collect();
        let estimate = design.estimate(&values, NoiseFloor::Clock(0.01)).unwrap();
        covered += u64::from(estimate.low <= 1.0 && 1.0 <= estimate.high);
        wrong += u64::from(estimate.verdict == Verdict::Superlinear);
    }
    // Taken as independent, 30 values would cover 45 % of them.
    assert!(covered * 100 >= 93 * SERIES, "{covered} of {SERIES} are covered");
    assert_eq!(wrong, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_input_panics(
        runs in prop::collection::vec((any_size(), prop::option::of(odd_number())), 0..14),
        noise in noise(),
        elsewhere in odd_number(),
    ) {
        let sizes: Vec<f64> = runs.iter().map(|(size, _)| *size).collect();
        let values: Vec<Option<f64>> = runs.iter().map(|(_, value)| *value).collect();
        if let Ok(design) = Design::new(&sizes)
            && let Ok(estimate) = design.estimate(&values, noise)
        {
            is_sound(&estimate);
            let _ = design.advice(&estimate, Repeating::Helps);
            let range = estimate.outlook.value_at(elsewhere);
            prop_assert_eq!(range.is_some(), elsewhere.is_finite() && elsewhere > 0.0);
            if let Some(range) = range {
                prop_assert!(range.low <= range.middle && range.middle <= range.high, "{:?}", range);
            }
        }
    }

    #[test]
    fn no_list_of_sizes_panics(sizes in prop::collection::vec(odd_number(), 0..6)) {
        let sound = !sizes.is_empty() && sizes.iter().all(|size| size.is_finite() && *size > 0.0);
        prop_assert_eq!(Design::new(&sizes).is_ok(), sound);
    }

    #[test]
    fn equal_counts_are_never_superlinear(
        sizes in prop::collection::vec(1.0..1_000.0f64, 3..10),
        count in 1u32..1_000_000,
    ) {
        let design = Design::new(&sizes).unwrap();
        let values = vec![Some(f64::from(count)); sizes.len()];
        if let Ok(estimate) = design.estimate(&values, NoiseFloor::Counter) {
            prop_assert_ne!(estimate.verdict, Verdict::Superlinear);
        }
    }

    #[test]
    fn exact_power_laws_are_inside_their_interval(
        steps in 0u32..=170,
        scale in 1e-9..1e9f64,
        sizes in prop::collection::btree_set(2u32..5_000, 5..10),
    ) {
        let exponent = f64::from(steps) * 0.02;
        let sizes: Vec<f64> = sizes.into_iter().map(f64::from).collect();
        let values: Vec<Option<f64>> =
            sizes.iter().map(|size| Some(scale * size.powf(exponent))).collect();
        let estimate = Design::new(&sizes).unwrap().estimate(&values, NoiseFloor::Clock(0.001)).unwrap();
        prop_assert!(estimate.low <= exponent + 1e-9 && exponent <= estimate.high + 1e-9, "{:?}", estimate);
    }

    #[test]
    fn no_odd_numbers_panic_anywhere(
        values in prop::collection::vec(odd_number(), 0..14),
        others in prop::collection::vec(odd_number(), 0..14),
        one in odd_number(),
        seed in any::<u64>(),
    ) {
        let is_number = |found: Option<f64>| found.is_none_or(|found| !found.is_nan());
        let points: Vec<(f64, f64)> = values.iter().copied().zip(others.iter().copied()).collect();
        let line = Line::through(&points);
        prop_assert!(line.is_none_or(|line| line.exponent.is_finite()), "{line:?}");
        let _ = Bands::default().of(one);
        if let [n1, m1, n2, m2, ..] = values[..] {
            prop_assert!(is_number(ratio::exponent(n1, m1, n2, m2)));
        }
        let _ = (bench::summary(&values, one), bench::median(&values), bench::sample::sd(&values));
        let _ = (bench::outliers(&values), bench::drift(&values), bench::two_groups(&values));
        let _ = (bench::paired(&values, &others), bench::welch(&values, &others));
        let _ = bench::ratio_of_medians(&values, &others, false, one, 20, seed);
        let _ = bench::smallest_difference(&values, &others, one, 0.8);
        let _ = bench::smallest_paired_difference(&values, &values, one, 0.8);
    }
}

//! What a broken profiler might write never makes a panic.

use proptest::collection;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use superlinear::analysis::Limit;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Phase1;
use superlinear::analysis::Settings;
use superlinear::analysis::SizeBy;
use superlinear::analysis::ValueKind;
use superlinear::analysis::bottlenecks;
use superlinear::analysis::flame;
use superlinear::analysis::gate;
use superlinear::analysis::gate_measurements;
use superlinear::analysis::measurements;
use superlinear::analysis::pair;
use superlinear::analysis::phase0;
use superlinear::analysis::phase1;
use superlinear::analysis::sets;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::MeasuredSeries;
use superlinear::profile::Point;
use superlinear::profile::Profile;
use superlinear::stats::Bands;

/// Any number that a broken profiler might write.
fn odd_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0),
        Just(-1.0),
        Just(1.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        1e-6..1e6f64,
    ]
}

fn odd_cost() -> impl Strategy<Value = Cost> {
    let calls = prop_oneof![Just(0), Just(1), Just(u64::MAX), 0..1_000_000_u64];
    (calls.clone(), calls, odd_number(), odd_number())
        .prop_map(|(ncall, nactual, tsub, ttot)| Cost { ncall, nactual, tsub, ttot })
}

fn odd_profile() -> impl Strategy<Value = Profile> {
    let name = prop_oneof![Just("a"), Just("b.c"), Just("<lambda>"), Just(""), Just("select.poll")];
    let file = prop_oneof![Just(""), Just("~"), Just("x.py"), Just("/v/site-packages/y.py")];
    let function = (name, file, 0..3_u32, odd_cost()).prop_map(|(name, file, line, cost)| {
        Function { key: FunctionKey { name: name.into(), file: file.into(), line }, cost }
    });
    let edge = (0..8_usize, 0..8_usize, odd_cost()).prop_map(|(caller, callee, cost)| Edge {
        caller,
        callee,
        cost,
    });
    let unit = prop_oneof![
        Just(CostUnit::WallSeconds),
        Just(CostUnit::Instructions),
        Just(CostUnit::Samples)
    ];
    let functions = collection::vec(function, 0..6);
    let edges = collection::vec(edge, 0..8);
    (functions, edges, unit, any::<bool>()).prop_map(|(functions, edges, unit, counts_calls)| {
        Profile { unit, counts_calls, functions, edges, ..Profile::default() }
    })
}

fn odd_run() -> impl Strategy<Value = MeasuredRun> {
    let id = prop_oneof![Just("r1"), Just("r2"), Just("")];
    let walls = option::of(odd_number());
    let repetitions = option::of(0..3_u32);
    let profile = option::of(odd_profile());
    (id, repetitions, odd_number(), walls, profile, 0..4_usize).prop_map(
        |(id, repetition, size, wall_seconds, profile, order)| MeasuredRun {
            id: id.into(),
            repetition,
            size,
            wall_seconds,
            profile,
            order,
            ..MeasuredRun::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn odd_data_never_panics_and_every_number_is_finite(runs in collection::vec(odd_run(), 0..6)) {
        let settings = Settings { target_size: Some(365.0), ..Settings::default() };
        if let Ok(found) = phase1(&runs, &settings) {
            let text = found.to_json().unwrap();
            let again: Phase1 = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(again.to_json().unwrap(), text);
            let _ = gate(&found, Limit::parse("superlinear").unwrap(), true, &Bands::default());
        }
        let by_calls = Settings { size_by: SizeBy::Calls("a".into()), ..Settings::default() };
        let _ = phase1(&runs, &by_calls);
        let _ = bottlenecks(&runs, "r1", Some("a"), &settings);
        let _ = pair(&runs, &["r1", "r2"], &settings);
        let _ = flame(&runs, &settings, Decimal::ONE);
        let _ = sets::compare("odd", &runs, &runs, true, &settings);
        let (cold, warm) = runs.split_at(runs.len() / 2);
        let _ = phase0(cold, warm);
    }

    #[test]
    fn odd_measurements_never_panic(
        points in collection::vec((option::of(odd_number()), option::of(odd_number())), 0..9),
        target in option::of(odd_number()),
        is_counted in any::<bool>(),
    ) {
        let points = points.into_iter().map(|(size, value)| Point { size, value }).collect();
        let series = [MeasuredSeries { id: "odd".into(), points, ..MeasuredSeries::default() }];
        let kind = if is_counted { ValueKind::Counters } else { ValueKind::Times };
        if let Ok(found) = measurements(&series, kind, Bands::default(), target) {
            let _ = gate_measurements(&found, Limit::parse("1.5").unwrap(), true, &Bands::default());
            prop_assert!(serde_json::to_string(&found).is_ok());
        }
    }
}

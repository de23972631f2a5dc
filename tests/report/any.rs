//! Whatever an analysis might hold, it can be shown.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use superlinear::analysis::document::Culprit;
use superlinear::analysis::document::Foretold;
use superlinear::analysis::document::FunctionGrowth;
use superlinear::analysis::document::Growth;
use superlinear::analysis::document::MetricName;
use superlinear::analysis::document::Metrics;
use superlinear::analysis::document::Pair;
use superlinear::analysis::document::Phase1;
use superlinear::analysis::document::Projection;
use superlinear::analysis::document::RunFigures;
use superlinear::analysis::document::Verdict;
use superlinear::profile::CostUnit;
use superlinear::report;
use superlinear::report::Detail;
use superlinear::report::Report;
use superlinear::report::RunRecord;
use superlinear::report::Style;
use superlinear::report::Subject;

use crate::fixture;

fn number() -> impl Strategy<Value = f64> {
    any::<f64>()
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        Just(Verdict::Superlinear),
        Just(Verdict::Suspected),
        Just(Verdict::CannotTell),
        Just(Verdict::NotSuperlinear),
    ]
}

fn share() -> impl Strategy<Value = Option<Decimal>> {
    let decimal = (any::<i64>(), 0..20_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale));
    option::of(prop_oneof![decimal, Just(Decimal::MAX), Just(Decimal::MIN)])
}

fn growth() -> impl Strategy<Value = Growth> {
    let pair = (".*", ".*", number()).prop_map(|(from, to, exponent)| Pair { from, to, exponent });
    let estimate = (option::of(number()), option::of(number()), option::of(number()));
    let words = (option::of(".*"), option::of(".*"), verdict());
    let series = (vec(option::of(number()), 0..6), vec(pair, 0..4));
    (estimate, words, series).prop_map(|((exponent, low, high), (band, note, verdict), series)| {
        let (values, pairs) = series;
        Growth {
            exponent,
            low,
            high,
            p_superlinear: low,
            verdict,
            band,
            fixed_share: exponent,
            noise: high,
            values,
            pairs,
            note,
            ..Growth::default()
        }
    })
}

fn culprit() -> impl Strategy<Value = Culprit> {
    let metric = prop_oneof![Just(MetricName::Tsub), Just(MetricName::Ncall)];
    (".*", ".*", any::<u32>(), metric, growth(), share()).prop_map(
        |(name, file, line, metric, growth, share)| Culprit {
            why: name.clone(),
            name,
            file,
            line,
            metric,
            exponent: growth.exponent,
            low: growth.low,
            high: growth.high,
            class: None,
            p_superlinear: growth.p_superlinear,
            verdict: growth.verdict,
            band: growth.band.clone(),
            share_percent: share,
            cost: growth.low,
            cost_at_target: growth.high,
            share_at_target_percent: share,
            saved_if_linear: growth.low,
            origins: Vec::new(),
            amplified: Vec::new(),
            growth,
        },
    )
}

fn function() -> impl Strategy<Value = FunctionGrowth> {
    (".*", share(), any::<bool>(), growth(), growth()).prop_map(|(name, share, fixed, a, b)| {
        FunctionGrowth {
            file: name.clone(),
            name,
            line: 1,
            share_percent: share,
            cumulative_percent: share,
            own_code: fixed,
            fixed,
            decomposition: a.note.clone(),
            metrics: Metrics { ttot: Some(a.clone()), tsub: Some(a), ncall: Some(b), tavg: None },
        }
    })
}

fn run() -> impl Strategy<Value = RunFigures> {
    (".*", option::of(any::<u32>()), number(), option::of(number())).prop_map(
        |(id, repetition, size, wall_seconds)| RunFigures {
            id,
            repetition,
            size,
            wall_seconds,
            busy: wall_seconds,
            factor: wall_seconds,
            peak_memory_bytes: None,
        },
    )
}

fn scaling() -> impl Strategy<Value = Phase1> {
    let unit = prop_oneof![
        Just(CostUnit::WallSeconds),
        Just(CostUnit::CpuSeconds),
        Just(CostUnit::Instructions),
        Just(CostUnit::Samples)
    ];
    let lists =
        (vec(run(), 0..14), vec(culprit(), 0..8), vec(culprit(), 0..3), vec(function(), 0..40));
    let words = (".*", vec(".*", 0..3), vec(".*", 0..3));
    (unit, lists, words, number(), growth()).prop_map(|(unit, lists, words, number, program)| {
        let (runs, culprits, coming, functions) = lists;
        let (size_unit, warnings, advice) = words;
        let foretold = Foretold { value: number, low: number, high: number };
        Phase1 {
            unit,
            size_unit,
            runs,
            program,
            counters: Vec::new(),
            culprits,
            coming,
            functions,
            warnings,
            advice,
            projection: Some(Projection {
                size: number,
                program: Some(foretold),
                busy: Some(foretold),
                functions: Vec::new(),
            }),
            expected_false_flags: number,
            ..fixture::empty_scaling()
        }
    })
}

fn style() -> impl Strategy<Value = Style> {
    let detail = prop_oneof![Just(Detail::Brief), Just(Detail::Usual), Just(Detail::All)];
    (any::<bool>(), any::<bool>(), 0..300_usize, detail)
        .prop_map(|(colour, ascii, width, detail)| Style { colour, ascii, width, detail })
}

fn check(report: &Report, style: &Style) {
    let has_verdicts = matches!(report.subject, Subject::Scaling(_));
    for renderer in report::ALL {
        match renderer.render(report, style) {
            Ok(text) => assert!(text.ends_with('\n'), "{}", renderer.name()),
            Err(error) => assert!(!has_verdicts && error.exit_code() == 2, "{error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_scaling_can_be_shown(doc in scaling(), style in style(), id in ".*") {
        let record = RunRecord { id, load_before: Some(f64::NAN), ..RunRecord::default() };
        let runs = vec![record];
        check(&Report::new(Subject::Scaling(Box::new(doc)), runs), &style);
    }

    #[test]
    fn any_cache_probe_can_be_shown(
        cold in number(),
        warm in number(),
        share in share(),
        words in ".*",
        style in style(),
    ) {
        let Report { subject: Subject::Cache(mut probe), runs, .. } = fixture::cache() else {
            unreachable!()
        };
        probe.cold.wall_seconds = cold;
        probe.warm.wall_seconds = warm;
        probe.functions[0].cold = Some(cold);
        probe.overhead_percent = share.unwrap_or_default();
        probe.advice = words;
        check(&Report::new(Subject::Cache(probe), runs), &style);
    }

    #[test]
    fn any_comparison_can_be_shown(value in option::of(number()), ratio in number(), id in ".*", style in style()) {
        let Report { subject: Subject::Comparison(mut compared), runs, .. } = fixture::comparison() else {
            unreachable!()
        };
        compared.functions[0].tsub.values = vec![value; 5];
        compared.functions[0].ncall.values.clear();
        compared.runs[0].id = id;
        compared.wall[0].exponent = ratio;
        check(&Report::new(Subject::Comparison(compared), runs), &style);
    }
}

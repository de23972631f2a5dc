//! Analyses with known content, for looking at how they are shown. The figures follow the laws that
//! they name; nothing here is measured.

use rust_decimal::Decimal;
use superlinear::analysis;
use superlinear::analysis::MeasuredRun;
use superlinear::analysis::Settings;
use superlinear::analysis::document;
use superlinear::analysis::document::AmplifiedFigures;
use superlinear::analysis::document::Culprit;
use superlinear::analysis::document::CurvePoint;
use superlinear::analysis::document::Foretold;
use superlinear::analysis::document::FunctionForetold;
use superlinear::analysis::document::FunctionGrowth;
use superlinear::analysis::document::Growth;
use superlinear::analysis::document::MetricName;
use superlinear::analysis::document::Metrics;
use superlinear::analysis::document::OriginFigures;
use superlinear::analysis::document::Pair;
use superlinear::analysis::document::Phase1;
use superlinear::analysis::document::Projection;
use superlinear::analysis::document::RunFigures;
use superlinear::analysis::document::Skipped;
use superlinear::analysis::document::Speed;
use superlinear::analysis::document::Verdict;
use superlinear::analysis::document::WaitingFunction;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;
use superlinear::report::Machine;
use superlinear::report::Report;
use superlinear::report::Revision;
use superlinear::report::RunRecord;
use superlinear::report::State;
use superlinear::report::Subject;
use superlinear::units::Bytes;

const RUNS: [(&str, &str, f64); 5] = [
    ("wk-2025-01-20_01-26", "week", 7.0),
    ("wk-2025-03-10_03-16", "week", 7.0),
    ("mo-2025-02", "month", 28.0),
    ("qu-2025-04_06", "quarter", 91.0),
    ("ten-2025-01_10", "ten months", 304.0),
];

/// A loop over days that concatenates all frames on each of 288 iterations.
pub fn one_culprit() -> Report {
    Report::new(Subject::Scaling(Box::new(scaling(CostUnit::WallSeconds, 1.0))), records())
}

/// The same, counted in instructions by another profiler.
pub fn instructions() -> Report {
    let mut doc = scaling(CostUnit::Instructions, 3e9);
    doc.speed = Speed::default();
    doc.projection = None;
    doc.runs.iter_mut().for_each(|run| run.factor = None);
    Report::new(Subject::Scaling(Box::new(doc)), Vec::new())
}

/// The same program mended.
pub fn no_culprit() -> Report {
    let mut doc = scaling(CostUnit::WallSeconds, 1.0);
    doc.culprits.clear();
    doc.projection = None;
    doc.advice.clear();
    doc.expected_false_flags = 0.0;
    doc.functions.retain(|f| f.name != "concat_price_frames" && f.name != "copy_frame");
    doc.program = Growth {
        values: doc.program.values,
        ..growth(&linear(0.2), 1.0, Verdict::NotSuperlinear, "linear")
    };
    Report::new(Subject::Scaling(Box::new(doc)), records())
}

/// Times of single runs at three sizes.
pub fn suspected() -> Report {
    let mut doc = scaling(CostUnit::WallSeconds, 1.0);
    let culprit = &mut doc.culprits[0];
    culprit.verdict = Verdict::Suspected;
    culprit.growth.note = Some("single runs at 3 sizes carry no verdict on times".into());
    doc.functions[0].metrics.tsub.as_mut().unwrap().verdict = Verdict::Suspected;
    doc.advice = vec!["run three repetitions: `runner --phase 1 --repetitions 3`".into()];
    Report::new(Subject::Scaling(Box::new(doc)), records())
}

/// Two sizes only.
pub fn cannot_tell() -> Report {
    let mut doc = scaling(CostUnit::WallSeconds, 1.0);
    doc.culprits.clear();
    doc.projection = None;
    doc.program.verdict = Verdict::CannotTell;
    doc.runs.truncate(3);
    for function in &mut doc.functions {
        let metrics = &mut function.metrics;
        let all = [&mut metrics.tsub, &mut metrics.ncall, &mut metrics.ttot];
        for growth in all.into_iter().flatten() {
            growth.verdict = Verdict::CannotTell;
            growth.values.truncate(3);
        }
    }
    doc.advice = vec!["add a run of 91 days".into()];
    Report::new(Subject::Scaling(Box::new(doc)), Vec::new())
}

/// Enough sizes, but noise hides what one function does.
pub fn one_open_question() -> Report {
    let Report { subject, runs, .. } = no_culprit();
    let Subject::Scaling(mut doc) = subject else { unreachable!() };
    let settled = doc.functions[0].clone();
    doc.functions.push(settled);
    let tsub = doc.functions[0].metrics.tsub.as_mut().unwrap();
    tsub.verdict = Verdict::CannotTell;
    doc.advice = vec!["run three repetitions".into()];
    Report::new(Subject::Scaling(doc), runs)
}

/// Nothing at all.
pub fn empty() -> Report {
    Report::new(Subject::Scaling(Box::new(empty_scaling())), Vec::new())
}

pub fn cache() -> Report {
    let record = |id: &str, wall: f64| RunRecord {
        id: id.into(),
        label: "cache probe".into(),
        size: Some(30.0),
        attempts: Some(1),
        wall_seconds: vec![wall],
        peak_memory: Some(Bytes(48 << 20)),
        ..RunRecord::default()
    };
    let (cold, warm) = ("phase0-cold-2024-09", "phase0-warm-2024-09");
    let probe = analysis::phase0(&[probed(cold, 4.2, 1.8)], &[probed(warm, 2.52, 0.1)]).unwrap();
    Report::new(Subject::Cache(Box::new(probe)), vec![record(cold, 4.2), record(warm, 2.52)])
}

/// Three runs of a program whose calls grow linearly and whose self time grows quadratically.
pub fn comparison() -> Report {
    let runs: Vec<MeasuredRun> = RUNS[1..4]
        .iter()
        .map(|(id, _, size)| {
            let mut run = probed(id, size / 20.0, 0.001 * size * size);
            run.size = *size;
            run.profile.as_mut().unwrap().functions[0].cost.ncall = 288 * *size as u64;
            run
        })
        .collect();
    let ids: Vec<&str> = runs.iter().map(|run| run.id.as_str()).collect();
    let compared = analysis::pair(&runs, &ids, &Settings::default()).unwrap();
    Report::new(Subject::Comparison(Box::new(compared)), Vec::new())
}

/// A run of 30 days with one function of that self time, called 288 times a day.
fn probed(id: &str, wall: f64, tsub: f64) -> MeasuredRun {
    let function = Function {
        key: FunctionKey {
            name: "read_bars".into(),
            file: "src/workload/cache.rs".into(),
            line: 31,
        },
        cost: Cost { ncall: 8_640, nactual: 8_640, tsub, ttot: tsub },
    };
    MeasuredRun {
        id: id.into(),
        size: 30.0,
        wall_seconds: Some(wall),
        profile: Some(Profile { functions: vec![function], ..Profile::default() }),
        ..MeasuredRun::default()
    }
}

/// The same as `one_culprit` with every name that a stranger chooses set to `name`.
pub fn named(name: &str) -> Report {
    let Report { subject, mut runs, .. } = one_culprit();
    let Subject::Scaling(mut doc) = subject else { unreachable!() };
    let set = |text: &mut String| *text = name.into();
    for function in &mut doc.functions {
        set(&mut function.name);
        set(&mut function.file);
    }
    for culprit in &mut doc.culprits {
        set(&mut culprit.name);
        set(&mut culprit.file);
        culprit.why = format!("calls `{name}` too often");
        for origin in &mut culprit.origins {
            set(&mut origin.name);
            origin.callee = Some(name.into());
            origin.metric = MetricName::Ncall;
        }
        culprit.metric = MetricName::Ncall;
        culprit.amplified.iter_mut().for_each(|f| set(&mut f.name));
        culprit.growth.note = Some(name.into());
    }
    doc.waiting.iter_mut().for_each(|f| set(&mut f.name));
    doc.skipped.iter_mut().for_each(|f| set(&mut f.name));
    doc.size_unit = format!("calls of `{name}`");
    doc.warnings = vec![format!("`{name}` is seen in one run only"), name.into()];
    doc.runs.iter_mut().for_each(|run| set(&mut run.id));
    for run in &mut runs {
        set(&mut run.id);
        set(&mut run.label);
        run.state = State::Error(name.into());
        run.warnings = vec![name.into()];
        run.versions = vec![(name.into(), name.into())];
    }
    Report::new(Subject::Scaling(doc), runs)
}

pub fn empty_scaling() -> Phase1 {
    Phase1 {
        version: document::VERSION,
        unit: CostUnit::WallSeconds,
        size_unit: "days".into(),
        runs: Vec::new(),
        program: Growth::default(),
        counters: Vec::new(),
        memory: None,
        culprits: Vec::new(),
        coming: Vec::new(),
        functions: Vec::new(),
        others: Vec::new(),
        waiting: Vec::new(),
        speed: Speed::default(),
        projection: None,
        skipped: Vec::new(),
        warnings: Vec::new(),
        advice: Vec::new(),
        expected_false_flags: 0.0,
    }
}

fn scaling(unit: CostUnit, per_second: f64) -> Phase1 {
    let quadratic: Vec<f64> = sizes().map(|n| 0.000_133 * n * n * per_second).collect();
    let concat = growth(&quadratic, 2.0, Verdict::Superlinear, "quadratic");
    let history: Vec<f64> = linear(0.005 * per_second);
    let busy: Vec<f64> = quadratic.iter().zip(&history).map(|(a, b)| a + b).collect();
    Phase1 {
        unit,
        runs: runs(&busy),
        program: Growth {
            values: sizes().map(wall).map(Some).collect(),
            ..growth(&busy, 1.93, Verdict::Superlinear, "quadratic")
        },
        counters: Vec::new(),
        culprits: vec![culprit(&concat)],
        functions: functions(&concat, &history),
        waiting: vec![WaitingFunction {
            name: "flush_log".into(),
            file: "src/workload/gc_futures.rs".into(),
            line: 210,
            share_percent: Some(Decimal::new(31, 1)),
        }],
        speed: Speed {
            corrected: true,
            why: "42 functions agree on how fast the machine was in each run".into(),
            functions: 42,
            noise_floor: Some(0.034),
        },
        projection: Some(projection()),
        skipped: vec![Skipped { name: "open_cache".into(), reason: "seen in one run only".into() }],
        warnings: vec!["run `wk-2025-03-10_03-16` was slower than the others by 1.62".into()],
        advice: vec!["a second run of 304 days would halve the interval".into()],
        expected_false_flags: 0.001,
        ..empty_scaling()
    }
}

fn culprit(growth: &Growth) -> Culprit {
    let file = String::from("src/workload/gc_futures.rs");
    Culprit {
        name: "concat_price_frames".into(),
        file: file.clone(),
        line: 120,
        metric: MetricName::Tsub,
        exponent: growth.exponent,
        low: growth.low,
        high: growth.high,
        class: Some("n²".into()),
        p_superlinear: Some(0.999_6),
        verdict: Verdict::Superlinear,
        band: Some("quadratic".into()),
        share_percent: Some(Decimal::new(8_390, 2)),
        cost: growth.values.last().copied().flatten(),
        cost_at_target: Some(17.7),
        share_at_target_percent: Some(Decimal::new(907, 1)),
        saved_if_linear: Some(17.3),
        why: "each of its n calls copies all frames so far".into(),
        origins: vec![OriginFigures {
            name: "concat_price_frames".into(),
            file: file.clone(),
            line: 120,
            metric: MetricName::Tsub,
            callee: None,
            exponent: growth.exponent,
            low: growth.low,
            high: growth.high,
            p_superlinear: Some(0.999_6),
            verdict: Verdict::Superlinear,
            share_percent: Some(Decimal::new(8_390, 2)),
        }],
        amplified: vec![AmplifiedFigures {
            name: "copy_frame".into(),
            file,
            line: 141,
            exponent: Some(2.0),
            share_percent: Some(Decimal::new(52, 1)),
        }],
        growth: growth.clone(),
    }
}

fn functions(concat: &Growth, history: &[f64]) -> Vec<FunctionGrowth> {
    let calls: Vec<f64> = linear(288.0);
    let called = growth(&calls, 1.0, Verdict::NotSuperlinear, "linear");
    let often: Vec<f64> = sizes().map(|n| 41_472.0 * n * n).collect();
    let often = growth(&often, 2.0, Verdict::Superlinear, "quadratic");
    let steady = growth(history, 1.0, Verdict::NotSuperlinear, "linear");
    let function =
        |name: &str, line: u32, own: &Growth, calls: &Growth, tenths: i64| FunctionGrowth {
            name: name.into(),
            file: "src/workload/gc_futures.rs".into(),
            line,
            share_percent: Some(Decimal::new(tenths, 1)),
            cumulative_percent: Some(Decimal::new(tenths + 11, 1)),
            own_code: true,
            fixed: false,
            decomposition: Some("called n times, each call costs n^0.98".into()),
            metrics: Metrics {
                ttot: Some(own.clone()),
                tsub: Some(own.clone()),
                ncall: Some(calls.clone()),
                tavg: None,
            },
        };
    let mut fixed = function("main", 12, &Growth::default(), &Growth::default(), 0);
    fixed.fixed = true;
    fixed.metrics = Metrics::default();
    vec![
        function("concat_price_frames", 120, concat, &called, 839),
        function("history_window", 88, &steady, &called, 104),
        function("copy_frame", 141, &steady, &often, 52),
        fixed,
    ]
}

fn projection() -> Projection {
    let foretold = |value: f64| Foretold { value, low: value * 0.95, high: value * 1.05 };
    Projection {
        size: 365.0,
        program: Some(foretold(19.6)),
        busy: Some(foretold(19.5)),
        functions: vec![FunctionForetold {
            name: "concat_price_frames".into(),
            file: "src/workload/gc_futures.rs".into(),
            line: 120,
            cost: foretold(17.7),
            share_percent: Some(Decimal::new(907, 1)),
            half_of_run_at: Some(37.6),
            saved_if_linear: Some(17.3),
        }],
    }
}

/// Wall time of the whole program in seconds.
fn wall(size: f64) -> f64 {
    0.2 + size / 22.0
}

fn runs(busy: &[f64]) -> Vec<RunFigures> {
    RUNS.iter()
        .zip(busy)
        .enumerate()
        .map(|(index, ((id, _, size), busy))| RunFigures {
            id: (*id).into(),
            size: *size,
            wall_seconds: Some(wall(*size)),
            repetition: None,
            busy: Some(*busy),
            factor: Some(if index == 1 { 1.62 } else { 1.0 }),
            peak_memory_bytes: Some(64 << 20),
        })
        .collect()
}

fn records() -> Vec<RunRecord> {
    let mut records: Vec<RunRecord> = RUNS
        .iter()
        .map(|(id, label, size)| RunRecord {
            id: (*id).into(),
            label: (*label).into(),
            size: Some(*size),
            state: State::Done,
            attempts: Some(1),
            wall_seconds: vec![0.2 + size / 22.0, 0.21 + size / 22.0],
            peak_memory: Some(Bytes(64 << 20)),
            revision: Some(Revision::Commit {
                commit: "4f3c2b1a09e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4".into(),
                branch: Some("main".into()),
                dirty: true,
            }),
            workload_revision: None,
            machine: Some(Machine { host: "node07".into(), cpu: "AMD EPYC 7543".into(), cores: 2 }),
            load_before: Some(0.42),
            load_after: Some(1.03),
            overhead_seconds: None,
            overhead_meaning: "",
            versions: vec![("superlinear".into(), "0.1.0".into()), ("spans".into(), String::new())],
            warnings: Vec::new(),
        })
        .collect();
    records[3].attempts = Some(2);
    records[3].warnings = vec!["the machine was busy: load 3.2 on 2 cores".into()];
    records.push(RunRecord {
        id: "year-2025".into(),
        label: "year".into(),
        size: Some(365.0),
        state: State::Error("timeout after 6 h".into()),
        attempts: Some(1),
        ..RunRecord::default()
    });
    records
}

fn growth(values: &[f64], exponent: f64, verdict: Verdict, band: &str) -> Growth {
    let mut pairs = Vec::new();
    for (from, (id, _, n1)) in RUNS.iter().enumerate() {
        for (to, (other, _, n2)) in RUNS.iter().enumerate().skip(from + 1) {
            if n1 < n2 {
                pairs.push(Pair {
                    from: (*id).into(),
                    to: (*other).into(),
                    exponent: (values[to] / values[from]).ln() / (n2 / n1).ln(),
                });
            }
        }
    }
    Growth {
        exponent: Some(exponent),
        low: Some(exponent - 0.02),
        high: Some(exponent + 0.02),
        class: None,
        class_set: vec!["n²".into()],
        p_superlinear: Some(0.999_6),
        verdict,
        band: Some(band.into()),
        fixed_share: Some(0.12),
        noise: Some(0.01),
        values: values.iter().copied().map(Some).collect(),
        fitted: values.iter().copied().map(Some).collect(),
        curve: curve(values),
        pairs,
        note: None,
    }
}

fn curve(values: &[f64]) -> Vec<CurvePoint> {
    let point = |(size, value): (f64, &f64)| CurvePoint {
        size,
        value: *value,
        low: value * 0.97,
        high: value * 1.03,
    };
    sizes().zip(values).map(point).collect()
}

fn linear(each: f64) -> Vec<f64> {
    sizes().map(|n| each * n).collect()
}

fn sizes() -> impl Iterator<Item = f64> {
    RUNS.iter().map(|(_, _, size)| *size)
}

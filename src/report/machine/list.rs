//! Everything that was judged, one after another: what is to be mended first. Says nothing of
//! reports without verdicts.

use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::analysis::document::Culprit;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::analysis::measurements::MeasuredGrowth;
use crate::error::Error;
use crate::error::Result;
use crate::profile::CostUnit;
use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::figure;
use crate::report::machine::alarm::Alarm;
use crate::report::machine::changes;
use crate::report::machine::judged::Judged;
use crate::report::machine::judged::Kind;
use crate::report::machine::written;
use crate::report::scaling::culprit;
use crate::report::scaling::summary;
use crate::report::style::Detail;

/// Share of the busy time, in per cent, below which a function is listed only when all are.
const LEAST_PERCENT: Decimal = Decimal::ONE;

/// Culprits, the program, its memory and counters, then functions: with a share of 1 % or more, or
/// all of them in full detail. No two have the same kind, name, file and metric.
///
/// # Errors
/// When the report has no verdicts: an empty list would read as "nothing is wrong".
pub fn list(report: &Report, detail: Detail, format: &str) -> Result<Vec<Judged>> {
    let all = match &report.subject {
        Subject::Scaling(doc) => of_scaling(doc, detail),
        Subject::Measurements(found) => found.measurements.iter().map(measured).collect(),
        Subject::Against(found) => changes::list(found),
        other => return Err(without_verdicts(other, format)),
    };
    Ok(shown(report, all))
}

/// The same for formats of alarms: where a report was made against a baseline, what changed, so
/// that what the project lives with is no finding.
///
/// # Errors
/// As [`list`].
pub fn alarms(report: &Report, detail: Detail, format: &str) -> Result<Vec<Judged>> {
    match &report.more.against {
        Some(found) => Ok(shown(report, changes::list(found))),
        None => list(report, detail, format),
    }
}

/// With names and places fit for a line, and none twice.
fn shown(report: &Report, mut all: Vec<Judged>) -> Vec<Judged> {
    for one in &mut all {
        one.source = report.more.sources.get(&one.file).map(|path| written::line(path));
        one.file = written::line(&one.file);
    }
    let mut seen = HashSet::new();
    all.retain(|one| {
        let shown = (one.kind, one.name.clone(), one.shown_file().to_string(), one.metric);
        seen.insert(shown)
    });
    all
}

fn without_verdicts(subject: &Subject, format: &str) -> Error {
    if let Subject::Workloads(_) = subject {
        return Error::usage(
            format!(
                "the format `{format}` shows one workload at a time, and the phase has several"
            ),
            "name one: `--workload NAME`",
        );
    }
    let what = match subject {
        Subject::Cache(_) => "a cache probe",
        Subject::Comparison(_) => "a comparison of runs",
        Subject::Bottlenecks(_) => "a single run",
        Subject::Sets(_) => "a comparison of two sets",
        Subject::Benchmark(_) | Subject::Sequence(_) => "a benchmark",
        Subject::Scaling(_)
        | Subject::Workloads(_)
        | Subject::Measurements(_)
        | Subject::Against(_) => "this report",
    };
    Error::usage(
        format!("the format `{format}` shows verdicts on growth, and {what} has none"),
        "take `text`, `markdown`, `html` or `json`",
    )
}

fn of_scaling(doc: &Phase1, detail: Detail) -> Vec<Judged> {
    let mut all: Vec<Judged> = doc.culprits.iter().map(|one| of_culprit(doc, one)).collect();
    all.push(of_program(doc));
    all.extend(doc.memory.as_ref().map(|growth| Judged {
        unit: "bytes",
        ..of_whole(doc, Kind::Memory, "peak memory", "memory", growth)
    }));
    for counter in &doc.counters {
        let alarm = Alarm::of(counter.growth.verdict, counter.growth.band.as_deref());
        let whole = of_whole(doc, Kind::Counter, &counter.name, "counter", &counter.growth);
        all.push(Judged { alarm, ..whole });
    }
    let is_shown = |function: &&FunctionGrowth| {
        detail == Detail::All || function.share_percent >= Some(LEAST_PERCENT)
    };
    all.extend(doc.functions.iter().filter(is_shown).flat_map(|one| of_function(doc, one)));
    all
}

fn of_culprit(doc: &Phase1, culprit: &Culprit) -> Judged {
    let growth = Growth {
        exponent: culprit.exponent,
        low: culprit.low,
        high: culprit.high,
        class: culprit.class.clone(),
        p_superlinear: culprit.p_superlinear,
        verdict: culprit.verdict,
        band: culprit.band.clone(),
        ..culprit.growth.clone()
    };
    let target = doc.projection.as_ref().filter(|_| culprit.cost_at_target.is_some());
    Judged {
        line: known(culprit.line),
        value: culprit.cost,
        unit: cost_unit(doc.unit),
        share_percent: culprit.share_percent,
        size: largest(doc),
        foretold: culprit.cost_at_target,
        foretold_size: target.map(|target| target.size),
        alarm: Alarm::of(culprit.verdict, culprit.band.as_deref()),
        message: summary::finding(doc, culprit).plain(),
        plot: culprit::plot(doc, culprit),
        file: culprit.file.clone(),
        ..Judged::new(Kind::Culprit, &culprit.name, metric_name(culprit.metric), &growth)
    }
}

fn of_program(doc: &Phase1) -> Judged {
    let foretold = doc.projection.as_ref().and_then(|projection| {
        Some((projection.program.as_ref().map(|program| program.value)?, projection.size))
    });
    Judged {
        unit: "seconds",
        foretold: foretold.map(|(value, _)| value),
        foretold_size: foretold.map(|(_, size)| size),
        alarm: Alarm::of(doc.program.verdict, doc.program.band.as_deref()),
        ..of_whole(doc, Kind::Program, "the whole program", "wall", &doc.program)
    }
}

fn of_whole(doc: &Phase1, kind: Kind, name: &str, metric: &'static str, growth: &Growth) -> Judged {
    let subject = match kind {
        Kind::Counter => format!("The counter `{name}`"),
        Kind::Program => "The whole program by wall time".into(),
        _ => "The program's peak memory".into(),
    };
    let message = sentence(&subject, growth);
    let at_largest = doc.largest_of(growth);
    Judged {
        value: at_largest.map(|(_, value)| value),
        size: at_largest.map(|(size, _)| size).or_else(|| largest(doc)),
        message,
        ..Judged::new(kind, name, metric, growth)
    }
}

/// One for each metric that was judged.
fn of_function<'a>(doc: &'a Phase1, function: &'a FunctionGrowth) -> impl Iterator<Item = Judged> {
    let metrics = &function.metrics;
    let all = [
        (MetricName::Tsub, &metrics.tsub),
        (MetricName::Ttot, &metrics.ttot),
        (MetricName::Ncall, &metrics.ncall),
        (MetricName::Tavg, &metrics.tavg),
    ];
    all.into_iter().filter_map(move |(metric, growth)| {
        let growth = growth.as_ref()?;
        let share = match metric {
            MetricName::Ttot => function.cumulative_percent,
            MetricName::Tsub => function.share_percent,
            _ => None,
        };
        let is_count = metric == MetricName::Ncall;
        let subject = format!("`{}` by {}", function.name, figure::metric(metric, doc.unit));
        Some(Judged {
            file: function.file.clone(),
            line: known(function.line),
            value: doc.at_largest(growth),
            unit: if is_count { "calls" } else { cost_unit(doc.unit) },
            share_percent: share,
            size: largest(doc),
            message: sentence(&subject, growth),
            ..Judged::new(Kind::Function, &function.name, metric_name(metric), growth)
        })
    })
}

fn measured(one: &MeasuredGrowth) -> Judged {
    let growth = Growth {
        exponent: one.exponent,
        low: one.low,
        high: one.high,
        class: one.class.clone(),
        class_set: one.class_set.clone(),
        p_superlinear: one.p_superlinear,
        verdict: one.verdict,
        band: one.band.clone(),
        fixed_share: one.fixed_share,
        noise: one.noise,
        ..Growth::default()
    };
    let notes = [one.note.as_deref(), one.advice.as_deref()].into_iter().flatten();
    let message = notes.fold(sentence(&format!("`{}`", one.id), &growth), |all, note| {
        format!("{all} {}.", written::line(note).trim_end_matches('.'))
    });
    Judged {
        alarm: Alarm::of(one.verdict, one.band.as_deref()),
        foretold: one.foretold.map(|foretold| foretold.value),
        message,
        ..Judged::new(Kind::Measurement, &one.id, "value", &growth)
    }
}

/// `parse is quadratic: n^2.00 [1.98, 2.02].`
fn sentence(subject: &str, growth: &Growth) -> String {
    let band = growth.band.as_deref().map(written::line);
    let band = band.as_deref().unwrap_or(growth.verdict.name());
    let claim = match growth.verdict {
        Verdict::Superlinear | Verdict::NotSuperlinear => format!("is {band}"),
        Verdict::Suspected => format!("is suspected to be {band}"),
        Verdict::CannotTell => "cannot be judged".into(),
    };
    let power = figure::power(growth.exponent, growth.low, growth.high);
    let power = power.map(|power| format!(": {power}")).unwrap_or_default();
    format!("{} {claim}{power}.", written::named(subject))
}

fn known(line: u32) -> Option<u32> {
    (line > 0).then_some(line)
}

fn largest(doc: &Phase1) -> Option<f64> {
    doc.largest_run().map(|run| run.size)
}

fn metric_name(metric: MetricName) -> &'static str {
    match metric {
        MetricName::Ttot => "ttot",
        MetricName::Tsub => "tsub",
        MetricName::Ncall => "ncall",
        MetricName::Tavg => "tavg",
        MetricName::Wall => "wall",
    }
}

fn cost_unit(unit: CostUnit) -> &'static str {
    match unit {
        CostUnit::WallSeconds | CostUnit::CpuSeconds => "seconds",
        CostUnit::Instructions => "instructions",
        CostUnit::Samples => "samples",
    }
}

//! A baseline from an analysis: what is worth keeping of it, in a stable order.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::analysis::baseline::document::Baseline;
use crate::analysis::baseline::document::Entry;
use crate::analysis::baseline::document::Kind;
use crate::analysis::baseline::document::Namesake;
use crate::analysis::baseline::document::Quantity;
use crate::analysis::baseline::document::Setup;
use crate::analysis::baseline::document::SizeCost;
use crate::analysis::baseline::document::Subject;
use crate::analysis::baseline::document::VERSION;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Phase1;
use crate::analysis::measurements::Measurements;
use crate::analysis::measurements::ValueKind;
use crate::analysis::middle::median;
use crate::profile::CostUnit;
use crate::profile::MeasuredSeries;

/// Share of the busy cost, in per cent, from which a function is kept.
const LEAST_PERCENT: Decimal = Decimal::ONE;

/// Culprits, the program, its counters, and functions with a share of 1 % or more.
///
/// `sources`: where files lie from the folder of the command, so that a baseline holds in another
/// checkout.
pub fn of_scaling(found: &Phase1, setup: Setup, sources: &BTreeMap<String, String>) -> Baseline {
    let source = |file: &str| sources.get(file).map_or(file, String::as_str).to_string();
    let namesakes = namesakes(found);
    let namesake = |file: &str, name: &str, line: u32| {
        let lines = namesakes.get(&(file, name)).filter(|lines| lines.len() > 1)?;
        let nth = lines.range(..=line).count() as u32;
        Some(Namesake { nth, of: lines.len() as u32 })
    };
    let sizes: Vec<f64> = found.runs.iter().map(|run| run.size).collect();
    let entry = |kind, name: &str, quantity, growth: &Growth| Entry {
        kind,
        file: String::new(),
        name: name.into(),
        namesake: None,
        quantity,
        verdict: growth.verdict,
        exponent: growth.exponent,
        low: growth.low,
        high: growth.high,
        noise: growth.noise,
        costs: by_size(sizes.iter().copied().zip(growth.values.iter().copied())),
        line: 0,
        share_percent: None,
    };
    let mut entries =
        vec![entry(Kind::Program, "the whole program", Quantity::WallTime, &found.program)];
    for counter in &found.counters {
        entries.push(entry(Kind::Counter, &counter.name, Quantity::Counted, &counter.growth));
    }
    for culprit in &found.culprits {
        let quantity = match culprit.metric {
            MetricName::Ncall => Quantity::Calls,
            _ => Quantity::SelfCost,
        };
        entries.push(Entry {
            file: source(&culprit.file),
            namesake: namesake(&culprit.file, &culprit.name, culprit.line),
            line: culprit.line,
            share_percent: culprit.share_percent,
            verdict: culprit.verdict,
            exponent: culprit.exponent,
            low: culprit.low,
            high: culprit.high,
            ..entry(Kind::Culprit, &culprit.name, quantity, &culprit.growth)
        });
    }
    let is_kept = |function: &&FunctionGrowth| function.share_percent >= Some(LEAST_PERCENT);
    for function in found.functions.iter().filter(is_kept) {
        let metrics = &function.metrics;
        let both = [(Quantity::SelfCost, &metrics.tsub), (Quantity::Calls, &metrics.ncall)];
        for (quantity, growth) in both {
            entries.extend(growth.as_ref().map(|growth| Entry {
                file: source(&function.file),
                namesake: namesake(&function.file, &function.name, function.line),
                line: function.line,
                share_percent: function.share_percent,
                ..entry(Kind::Function, &function.name, quantity, growth)
            }));
        }
    }
    whole(Subject::Scaling, Some(found.unit), found.size_unit.clone(), setup, entries)
}

/// The lines of all functions by file and name, however little they cost.
fn namesakes(found: &Phase1) -> BTreeMap<(&str, &str), BTreeSet<u32>> {
    let judged = found.functions.iter().map(|one| (&one.file, &one.name, one.line));
    let others = found.others.iter().map(|one| (&one.file, &one.name, one.line));
    let waiting = found.waiting.iter().map(|one| (&one.file, &one.name, one.line));
    let culprits = found.culprits.iter().map(|one| (&one.file, &one.name, one.line));
    let mut lines: BTreeMap<(&str, &str), BTreeSet<u32>> = BTreeMap::new();
    for (file, name, line) in judged.chain(others).chain(waiting).chain(culprits) {
        lines.entry((file, name)).or_default().insert(line);
    }
    lines
}

/// Every id of a table of measurements; `series`: what it was judged from.
pub fn of_measurements(found: &Measurements, series: &[MeasuredSeries]) -> Baseline {
    let subject = match found.values {
        ValueKind::Counters => Subject::Counters,
        ValueKind::Times => Subject::Times,
    };
    let entries = found.measurements.iter().zip(series).map(|(one, series)| Entry {
        kind: Kind::Measurement,
        file: String::new(),
        name: one.id.clone(),
        namesake: None,
        quantity: Quantity::Measured,
        verdict: one.verdict,
        exponent: one.exponent,
        low: one.low,
        high: one.high,
        noise: one.noise,
        costs: by_size(series.points.iter().filter_map(|point| Some((point.size?, point.value)))),
        line: 0,
        share_percent: None,
    });
    whole(subject, None, "size".into(), Setup::default(), entries.collect())
}

fn whole(
    subject: Subject,
    unit: Option<CostUnit>,
    size_unit: String,
    setup: Setup,
    mut entries: Vec<Entry>,
) -> Baseline {
    entries.sort_by(|left, right| left.key().cmp(&right.key()));
    entries.dedup_by(|right, left| left.key() == right.key());
    Baseline { version: VERSION, subject, unit, size_unit, setup, entries }
}

/// Medians by size, of what is above zero.
fn by_size(values: impl Iterator<Item = (f64, Option<f64>)>) -> Vec<SizeCost> {
    let is_good = |number: &f64| number.is_finite() && *number > 0.0;
    let mut good: Vec<(f64, f64)> = values
        .filter_map(|(size, value)| Some((size, value.filter(is_good)?)))
        .filter(|(size, _)| is_good(size))
        .collect();
    good.sort_by(|left, right| left.0.total_cmp(&right.0));
    good.chunk_by(|left, right| left.0 == right.0)
        .filter_map(|same| {
            let costs: Vec<f64> = same.iter().map(|(_, cost)| *cost).collect();
            Some(SizeCost { size: same[0].0, cost: median(&costs)?, runs: costs.len() })
        })
        .collect()
}

//! What of an analysis is held against a limit, and on what evidence it rests.

use std::collections::HashSet;

use crate::analysis::culprit::why;
use crate::analysis::document::Culprit;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::OriginFigures;
use crate::analysis::document::Phase1;
use crate::analysis::gate::limit::Exceeded;
use crate::analysis::gate::limit::Limit;
use crate::analysis::gate::limit::exceeds;
use crate::analysis::growth::ENOUGH_SIZES;
use crate::analysis::measurements::MeasuredGrowth;
use crate::analysis::measurements::Measurements;
use crate::analysis::measurements::ValueKind;
use crate::profile::CostUnit;
use crate::stats::Band;
use crate::stats::Bands;

/// What is held against a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub exceeded: Exceeded,
    pub p_superlinear: Option<f64>,
    /// Different sizes that it was judged by.
    pub sizes: usize,
    /// Whether these are times of single runs at so few sizes that none of them is firm.
    pub is_thin: bool,
}

/// What may be held against a limit, before its evidence is looked at.
struct Candidate<'a> {
    exceeded: Exceeded,
    p_superlinear: Option<f64>,
    /// One per run.
    values: &'a [Option<f64>],
    /// Whether it is exact, as counts are.
    is_count: bool,
}

/// Those of a scaling series: culprits, each by the origin that exceeds `limit` most surely, the
/// whole program, its counters, and for a limit below what counts as superlinear every function with
/// a share of the self cost of at least 1 %.
pub fn of_series(findings: &Phase1, limit: Limit, bands: &Bands) -> Vec<Finding> {
    let is_count = findings.unit == CostUnit::Instructions;
    let alarm = |candidate: &Candidate<'_>| {
        let exceeds = |strict| exceeds(&candidate.exceeded, limit, strict, bands);
        (exceeds(false), exceeds(true))
    };
    let culprits = findings.culprits.iter().map(|culprit| {
        let leading = leading(culprit, is_count);
        others(culprit, is_count)
            .fold(leading, |known, other| if alarm(&other) > alarm(&known) { other } else { known })
    });
    let whole = Candidate::of("the whole program".into(), &findings.program, false);
    let counters = findings
        .counters
        .iter()
        .map(|one| Candidate::of(format!("counter `{}`", one.name), &one.growth, true));
    let mut seen = HashSet::new();
    culprits
        .chain([whole])
        .chain(counters)
        .chain(flat_functions(findings, limit, bands))
        .filter(|candidate| seen.insert(candidate.exceeded.name.clone()))
        .map(|candidate| finding(findings, candidate))
        .collect()
}

/// Every id of a table.
pub fn of_measurements(found: &Measurements) -> Vec<Finding> {
    let finding = |one: &MeasuredGrowth| Finding {
        exceeded: Exceeded {
            name: format!("`{}`", one.id),
            exponent: one.exponent,
            low: one.low,
            high: one.high,
            verdict: one.verdict,
        },
        p_superlinear: one.p_superlinear,
        sizes: one.sizes,
        is_thin: found.values == ValueKind::Times
            && one.sizes < ENOUGH_SIZES
            && one.values < 2 * one.sizes,
    };
    found.measurements.iter().map(finding).collect()
}

impl<'a> Candidate<'a> {
    fn of(name: String, growth: &'a Growth, is_count: bool) -> Self {
        let &Growth { exponent, low, high, verdict, p_superlinear, .. } = growth;
        let exceeded = Exceeded { name, exponent, low, high, verdict };
        Self { exceeded, p_superlinear, values: &growth.values, is_count }
    }
}

fn leading(culprit: &Culprit, is_count: bool) -> Candidate<'_> {
    let name = place(&culprit.name, &culprit.file, culprit.line);
    Candidate::of(name, &culprit.growth, is_count || culprit.metric == MetricName::Ncall)
}

/// The origins of a culprit beside the leading one.
fn others(culprit: &Culprit, is_count: bool) -> impl Iterator<Item = Candidate<'_>> {
    culprit.origins.iter().skip(1).map(move |origin| {
        let &OriginFigures { exponent, low, high, verdict, p_superlinear, metric, .. } = origin;
        let place = place(&culprit.name, &culprit.file, culprit.line);
        let name = match &origin.callee {
            Some(callee) => format!("{place} by calls to `{callee}`"),
            None => format!("{place} by `{}`", origin.name),
        };
        Candidate {
            exceeded: Exceeded { name, exponent, low, high, verdict },
            p_superlinear,
            values: &culprit.growth.values,
            is_count: is_count || metric == MetricName::Ncall,
        }
    })
}

fn finding(findings: &Phase1, candidate: Candidate<'_>) -> Finding {
    let Candidate { exceeded, p_superlinear, values, is_count } = candidate;
    let values = values_by_size(findings, values);
    Finding {
        exceeded,
        p_superlinear,
        sizes: values.len(),
        is_thin: !is_count && values.len() < ENOUGH_SIZES && values.contains(&1),
    }
}

/// How many values above 0 a series has at each size that has any.
fn values_by_size(findings: &Phase1, values: &[Option<f64>]) -> Vec<usize> {
    let is_known = |value: &Option<f64>| value.is_some_and(|value| value > 0.0);
    let runs = findings.runs.iter().zip(values);
    let sizes: Vec<f64> =
        runs.filter(|(_, value)| is_known(value)).map(|(run, _)| run.size).collect();
    sizes.chunk_by(|left, right| left == right).map(<[f64]>::len).collect()
}

/// Functions that are no culprits but may exceed a limit below superlinear growth.
fn flat_functions<'a>(
    findings: &'a Phase1,
    limit: Limit,
    bands: &Bands,
) -> impl Iterator<Item = Candidate<'a>> {
    let superlinear = bands.start(Band::Superlinear);
    let low = match (limit, superlinear) {
        (Limit::Exponent(exponent), Some(superlinear)) => exponent < superlinear,
        _ => false,
    };
    findings
        .functions
        .iter()
        .filter(move |function| low && function.share_percent >= Some(rust_decimal::Decimal::ONE))
        .filter_map(|function| {
            let growth = function.metrics.tsub.as_ref()?;
            let name = place(&function.name, &function.file, function.line);
            Some(Candidate::of(name, growth, findings.unit == CostUnit::Instructions))
        })
}

fn place(name: &str, file: &str, line: u32) -> String {
    format!("`{name}`{}", why::place(file, line))
}

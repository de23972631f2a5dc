//! Changes since a baseline in the form that all formats for machines read.

use crate::analysis::baseline::Against;
use crate::analysis::baseline::Change;
use crate::analysis::baseline::What;
use crate::analysis::baseline::document;
use crate::analysis::baseline::document::Quantity;
use crate::analysis::document::Growth;
use crate::analysis::document::Verdict;
use crate::report::machine::alarm::Alarm;
use crate::report::machine::alarm::Rule;
use crate::report::machine::alarm::Severity;
use crate::report::machine::judged::Judged;
use crate::report::machine::judged::Kind;
use crate::report::prose::Prose;

/// What got worse as errors, what perhaps did as warnings, what got better without an alarm.
pub fn list(found: &Against) -> Vec<Judged> {
    let worse = found.failures.iter().map(|one| changed(one, Some(Severity::Error)));
    let perhaps = found.suspicions.iter().map(|one| changed(one, Some(Severity::Warning)));
    let better = found.improvements.iter().map(|one| changed(one, None));
    worse.chain(perhaps).chain(better).collect()
}

fn changed(change: &Change, severity: Option<Severity>) -> Judged {
    let verdict = match severity {
        Some(Severity::Error) => Verdict::Superlinear,
        Some(_) => Verdict::Suspected,
        None => Verdict::NotSuperlinear,
    };
    let growth = Growth {
        exponent: change.now.map(|now| now.value),
        low: change.now.map(|now| now.low),
        high: change.now.map(|now| now.high),
        verdict,
        ..Growth::default()
    };
    let rule = match change.what {
        What::NewCulprit | What::Growth | What::Mended => Rule::GrowthSinceBaseline,
        What::Cost => Rule::CostSinceBaseline,
    };
    Judged {
        file: change.file.clone(),
        line: (change.line > 0).then_some(change.line),
        alarm: severity.map(|severity| Alarm { rule, severity }),
        message: Prose::from_marked(&change.sentence).as_sentence().plain(),
        ..Judged::new(kind(change.kind), &change.name, metric(change.quantity), &growth)
    }
}

fn kind(kind: document::Kind) -> Kind {
    match kind {
        document::Kind::Culprit => Kind::Culprit,
        document::Kind::Program => Kind::Program,
        document::Kind::Counter => Kind::Counter,
        document::Kind::Function => Kind::Function,
        document::Kind::Measurement => Kind::Measurement,
    }
}

fn metric(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::SelfCost => "tsub",
        Quantity::Calls => "ncall",
        Quantity::WallTime => "wall",
        Quantity::Counted => "counter",
        Quantity::Measured => "value",
    }
}

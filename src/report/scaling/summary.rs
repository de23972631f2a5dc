//! The executive summary: the culprits in a sentence each, or why there are none, and what the
//! program as a whole does.

use rust_decimal::Decimal;

use crate::analysis::document::Culprit;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::report::figure;
use crate::report::prose::Prose;
use crate::report::scaling::sentence;
use crate::report::scaling::silence;
use crate::units::Bytes;
use crate::units::Seconds;

/// Culprits that are described in a sentence each.
const MOST_FINDINGS: usize = 5;
/// Share of the work in per cent that decides how the program grows.
const MOST_OF_IT: Decimal = Decimal::from_parts(50, 0, 0, false, 0);
/// Exponent up to which an interval may reach where growth is said to be in the band of its middle.
const UNSEEN: f64 = 1.5;
/// Expected false flags below which nobody need be warned of them.
const NEGLIGIBLE_FLAGS: f64 = 0.05;

/// One paragraph each; the first names the culprit, or says that there is none.
pub fn sentences(doc: &Phase1) -> Vec<Prose> {
    let mut sentences = findings(doc);
    sentences.extend(whole(doc));
    sentences
}

/// What is said beside the culprits: how many of them may be none, and what the program does.
pub fn whole(doc: &Phase1) -> Vec<Prose> {
    [false_flags(doc), program(doc), memory(doc)].into_iter().flatten().collect()
}

/// A culprit: what, how sure, where, what it costs, why.
pub fn finding(doc: &Phase1, culprit: &Culprit) -> Prose {
    let why = Prose::from_marked(&culprit.why).as_sentence();
    [Some(why), sentence::doubt(culprit)]
        .into_iter()
        .flatten()
        .filter(|more| !more.is_empty())
        .fold(sentence::finding(doc, culprit), |all, more| all.then(" ").then_prose(more))
}

/// The culprits in a sentence each, or why there are none.
pub fn findings(doc: &Phase1) -> Vec<Prose> {
    if doc.culprits.is_empty() {
        return silence::sentences(doc).into_iter().chain(coming(doc)).collect();
    }
    let named = doc.culprits.iter().take(MOST_FINDINGS);
    let mut findings: Vec<Prose> = named.map(|culprit| finding(doc, culprit)).collect();
    let more = doc.culprits.len().saturating_sub(MOST_FINDINGS);
    if more > 0 {
        let culprits = figure::number_of(more, "more culprit");
        findings
            .push(Prose::words(&format!("And {culprits}, in the table of the worst offenders.")));
    }
    findings.extend(coming(doc));
    findings
}

/// What is no culprit yet and will be one at the target size, in a sentence each.
fn coming(doc: &Phase1) -> impl Iterator<Item = Prose> {
    let size = doc.projection.as_ref().map(|target| figure::size(target.size, &doc.size_unit));
    let head = format!("Becomes a culprit by {}: ", size.unwrap_or_else(|| "then".into()));
    let named = doc.coming.iter().take(MOST_FINDINGS);
    named.map(move |culprit| Prose::from_marked(&head).then_prose(finding(doc, culprit)))
}

fn false_flags(doc: &Phase1) -> Option<Prose> {
    let expected = doc.expected_false_flags;
    if doc.culprits.is_empty() || expected.is_nan() || expected < NEGLIGIBLE_FLAGS {
        return None;
    }
    Some(Prose::words(&format!(
        "Of {} named here, {expected:.1} are to be expected to be none.",
        figure::number_of(doc.culprits.len(), "culprit"),
    )))
}

/// How the peak memory grows, where that is superlinear; else the runs' table says it.
fn memory(doc: &Phase1) -> Option<Prose> {
    let growth = doc.memory.as_ref()?;
    let power = figure::power(growth.exponent, growth.low, growth.high)?;
    let band = growth.band.as_deref()?;
    let (size, peak) = doc.largest_of(growth)?;
    let peak = Bytes(peak as u64);
    let verb = match growth.verdict {
        Verdict::Superlinear => "is",
        Verdict::Suspected => "is suspected to be",
        Verdict::CannotTell | Verdict::NotSuperlinear => return None,
    };
    let size = figure::size(size, &doc.size_unit);
    let words = format!("Its peak memory {verb} {band}: {power}; it was {peak} at {size}.");
    Some(Prose::from_marked(&words))
}

/// What sure culprits are of the work at the target size, where that is most of it: then the
/// program grows as they do, whatever its wall time shows by now.
fn decided_at_target(doc: &Phase1) -> Option<String> {
    let sure = doc.culprits.iter().filter(|culprit| culprit.verdict == Verdict::Superlinear);
    let shares = sure.filter_map(|culprit| culprit.share_at_target_percent);
    let share = shares.fold(Decimal::ZERO, Decimal::saturating_add).min(Decimal::ONE_HUNDRED);
    let size = figure::size(doc.projection.as_ref()?.size, &doc.size_unit);
    let share = Some(share).filter(|share| *share >= MOST_OF_IT)?;
    let share = figure::percent_in_words(share);
    Some(format!(
        " But what grows too fast is foretold to be {share} of its busy {} at {size}.",
        figure::cost_word(doc.unit)
    ))
}

/// How the wall time of the whole program grows, and what it was.
fn program(doc: &Phase1) -> Option<Prose> {
    let growth = &doc.program;
    let to_come = decided_at_target(doc);
    let power = figure::power(growth.exponent, growth.low, growth.high);
    let judged = match (growth.verdict, growth.band.as_deref(), power) {
        (_, _, None) => None,
        (Verdict::NotSuperlinear, Some(_), Some(power)) if growth.high > Some(UNSEEN) => {
            Some(format!("is not seen to grow faster than n log n by wall time: {power}"))
        }
        (Verdict::NotSuperlinear, Some(band), Some(power)) if to_come.is_some() => {
            Some(format!("is still {band} by wall time: {power}"))
        }
        (Verdict::Superlinear | Verdict::NotSuperlinear, Some(band), Some(power)) => {
            Some(format!("is {band} by wall time: {power}"))
        }
        (Verdict::Suspected, Some(band), Some(power)) => {
            Some(format!("is suspected to be {band} by wall time: {power}"))
        }
        (_, _, Some(power)) => Some(format!("cannot be judged by wall time: {power}")),
    };
    let took = doc.largest_of(growth).map(|(size, wall)| {
        format!("took {} at {}", Seconds(wall), figure::size(size, &doc.size_unit))
    });
    let claims: Vec<String> = [judged, took].into_iter().flatten().collect();
    let to_come = to_come.filter(|_| growth.verdict == Verdict::NotSuperlinear);
    (!claims.is_empty()).then(|| {
        let claims = claims.join("; it ");
        let to_come = to_come.unwrap_or_default();
        Prose::from_marked(&format!("The program as a whole {claims}.{to_come}"))
    })
}

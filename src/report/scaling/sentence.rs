//! A culprit in a sentence, as a person would say it: what is how steep, how sure that is, where,
//! and what it costs.

use crate::analysis::document::Culprit;
use crate::analysis::document::OriginFigures;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::report::figure;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::scaling::evidence::Evidence;

/// What, how sure, where, what it costs.
pub fn finding(doc: &Phase1, culprit: &Culprit) -> Prose {
    let mut prose =
        subject(culprit).then(&format!(" {}", claim(culprit))).then_prose(growth(doc, culprit));
    if culprit.verdict == Verdict::Superlinear
        && let Some(sure) = culprit.p_superlinear.and_then(figure::certainty)
    {
        prose = prose.then(&format!(", {sure} sure"));
    }
    prose.then_prose(cost(doc, culprit)).then(".")
}

/// Why it is only a suspicion, where it is one and the analysis says so.
pub fn doubt(culprit: &Culprit) -> Option<Prose> {
    let note = culprit.growth.note.as_deref().filter(|note| !note.is_empty());
    match culprit.verdict {
        Verdict::Superlinear => None,
        // Said already, with the reason.
        Verdict::Suspected if culprit.why.ends_with(note?) => None,
        Verdict::Suspected => Some(
            Prose::words("This is a suspicion only: ")
                .then_prose(Prose::from_marked(note?))
                .as_sentence(),
        ),
        Verdict::CannotTell | Verdict::NotSuperlinear => {
            Some(Prose::from_marked(note?).as_sentence())
        }
    }
}

/// How far the lower end of an interval may lie below an exponent whose word is said without more.
const NEAR: f64 = 0.35;

/// The word for how steep it is: `quadratic`.
pub fn steepness(culprit: &Culprit) -> &str {
    culprit.band.as_deref().or(culprit.class.as_deref()).unwrap_or("superlinear")
}

fn subject(culprit: &Culprit) -> Prose {
    let name = Prose::name(&culprit.name);
    match place(&culprit.file, culprit.line) {
        place if place.is_empty() => name,
        place => name.then(" (").then_place(&place).then(")"),
    }
}

fn claim(culprit: &Culprit) -> String {
    let steep = steepness(culprit);
    let mut ends = culprit.exponent.into_iter().zip(culprit.low);
    let is_vague = ends.any(|(exponent, low)| exponent - low > NEAR);
    match culprit.verdict {
        Verdict::Superlinear if is_vague && !steep.ends_with("superlinear") => {
            format!("is superlinear, most likely {steep}")
        }
        Verdict::Superlinear | Verdict::NotSuperlinear => format!("is {steep}"),
        Verdict::Suspected => format!("is suspected to be {steep}"),
        Verdict::CannotTell => "cannot be judged".into(),
    }
}

/// `: n^2.00 [1.98, 2.02] by self time over 9 runs from 7 to 304 days`.
fn growth(doc: &Phase1, culprit: &Culprit) -> Prose {
    let by = by(doc, culprit);
    let prose = match figure::power(culprit.exponent, culprit.low, culprit.high) {
        Some(power) => Prose::words(&format!(": {power} ")).then_prose(by),
        None => Prose::words(" ").then_prose(by),
    };
    match Evidence::of_values(doc, &culprit.growth.values) {
        Some(evidence) => {
            prose.then(" over ").then_prose(Prose::from_marked(&evidence.describe(&doc.size_unit)))
        }
        None => prose,
    }
}

/// By self time, by the calls that it makes to another, or by its own number of calls; of whom,
/// where that is another function than the one that is named.
pub fn by(doc: &Phase1, culprit: &Culprit) -> Prose {
    let leading = culprit.origins.first().filter(|origin| origin.metric == culprit.metric);
    let metric = figure::metric(culprit.metric, doc.unit);
    match (leading, leading.and_then(|origin| origin.callee.as_deref())) {
        (_, Some(callee)) => Prose::words("by the calls to ").then_name(callee),
        (Some(maker), None) if !is_itself(culprit, maker) => {
            Prose::words(&format!("by the {metric} of ")).then_name(&maker.name)
        }
        _ => Prose::words(&format!("by {metric}")),
    }
}

/// Whether an origin is the function that is named.
pub fn is_itself(culprit: &Culprit, origin: &OriginFigures) -> bool {
    (&origin.name, &origin.file, origin.line) == (&culprit.name, &culprit.file, culprit.line)
}

/// `; it takes 12.3 s at 304 days, 84 % of the busy time, and is foretold to take 17.6 s at
/// 365 days, 87 %`; of work that another function makes *that takes*.
fn cost(doc: &Phase1, culprit: &Culprit) -> Prose {
    let now = culprit.cost.zip(doc.largest_run()).map(|(cost, largest)| {
        let size = figure::size(largest.size, &doc.size_unit);
        format!("takes {} at {size}", figure::cost_in_words(doc.unit, cost))
    });
    let share = culprit.share_percent.map(|share| {
        let share = figure::percent_in_words(share);
        let of = format!("{share} of the busy {}", figure::cost_word(doc.unit));
        if now.is_some() { of } else { format!("takes {of}") }
    });
    let target = doc.projection.as_ref().zip(culprit.cost_at_target);
    let target = target.map(|(projection, cost)| {
        let size = figure::size(projection.size, &doc.size_unit);
        let cost = figure::cost_in_words(doc.unit, cost);
        let share = culprit.share_at_target_percent.map(figure::percent_in_words);
        let share = share.map_or_else(String::new, |share| format!(", {share}"));
        format!("is foretold to take {cost} at {size}{share}")
    });
    let known: Vec<String> = [now, share].into_iter().flatten().collect();
    let known = (!known.is_empty()).then(|| known.join(", "));
    let claims: Vec<String> = [known, target].into_iter().flatten().collect();
    if claims.is_empty() {
        return Prose::default();
    }
    let all_itself = culprit.origins.iter().all(|origin| is_itself(culprit, origin));
    let subject = if all_itself { "it" } else { "that" };
    Prose::from_marked(&format!("; {subject} {}", claims.join(", and ")))
}

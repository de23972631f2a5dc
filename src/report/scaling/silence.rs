//! What is said when no culprit was found: that nothing grows too fast, or that it cannot be told,
//! why, and what would settle it. Silence is never mistaken for a clean bill.

use rust_decimal::Decimal;

use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::Phase1;
use crate::analysis::document::Verdict;
use crate::report::figure;
use crate::report::prose::Prose;
use crate::report::prose::listed;
use crate::report::scaling::evidence::Evidence;
use crate::stats::LEAST_SIZES;

/// Share of the busy time, in per cent, from which a function matters.
const MATTERS_PERCENT: Decimal = Decimal::ONE;
/// Names that a sentence bears.
const MOST_NAMES: usize = 3;

/// The first sentences of a report without culprits.
pub fn sentences(doc: &Phase1) -> Vec<Prose> {
    if is_whole_only(doc) {
        let note = "Nothing was measured inside the program, so no function can be named: what \
                    follows is the verdict on the program as a whole.";
        return vec![Prose::words(note)];
    }
    let first = match ground_for_doubt(doc) {
        Some(reason) => cannot_tell(doc, &reason),
        None => verdict(doc),
    };
    vec![first]
}

/// Whether no run was measured function by function, and the whole is judged instead.
fn is_whole_only(doc: &Phase1) -> bool {
    !has_profile(doc) && doc.functions.is_empty() && doc.program.exponent.is_some()
}

fn has_profile(doc: &Phase1) -> bool {
    doc.runs.iter().any(|run| run.busy.is_some())
}

/// Why nothing at all can be said, when that is so.
fn ground_for_doubt(doc: &Phase1) -> Option<String> {
    let Some(evidence) = Evidence::of_all(doc) else {
        return Some("there are no measured runs".into());
    };
    if doc.functions.is_empty() && !has_profile(doc) {
        return Some("no run has a profile of its functions".into());
    }
    if evidence.sizes < LEAST_SIZES {
        let sizes = match (evidence.sizes, evidence.runs) {
            (1, 2..) => {
                let size = figure::size(evidence.largest, &doc.size_unit);
                format!("are all of one size, {size}")
            }
            (sizes, _) => format!("have {}", figure::number_of(sizes, "size")),
        };
        return Some(format!("the runs {sizes}, and a verdict needs three"));
    }
    let weighty: Vec<&FunctionGrowth> = doc.functions.iter().filter(|f| matters(f)).collect();
    let open = weighty.iter().filter(|function| is_open(function)).count();
    (open > 0 && open == weighty.len()).then(|| reason_of(weighty[0]))
}

fn reason_of(function: &FunctionGrowth) -> String {
    own_growths(function)
        .find_map(|growth| growth.note.clone().filter(|note| !note.is_empty()))
        .unwrap_or_else(|| "the measured times scatter too much for the sizes that were run".into())
}

fn cannot_tell(doc: &Phase1, reason: &str) -> Prose {
    let prose =
        Prose::words("Cannot tell whether any function grows faster than n log n, because ")
            .then_prose(Prose::from_marked(reason.trim_end_matches('.')));
    with_settlement(doc, prose).then(".")
}

fn verdict(doc: &Phase1) -> Prose {
    let open: Vec<&FunctionGrowth> =
        doc.functions.iter().filter(|f| matters(f) && f.is_open()).collect();
    let flagged = doc.functions.iter().filter(|f| grows(f)).count();
    if !open.is_empty() {
        return with_settlement(doc, undecided(&open)).then(".");
    }
    if !doc.coming.is_empty() {
        let now = doc.largest_run().map(|run| figure::size(run.size, &doc.size_unit));
        let now = now.map_or_else(String::new, |now| format!(" at {now}"));
        return Prose::from_marked(&format!("No culprit{now} yet."));
    }
    if flagged > 0 {
        let functions = figure::number_of(flagged, "function");
        let verb = if flagged == 1 { "grows" } else { "grow" };
        return Prose::words(&format!(
            "No culprit: {functions} {verb} faster than n log n, but none makes the extra work \
             itself at a share that matters."
        ));
    }
    let over = Evidence::of_all(doc)
        .map(|evidence| format!(" over {}", evidence.describe(&doc.size_unit)))
        .unwrap_or_default();
    let over = Prose::from_marked(&over);
    if is_by_counts_alone(doc) {
        return Prose::words("No function is called, or calls another, more than n log n times")
            .then_prose(over)
            .then("; what functions do themselves was not judged.");
    }
    Prose::words("No function grows faster than n log n").then_prose(over).then(".")
}

fn is_by_counts_alone(doc: &Phase1) -> bool {
    let metrics = || doc.functions.iter().map(|function| &function.metrics);
    metrics().any(|metrics| metrics.ncall.is_some()) && metrics().all(|one| one.tsub.is_none())
}

fn undecided(open: &[&FunctionGrowth]) -> Prose {
    let share: Decimal = open
        .iter()
        .filter_map(|function| function.share_percent)
        .fold(Decimal::ZERO, Decimal::saturating_add);
    let mut names: Vec<Prose> =
        open.iter().take(MOST_NAMES).map(|function| Prose::name(&function.name)).collect();
    if open.len() > MOST_NAMES {
        names.push(Prose::words(&format!("{} more", open.len() - MOST_NAMES)));
    }
    Prose::words("No function is seen to grow faster than n log n, but it cannot be told of ")
        .then_prose(listed(names))
        .then(&format!(", {} of the busy time", figure::percent_in_words(share)))
}

fn with_settlement(doc: &Phase1, prose: Prose) -> Prose {
    match doc.advice.first() {
        Some(advice) => prose
            .then("; to settle it: ")
            .then_prose(Prose::from_marked(advice.trim_end_matches('.'))),
        None => prose,
    }
}

fn matters(function: &FunctionGrowth) -> bool {
    !function.fixed && function.share_percent.is_some_and(|share| share >= MATTERS_PERCENT)
}

/// Whether what it does itself might still grow too fast.
fn is_open(function: &FunctionGrowth) -> bool {
    own_growths(function)
        .any(|growth| matches!(growth.verdict, Verdict::CannotTell | Verdict::Suspected))
}

fn grows(function: &FunctionGrowth) -> bool {
    function.judged().is_some_and(|(_, growth)| growth.verdict == Verdict::Superlinear)
}

/// Of its self cost and its calls; the cumulative cost is other functions' too.
fn own_growths(function: &FunctionGrowth) -> impl Iterator<Item = &Growth> {
    let metrics = &function.metrics;
    metrics.tsub.iter().chain(&metrics.ncall)
}

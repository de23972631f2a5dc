//! What is wrong with a culprit, in a sentence that a person would say.

use std::collections::BTreeMap;

use crate::analysis::culprit::blame::Blame;
use crate::analysis::culprit::origin::Origin;
use crate::analysis::culprit::origin::Work;
use crate::analysis::culprit::words;
use crate::analysis::survey::Survey;

/// The sentence for a culprit, about its leading origin.
///
/// Example: "`concat` is called n times, and its own work grows as n² in all (n per call); `next`
/// asks for it".
pub fn why(survey: &Survey, blame: &Blame, leading: &Origin) -> String {
    let mut sentence =
        format!("`{}` {}", name(survey, leading.function), predicate(survey, leading));
    if blame.frame != leading.function {
        sentence += &format!("; `{}` asks for it", name(survey, blame.frame));
    } else if let Some(caller) = blame.called_from {
        let key = &survey.table.functions[caller].key;
        if !survey.own_code[blame.frame] {
            sentence +=
                &format!("; it is reached from `{}`{}", key.name, place(&key.file, key.line));
        }
    }
    if let Some(reservation) = leading.fit.reservation() {
        sentence += &format!("; only suspected: {reservation}");
    }
    sentence
}

/// What stands in the row of each function that makes extra work: the same as in the sentence about
/// it.
///
/// Example: "called n times, and its own work grows as n² in all (n per call)".
pub fn by_function(survey: &Survey, blames: &[Blame]) -> BTreeMap<usize, String> {
    let mut words: BTreeMap<usize, String> = BTreeMap::new();
    // The leading one comes first, and is the one that the sentence is about.
    for origin in blames.iter().flat_map(|blame| &blame.origins) {
        words.entry(origin.function).or_insert_with(|| {
            let predicate = predicate(survey, origin);
            predicate.strip_prefix("is ").map(String::from).unwrap_or(predicate)
        });
    }
    words
}

/// What a function does that makes the extra work, from the verb on.
fn predicate(survey: &Survey, origin: &Origin) -> String {
    let own = origin.fit.exponent().unwrap_or_default();
    let total = words::power(own);
    let called = origin.calls.map(|calls| words::called(calls, most_calls(survey, origin)));
    let per_call = origin.calls.map(|calls| words::power(words::per_call(own, calls)));
    match (origin.work, called, per_call) {
        (Work::Itself, Some(called), Some(per_call)) => {
            format!("is {called}, and its own work grows as {total} in all ({per_call} per call)")
        }
        (Work::Itself, _, _) => format!("does work of its own that grows as {total}"),
        (Work::CallsTo(callee), Some(called), Some(per_call)) => format!(
            "is {called} but calls `{}` {total} times ({per_call} per call)",
            name(survey, callee)
        ),
        (Work::CallsTo(callee), _, _) => {
            format!("calls `{}` {total} times", name(survey, callee))
        }
        (Work::Recursion, Some(_), Some(_)) => format!(
            "calls itself, directly or through others: {total} calls where others ask for {}",
            words::power(origin.calls.unwrap_or_default())
        ),
        (Work::Recursion, _, _) => format!("calls itself {total} times"),
        (Work::Called, _, _) if survey.table.edges.is_empty() => {
            format!("is called {total} times, callers unknown")
        }
        (Work::Called, _, _) => {
            format!("is called {total} times, and no one caller makes the extra calls")
        }
    }
}

fn name(survey: &Survey, function: usize) -> String {
    survey.table.functions[function].key.name.clone()
}

/// Where a function stands, as the end of its name; empty where nothing is known.
pub fn place(file: &str, line: u32) -> String {
    match (file, line) {
        ("", _) => String::new(),
        (file, 0) => format!(" ({file})"),
        (file, line) => format!(" ({file}:{line})"),
    }
}

fn most_calls(survey: &Survey, origin: &Origin) -> f64 {
    let calls = survey.table.functions[origin.function].ncall();
    calls.into_iter().flatten().fold(0.0, f64::max)
}

//! What is wrong with a culprit, in a sentence that a person would say.

use crate::analysis::culprit::blame::Blame;
use crate::analysis::culprit::origin::Origin;
use crate::analysis::culprit::origin::Work;
use crate::analysis::culprit::words;
use crate::analysis::survey::Survey;

/// The sentence for a culprit, about its leading origin.
///
/// Example: "`concat` is called n times, and its own work grows as n² in all (n per call); `next` calls
/// for it".
pub fn why(survey: &Survey, blame: &Blame, leading: &Origin) -> String {
    let origin = name(survey, leading.function);
    let mut sentence = fact(survey, leading, &origin);
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

fn fact(survey: &Survey, origin: &Origin, name: &str) -> String {
    let own = origin.fit.exponent().unwrap_or_default();
    let total = words::power(own);
    let called = origin.calls.map(|calls| words::called(calls, most_calls(survey, origin)));
    let per_call = origin.calls.map(|calls| words::power(own - calls));
    match (origin.work, called, per_call) {
        (Work::Itself, Some(called), Some(per_call)) => format!(
            "`{name}` is {called}, and its own work grows as {total} in all ({per_call} per call)"
        ),
        (Work::Itself, _, _) => format!("the own work of `{name}` grows as {total}"),
        (Work::CallsTo(callee), Some(called), Some(per_call)) => format!(
            "`{name}` is {called} but calls `{}` {total} times ({per_call} per call)",
            self::name(survey, callee)
        ),
        (Work::CallsTo(callee), _, _) => {
            format!("`{name}` calls `{}` {total} times", self::name(survey, callee))
        }
        (Work::Recursion, Some(_), Some(_)) => format!(
            "`{name}` calls itself, directly or through others: {total} calls where {} are asked for",
            words::power(origin.calls.unwrap_or_default())
        ),
        (Work::Recursion, _, _) => format!("`{name}` calls itself {total} times"),
        (Work::Called, _, _) if survey.table.edges.is_empty() => {
            format!("`{name}` is called {total} times, callers unknown")
        }
        (Work::Called, _, _) => {
            format!("`{name}` is called {total} times, and no one caller makes the extra calls")
        }
    }
}

fn name(survey: &Survey, function: usize) -> String {
    survey.table.functions[function].key.name.clone()
}

fn place(file: &str, line: u32) -> String {
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

//! From the bytes of a plan to a checked plan, or to a message that shows what is wrong with it.

use std::path::Path;

use serde_json::error::Category;

use crate::error::Act;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::plan::Plan;
use crate::plan::convert;
use crate::plan::convert::Names;
use crate::plan::wire::PlanWire;
use crate::store::document;
use crate::store::explain;
use crate::system::file;

/// The largest plan that is read, in bytes.
pub const LIMIT: u64 = 90 << 20;

/// Deeper nesting is no plan; readers that call themselves for each level are kept from it.
const DEEPEST: usize = 100;

/// The text of the plan at `path`.
///
/// # Errors
/// When there is none, it is no ordinary file, too large, or not UTF-8.
pub fn text(path: &Path) -> Result<String> {
    let bytes = file::read(path, LIMIT).map_err(|error| unreadable(path, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let problem = format!("it is not UTF-8 text from byte {at} on");
        Error::refuse_plan(path, problem, "save it again as UTF-8")
    })
}

/// Checks the text of the plan at `path`.
///
/// # Errors
/// Every mistake found, each with its place.
pub fn plan(path: &Path, text: &str, names: Names<'_>) -> Result<Plan> {
    if text.trim().is_empty() {
        let hint = "restore it, or begin anew with `{\"runs\": []}`";
        return Err(Error::refuse_plan(path, "the file is empty", hint));
    }
    if nesting(text) > DEEPEST {
        let problem = format!("it is nested more than {DEEPEST} levels deep");
        return Err(Error::refuse_plan(path, problem, "remove what is nested that deep"));
    }
    let wire: PlanWire =
        serde_json::from_str(text).map_err(|error| malformed(path, text, &error))?;
    let checked = convert::plan(wire, names);
    let Some(tree) = document::tree(text) else {
        return Err(Error::bug("the two readers of JSON disagree about the plan"));
    };
    let mut problems = document::shape_problems(&tree);
    let plan = match checked {
        Ok(plan) if problems.is_empty() => return Ok(plan),
        Ok(_) => Vec::new(),
        Err(found) => found,
    };
    problems.extend(plan);
    let mistakes =
        problems.into_iter().map(|problem| document::mistake(text, Some(&tree), problem)).collect();
    Err(Act::RefusePlan { plan: path.to_path_buf(), mistakes }.into())
}

/// How many brackets are open at once, at most, outside strings.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn unreadable(path: &Path, error: Error) -> Error {
    let Act::ReadFile { source, .. } = error.act() else {
        return error;
    };
    let hint = match source.kind() {
        std::io::ErrorKind::NotFound => "name it with `--plan FILE`, or go to its folder",
        std::io::ErrorKind::FileTooLarge => "split it into several plans",
        _ => "name an ordinary file with `--plan FILE`",
    };
    let problem = error.to_string();
    let problem = problem.split_once("`: ").map_or(problem.as_str(), |(_, why)| why);
    Error::refuse_plan(path, format!("cannot be read: {problem}"), hint)
}

fn malformed(path: &Path, text: &str, error: &serde_json::Error) -> Error {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let at = offset(text, error.line(), error.column());
    let mistake = match error.classify() {
        Category::Eof => {
            let hint = "restore the rest of the file";
            at_byte(text, at, "it ends in the middle".into(), hint)
        }
        Category::Data => wrong_value(text, at, words),
        Category::Syntax | Category::Io => {
            at_byte(text, at, format!("it is not JSON: {words}"), explain::syntax_hint(words))
        }
    };
    Act::RefusePlan { plan: path.to_path_buf(), mistakes: vec![mistake] }.into()
}

fn at_byte(text: &str, at: usize, problem: String, hint: &str) -> Mistake {
    let place = Some(document::place(text, at..at + 1));
    Mistake { run: None, place, problem, hint: hint.into() }
}

/// The mistake of a value at byte `at` that is not what belongs there.
fn wrong_value(text: &str, at: usize, words: &str) -> Mistake {
    const HINT: &str = "change it to what is expected; `docs/plan.md` says what that is";
    let Some(tree) = document::tree(text) else {
        return at_byte(text, at, words.into(), HINT);
    };
    let blamed = explain::blamed(text, &tree, at);
    let advice = explain::wrong_kind(words, blamed.key.as_deref());
    let (problem, hint) = match advice {
        Some(advice) => (advice.problem, advice.hint),
        None => (words.into(), HINT.into()),
    };
    let place = Some(document::place(text, blamed.range));
    Mistake { run: blamed.run, place, problem, hint }
}

/// The byte at a line and column (both from 1, the column in bytes) as `serde_json` counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_brackets_outside_strings() {
        assert_eq!(nesting(""), 0);
        assert_eq!(nesting(r#"{"a": [1, {"b": "[[[\"[["}], "c": []}"#), 3);
        assert_eq!(nesting("]]]["), 1);
    }
}

//! The text of a plan with the place of everything in it: for messages that point, and for edits
//! that touch nothing else.

use std::collections::BTreeSet;
use std::ops::Range;

use jsonc_parser::CollectOptions;
use jsonc_parser::ParseOptions;
use jsonc_parser::ast::Object;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged as _;

use crate::error::Mistake;
use crate::error::Place;
use crate::error::closest;
use crate::plan::Problem;
use crate::plan::problem::Step;
use crate::plan::wire;
use crate::plan::wire_analysis;
use crate::plan::wire_suite;

/// Lines shown before and after the one that a message points at.
const LINES_AROUND: usize = 1;

/// Most characters shown of a line.
const LONGEST_LINE: usize = 120;

/// The syntax tree of `text`, which must be JSON already.
pub fn tree(text: &str) -> Option<Value<'_>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        ..ParseOptions::default()
    };
    jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &strict).ok()?.value
}

/// `problem` with its line and column in `text`.
pub fn mistake(text: &str, tree: Option<&Value<'_>>, problem: Problem) -> Mistake {
    let range = tree.map(|tree| locate(tree, &problem.at));
    Mistake {
        run: problem.run,
        place: range.map(|range| place(text, range)),
        problem: problem.problem,
        hint: problem.hint,
    }
}

/// Line, column and excerpt of a range of bytes.
pub fn place(text: &str, range: Range<usize>) -> Place {
    let start = floor_boundary(text, range.start);
    let line = text[..start].matches('\n').count();
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let column = text[line_start..start].chars().count();
    let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    let end = floor_boundary(text, range.end.clamp(start, line_end));
    let width = text[start..end].chars().count().max(1);
    Place { line: line + 1, column: column + 1, excerpt: excerpt(text, line, column, width) }
}

/// What is no object where one belongs, names that stand twice, and keys that are nearly, but not
/// quite, one that the plan knows and that is missing beside them.
pub fn shape_problems(tree: &Value<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(root) = object(&mut problems, tree, &[], wire::PLAN_KEYS) else { return problems };
    for (section, keys) in
        [("settings", wire::SETTINGS_KEYS), ("invariants", wire::INVARIANTS_KEYS)]
    {
        if let Some(property) = root.get(section) {
            object(&mut problems, &property.value, &[section.into()], keys);
        }
    }
    if let Some(analysis) =
        root.get_object("settings").and_then(|settings| settings.get("analysis"))
    {
        analysis_problems(&mut problems, &analysis.value);
    }
    for workload in root.get_object("workloads").into_iter().flat_map(|all| &all.properties) {
        let at = [Step::from("workloads"), Step::from(workload.name.as_str())];
        object(&mut problems, &workload.value, &at, wire::WORKLOAD_KEYS);
    }
    for section in ["workloads", "suites", "sequences", "results"] {
        repeated_in(&mut problems, root, section);
    }
    benchmark_shapes(&mut problems, root);
    let runs = root.get_array("runs").into_iter().flat_map(|runs| &runs.elements);
    for (index, run) in runs.enumerate() {
        object(&mut problems, run, &["runs".into(), index.into()], wire::RUN_KEYS);
    }
    problems
}

/// The same of what stands in `suites`, `sequences` and `thresholds`.
fn benchmark_shapes(problems: &mut Vec<Problem>, root: &Object<'_>) {
    for suite in root.get_object("suites").into_iter().flat_map(|all| &all.properties) {
        let at = [Step::from("suites"), Step::from(suite.name.as_str())];
        let below = |key: &str| [at[0].clone(), at[1].clone(), key.into()];
        let known = wire_suite::SUITE_KEYS;
        let Some(suite) = object(problems, &suite.value, &at, known) else { continue };
        if let Some(stdout) = suite.get_object("stdout") {
            misspelt_in(problems, stdout, &below("stdout"), wire_suite::OUTPUT_KEYS);
        }
        if let Some(limits) = suite.get_object("thresholds") {
            misspelt_in(problems, limits, &below("thresholds"), wire_suite::LIMITS_KEYS);
        }
        for file in suite.get_object("files").into_iter().flat_map(|files| &files.properties) {
            let name = Step::from(file.name.as_str());
            let at: Vec<Step> = below("files").into_iter().chain([name]).collect();
            object(problems, &file.value, &at, wire_suite::OUTPUT_KEYS);
        }
        let cases = suite.get_array("cases").into_iter().flat_map(|cases| &cases.elements);
        for (index, case) in cases.enumerate() {
            let at: Vec<Step> = below("cases").into_iter().chain([index.into()]).collect();
            object(problems, case, &at, wire_suite::CASE_KEYS);
        }
    }
    for sequence in root.get_object("sequences").into_iter().flat_map(|all| &all.properties) {
        let at = [Step::from("sequences"), Step::from(sequence.name.as_str())];
        object(problems, &sequence.value, &at, wire_suite::SEQUENCE_KEYS);
    }
    let rules = root.get_array("thresholds").into_iter().flat_map(|rules| &rules.elements);
    for (index, rule) in rules.enumerate() {
        let at = [Step::from("thresholds"), Step::from(index)];
        object(problems, rule, &at, wire_suite::RULE_KEYS);
    }
}

/// Judging by a key that means nothing would be silence, so that here all of them are told.
fn analysis_problems(problems: &mut Vec<Problem>, value: &Value<'_>) {
    let at = [Step::from("settings"), Step::from("analysis")];
    let Some(analysis) = object(problems, value, &at, &[]) else { return };
    unknown_in(problems, analysis, &at, wire_analysis::ANALYSIS_KEYS);
    let categories = analysis.get_array("categories").into_iter().flat_map(|all| &all.elements);
    for (index, category) in categories.enumerate() {
        let at: Vec<Step> = at.iter().cloned().chain(["categories".into(), index.into()]).collect();
        if let Some(category) = object(problems, category, &at, &[]) {
            unknown_in(problems, category, &at, wire_analysis::CATEGORY_KEYS);
        }
    }
}

fn unknown_in(problems: &mut Vec<Problem>, object: &Object<'_>, at: &[Step], known: &[&str]) {
    let names: Vec<String> = known.iter().map(|name| (*name).to_string()).collect();
    for property in &object.properties {
        let name = property.name.as_str();
        if known.contains(&name) {
            continue;
        }
        let at: Vec<Step> = at.iter().cloned().chain([Step::from(name)]).collect();
        let hint = match closest(name, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of `{}`", known.join("`, `")),
        };
        problems.push(Problem::new(&at, format!("unknown key `{name}`"), hint));
    }
}

fn object<'a, 't>(
    problems: &mut Vec<Problem>,
    value: &'t Value<'a>,
    at: &[Step],
    known: &[&str],
) -> Option<&'t Object<'a>> {
    let Value::Object(object) = value else {
        let hint = "write it as `{ … }`";
        problems.push(Problem::new(at, "this is not an object", hint));
        return None;
    };
    misspelt_in(problems, object, at, known);
    Some(object)
}

fn misspelt_in(problems: &mut Vec<Problem>, object: &Object<'_>, at: &[Step], known: &[&str]) {
    for property in &object.properties {
        let name = property.name.as_str();
        if known.contains(&name) {
            continue;
        }
        let near = known.iter().find(|key| {
            let most = if key.len() < 8 { 1 } else { 2 };
            object.get(key).is_none() && strsim::damerau_levenshtein(name, key) <= most
        });
        if let Some(near) = near {
            let at: Vec<Step> = at.iter().cloned().chain([Step::Name(name.into())]).collect();
            let hint = format!("did you mean `{near}`?");
            problems.push(Problem::new(&at, format!("unknown key `{name}`"), hint));
        }
    }
}

/// A name that stands twice in a table, of which nobody could say which one counts.
fn repeated_in(problems: &mut Vec<Problem>, root: &Object<'_>, section: &str) {
    let mut names = BTreeSet::new();
    for property in root.get_object(section).into_iter().flat_map(|all| &all.properties) {
        let name = property.name.as_str();
        if !names.insert(name) {
            let at = [Step::from(section), Step::Name(name.into())];
            let problem = format!("`{name}` stands twice in `{section}`");
            problems.push(Problem::new(&at, problem, "remove one of them"));
        }
    }
}

/// The range of the value at `path`, or of the nearest one above it.
fn locate(tree: &Value<'_>, path: &[Step]) -> Range<usize> {
    let mut value = tree;
    for step in path {
        if let (Step::Name(name), Value::Object(object)) = (step, value) {
            let named = object.properties.iter().rev().find(|p| p.name.as_str() == name);
            if let Some(property) = named {
                let range = property.name.range();
                return range.start..range.end;
            }
        }
        let next = match (step, value) {
            (Step::Key(key), Value::Object(object)) => object.get(key).map(|found| &found.value),
            (Step::Index(index), Value::Array(array)) => array.elements.get(*index),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    let range = value.range();
    range.start..range.end
}

fn excerpt(text: &str, line: usize, column: usize, width: usize) -> String {
    let first = line.saturating_sub(LINES_AROUND);
    let margin = (line + LINES_AROUND + 1).to_string().len();
    let shift = column.saturating_sub(LONGEST_LINE / 2);
    let mut out = Vec::new();
    for (number, content) in
        text.lines().enumerate().skip(first).take(line + LINES_AROUND + 1 - first)
    {
        let visible: String =
            content.chars().skip(shift).take(LONGEST_LINE).map(printable).collect();
        out.push(format!("{:>margin$} | {visible}", number + 1));
        if number == line {
            let indent = " ".repeat(column - shift);
            let carets = "^".repeat(width.min(LONGEST_LINE - (column - shift)));
            out.push(format!("{:>margin$} | {indent}{carets}", ""));
        }
    }
    out.join("\n")
}

fn printable(letter: char) -> char {
    if letter.is_control() { ' ' } else { letter }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"runs\": [\n    { \"id\": \"a\", \"staus\": \"x\" }\n  ]\n}\n";

    #[test]
    fn points_at_a_value() {
        let tree = tree(TEXT).unwrap();
        let at = ["runs".into(), 0.into(), "staus".into()];
        let found = place(TEXT, locate(&tree, &at));
        assert_eq!((found.line, found.column), (3, 27));
        let expected = concat!(
            "2 |   \"runs\": [\n",
            "3 |     { \"id\": \"a\", \"staus\": \"x\" }\n",
            "  |                           ^^^\n",
            "4 |   ]"
        );
        assert_eq!(found.excerpt, expected);
    }

    #[test]
    fn finds_a_misspelt_key_and_leaves_a_foreign_one_alone() {
        let problems = shape_problems(&tree(TEXT).unwrap());
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].hint, "did you mean `status`?");
        let own =
            "{\"runs\": [{\"id\": \"a\", \"ticket\": 7, \"status\": \"done\", \"statuss\": 1}]}";
        assert_eq!(shape_problems(&tree(own).unwrap()), []);
    }

    #[test]
    fn finds_a_name_that_stands_twice() {
        let text = r#"{"results": {"a": {}, "b": {}, "a": {}}, "workloads": {"w": {}}}"#;
        let problems = shape_problems(&tree(text).unwrap());
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].problem, "`a` stands twice in `results`");
    }

    #[test]
    fn points_into_any_text_without_panicking() {
        for text in ["", "é", "\n\n", "{\u{0}\u{7}}", "long ".repeat(100).as_str()] {
            for start in 0..text.len() + 2 {
                place(text, start..start + 3);
            }
        }
    }
}

//! Edits to the text of a plan that leave every other byte as a person wrote it. New values take
//! the style of what surrounds them: on one line, or indented like their neighbours.

use std::collections::BTreeSet;
use std::ops::Range;

use jsonc_parser::ast::Array;
use jsonc_parser::ast::Object;
use jsonc_parser::ast::ObjectProp;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use serde::Serialize;
use serde_json::ser::Formatter;
use serde_json::ser::PrettyFormatter;

use crate::plan::Plan;
use crate::plan::RunId;
use crate::plan::wire::RunWire;
use crate::store::document;

/// The text of the plan after `touched` runs have reached the state that `plan` says.
/// `None` when `text` is not a JSON object.
pub fn updated(text: &str, plan: &Plan, touched: &BTreeSet<RunId>) -> Option<String> {
    let tree = document::tree(text)?;
    let root = tree.as_object()?;
    let mut edits = Edits { text, unit: indent_unit(text, root), edits: Vec::new() };
    for element in root.get_array("runs").into_iter().flat_map(|runs| &runs.elements) {
        let Value::Object(object) = element else {
            continue;
        };
        let id = object.get_string("id").map(|id| id.value.as_ref()).unwrap_or_default();
        let Some(run) = touched.get(id).and_then(|id| plan.runs.get(id)) else {
            continue;
        };
        let mut added = Vec::new();
        edits.set_or_add(object, "status", &run.status.word(), &mut added);
        match &run.skipped {
            Some(why) => edits.set_or_add(object, "skipped", why, &mut added),
            None => edits.remove_properties(object, |property| property.name.as_str() == "skipped"),
        }
        if !run.attempts.is_empty() || object.get("attempts").is_some() {
            edits.set_or_add(object, "attempts", &run.attempts, &mut added);
        }
        edits.append_properties(object, &added);
    }
    edits.results(root, plan, touched);
    Some(edits.applied())
}

/// The text of the plan with `runs` at the end of its list.
/// `None` when `text` is not a JSON object.
pub fn with_runs(text: &str, runs: &[RunWire]) -> Option<String> {
    let tree = document::tree(text)?;
    let root = tree.as_object()?;
    let mut edits = Edits { text, unit: indent_unit(text, root), edits: Vec::new() };
    match root.get_array("runs") {
        Some(array) => edits.append_elements(array, runs),
        None => edits.append_properties(root, &[("runs".into(), json(&runs))]),
    }
    Some(edits.applied())
}

/// The text of the plan with the value at `path`, keys from the outermost on, set to `value`; what
/// is missing on the way is made. `None` when `text` is not a JSON object, or `path` leads nowhere.
pub fn with_value(text: &str, path: &[&str], value: &serde_json::Value) -> Option<String> {
    let tree = document::tree(text)?;
    let mut object = tree.as_object()?;
    let mut edits = Edits { text, unit: indent_unit(text, object), edits: Vec::new() };
    let mut left = path;
    while let [key, _, ..] = left
        && let Some(inner) = object.get_object(key)
    {
        object = inner;
        left = &left[1..];
    }
    let (key, below) = left.split_first()?;
    let nested = |inner: serde_json::Value, key: &&str| {
        serde_json::Map::from_iter([((*key).to_string(), inner)]).into()
    };
    let value = below.iter().rev().fold(value.clone(), nested);
    let mut added = Vec::new();
    edits.set_or_add(object, key, &value, &mut added);
    edits.append_properties(object, &added);
    Some(edits.applied())
}

/// A property that is to be added: its key and its value.
type Property = (String, serde_json::Value);

struct Edits<'a> {
    text: &'a str,
    /// One step of indentation; `None` when the whole plan stands on one line.
    unit: Option<String>,
    edits: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn results(&mut self, root: &Object<'_>, plan: &Plan, touched: &BTreeSet<RunId>) {
        let wanted: Vec<(&RunId, serde_json::Value)> =
            touched.iter().filter_map(|id| Some((id, json(plan.results.get(id)?)))).collect();
        let Some(results) = root.get_object("results") else {
            let all: serde_json::Map<_, _> =
                wanted.into_iter().map(|(id, value)| (id.to_string(), value)).collect();
            if !all.is_empty() {
                self.append_properties(root, &[("results".into(), all.into())]);
            }
            return;
        };
        let mut added = Vec::new();
        for (id, value) in wanted {
            self.set_or_add(results, id.as_str(), &value, &mut added);
        }
        let gone = |property: &ObjectProp<'_>| {
            let id = property.name.as_str();
            touched.contains(id) && !plan.results.contains_key(id)
        };
        let kept = results.properties.iter().filter(|property| !gone(property)).count();
        self.remove_properties(results, gone);
        let was_emptied = kept == 0 && !results.properties.is_empty();
        if was_emptied && !added.is_empty() {
            self.edits.retain(|(range, _)| !covers(results, range));
            let map: serde_json::Map<_, _> = added.into_iter().collect();
            let level = self.level(results);
            self.replace(results, &serde_json::Value::from(map), level.as_deref());
        } else {
            self.append_properties(results, &added);
        }
    }

    fn set_or_add(
        &mut self,
        object: &Object<'_>,
        key: &str,
        value: &impl Serialize,
        added: &mut Vec<Property>,
    ) {
        let value = json(value);
        let Some(property) = object.get(key) else {
            added.push((key.to_string(), value));
            return;
        };
        let level = if self.is_inline(object) { None } else { self.level(&property.value) };
        self.replace(&property.value, &value, level.as_deref());
    }

    fn append_properties(&mut self, object: &Object<'_>, added: &[Property]) {
        if added.is_empty() {
            return;
        }
        let level = if self.is_inline(object) { None } else { self.level_inside(object) };
        let items: Vec<String> = added
            .iter()
            .map(|(key, value)| {
                let value = self.printed(value, level.as_deref());
                format!("{}: {value}", json(key))
            })
            .collect();
        let last = object.properties.last().map(Ranged::end);
        self.append(object.start(), object.end(), last, &items, level.as_deref());
    }

    fn append_elements(&mut self, array: &Array<'_>, added: &[RunWire]) {
        let inline = self.unit.is_none()
            || array.elements.last().is_some_and(|_| !array.text(self.text).contains('\n'));
        let level = if inline { None } else { self.level_in_array(array) };
        let one_line =
            array.elements.last().is_none_or(|last| !last.text(self.text).contains('\n'));
        let inner = if one_line { None } else { level.clone() };
        let items: Vec<String> =
            added.iter().map(|run| self.printed(&json(run), inner.as_deref())).collect();
        let last = array.elements.last().map(Ranged::end);
        self.append(array.start(), array.end(), last, &items, level.as_deref());
    }

    /// Adds `items` behind `last`, or into the empty brackets from `start` to `end`.
    fn append(
        &mut self,
        start: usize,
        end: usize,
        last: Option<usize>,
        items: &[String],
        level: Option<&str>,
    ) {
        let between = level.map_or_else(|| ", ".to_string(), |level| format!(",\n{level}"));
        let listed = items.join(&between);
        let unit = self.unit.clone().unwrap_or_default();
        match (last, level) {
            (Some(last), _) => self.edits.push((last..last, between + &listed)),
            (None, Some(level)) => {
                let outer = level.strip_suffix(unit.as_str()).unwrap_or_default();
                self.edits.push((start + 1..end - 1, format!("\n{level}{listed}\n{outer}")));
            }
            (None, None) => self.edits.push((start + 1..end - 1, format!(" {listed} "))),
        }
    }

    /// Removes neighbours together: each alone would leave or take the comma of the other.
    fn remove_properties(&mut self, object: &Object<'_>, gone: impl Fn(&ObjectProp<'_>) -> bool) {
        let mut kept_end = None;
        let mut gone_from = None;
        for property in &object.properties {
            if gone(property) {
                gone_from = gone_from.or(Some(property.start()));
                continue;
            }
            if let Some(from) = gone_from.take() {
                self.edits.push((from..property.start(), String::new()));
            }
            kept_end = Some(property.end());
        }
        let Some(last) = object.properties.last().filter(|_| gone_from.is_some()) else { return };
        let range = match kept_end {
            Some(end) => end..last.end(),
            None => object.start() + 1..object.end() - 1,
        };
        self.edits.push((range, String::new()));
    }

    fn replace(&mut self, node: &impl Ranged, value: &serde_json::Value, level: Option<&str>) {
        let printed = self.printed(value, level);
        if node.text(self.text) != printed {
            self.edits.push((node.start()..node.end(), printed));
        }
    }

    fn printed(&self, value: &serde_json::Value, level: Option<&str>) -> String {
        match (level, &self.unit) {
            (Some(level), Some(unit)) => {
                let text = print(value, PrettyFormatter::with_indent(unit.as_bytes()));
                text.replace('\n', &format!("\n{level}"))
            }
            _ => print(value, Spaced),
        }
    }

    fn is_inline(&self, object: &Object<'_>) -> bool {
        self.unit.is_none()
            || (!object.properties.is_empty() && !object.text(self.text).contains('\n'))
    }

    /// The indentation of the line on which `node` begins.
    fn level(&self, node: &impl Ranged) -> Option<String> {
        self.unit.as_ref().map(|_| line_indent(self.text, node.start()).to_string())
    }

    fn level_inside(&self, object: &Object<'_>) -> Option<String> {
        match object.properties.first() {
            Some(first) => self.level(first),
            None => {
                self.level(object).map(|level| level + self.unit.as_deref().unwrap_or_default())
            }
        }
    }

    fn level_in_array(&self, array: &Array<'_>) -> Option<String> {
        match array.elements.first() {
            Some(first) => self.level(first),
            None => self.level(array).map(|level| level + self.unit.as_deref().unwrap_or_default()),
        }
    }

    /// The text with every edit made; edits never overlap.
    fn applied(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.text.len() + 1024);
        let mut done = 0;
        for (range, replacement) in &self.edits {
            out.push_str(&self.text[done.min(range.start)..range.start]);
            out.push_str(replacement);
            done = range.end.max(done);
        }
        out.push_str(&self.text[done..]);
        out
    }
}

/// `{"a": 1, "b": [1, 2]}` on one line, with a space behind each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
    ) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

fn print(value: &serde_json::Value, formatter: impl Formatter) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => "null".into(),
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// One step of indentation, as the plan's first property shows it.
fn indent_unit(text: &str, root: &Object<'_>) -> Option<String> {
    if !root.text(text).contains('\n') {
        return None;
    }
    let shown = root.properties.first().map(|first| line_indent(text, first.start()));
    Some(shown.filter(|indent| !indent.is_empty()).unwrap_or("  ").to_string())
}

fn line_indent(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn covers(node: &impl Ranged, range: &Range<usize>) -> bool {
    node.start() <= range.start && range.end <= node.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::convert;
    use crate::plan::convert::Names;
    use serde_json::json;

    /// What is left of the results `before` once the `reset` runs lost theirs.
    #[track_caller]
    fn check_removed(before: &str, reset: &[&str], after: &str) {
        let wire = json!({
            "workloads": { "w": { "command": ["x"] } },
            "runs": [{ "id": "a", "size": 1 }, { "id": "b", "size": 1 }, { "id": "c", "size": 1 }],
        });
        let names = Names { samples: &[], backends: &["none"], executors: &["local"], bands: &[] };
        let mut plan = convert::plan(serde_json::from_value(wire).unwrap(), names).unwrap();
        for id in ["a", "b", "c"].iter().filter(|id| !reset.contains(id)) {
            let id = plan.runs.get_key_value(*id).unwrap().0.clone();
            plan.results.insert(id, Default::default());
        }
        let touched = plan.runs.keys().filter(|id| reset.contains(&id.as_str())).cloned().collect();
        let text = format!("{{\n \"results\": {before}\n}}");
        let updated = updated(&text, &plan, &touched).unwrap();
        assert_eq!(updated, format!("{{\n \"results\": {after}\n}}"), "without {reset:?}");
    }

    #[test]
    fn a_value_is_set_where_it_stands_or_made() {
        let check = |text: &str, path: &[&str], expected: &str| {
            assert_eq!(with_value(text, path, &json!(3)).as_deref(), Some(expected));
        };
        check(r#"{"a": {"b": 1, "c": 2}}"#, &["a", "b"], r#"{"a": {"b": 3, "c": 2}}"#);
        check(r#"{"a": {"b": 1}}"#, &["a", "c"], r#"{"a": {"b": 1, "c": 3}}"#);
        check(r#"{"a": 1}"#, &["x", "y"], r#"{"a": 1, "x": {"y": 3}}"#);
        check(
            "{\n  \"a\": {\n    \"b\": 1\n  }\n}",
            &["a", "b"],
            "{\n  \"a\": {\n    \"b\": 3\n  }\n}",
        );
        assert_eq!(with_value("[]", &["a"], &json!(3)), None);
        assert_eq!(with_value("{}", &[], &json!(3)), None);
    }

    #[test]
    fn neighbours_are_removed_with_their_commas() {
        const ALL: &str = r#"{"a": 1, "b": 2, "c": 3}"#;
        check_removed(ALL, &["a"], r#"{"b": 2, "c": 3}"#);
        check_removed(ALL, &["b"], r#"{"a": 1, "c": 3}"#);
        check_removed(ALL, &["c"], r#"{"a": 1, "b": 2}"#);
        check_removed(ALL, &["a", "b"], r#"{"c": 3}"#);
        check_removed(ALL, &["b", "c"], r#"{"a": 1}"#);
        check_removed(ALL, &["a", "c"], r#"{"b": 2}"#);
        check_removed(ALL, &["a", "b", "c"], "{}");
        check_removed("{\n  \"a\": 1,\n  \"b\": 2\n }", &["b"], "{\n  \"a\": 1\n }");
        check_removed("{\n  \"a\": 1,\n  \"b\": 2\n }", &["a", "b"], "{}");
    }
}

//! What the JSON reader has to say about a plan, in the words of a person who wrote it by hand:
//! which value is meant, what it is, what belongs there, and how to write that.

use std::ops::Range;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged as _;

/// A value in the text of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    pub range: Range<usize>,
    /// The key that it belongs to, when it is no entry of a list.
    pub key: Option<String>,
    /// The id of the run that it belongs to.
    pub run: Option<String>,
}

/// What is wrong with a value, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub problem: String,
    pub hint: String,
}

/// The innermost value that holds, or begins behind, the byte `at` of `text`.
pub fn blamed(text: &str, tree: &Value<'_>, at: usize) -> Blamed {
    let blank = |byte: &u8| byte.is_ascii_whitespace();
    let first = at + text.as_bytes()[at.min(text.len())..].iter().take_while(|b| blank(b)).count();
    let holds = |value: &Value<'_>| value.start() <= first && at < value.end();
    let (mut value, mut key, mut run) = (tree, None, None);
    let mut section = None;
    loop {
        let inner = match value {
            Value::Object(object) => object.properties.iter().find(|p| holds(&p.value)).map(|p| {
                let name = p.name.as_str().to_string();
                section = section.clone().or_else(|| Some(name.clone()));
                (&p.value, Some(name))
            }),
            Value::Array(array) => array.elements.iter().find(|e| holds(e)).map(|e| (e, None)),
            _ => None,
        };
        let Some((next, name)) = inner else { break };
        if let (Value::Array(_), Value::Object(object), Some("runs"), None) =
            (value, next, section.as_deref(), &run)
        {
            run = object.get_string("id").map(|id| id.value.to_string());
        }
        key = name.or(key);
        value = next;
    }
    let range = value.range();
    Blamed { range: range.start..range.end, key, run }
}

/// The words of the reader about a value of a wrong kind, such as
/// `invalid type: string "7", expected f64`; `None` for anything else.
pub fn wrong_kind(words: &str, key: Option<&str>) -> Option<Advice> {
    let said = words.strip_prefix("invalid type: ").or(words.strip_prefix("invalid value: "))?;
    let (found, expected) = said.rsplit_once(", expected ")?;
    let wanted = kind(expected);
    let what = key.map_or_else(|| "this".to_string(), |key| format!("`{key}`"));
    let problem = format!("{what} is {}, where {wanted} belongs", value(found));
    Some(Advice { problem, hint: rewritten(found, wanted) })
}

/// What to do where the text is not JSON, by the words of the reader.
pub fn syntax_hint(words: &str) -> &'static str {
    const HINTS: [(&str, &str); 9] = [
        ("trailing comma", "remove the comma before it"),
        ("expected `,` or `}`", "put a comma between the entries, or close the object with `}`"),
        ("expected `,` or `]`", "put a comma between the entries, or close the list with `]`"),
        ("expected `:`", "put a colon between the name and its value"),
        ("key must be a string", "put the name in double quotes; JSON knows no comments"),
        ("expected value", "write a value there; texts stand in double quotes"),
        ("control character", "write a line break within a text as `\\n`"),
        ("expected ident", "write `true`, `false` or `null`"),
        ("trailing characters", "remove what follows the end of the plan"),
    ];
    let known = HINTS.iter().find(|(start, _)| words.starts_with(start));
    known.map_or("mend the syntax there", |(_, hint)| hint)
}

fn kind(expected: &str) -> &str {
    match expected {
        "f64" | "f32" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more,",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "a sequence" => "a list",
        "a map" => "an object",
        "a string" => "a text",
        "a boolean" => "`true` or `false`",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn value(found: &str) -> String {
    match found.split_once(' ') {
        Some(("string", text)) => format!("the text {text}"),
        Some(("integer", number)) => format!("the number {}", number.trim_matches('`')),
        Some(("floating", rest)) => {
            format!("the number {}", rest.trim_start_matches("point ").trim_matches('`'))
        }
        Some(("boolean", word)) => word.into(),
        _ => match found {
            "map" => "an object".into(),
            "sequence" => "a list".into(),
            other => other.into(),
        },
    }
}

/// How the value that was found would be written as what belongs there.
fn rewritten(found: &str, wanted: &str) -> String {
    let text = found.strip_prefix("string ").and_then(|text| serde_json::from_str(text).ok());
    let text: Option<String> = text;
    let number = found.starts_with("integer") || found.starts_with("floating");
    match (text, wanted) {
        (Some(text), "a list") => {
            let words: Vec<&str> = text.split_whitespace().collect();
            let list = serde_json::to_string(&words).unwrap_or_default().replace("\",\"", "\", \"");
            format!("write it as a list: {list}")
        }
        (Some(text), wanted) if wanted.contains("number") && text.trim().parse::<f64>().is_ok() => {
            format!("write it without quotes: {}", text.trim())
        }
        (Some(text), "`true` or `false`") if matches!(text.trim(), "true" | "false") => {
            format!("write it without quotes: {}", text.trim())
        }
        (None, "a text") if number => format!("write it in quotes: \"{}\"", digits(found)),
        (_, "a list") => "write it as a list `[…]`".into(),
        (_, "an object") => "write it as an object `{…}`".into(),
        (_, "a text") => "write it in double quotes".into(),
        (_, wanted) => format!("give {}", wanted.trim_end_matches(',')),
    }
}

fn digits(found: &str) -> &str {
    found.split('`').nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::document;

    fn check(words: &str, problem: &str, hint: &str) {
        let advice = wrong_kind(words, Some("size")).unwrap();
        assert_eq!((advice.problem.as_str(), advice.hint.as_str()), (problem, hint));
    }

    #[test]
    fn says_what_belongs_where_something_else_stands() {
        check(
            "invalid type: string \"7\", expected f64",
            "`size` is the text \"7\", where a number belongs",
            "write it without quotes: 7",
        );
        check(
            "invalid type: string \"python -m x\", expected a sequence",
            "`size` is the text \"python -m x\", where a list belongs",
            "write it as a list: [\"python\", \"-m\", \"x\"]",
        );
        check(
            "invalid value: integer `-1`, expected u32",
            "`size` is the number -1, where a whole number, 0 or more, belongs",
            "give a whole number, 0 or more",
        );
        check(
            "invalid type: map, expected a sequence",
            "`size` is an object, where a list belongs",
            "write it as a list `[…]`",
        );
        check(
            "invalid type: floating point `1.5`, expected a string",
            "`size` is the number 1.5, where a text belongs",
            "write it in quotes: \"1.5\"",
        );
        assert_eq!(wrong_kind("missing field `id`", None), None);
        assert_eq!(syntax_hint("trailing comma"), "remove the comma before it");
        assert_eq!(syntax_hint("something new"), "mend the syntax there");
    }

    #[test]
    fn finds_the_value_that_is_meant() {
        let text = r#"{"runs": [{"id": "a", "size": "7"}, {"id": "b", "after": [1]}]}"#;
        let tree = document::tree(text).unwrap();
        let check = |at: &str, shift: usize, blamed_text: &str, key: &str, run: Option<&str>| {
            let found = blamed(text, &tree, text.find(at).unwrap() + shift);
            assert_eq!(&text[found.range], blamed_text);
            assert_eq!((found.key.as_deref(), found.run.as_deref()), (Some(key), run));
        };
        check("\"7\"", 2, "\"7\"", "size", Some("a"));
        check(" [{", 0, &text[9..text.len() - 1], "runs", None);
        check("[1]", 1, "1", "after", Some("b"));
        for at in 0..text.len() + 3 {
            blamed(text, &tree, at.min(text.len()));
        }
    }
}

//! A value that people write as one text or as a list of words: a command, or an input.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::SeqAccess;
use serde::de::Visitor;

/// As it stands in the plan, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    One(String),
    List(Vec<String>),
}

#[cfg(test)]
impl schemars::JsonSchema for Words {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "One text, or a list of words.",
            "type": ["string", "array"],
            "minLength": 1,
            "minItems": 1,
            "items": { "type": "string" },
        })
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrList)
    }
}

struct OneOrList;

impl<'de> Visitor<'de> for OneOrList {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of words, or one text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Words, E> {
        Ok(Words::One(text.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Words, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element()? {
            words.push(word);
        }
        Ok(Words::List(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&Words>) {
        assert_eq!(serde_json::from_str::<Words>(json).ok().as_ref(), expected, "{json}");
    }

    #[test]
    fn a_text_or_a_list_of_words() {
        check(r#""sort x""#, Some(&Words::One("sort x".into())));
        check(r#"["sort", "x"]"#, Some(&Words::List(vec!["sort".into(), "x".into()])));
        check("[]", Some(&Words::List(Vec::new())));
        check("7", None);
        check("[7]", None);
        check("null", None);
    }
}

//! The runs that one run waits for, as people write them: one id, or a list of ids.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::SeqAccess;
use serde::de::Visitor;

/// Ids as they stand in the plan, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct After(Vec<String>);

impl After {
    pub fn names(&self) -> &[String] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<String>> for After {
    fn from(names: Vec<String>) -> Self {
        Self(names)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for After {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "After".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The id of a run, or a list of ids.",
            "type": ["string", "array", "null"],
            "items": { "type": "string" },
        })
    }
}

impl<'de> Deserialize<'de> for After {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMany)
    }
}

struct OneOrMany;

impl<'de> Visitor<'de> for OneOrMany {
    type Value = After;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a run, or a list of ids")
    }

    fn visit_str<E>(self, name: &str) -> Result<After, E> {
        Ok(After(vec![name.to_string()]))
    }

    fn visit_unit<E>(self) -> Result<After, E> {
        Ok(After::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<After, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = list.next_element()? {
            names.push(name);
        }
        Ok(After(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&[&str]>) {
        let read = serde_json::from_str::<After>(json).ok();
        let names = read.as_ref().map(|after| after.names().iter().map(String::as_str).collect());
        assert_eq!(names, expected.map(<[&str]>::to_vec), "{json}");
    }

    #[test]
    fn one_id_needs_no_list() {
        check(r#""a""#, Some(&["a"]));
        check(r#"["a", "b"]"#, Some(&["a", "b"]));
        check("[]", Some(&[]));
        check("null", Some(&[]));
        check("7", None);
        check(r#"[7]"#, None);
    }
}

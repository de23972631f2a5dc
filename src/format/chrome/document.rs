//! What stands in such a file: a list of events, alone or as `traceEvents`. Events go on one by
//! one, so that nothing of those that mean nothing here is kept.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde::de::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde_json::Value;

/// An event of any kind.
#[derive(Debug, Deserialize)]
pub struct Event {
    pub ph: String,
    #[serde(default)]
    pub name: Option<String>,
    /// In microseconds.
    #[serde(default)]
    pub ts: Option<f64>,
    #[serde(default)]
    pub dur: Option<f64>,
    #[serde(default)]
    pub pid: Value,
    #[serde(default)]
    pub tid: Value,
}

/// Takes events as they come.
pub struct Events<'a> {
    /// What is wrong with an event, in words.
    pub take: &'a mut dyn FnMut(Event) -> Result<(), String>,
    /// Whether the events are the whole document, which then may end without its bracket.
    pub is_bare: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Events<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Events<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of trace events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<(), A::Error> {
        *self.is_bare = true;
        while let Some(event) = events.next_element()? {
            (self.take)(event).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<(), A::Error> {
        while let Some(key) = keys.next_key::<String>()? {
            if key == "traceEvents" {
                keys.next_value_seed(List { take: &mut *self.take })?;
            } else {
                keys.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The list within a document that has other keys.
struct List<'a> {
    take: &'a mut dyn FnMut(Event) -> Result<(), String>,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of trace events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<(), A::Error> {
        while let Some(event) = events.next_element()? {
            (self.take)(event).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

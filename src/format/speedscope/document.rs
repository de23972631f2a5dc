//! What stands in such a file, and nothing about what it means.

use serde::Deserialize;

use crate::format::speedscope::events::Events;
use crate::format::speedscope::samples::Samples;

#[derive(Debug, Deserialize)]
pub struct Document {
    pub shared: Shared,
    pub profiles: Vec<Measured>,
    #[serde(default)]
    pub exporter: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Shared {
    pub frames: Vec<Frame>,
}

#[derive(Debug, Deserialize)]
pub struct Frame {
    pub name: String,
    #[serde(default)]
    pub file: Option<String>,
    #[serde(default)]
    pub line: Option<f64>,
}

/// One profile, of a thread or of the whole program.
#[derive(Debug, Deserialize)]
pub struct Measured {
    #[serde(rename = "type")]
    pub kind: Kind,
    pub unit: Unit,
    #[serde(default)]
    pub samples: Samples,
    #[serde(default)]
    pub weights: Vec<f64>,
    #[serde(default)]
    pub events: Events,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Sampled,
    Evented,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    None,
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    Bytes,
}

impl Unit {
    /// One of it in seconds; `None` for what is no time.
    pub fn seconds(self) -> Option<f64> {
        match self {
            Self::None | Self::Bytes => None,
            Self::Nanoseconds => Some(1e-9),
            Self::Microseconds => Some(1e-6),
            Self::Milliseconds => Some(1e-3),
            Self::Seconds => Some(1.0),
        }
    }
}

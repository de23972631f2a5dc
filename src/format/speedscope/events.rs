//! Frames that are opened and closed, as they stream in.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error as _;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::format::timeline::Timeline;
use crate::profile::Cost;
use crate::profile::Edge;

/// More frames than any program's stack.
const DEEPEST: usize = 100_000;

/// More frames than a program has functions; a larger number of one is a lie.
const MOST_FRAMES: u32 = 1 << 24;

/// What each frame cost, in the profile's unit, by its number.
#[derive(Debug, Default)]
pub struct Events {
    pub costs: Vec<Cost>,
    pub edges: Vec<Edge>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: Kind,
    frame: u32,
    at: f64,
}

#[derive(Deserialize)]
enum Kind {
    #[serde(rename = "O")]
    Open,
    #[serde(rename = "C")]
    Close,
}

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(All)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = Events;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<Events, A::Error> {
        let mut timeline = Timeline::default();
        let mut latest = f64::NEG_INFINITY;
        while let Some(Event { kind, frame, at }) = events.next_element()? {
            if at < latest {
                return Err(A::Error::custom(format!("the event at {at} comes after {latest}")));
            }
            latest = at;
            match kind {
                Kind::Open if frame >= MOST_FRAMES || timeline.depth() >= DEEPEST => {
                    return Err(A::Error::custom(format!("frame {frame} is beyond any program")));
                }
                Kind::Open => timeline.enter(frame as usize, at),
                Kind::Close if timeline.innermost() == Some(frame as usize) => {
                    timeline.leave(at);
                }
                Kind::Close => {
                    let problem = format!("frame {frame} is closed, but was not opened last");
                    return Err(A::Error::custom(problem));
                }
            }
        }
        if let Some(frame) = timeline.innermost() {
            return Err(A::Error::custom(format!("frame {frame} is opened, but never closed")));
        }
        let (costs, edges) = timeline.into_costs();
        Ok(Events { costs, edges })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_become_costs() {
        let text = r#"[{"type": "O", "frame": 1, "at": 2}, {"type": "C", "at": 5.5, "frame": 1}]"#;
        let events: Events = serde_json::from_str(text).unwrap();
        assert_eq!(events.costs[1], Cost { ncall: 1, nactual: 1, tsub: 3.5, ttot: 3.5 });
    }

    #[test]
    fn events_out_of_order_are_refused() {
        let check = |events: &str, expected: &str| {
            let error = serde_json::from_str::<Events>(events).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        let open = r#"{"type": "O", "frame": 1, "at": 2}"#;
        check(&format!("[{open}]"), "frame 1 is opened, but never closed");
        check(r#"[{"type": "C", "frame": 1, "at": 2}]"#, "frame 1 is closed");
        check(&format!(r#"[{open}, {{"type": "C", "frame": 2, "at": 3}}]"#), "frame 2 is closed");
        check(
            &format!(r#"[{open}, {{"type": "C", "frame": 1, "at": 1}}]"#),
            "the event at 1 comes",
        );
        check(r#"[{"type": "O", "frame": 4294967295, "at": 2}]"#, "frame 4294967295 is beyond");
    }
}

//! What a callgrind file says of itself before the costs: who made it, what is counted and where.

use crate::format::fault::Fault;
use crate::format::lines::Line;
use crate::format::lines::shown;
use crate::profile::CostUnit;

/// Header keys that a file may begin with.
const FIRST_KEYS: [&[u8]; 6] =
    [b"version:", b"creator:", b"pid:", b"cmd:", b"positions:", b"events:"];

/// What is counted, and in how many parts of the profile's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    pub unit: CostUnit,
    /// One count in the unit: 1e-9 for nanoseconds.
    pub worth: f64,
    /// Its column among the costs of a line, from 0.
    pub column: usize,
}

/// Everything of the header that the reader needs.
#[derive(Debug, Default)]
pub struct Header {
    pub creator: String,
    pub event: Option<Event>,
    /// How many numbers say where a cost arose, and which of them is the line, from 0.
    pub positions: usize,
    pub line_position: Option<usize>,
}

/// Whether `head` begins as such a file, and names its events.
pub fn recognise(head: &[u8]) -> bool {
    let is_blank = |line: &&[u8]| line.trim_ascii().is_empty();
    let mut lines = head.split(|&byte| byte == b'\n').skip_while(is_blank);
    let Some(first) = lines.next() else { return false };
    let begins = first.starts_with(b"# callgrind format")
        || FIRST_KEYS.iter().any(|key| first.starts_with(key));
    begins
        && std::iter::once(first).chain(lines).any(|line| line.starts_with(b"events:"))
        && !head.contains(&0)
}

impl Header {
    pub fn new() -> Self {
        Self { positions: 1, line_position: Some(0), ..Self::default() }
    }

    /// Takes a line `key: value`.
    ///
    /// # Errors
    /// When it says that something unknown is counted, or something else than before.
    pub fn take(&mut self, line: &Line<'_>, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        match key {
            b"creator" => self.creator = String::from_utf8_lossy(value).into_owned(),
            b"positions" => {
                let words: Vec<&[u8]> = words(value).collect();
                self.positions = words.len().max(1);
                self.line_position = words.iter().position(|word| *word == b"line");
            }
            b"events" => {
                let event = self.event_of(line, value)?;
                if self.event.is_some_and(|before| before != event) {
                    return Err(line.fault(
                        0,
                        "this part counts other events than the part before",
                        "give each part as a file of its own",
                    ));
                }
                self.event = Some(event);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether whoever made the file ends it with a line `totals:`, so that its absence is a cut.
    pub fn ends_with_totals(&self) -> bool {
        self.creator.starts_with("callgrind") || self.creator.starts_with("superlinear")
    }

    pub fn is_yappi(&self) -> bool {
        self.creator == "yappi"
    }

    /// Instructions where they are counted, else the first event.
    fn event_of(&self, line: &Line<'_>, value: &[u8]) -> Result<Event, Fault> {
        let names: Vec<&[u8]> = words(value).collect();
        let column = names.iter().position(|name| *name == b"Ir").unwrap_or_default();
        let name = names.get(column).copied().unwrap_or_default();
        let known = if self.is_yappi() && name == b"Ticks" {
            Some((CostUnit::WallSeconds, 1e-6))
        } else {
            unit_of(name)
        };
        let (unit, worth) = known.ok_or_else(|| {
            line.fault(
                0,
                format!("the event `{}` is not known", shown(name)),
                "count instructions (`Ir`), samples, or a time with its unit, such as `ns`",
            )
        })?;
        Ok(Event { unit, worth, column })
    }
}

/// What an event counts, and one count in that unit.
fn unit_of(name: &[u8]) -> Option<(CostUnit, f64)> {
    const TIMES: [(&[u8], f64); 10] = [
        (b"ns", 1e-9),
        (b"us", 1e-6),
        (b"ms", 1e-3),
        (b"Nanoseconds", 1e-9),
        (b"Microseconds", 1e-6),
        // Xdebug 3, and what it called microseconds before.
        (b"Time_(10ns)", 1e-8),
        (b"Time_(\xc2\xb5s)", 1e-6),
        (b"Time", 1e-6),
        // pprof.
        (b"cpu(ns)", 1e-9),
        (b"time(ns)", 1e-9),
    ];
    match name {
        b"Ir" | b"Instructions" => Some((CostUnit::Instructions, 1.0)),
        b"Samples" | b"samples" | b"samples(count)" => Some((CostUnit::Samples, 1.0)),
        b"CpuNanoseconds" => Some((CostUnit::CpuSeconds, 1e-9)),
        _ => {
            let found = TIMES.iter().find(|(known, _)| *known == name);
            found.map(|&(_, worth)| (CostUnit::WallSeconds, worth))
        }
    }
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(creator: &str, events: &str, expected: Option<Event>) {
        let mut header = Header { creator: creator.into(), ..Header::new() };
        let line = Line { text: events.as_bytes(), number: 1, is_ended: true };
        let taken = header.take(&line, b"events", events.as_bytes());
        assert_eq!(taken.is_ok().then_some(header.event).flatten(), expected, "{events}");
    }

    #[test]
    fn instructions_are_never_seconds_and_times_have_their_unit() {
        let event = |unit, worth, column| Some(Event { unit, worth, column });
        check("callgrind-3.19.0", " Ir", event(CostUnit::Instructions, 1.0, 0));
        check("callgrind-3.19.0", " Dr Ir Bc", event(CostUnit::Instructions, 1.0, 1));
        check("yappi", " Ticks", event(CostUnit::WallSeconds, 1e-6, 0));
        check("", " ns", event(CostUnit::WallSeconds, 1e-9, 0));
        check("xdebug 3.3.1", " Time_(10ns) Memory_(bytes)", event(CostUnit::WallSeconds, 1e-8, 0));
        check("", " samples Time", event(CostUnit::Samples, 1.0, 0));
        check("", " Ticks", None);
        check("", "", None);
    }

    #[test]
    fn a_file_is_recognised_by_its_header() {
        assert!(recognise(b"# callgrind format\nversion: 1\nevents: Ir\n"));
        assert!(recognise(b"\nversion: 1\ncreator: yappi\nevents: Ticks\n"));
        for head in [&b"# callgrind format\n"[..], b"events, of x: 3", b"", b"version: 1\n"] {
            assert!(!recognise(head));
        }
    }
}

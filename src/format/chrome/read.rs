//! From trace events to a profile: the spans of each thread are put in order and nested again.

use std::collections::HashMap;
use std::io::Read;

use crate::format::chrome::document::Event;
use crate::format::chrome::document::Events;
use crate::format::fault::Fault;
use crate::format::frame::Frames;
use crate::format::frame::LineOf;
use crate::format::gather::Gather;
use crate::format::json;
use crate::format::timeline::Timeline;
use crate::profile::Cost;
use crate::profile::Function;
use crate::profile::Profile;

/// One microsecond in seconds.
const MICROSECOND: f64 = 1e-6;

/// More frames than any program's stack.
const DEEPEST: usize = 100_000;

/// Reads a whole file.
///
/// # Errors
/// In which line and column the content is not what such a file holds, or that it was cut.
pub fn profile(input: &mut dyn Read) -> Result<Profile, Fault> {
    let mut trace = Trace::default();
    let mut is_bare = false;
    let mut take = |event| trace.take(event);
    let read = json::read(input, Events { take: &mut take, is_bare: &mut is_bare });
    match read {
        Ok(()) => {}
        // Programs that are killed leave the list open, and the format allows it.
        Err(error) if is_bare && error.is_eof() => trace
            .gather
            .warn("the list of events has no end, so the last ones may be missing".into()),
        Err(error) => return Err(json::fault(error)),
    }
    trace.finish()
}

#[derive(Default)]
struct Trace {
    gather: Gather,
    frames: Option<Frames>,
    /// By process and thread.
    threads: HashMap<String, Thread>,
    left_out: u64,
}

#[derive(Default)]
struct Thread {
    spans: Vec<Span>,
    /// Positions of the spans that are entered and not left.
    open: Vec<usize>,
    latest: f64,
}

#[derive(Clone, Copy)]
struct Span {
    function: usize,
    begin: f64,
    end: f64,
}

impl Trace {
    fn take(&mut self, event: Event) -> Result<(), String> {
        let Event { ph, name, ts, dur, pid, tid } = event;
        if !matches!(ph.as_str(), "B" | "E" | "X") {
            self.left_out += u64::from(ph != "M");
            return Ok(());
        }
        let ts = ts.ok_or("an event without `ts`")?;
        let frames = self.frames.get_or_insert_with(|| Frames::new(LineOf::Definition));
        let thread = self.threads.entry(format!("{pid} {tid}")).or_default();
        let mut function = || {
            let name = name.as_deref().unwrap_or_default();
            frames.of_text(name.as_bytes()).ok_or("too many different functions")
        };
        match ph.as_str() {
            "B" => {
                let span = Span { function: function()?, begin: ts, end: ts };
                thread.open.push(thread.spans.len());
                thread.spans.push(span);
                thread.latest = thread.latest.max(ts);
            }
            "E" => {
                let open = thread.open.pop().ok_or("an end (`E`) of nothing that began")?;
                thread.spans[open].end = ts;
                thread.latest = thread.latest.max(ts);
            }
            _ => {
                let dur = dur.unwrap_or_default();
                if dur < 0.0 {
                    return Err(format!("the duration {dur} is below 0"));
                }
                let span = Span { function: function()?, begin: ts, end: ts + dur };
                thread.spans.push(span);
                thread.latest = thread.latest.max(span.end);
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Profile, Fault> {
        let mut timeline = Timeline::default();
        let (mut unended, mut overlapping) = (0, 0);
        let mut names: Vec<String> = self.threads.keys().cloned().collect();
        names.sort();
        for name in names {
            let Some(mut thread) = self.threads.remove(&name) else { continue };
            unended += thread.open.len();
            for open in std::mem::take(&mut thread.open) {
                thread.spans[open].end = thread.latest;
            }
            overlapping += nested(&mut timeline, thread.spans)?;
        }
        self.warn(unended, overlapping);
        let (costs, edges) = timeline.into_costs();
        let scaled = |cost: Cost| Cost {
            tsub: cost.tsub * MICROSECOND,
            ttot: cost.ttot * MICROSECOND,
            ..cost
        };
        let keys = self.frames.map(Frames::into_keys).unwrap_or_default();
        for (key, cost) in keys.into_iter().zip(costs) {
            self.gather.push(Function { key, cost: scaled(cost) });
        }
        self.gather.profile.edges = edges;
        for edge in &mut self.gather.profile.edges {
            edge.cost = scaled(edge.cost);
        }
        self.gather.finish()
    }

    fn warn(&mut self, unended: usize, overlapping: u64) {
        if self.left_out > 0 {
            let count = self.left_out;
            self.gather.warn(format!("{count} events that are no spans of a thread are left out"));
        }
        if unended > 0 {
            self.gather
                .warn(format!("{unended} spans that do not end are ended with the last event"));
        }
        if overlapping > 0 {
            self.gather.warn(format!(
                "{overlapping} spans end after the one in which they began; they are ended with it"
            ));
        }
    }
}

/// Enters and leaves the spans of a thread in the order of time; gives how many overlapped.
fn nested(timeline: &mut Timeline, mut spans: Vec<Span>) -> Result<u64, Fault> {
    // Of two that begin together the longer one is the caller; where equal, the one written first.
    spans.sort_by(|a, b| a.begin.total_cmp(&b.begin).then(b.end.total_cmp(&a.end)));
    let mut ends: Vec<f64> = Vec::new();
    let mut overlapping = 0;
    for Span { function, begin, end } in spans {
        while let Some(&last) = ends.last().filter(|&&last| last <= begin && last < end) {
            timeline.leave(last);
            ends.pop();
        }
        let limit = ends.last().copied().unwrap_or(f64::INFINITY);
        overlapping += u64::from(end > limit);
        if ends.len() >= DEEPEST {
            return Err(Fault::new(
                format!("more than {DEEPEST} spans within each other"),
                "check that this is a trace",
            ));
        }
        timeline.enter(function, begin);
        ends.push(end.min(limit));
    }
    while let Some(last) = ends.pop() {
        timeline.leave(last);
    }
    Ok(overlapping)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &str) -> Result<Profile, String> {
        profile(&mut text.as_bytes()).map_err(|fault| fault.at(Path::new("p")).to_string())
    }

    fn costs(profile: &Profile) -> Vec<(&str, u64, u64, u64)> {
        let micros = |seconds: f64| (seconds * 1e6).round() as u64;
        let row =
            |one: &'_ Function| (one.cost.ncall, micros(one.cost.tsub), micros(one.cost.ttot));
        let named = profile.functions.iter().map(|one| (one.key.name.as_str(), row(one)));
        named.map(|(name, (ncall, tsub, ttot))| (name, ncall, tsub, ttot)).collect()
    }

    const COMPLETE: &str = r#"{"displayTimeUnit": "ms", "traceEvents": [
        {"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "x"}},
        {"ph": "X", "name": "g (a.py:7)", "ts": 3, "dur": 4, "pid": 1, "tid": 1},
        {"ph": "X", "name": "g (a.py:7)", "ts": 8, "dur": 1, "pid": 1, "tid": 1, "cat": "c"},
        {"ph": "X", "name": "f (a.py:2)", "ts": 1, "dur": 10, "pid": 1, "tid": 1},
        {"ph": "X", "name": "g (a.py:7)", "ts": 2, "dur": 2, "pid": 1, "tid": "other"}]}"#;

    #[test]
    fn complete_events_are_nested_by_time_and_thread() {
        let profile = read(COMPLETE).unwrap();
        assert_eq!(costs(&profile), [("g", 3, 7, 7), ("f", 1, 5, 10)]);
        assert_eq!(profile.functions[0].key.line, 7);
        assert_eq!(profile.edges.len(), 1);
        assert_eq!(profile.edges[0].cost.ncall, 2);
        assert!(profile.counts_calls && profile.origin.warnings.is_empty());
    }

    #[test]
    fn begins_and_ends_are_spans_too() {
        let event = |ph: &str, name: &str, ts: u32| {
            format!(r#"{{"ph": "{ph}", "name": "{name}", "ts": {ts}}}"#)
        };
        let events =
            [event("B", "f", 1), event("B", "f", 2), event("E", "f", 4), event("E", "f", 9)];
        let profile = read(&format!("[{}]", events.join(","))).unwrap();
        assert_eq!(costs(&profile), [("f", 2, 8, 8)]);
        // A list without its end, and a function that never ends.
        let profile = read(&format!("[{},", events[..3].join(","))).unwrap();
        assert_eq!(costs(&profile), [("f", 2, 3, 3)]);
        assert_eq!(profile.origin.warnings.len(), 2);
    }

    #[test]
    fn what_is_no_trace_is_told() {
        let check = |text: &str, message: &str| {
            let error = read(text).unwrap_err();
            assert!(error.contains(message), "{error}");
        };
        check(r#"[{"ph": "E", "ts": 1}]"#, "an end (`E`) of nothing that began");
        check(r#"[{"ph": "X", "name": "f"}]"#, "an event without `ts`");
        check(r#"[{"ph": "X", "name": "f", "ts": 1, "dur": -1}]"#, "is below 0");
        check(r#"{"traceEvents": [{"ph": "X""#, "line 1, column 27: the file was cut");
        check(r#"{"traceEvents": 3}"#, "expected a list of trace events");
    }

    #[test]
    fn a_cut_list_keeps_what_is_whole_and_says_so() {
        let list = COMPLETE.split_once(": [").unwrap().1.trim_end_matches('}');
        let whole = format!("[{list}");
        for length in 1..whole.len() {
            if let Ok(profile) = read(&whole[..length]) {
                assert!(profile.origin.warnings[0].contains("has no end"), "cut at {length}");
            }
        }
        for length in 0..COMPLETE.len() {
            assert!(read(&COMPLETE[..length]).is_err(), "cut at {length}");
        }
    }
}

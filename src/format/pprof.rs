//! Pprof's format: a packed protocol buffer, which `go tool pprof` and its many friends open.
//! Written by hand, since it is eight small messages; the stacks are worked out from the graph of
//! calls.
//!
//! Source: `profile.proto` of github.com/google/pprof.

use std::io::Write as _;

use flate2::Compression;
use flate2::GzBuilder;

use crate::format::order::ordered;
use crate::format::pprof_wire::Message;
use crate::format::pprof_wire::Strings;
use crate::format::unit::counts;
use crate::format::writer::Writer;
use crate::profile::CostUnit;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::profile::unfold::UNKNOWN_CALLERS;
use crate::profile::unfold::Unfolded;

#[derive(Debug)]
pub struct Pprof;

impl Writer for Pprof {
    fn name(&self) -> &'static str {
        "pprof"
    }

    fn about(&self) -> &'static str {
        "pprof's packed protocol buffer: opens in `go tool pprof`, speedscope, Parca, Pyroscope"
    }

    fn is_binary(&self) -> bool {
        true
    }

    fn write(&self, profile: &Profile) -> Vec<u8> {
        let message = message(&ordered(profile));
        let mut packed = GzBuilder::new().write(Vec::new(), Compression::default());
        // Writing to memory does not fail.
        let _ = packed.write_all(&message);
        packed.finish().unwrap_or_default()
    }
}

/// The fields of `Profile`.
mod field {
    pub const SAMPLE_TYPE: u32 = 1;
    pub const SAMPLE: u32 = 2;
    pub const LOCATION: u32 = 4;
    pub const FUNCTION: u32 = 5;
    pub const STRING_TABLE: u32 = 6;
    pub const PERIOD_TYPE: u32 = 11;
    pub const PERIOD: u32 = 12;
    pub const COMMENT: u32 = 13;
}

fn message(profile: &Profile) -> Vec<u8> {
    let (kind, unit) = match profile.unit {
        CostUnit::WallSeconds => ("wall", "nanoseconds"),
        CostUnit::CpuSeconds => ("cpu", "nanoseconds"),
        CostUnit::Instructions => ("instructions", "count"),
        CostUnit::Samples => ("samples", "count"),
    };
    let unfolded = Unfolded::of(profile);
    let mut strings = Strings::default();
    let mut message = Message::default();
    let value_type =
        Message::default().number(1, strings.number(kind)).number(2, strings.number(unit));
    message = message.message(field::SAMPLE_TYPE, &value_type);
    let unknown = profile.functions.len();
    for (at, node) in unfolded.nodes.iter().enumerate() {
        let value = counts(profile.unit, node.own);
        if value > 0 {
            // Numbers from 1, the innermost first.
            let path = unfolded.path(at).into_iter().rev();
            let locations: Vec<u64> =
                path.map(|function| function.unwrap_or(unknown) as u64 + 1).collect();
            let sample =
                Message::default().numbers(1, &locations).numbers(2, &[value.min(i64::MAX as u64)]);
            message = message.message(field::SAMPLE, &sample);
        }
    }
    let unknown_key = FunctionKey { name: UNKNOWN_CALLERS.into(), ..FunctionKey::default() };
    let keys = profile.functions.iter().map(|one| &one.key).chain([&unknown_key]);
    for (number, key) in (1..).zip(keys) {
        let line = Message::default().number(1, number).number(2, key.line.into());
        let location = Message::default().number(1, number).message(4, &line);
        let function = Message::default()
            .number(1, number)
            .number(2, strings.number(&key.name))
            .number(3, strings.number(&key.name))
            .number(4, strings.number(&key.file))
            .number(5, key.line.into());
        message = message.message(field::LOCATION, &location).message(field::FUNCTION, &function);
    }
    let comment = strings.number("paths estimated from calls by superlinear");
    message = message
        .message(field::PERIOD_TYPE, &value_type)
        .number(field::PERIOD, 1)
        .numbers(field::COMMENT, &[comment]);
    for text in strings.list() {
        message = message.text(field::STRING_TABLE, text);
    }
    message.bytes()
}

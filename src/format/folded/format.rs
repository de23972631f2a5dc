//! The folded format's name, its mark, and its directions.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::folded::read;
use crate::format::folded::write;
use crate::format::frame::LineOf;
use crate::format::reader::Reader;
use crate::format::writer::Writer;
use crate::profile::Profile;

#[derive(Debug)]
pub struct Folded;

impl Reader for Folded {
    fn name(&self) -> &'static str {
        "folded"
    }

    fn about(&self) -> &'static str {
        "folded stacks, a line and a weight for each: py-spy's raw output, perf and inferno"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        read::recognise(head)
    }

    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        read::profile(input, LineOf::Execution)
    }
}

impl Writer for Folded {
    fn name(&self) -> &'static str {
        "folded"
    }

    fn about(&self) -> &'static str {
        "stacks for flamegraph.pl and inferno, estimated from calls"
    }

    fn write(&self, profile: &Profile) -> Vec<u8> {
        write::stacks(profile)
    }
}

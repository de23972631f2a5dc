//! The callgrind format's name, its mark, and its two directions; the work is done in the rooms
//! beside.

use std::io::Read;

use crate::format::callgrind::header;
use crate::format::callgrind::read;
use crate::format::callgrind::write;
use crate::format::fault::Fault;
use crate::format::reader::Reader;
use crate::format::writer::Writer;
use crate::profile::Profile;

#[derive(Debug)]
pub struct Callgrind;

impl Reader for Callgrind {
    fn name(&self) -> &'static str {
        "callgrind"
    }

    fn about(&self) -> &'static str {
        "calls and costs as valgrind's callgrind writes them, and yappi, Xdebug and pprof after it"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        header::recognise(head)
    }

    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        read::profile(input)
    }
}

impl Writer for Callgrind {
    fn name(&self) -> &'static str {
        "callgrind"
    }

    fn about(&self) -> &'static str {
        "calls and costs: opens in KCachegrind, QCachegrind, callgrind_annotate, gprof2dot"
    }

    fn write(&self, profile: &Profile) -> Vec<u8> {
        write::document(profile)
    }
}

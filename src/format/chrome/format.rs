//! The trace event format's name, its mark, and its two directions; the work is done beside.

use std::io::Read;

use crate::format::chrome::read;
use crate::format::chrome::write;
use crate::format::fault::Fault;
use crate::format::reader::Reader;
use crate::format::writer::Writer;
use crate::profile::Profile;

#[derive(Debug)]
pub struct Chrome;

impl Reader for Chrome {
    fn name(&self) -> &'static str {
        "chrome"
    }

    fn about(&self) -> &'static str {
        "Chrome's trace events (B, E and X), as VizTracer and browsers write them"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        let text = head.trim_ascii_start();
        text.starts_with(b"{") && has(b"\"traceEvents\"")
            || text.starts_with(b"[") && has(b"\"ph\"")
    }

    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        read::profile(input)
    }
}

impl Writer for Chrome {
    fn name(&self) -> &'static str {
        "chrome"
    }

    fn about(&self) -> &'static str {
        "trace events for Perfetto and chrome://tracing, estimated from calls"
    }

    fn write(&self, profile: &Profile) -> Vec<u8> {
        write::document(profile)
    }
}

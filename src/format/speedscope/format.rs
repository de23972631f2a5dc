//! The speedscope format's name, its mark, and its two directions; the work is done beside.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::reader::Reader;
use crate::format::speedscope::read;
use crate::format::speedscope::write;
use crate::format::writer::Writer;
use crate::profile::Profile;

#[derive(Debug)]
pub struct Speedscope;

impl Reader for Speedscope {
    fn name(&self) -> &'static str {
        "speedscope"
    }

    fn about(&self) -> &'static str {
        "speedscope's JSON, sampled or evented, as speedscope and py-spy write it"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        head.trim_ascii_start().starts_with(b"{")
            && (has(b"speedscope.app/file-format-schema.json")
                || has(b"\"shared\"") && has(b"\"frames\""))
    }

    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        read::profile(input)
    }
}

impl Writer for Speedscope {
    fn name(&self) -> &'static str {
        "speedscope"
    }

    fn about(&self) -> &'static str {
        "stacks for speedscope.app, estimated from calls"
    }

    fn write(&self, profile: &Profile) -> Vec<u8> {
        write::document(profile)
    }
}

//! The pstat format's name, its mark, and its two directions; the work is done in the rooms beside.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::pstat::read;
use crate::format::pstat::write;
use crate::format::reader::Reader;
use crate::format::writer::Writer;
use crate::profile::Profile;

/// Statistics of a million functions with ten callers each are half of this.
const LARGEST: u64 = 1 << 30;

#[derive(Debug)]
pub struct Pstat;

impl Reader for Pstat {
    fn name(&self) -> &'static str {
        "pstat"
    }

    fn about(&self) -> &'static str {
        "Python's profile statistics, as cProfile and yappi save them"
    }

    /// A dict, and in it a tuple of three, or nothing. No text begins like that.
    fn recognises(&self, head: &[u8]) -> bool {
        const FLAG: u8 = 0x80;
        let code = |at: usize| head.get(at).map(|byte| byte & !FLAG);
        code(0) == Some(b'{')
            && match code(1) {
                Some(b'0') => head.len() == 2,
                Some(b')') => head.get(2) == Some(&3),
                Some(b'(') => head.get(2..6) == Some(&[3, 0, 0, 0]),
                _ => false,
            }
    }

    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        let mut content = Vec::new();
        input.take(LARGEST + 1).read_to_end(&mut content).map_err(Fault::Input)?;
        if content.len() as u64 > LARGEST {
            return Err(Fault::new(
                "the file is larger than 1 GiB, more than the statistics of any program",
                "check that this is a profile",
            ));
        }
        read::profile(&content)
    }
}

impl Writer for Pstat {
    fn name(&self) -> &'static str {
        "pstat"
    }

    fn about(&self) -> &'static str {
        "Python's profile statistics: opens in pstats, SnakeViz and gprof2dot"
    }

    fn is_binary(&self) -> bool {
        true
    }

    fn write(&self, profile: &Profile) -> Vec<u8> {
        write::marshalled(profile)
    }
}

//! Whether a program is native code, and whether its functions have names: the table of symbols of
//! an ELF file. Only headers are read, and no number in them is believed beyond the file.

use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::SeekFrom;
use std::path::Path;

use crate::system::file;

/// Section headers that are looked at; real programs have some forty.
const MOST_SECTIONS: u64 = 4_096;
/// The type of a section that holds the names of all functions.
const SYMBOL_TABLE: u32 = 2;

/// What a file is, as far as a profiler cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Native, with the names of its functions.
    WithSymbols,
    /// Native, without them.
    Stripped,
    /// A script or anything else.
    Other,
}

/// What the file at `path` is.
pub fn kind(path: &Path) -> Kind {
    let head = file::head(path, 64).unwrap_or_default();
    let Some(sections) = Sections::of(&head) else { return Kind::Other };
    let table = sections.read(path).unwrap_or_default();
    let size = usize::try_from(sections.size).unwrap_or(usize::MAX);
    let is_symbols = |header: &[u8]| sections.number(header, 4, 4) == Some(SYMBOL_TABLE.into());
    match table.chunks_exact(size.max(1)).any(is_symbols) {
        true => Kind::WithSymbols,
        false => Kind::Stripped,
    }
}

/// Where the section headers lie, and how their numbers are written.
struct Sections {
    little: bool,
    at: u64,
    size: u64,
    count: u64,
}

impl Sections {
    fn of(head: &[u8]) -> Option<Self> {
        if !head.starts_with(b"\x7fELF") {
            return None;
        }
        let mut sections = Self { little: *head.get(5)? == 1, at: 0, size: 0, count: 0 };
        let (at, width, size) = match head.get(4)? {
            1 => (0x20, 4, 0x2e),
            2 => (0x28, 8, 0x3a),
            _ => return None,
        };
        sections.at = sections.number(head, at, width)?;
        sections.size = sections.number(head, size, 2)?;
        sections.count = sections.number(head, size + 2, 2)?;
        Some(sections)
    }

    /// All headers that the file holds, as they stand.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut file = file::open(path).map_err(|_| io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(self.at))?;
        let mut table = Vec::new();
        file.take(self.size * self.count.min(MOST_SECTIONS)).read_to_end(&mut table)?;
        Ok(table)
    }

    fn number(&self, bytes: &[u8], at: usize, width: usize) -> Option<u64> {
        let digits = bytes.get(at..at.checked_add(width)?)?;
        let add = |number: u64, digit: &u8| number << 8 | u64::from(*digit);
        Some(match self.little {
            true => digits.iter().rev().fold(0, add),
            false => digits.iter().fold(0, add),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_named_functions_from_stripped_ones_and_from_scripts() {
        let this = std::env::current_exe().unwrap();
        assert_eq!(kind(&this), Kind::WithSymbols);
        assert_eq!(kind(Path::new("/proc/self/status")), Kind::Other);
        assert_eq!(kind(Path::new("/nowhere")), Kind::Other);
    }

    #[test]
    fn believes_no_number_of_a_damaged_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("odd");
        for class in 0..4 {
            for fill in [0x00, 0x01, 0x7f, 0xff] {
                let mut bytes = [fill; 64];
                bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, 1]);
                for length in 0..=64 {
                    file::replace(&path, &bytes[..length]).unwrap();
                    assert_ne!(kind(&path), Kind::WithSymbols);
                }
            }
        }
    }
}

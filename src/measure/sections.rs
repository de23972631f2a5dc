//! The sections of a program or library that hold its debug information, unpacked.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use flate2::read::ZlibDecoder;
use object::CompressedData;
use object::CompressionFormat;
use object::Object as _;
use object::ObjectSection as _;

use crate::system::file;

/// Programs with all of their debug information are some hundred megabytes large.
const LARGEST_BYTES: u64 = 1 << 30;

/// The sections `.debug_…` of a file.
#[derive(Debug)]
pub struct Sections {
    pub is_little_endian: bool,
    by_name: HashMap<String, Vec<u8>>,
}

impl Sections {
    /// `None` where `path` is no program or library, cannot be read, or has none.
    pub fn read(path: &Path) -> Option<Self> {
        let content = file::read(path, LARGEST_BYTES).ok()?;
        let object = object::File::parse(content.as_slice()).ok()?;
        let mut left = LARGEST_BYTES;
        let mut by_name = HashMap::new();
        for section in object.sections() {
            let Ok(name) = section.name() else { continue };
            if !name.starts_with(".debug_") {
                continue;
            }
            let unpacked = section.compressed_data().ok().and_then(|data| unpacked(&data, left))?;
            left = left.checked_sub(unpacked.len() as u64)?;
            by_name.insert(name.to_string(), unpacked);
        }
        let is_little_endian = object.is_little_endian();
        by_name.contains_key(".debug_info").then_some(Self { is_little_endian, by_name })
    }

    /// The content of the section; empty where there is none.
    pub fn get(&self, name: &str) -> &[u8] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// `None` where it is larger than `most` bytes, or packed in a way that is not known.
fn unpacked(data: &CompressedData<'_>, most: u64) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    match data.format {
        CompressionFormat::None => content.extend_from_slice(data.data),
        CompressionFormat::Zlib => {
            let mut decoder = ZlibDecoder::new(data.data).take(most.saturating_add(1));
            decoder.read_to_end(&mut content).ok()?;
        }
        _ => return None,
    }
    (content.len() as u64 <= most).then_some(content)
}

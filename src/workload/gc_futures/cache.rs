//! The bars on disk, one file per day, written whole: read when they are there and sound, generated
//! and kept otherwise. Nothing is ever removed.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::error::Act;
use crate::error::Result;
use crate::system::file;
use crate::workload::gc_futures::bar;
use crate::workload::gc_futures::bar::Bar;
use crate::workload::gc_futures::generator::generate_bars;

/// A folder of bars.
#[derive(Debug)]
pub struct BarCache {
    folder: PathBuf,
}

impl BarCache {
    /// The cache below `cache_dir`, made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(cache_dir: &Path) -> Result<Self> {
        let folder = cache_dir.join("gc_five_minutes");
        file::create_folder(&folder)?;
        Ok(Self { folder })
    }

    /// The bars of a day, first to last.
    ///
    /// # Errors
    /// When a file is there and cannot be read, or a new one cannot be written.
    pub fn load_bars(&self, day: NaiveDate) -> Result<Vec<Bar>> {
        let _span = crate::span!("load_bars");
        let path = self.folder.join(format!("{day}.bars"));
        if let Some(bars) = read_bars(&path, day)? {
            return Ok(bars);
        }
        let bars = generate_bars(day);
        write_bars(&path, day, &bars)?;
        Ok(bars)
    }
}

/// `None` when there is no file or a damaged one.
fn read_bars(path: &Path, day: NaiveDate) -> Result<Option<Vec<Bar>>> {
    let _span = crate::span!("read_bars");
    match file::read(path, bar::FILE_BYTES as u64) {
        Ok(bytes) => Ok(bar::decode(day, &bytes)),
        Err(error) => match error.act() {
            Act::ReadFile { source, .. } if is_absent_or_damaged(source) => Ok(None),
            _ => Err(error),
        },
    }
}

fn write_bars(path: &Path, day: NaiveDate, bars: &[Bar]) -> Result<()> {
    let _span = crate::span!("write_bars");
    file::replace(path, &bar::encode(day, bars))
}

fn is_absent_or_damaged(source: &io::Error) -> bool {
    matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::FileTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, 20).unwrap()
    }

    #[test]
    fn a_warm_cache_gives_what_the_cold_one_made_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BarCache::open(folder.path()).unwrap();
        let cold = cache.load_bars(day()).unwrap();
        let path = cache.folder.join("2025-01-20.bars");
        let written = fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(cache.load_bars(day()).unwrap(), cold);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_file_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BarCache::open(folder.path()).unwrap();
        let sound = cache.load_bars(day()).unwrap();
        let path = cache.folder.join("2025-01-20.bars");
        let bytes = fs::read(&path).unwrap();
        let mut flipped = bytes.clone();
        flipped[40] ^= 1;
        let longer = [&bytes[..], b"x"].concat();
        for damaged in [Vec::new(), bytes[..900].to_vec(), flipped, longer] {
            file::replace(&path, &damaged).unwrap();
            assert_eq!(cache.load_bars(day()).unwrap(), sound);
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
    }

    #[test]
    fn a_file_that_cannot_be_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BarCache::open(folder.path()).unwrap();
        file::create_folder(&cache.folder.join("2025-01-20.bars")).unwrap();
        let error = cache.load_bars(day()).unwrap_err();
        assert!(error.to_string().starts_with("cannot read"), "{error}");
    }
}

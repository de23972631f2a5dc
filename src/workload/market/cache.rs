//! Bars on disk, written whole: read when they are there and sound, made and kept otherwise.
//! Nothing is ever removed.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::error::Act;
use crate::error::Result;
use crate::system::file;
use crate::workload::market::bar;
use crate::workload::market::bar::Bar;

/// A folder of bars.
#[derive(Debug)]
pub struct BarCache {
    folder: PathBuf,
}

impl BarCache {
    /// The cache in `folder`, made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(folder: PathBuf) -> Result<Self> {
        file::create_folder(&folder)?;
        Ok(Self { folder })
    }

    /// The `count` bars of that number, first to last, from the file `name`; `make` makes them when
    /// they are not there.
    ///
    /// # Errors
    /// When a file is there and cannot be read, or a new one cannot be written.
    pub fn load(
        &self,
        name: &str,
        number: i64,
        count: usize,
        make: impl FnOnce() -> Vec<Bar>,
    ) -> Result<Vec<Bar>> {
        let path = self.folder.join(format!("{name}.bars"));
        if let Some(bars) = read_bars(&path, number, count)? {
            return Ok(bars);
        }
        let bars = make();
        write_bars(&path, number, &bars)?;
        Ok(bars)
    }
}

/// `None` when there is no file or a damaged one.
fn read_bars(path: &Path, number: i64, count: usize) -> Result<Option<Vec<Bar>>> {
    let _span = crate::span!("read_bars");
    match file::read(path, bar::file_bytes(count) as u64) {
        Ok(bytes) => Ok(bar::decode(number, count, &bytes)),
        Err(error) => match error.act() {
            Act::ReadFile { source, .. } if is_absent_or_damaged(source) => Ok(None),
            _ => Err(error),
        },
    }
}

fn write_bars(path: &Path, number: i64, bars: &[Bar]) -> Result<()> {
    let _span = crate::span!("write_bars");
    file::replace(path, &bar::encode(number, bars))
}

fn is_absent_or_damaged(source: &io::Error) -> bool {
    matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::FileTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn bars() -> Vec<Bar> {
        (0..40).map(|at| Bar { close: at * at, ..Bar::default() }).collect()
    }

    fn load(cache: &BarCache) -> Result<Vec<Bar>> {
        cache.load("week", 7, 40, bars)
    }

    #[test]
    fn a_warm_cache_gives_what_the_cold_one_made_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BarCache::open(folder.path().into()).unwrap();
        let cold = load(&cache).unwrap();
        let path = cache.folder.join("week.bars");
        let written = fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(cache.load("week", 7, 40, Vec::new).unwrap(), cold);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_file_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BarCache::open(folder.path().into()).unwrap();
        let sound = load(&cache).unwrap();
        let path = cache.folder.join("week.bars");
        let bytes = fs::read(&path).unwrap();
        let mut flipped = bytes.clone();
        flipped[40] ^= 1;
        let longer = [&bytes[..], b"x"].concat();
        for damaged in [Vec::new(), bytes[..900].to_vec(), flipped, longer] {
            file::replace(&path, &damaged).unwrap();
            assert_eq!(load(&cache).unwrap(), sound);
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
    }

    #[test]
    fn a_file_that_cannot_be_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BarCache::open(folder.path().into()).unwrap();
        file::create_folder(&cache.folder.join("week.bars")).unwrap();
        let error = load(&cache).unwrap_err();
        assert!(error.to_string().starts_with("cannot read"), "{error}");
    }
}

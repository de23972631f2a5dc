//! One measured run at a time on a host, whoever started it.
//! A runner that was told how many to measure at once shares the host with others of its kind, and
//! still never disturbs one that measures alone.

use std::path::PathBuf;

use crate::system::env;
use crate::system::lock::FileLock;

/// Names another lock file, for hosts whose users do not share the usual one.
pub const VARIABLE: &str = "SUPERLINEAR_HOST_LOCK";

/// Where every user of a host finds the same file.
const PLACE: &str = "/tmp/superlinear.lock";

/// This host, as one runner uses it.
#[derive(Debug)]
pub struct Host {
    path: PathBuf,
    alone: bool,
    /// Whether the lock could not be used once; it is not tried again.
    unusable: bool,
}

/// What came of asking to measure now.
#[derive(Debug)]
pub enum Entry {
    /// Nothing else is measured as long as the lock is held.
    Free(FileLock),
    /// Something else is being measured.
    Busy,
    /// The lock cannot be used, for this reason when it is told for the first time.
    Unguarded(Option<String>),
}

impl Host {
    /// `alone`: whether nothing else may be measured beside a run of this runner.
    pub fn new(alone: bool) -> Self {
        let path = env::var_os(VARIABLE).map_or_else(|| PathBuf::from(PLACE), PathBuf::from);
        Self { path, alone, unusable: false }
    }

    /// Asks to measure now. A lock that cannot be used keeps nobody from measuring.
    pub fn enter(&mut self) -> Entry {
        if self.unusable {
            return Entry::Unguarded(None);
        }
        match FileLock::try_take_public(&self.path, self.alone) {
            Ok(Some(lock)) => Entry::Free(lock),
            Ok(None) => Entry::Busy,
            Err(error) => {
                self.unusable = true;
                Entry::Unguarded(Some(error.to_string()))
            }
        }
    }
}

//! From when to when a program is recorded, and where its profile goes.
//! One recording per process; how calls are recorded stands elsewhere.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::error::Error;
use crate::error::Result;
use crate::measure::spans::recorder;
use crate::measure::spans::snapshot::snapshot;
use crate::profile::wire;
use crate::system::env;
use crate::system::exit;
use crate::system::file;

/// The variable that names the file to write; without it nothing is recorded.
pub const PROFILE_VARIABLE: &str = "SUPERLINEAR_PROFILE";

/// Records from its making until [`finish`](Self::finish) or its end, then writes the profile.
///
/// Keep it in `main`, above the first span: `let _session = Session::from_env();`.
/// The profile is saved as well when the program ends by `std::process::exit` or by a panic that
/// unwinds; when it ends by SIGTERM or SIGINT, only after
/// [`saved_on_termination`](Self::saved_on_termination); never after SIGKILL or an abort.
/// A session that is made while another records does nothing. A later one adds to the figures of
/// the earlier: they are those of the whole process.
#[derive(Debug)]
#[must_use = "a session that is not kept in a variable ends at once"]
pub struct Session {
    records: bool,
}

#[derive(Debug)]
struct Target {
    path: PathBuf,
    /// A forked child must not write the file of its parent.
    process: u32,
}

static TARGET: Mutex<Option<Target>> = Mutex::new(None);

impl Session {
    /// Records into the file that the environment variable `SUPERLINEAR_PROFILE` names; without
    /// it, does nothing.
    pub fn from_env() -> Self {
        let path = env::var_os(PROFILE_VARIABLE).filter(|path| !path.is_empty());
        match path {
            Some(path) => Self::into_file(Path::new(&path)),
            None => Self { records: false },
        }
    }

    /// Records into `path`, which is replaced as a whole at the end.
    pub fn into_file(path: &Path) -> Self {
        let mut target = target();
        if target.is_some() {
            return Self { records: false };
        }
        let exits_are_seen = exit::before_exit(save_before_exit);
        if let Err(error) = exits_are_seen {
            tracing::warn!("the profile is lost if the program calls `exit`: {error}");
        }
        *target = Some(Target { path: path.into(), process: std::process::id() });
        recorder::start();
        Self { records: true }
    }

    /// Saves the profile on SIGTERM and SIGINT too, with the calls that are open at that moment;
    /// the signal then ends the process as it does by default. Not for a program that handles these
    /// signals itself: let that one end its session.
    ///
    /// # Errors
    /// When the handler cannot be installed.
    pub fn saved_on_termination(self) -> Result<Self> {
        if self.records {
            exit::before_termination(|| report(save()))
                .map_err(|error| Error::usage(format!("cannot handle signals: {error}"), ""))?;
        }
        Ok(self)
    }

    /// Stops recording and writes the profile.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<()> {
        self.end()
    }

    /// Leaves the recording on until the process exits.
    pub(super) fn until_exit(mut self) {
        self.records = false;
    }

    fn end(&mut self) -> Result<()> {
        if std::mem::take(&mut self.records) { save() } else { Ok(()) }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        report(self.end());
    }
}

extern "C" fn save_before_exit() {
    report(save());
}

/// Writes the profile once: who comes second finds no target.
fn save() -> Result<()> {
    let mut target = target();
    let Some(Target { path, process }) = target.take() else {
        return Ok(());
    };
    recorder::stop();
    if process != std::process::id() {
        return Ok(());
    }
    file::replace(&path, &wire::to_json(&snapshot()))
}

fn report(saved: Result<()>) {
    if let Err(error) = saved {
        tracing::error!("{error}");
    }
}

fn target() -> MutexGuard<'static, Option<Target>> {
    TARGET.lock().unwrap_or_else(PoisonError::into_inner)
}

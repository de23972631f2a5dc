//! What every backend can do: say whether it can measure a program, turn the program's command into
//! a measured one, and read the profile that is left behind. It runs nothing itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Result;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::system::process::Exit;
use crate::system::process::Signal;

/// Reads a profile file in any known format. The worker lends it, because formats are no affair of
/// this side of the floor.
pub type ReadProfile<'a> = &'a dyn Fn(&Path) -> Result<Profile>;

/// A profiler, as the worker uses it.
pub trait Backend: Sync {
    /// The name in plans and on the command line.
    fn name(&self) -> &'static str;

    /// One line for `--help`: what it is for and what it gives.
    fn about(&self) -> &'static str;

    /// What its profiles count cost in; `None` where it makes none.
    fn unit(&self) -> Option<CostUnit>;

    /// Checks, before anything is run, that `program` can be measured here.
    ///
    /// # Errors
    /// What is missing and how to get it.
    fn check(&self, program: &Program) -> Result<()>;

    /// The command that runs `program` unchanged under this profiler and leaves its profile in the
    /// folder `scratch`, which exists and belongs to this attempt alone.
    ///
    /// # Errors
    /// When a helper file cannot be written to `scratch`.
    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program>;

    /// The signal by which the process of [`Backend::measured`] is politely asked to end: some
    /// profilers save what they have by another one than SIGTERM. What it started gets SIGTERM.
    fn ended_by(&self) -> Signal {
        Signal::Terminate
    }

    /// How the program itself ended, when the command of [`Backend::measured`] ended with `exit`;
    /// some profilers hide it.
    fn exit(&self, _scratch: &Path, exit: Exit) -> Exit {
        exit
    }

    /// What the program itself used, where its profiler may not have waited for it, so that the
    /// system does not account it to the command of [`Backend::measured`].
    fn used(&self, _scratch: &Path) -> Option<Used> {
        None
    }

    /// The profile that the ended program left in `scratch`; `None` where this backend makes none.
    /// Files of a profiler's own format are given to `read`.
    ///
    /// # Errors
    /// When the profile is missing or cannot be understood.
    fn collect(&self, scratch: &Path, read: ReadProfile<'_>) -> Result<Option<Profile>>;
}

/// Processor time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    pub user: Duration,
    pub system: Duration,
}

/// A program as it is started: no shell, every placeholder filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments; never empty.
    pub argv: Vec<String>,
    /// What is set on top of the inherited environment.
    pub env: BTreeMap<String, String>,
    pub cwd: PathBuf,
}

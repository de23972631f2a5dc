//! What a command that is told gets to know: how the queue of one selection stands at this moment.

use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;

use crate::cli::early::Found;
use crate::cli::notify;
use crate::cli::notify::Counts;
use crate::cli::notify::Notify;
use crate::cli::notify::Occasion;
use crate::cli::notify::Summary;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::system::clock;
use crate::system::machine;

/// Tells of some runs, from now on.
#[derive(Debug)]
pub struct Teller {
    notify: Option<Notify>,
    plan: PathBuf,
    selection: Selection,
    started: DateTime<Utc>,
}

/// What there is to tell beside the state of the runs.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub occasion: Occasion,
    /// In a few words, such as `the runner ended`.
    pub what: &'a str,
    pub exit_code: Option<u8>,
    /// What is found so far.
    pub found: Option<&'a Found>,
}

impl Teller {
    /// `notify`: nobody is told without it. `plan`: where it lies.
    pub fn new(notify: Option<Notify>, plan: PathBuf, selection: Selection) -> Self {
        Self { notify, plan, selection, started: clock::now() }
    }

    /// Tells; what went wrong with it.
    pub fn tell(&self, plan: &Plan, told: Told<'_>) -> Option<String> {
        let notify = self.notify.as_ref()?;
        let counts = Counts::of(plan, &self.selection);
        let summary = Summary {
            version: 1,
            occasion: told.occasion,
            message: format!("{}: {}", told.what, counts.words()),
            exit_code: told.exit_code,
            plan: self.plan.display().to_string(),
            host: machine::host(),
            started: self.started,
            told: clock::now(),
            counts,
            failures: notify::failures(plan, &self.selection),
            culprits: told.found.map(notify::culprits),
            findings: told.found.map_or(&[], |found| &found.lines),
        };
        notify.tell(&summary).err().map(|error| error.to_string())
    }
}

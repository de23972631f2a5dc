//! The plan with its journal, kept in memory between transitions and read again when it has changed.
//! Only a [`LockedPlan`] can be written, and nothing can be locked twice.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Change;
use crate::plan::Plan;
use crate::plan::Problem;
use crate::plan::RunId;
use crate::plan::change;
use crate::plan::convert::Names;
use crate::plan::model::VERSION;
use crate::plan::wire::RunWire;
use crate::store::document;
use crate::store::journal;
use crate::store::layout::Layout;
use crate::store::read;
use crate::store::splice;
use crate::system::clock;
use crate::system::file;
use crate::system::file::Stamp;
use crate::system::lock::FileLock;

/// A journal of this size, or as large as its plan if that is more, is folded into the plan.
const FOLD_AT: u64 = 1 << 20;

/// How often a taken lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(5);

/// One plan on disk.
#[derive(Debug)]
pub struct PlanStore {
    layout: Layout,
    names: Names<'static>,
    known: Option<Known>,
}

/// What was last read.
#[derive(Debug)]
struct Known {
    stamp: Option<Stamp>,
    text: String,
    plan: Plan,
    /// Runs whose journalled changes are not in `text`.
    touched: BTreeSet<RunId>,
    journal_end: u64,
}

/// The plan while nobody else can change it.
#[derive(Debug)]
pub struct LockedPlan<'a> {
    layout: &'a Layout,
    names: Names<'static>,
    known: &'a mut Known,
    _lock: FileLock,
}

impl PlanStore {
    pub fn new(path: &Path, names: Names<'static>) -> Self {
        Self { layout: Layout::new(path), names, known: None }
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The plan as it stands, without a lock.
    ///
    /// # Errors
    /// When the plan or its journal cannot be read or is refused.
    pub fn read(&mut self) -> Result<&Plan> {
        // A fold writes the plan first and empties the journal then, so the journal is read first:
        // what it held is then in the plan, or is applied to it here, or both, which is the same.
        let pending = journal::read(&self.layout.journal(), 0)?;
        let known = self.known.insert(load(&self.layout, self.names)?);
        apply_all(known, &pending.changes);
        known.journal_end = pending.end;
        Ok(&known.plan)
    }

    /// The plan as it was when it was last read or locked.
    pub fn last_read(&self) -> Option<&Plan> {
        self.known.as_ref().map(|known| &known.plan)
    }

    /// The refusal of the plan as it was last read, for problems that its reader could not see.
    pub fn refusal(&self, problems: Vec<Problem>) -> Error {
        let text = self.known.as_ref().map_or("", |known| known.text.as_str());
        let tree = document::tree(text);
        let place = |problem| document::mistake(text, tree.as_ref(), problem);
        let mistakes = problems.into_iter().map(place).collect();
        Act::RefusePlan { plan: self.layout.plan().to_path_buf(), mistakes }.into()
    }

    /// Takes the plan's lock, waiting at most `patience`, and brings the plan up to date.
    ///
    /// # Errors
    /// When the lock is not free in time, or the plan or its journal is refused.
    pub fn lock(&mut self, patience: Duration) -> Result<LockedPlan<'_>> {
        if file::stamp(self.layout.plan()).is_none() {
            // Without a plan there is nothing to lock, and no lock file should appear.
            read::text(self.layout.plan())?;
        }
        let lock = take(&self.layout, patience)?;
        let known = refreshed(&self.layout, self.names, self.known.take())?;
        let known = self.known.insert(known);
        Ok(LockedPlan { layout: &self.layout, names: self.names, known, _lock: lock })
    }
}

impl LockedPlan<'_> {
    pub fn plan(&self) -> &Plan {
        &self.known.plan
    }

    /// Records changes: they are on the disk when this returns.
    ///
    /// # Errors
    /// When the plan is of a newer version or the journal cannot be written; nothing has changed then.
    pub fn record(&mut self, changes: &[Change]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.check_version()?;
        let journal = self.layout.journal();
        self.known.journal_end = journal::append(&journal, self.known.journal_end, changes)?;
        apply_all(self.known, changes);
        if self.known.journal_end > FOLD_AT.max(self.known.text.len() as u64) {
            self.fold()?;
        }
        Ok(())
    }

    /// Writes what the journal holds into the plan and empties the journal.
    ///
    /// # Errors
    /// When the plan cannot be written; the journal then still holds everything.
    pub fn fold(&mut self) -> Result<()> {
        if self.known.journal_end == 0 {
            return Ok(());
        }
        self.check_version()?;
        let updated = splice::updated(&self.known.text, &self.known.plan, &self.known.touched);
        let text = updated.ok_or_else(|| Error::bug("the plan is no longer an object"))?;
        self.write(text)?;
        journal::clear(&self.layout.journal())?;
        self.known.journal_end = 0;
        self.known.touched.clear();
        Ok(())
    }

    /// Adds runs at the end of the plan.
    ///
    /// # Errors
    /// When the plan with them would be refused, or cannot be written.
    pub fn add(&mut self, runs: &[RunWire]) -> Result<()> {
        self.check_version()?;
        self.fold()?;
        let text = splice::with_runs(&self.known.text, runs)
            .ok_or_else(|| Error::bug("the plan is no longer an object"))?;
        self.known.plan = read::plan(self.layout.plan(), &text, self.names)?;
        self.write(text)
    }

    fn write(&mut self, text: String) -> Result<()> {
        file::replace(self.layout.plan(), text.as_bytes())?;
        self.known.text = text;
        self.known.stamp = file::stamp(self.layout.plan());
        Ok(())
    }

    fn check_version(&self) -> Result<()> {
        let version = self.known.plan.version;
        if version <= VERSION {
            return Ok(());
        }
        Err(Error::refuse_plan(
            self.layout.plan(),
            format!("version {version} is newer than {VERSION}, so it is read but never written"),
            "install a newer version of this tool",
        ))
    }
}

fn load(layout: &Layout, names: Names<'static>) -> Result<Known> {
    let stamp = file::stamp(layout.plan());
    let text = read::text(layout.plan())?;
    let plan = read::plan(layout.plan(), &text, names)?;
    Ok(Known { stamp, text, plan, touched: BTreeSet::new(), journal_end: 0 })
}

/// Reads only what has changed since `known` was read.
fn refreshed(layout: &Layout, names: Names<'static>, known: Option<Known>) -> Result<Known> {
    let current = file::stamp(layout.plan());
    let mut known = match known {
        Some(known) if known.stamp == current && current.is_some() => known,
        _ => load(layout, names)?,
    };
    let fresh = journal::read(&layout.journal(), known.journal_end)?;
    known.journal_end = fresh.end.max(known.journal_end);
    apply_all(&mut known, &fresh.changes);
    Ok(known)
}

fn apply_all(known: &mut Known, changes: &[Change]) {
    for event in changes {
        change::apply(&mut known.plan, event);
        if let Ok(id) = RunId::new(&event.run) {
            known.touched.insert(id);
        }
    }
}

fn take(layout: &Layout, patience: Duration) -> Result<FileLock> {
    let path = layout.plan_lock();
    let tries = patience.as_millis() / TRY_AGAIN.as_millis();
    for attempt in 0..=tries {
        if let Some(lock) = FileLock::try_take(&path)? {
            sign(&lock);
            return Ok(lock);
        }
        if attempt < tries {
            clock::sleep(TRY_AGAIN);
        }
    }
    Err(Act::LockPlan { plan: layout.plan().to_path_buf(), holder: holder(&path) }.into())
}

/// Writes into the lock file who holds it, for the message to those who wait in vain.
fn sign(lock: &FileLock) {
    let now = clock::now().format("%H:%M:%S");
    let note = format!("process {} since {now} UTC\n", std::process::id());
    let mut file = lock.file();
    let _ = file.rewind().and_then(|()| file.write_all(note.as_bytes()));
    let _ = file.set_len(note.len() as u64);
}

fn holder(path: &Path) -> String {
    let mut note = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(200).read_to_string(&mut note));
    match read {
        Ok(_) if !note.trim().is_empty() => note.trim().to_string(),
        _ => "another process".into(),
    }
}

//! The plan with its journal, kept in memory between transitions and read again when it has
//! changed. Only a [`LockedPlan`] can be written, and nothing can be locked twice.

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
use crate::plan::Run;
use crate::plan::convert::Names;
use crate::plan::model::VERSION;
use crate::plan::wire::RunWire;
use crate::store::document;
use crate::store::journal;
use crate::store::known::Known;
use crate::store::layout::Layout;
use crate::store::read;
use crate::store::splice;
use crate::system::clock;
use crate::system::clock::Stopwatch;
use crate::system::file;
use crate::system::file::Stamp;
use crate::system::lock::FileLock;

/// How often a taken lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(5);

/// How long an editor may take to write a plan that was good before.
const EDITING: Duration = Duration::from_secs(2);

/// How often a plan that cannot be read is looked at when nobody has locked it.
const GLANCES: usize = 4;

/// How often a plan that somebody edits at this very moment is taken up anew.
const EDITS: usize = 100;

/// One plan on disk.
#[derive(Debug)]
pub struct PlanStore {
    layout: Layout,
    names: Names<'static>,
    known: Option<Known>,
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
    /// The plan at `path`; a symbolic link stands for the file that it leads to, so that there is
    /// one lock and one journal whatever the name.
    pub fn new(path: &Path, names: Names<'static>) -> Self {
        Self { layout: Layout::new(&file::followed(path)), names, known: None }
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The plan as it stands, without a lock.
    ///
    /// # Errors
    /// When the plan or its journal cannot be read or is refused.
    pub fn read(&mut self) -> Result<&Plan> {
        let mut loaded = Known::glance(&self.layout, self.names);
        for _ in 1..GLANCES {
            if loaded.is_ok() {
                break;
            }
            // Perhaps somebody was just writing what was read.
            clock::sleep(TRY_AGAIN);
            loaded = Known::glance(&self.layout, self.names);
        }
        let loaded = loaded.map_err(|error| self.explained(error))?;
        Ok(&self.known.insert(loaded).plan)
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
        let lock = self.taken(patience)?;
        let Some(known) = &mut self.known else { return Err(Error::bug("no plan was read")) };
        Ok(LockedPlan { layout: &self.layout, names: self.names, known, _lock: lock })
    }

    /// The lock, with what is known brought up to date. A plan that was good a moment ago is
    /// perhaps being written by an editor, so it is given a moment to become good again.
    fn taken(&mut self, patience: Duration) -> Result<FileLock> {
        let watch = Stopwatch::start();
        loop {
            let lock = take(&self.layout, patience)?;
            let Err(error) = self.refresh() else { return Ok(lock) };
            drop(lock);
            if self.known.is_none() || watch.elapsed() >= EDITING {
                return Err(self.explained(error));
            }
            clock::sleep(TRY_AGAIN);
        }
    }

    /// Reads only what has changed since the last time; on error what was known stays.
    fn refresh(&mut self) -> Result<()> {
        let current = file::stamp(self.layout.plan());
        let journal_length = file::stamp(&self.layout.journal()).map_or(0, Stamp::length);
        let is_current = |known: &&mut Known| {
            known.stamp == current && current.is_some() && known.journal_end <= journal_length
        };
        match self.known.as_mut().filter(is_current) {
            Some(known) => known.catch_up(&self.layout),
            None => {
                self.known = Some(Known::locked(&self.layout, self.names)?);
                Ok(())
            }
        }
    }

    /// A refused plan with what is known of its last good state.
    fn explained(&self, error: Error) -> Error {
        let Act::RefusePlan { plan, mistakes } = error.act() else { return error };
        let kept = self.known.as_ref().and_then(|known| known.keep(&self.layout));
        let kept = kept.or_else(|| Some(self.layout.good_plan()).filter(|path| path.exists()));
        let pending = journal::read(&self.layout.journal(), 0).map_or(0, |read| read.changes.len());
        let mut mistakes = mistakes.clone();
        if let Some(first) = mistakes.first_mut() {
            if let Some(kept) = kept {
                first.hint += &format!("; its last good state is kept in `{}`", kept.display());
            }
            if pending > 0 {
                first.hint += &format!(
                    "; {pending} changes in its journal are safe and \
                     come into force once it can be read"
                );
            }
        }
        Act::RefusePlan { plan: plan.clone(), mistakes }.into()
    }
}

impl LockedPlan<'_> {
    pub fn plan(&self) -> &Plan {
        &self.known.plan
    }

    pub fn layout(&self) -> &Layout {
        self.layout
    }

    /// The runs that are running, in the order of the plan.
    pub fn running(&self) -> impl Iterator<Item = &Run> {
        let runs = &self.known.plan.runs;
        self.known.running.iter().filter_map(|place| runs.get_index(*place)).map(|(_, run)| run)
    }

    /// Records changes: they are on the disk when this returns.
    ///
    /// # Errors
    /// When the plan is of a newer version or the journal cannot be written; nothing has changed
    /// then.
    pub fn record(&mut self, changes: &[Change]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.check_version()?;
        if self.known.journal_end > journal::FULL {
            self.fold()?;
        }
        let journal = self.layout.journal();
        self.known.journal_end = journal::append(&journal, self.known.journal_end, changes)?;
        changes.iter().for_each(|change| tracing::debug!("recorded: {}", change.describe()));
        self.known.apply(changes);
        if self.known.journal_end > self.known.fold_at {
            // The changes are on the disk already, so this may as well be done another time.
            if let Err(error) = self.fold() {
                tracing::warn!("the journal was not folded into the plan: {error}");
                self.known.fold_at = self.known.journal_end.saturating_mul(2);
            }
        }
        Ok(())
    }

    /// Writes what the journal holds into the plan and empties the journal. What a person changes
    /// in the plan up to the last moment is kept.
    ///
    /// # Errors
    /// When the plan cannot be written, or was edited into nonsense; the journal then still holds
    /// everything.
    pub fn fold(&mut self) -> Result<()> {
        for _ in 0..EDITS {
            if self.known.journal_end == 0 {
                return Ok(());
            }
            self.check_version()?;
            let updated = splice::updated(&self.known.text, &self.known.plan, &self.known.touched);
            let text = updated.ok_or_else(|| Error::bug("the plan is no longer an object"))?;
            // Whatever went wrong in here, a plan that can be read is never replaced by one that
            // cannot.
            read::plan(self.layout.plan(), &text, self.names).map_err(|error| {
                Error::bug(format!("what was to be written is no plan: {error}"))
            })?;
            if self.write(text)? {
                let (bytes, runs) = (self.known.journal_end, self.known.touched.len());
                tracing::debug!(
                    "{bytes} bytes of journal folded into the plan, {runs} runs changed"
                );
                journal::clear(&self.layout.journal())?;
                self.known.journal_end = 0;
                self.known.touched.clear();
                return file::remove(&self.layout.good_plan());
            }
            *self.known = Known::locked(self.layout, self.names)?;
        }
        Err(restless(self.layout.plan()))
    }

    /// Adds runs at the end of the plan.
    ///
    /// # Errors
    /// When the plan with them would be refused, or cannot be written.
    pub fn add(&mut self, runs: &[RunWire]) -> Result<()> {
        self.rewrite(|text| splice::with_runs(text, runs))
    }

    /// Sets the value at `path`, keys from the outermost on, as a person would in the file.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn set(&mut self, path: &[&str], value: &serde_json::Value) -> Result<()> {
        self.rewrite(|text| splice::with_value(text, path, value))
    }

    fn rewrite(&mut self, change: impl Fn(&str) -> Option<String>) -> Result<()> {
        self.check_version()?;
        for _ in 0..EDITS {
            self.fold()?;
            let text = change(&self.known.text)
                .ok_or_else(|| Error::bug("the plan is no longer an object"))?;
            let plan = read::plan(self.layout.plan(), &text, self.names)?;
            if self.write(text)? {
                self.known.replace_plan(plan);
                return Ok(());
            }
            *self.known = Known::locked(self.layout, self.names)?;
        }
        Err(restless(self.layout.plan()))
    }

    /// False when somebody else has changed the plan since it was read; nothing is written then.
    fn write(&mut self, text: String) -> Result<bool> {
        let plan = self.layout.plan();
        if !file::replace_seen(plan, text.as_bytes(), self.known.stamp, "plan")? {
            return Ok(false);
        }
        self.known.wrote(self.layout, text);
        Ok(true)
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

fn restless(plan: &Path) -> Error {
    let hint = "wait until nobody changes it";
    Error::refuse_plan(plan, "somebody else changes it again and again", hint)
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

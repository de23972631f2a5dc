//! What a holder of the plan has read of it: the text, the plan that it says, and how much of the
//! journal is in it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::error::Result;
use crate::plan::Change;
use crate::plan::Plan;
use crate::plan::RunId;
use crate::plan::Status;
use crate::plan::change;
use crate::plan::convert::Names;
use crate::store::journal;
use crate::store::layout::Layout;
use crate::store::read;
use crate::store::splice;
use crate::system::file;
use crate::system::file::Stamp;

/// A journal of this size, or as large as its plan if that is more, is folded into the plan.
const FOLD_AT: u64 = 1 << 20;

/// What was last read.
#[derive(Debug)]
pub struct Known {
    /// `None` for a plan that was read without its lock.
    pub stamp: Option<Stamp>,
    pub text: String,
    pub plan: Plan,
    /// Runs whose journalled changes are not in `text`.
    pub touched: BTreeSet<RunId>,
    pub journal_end: u64,
    /// The journal's size from which on it is folded.
    pub fold_at: u64,
    /// Places of the runs that are running, so that nobody looks through all of them.
    pub running: BTreeSet<usize>,
}

impl Known {
    /// The plan and its journal, without a lock.
    ///
    /// # Errors
    /// When one of them cannot be read or is refused.
    pub fn glance(layout: &Layout, names: Names<'static>) -> Result<Self> {
        // A fold writes the plan first and empties the journal then, so the journal is read first:
        // what it held is then in the plan, or is applied to it here, or both, which is the same.
        let pending = journal::read(&layout.journal(), 0)?;
        let mut known = Self::plan_alone(layout, names)?;
        known.apply(&pending.changes);
        known.journal_end = pending.end;
        // When the two were not of one moment, the place in the journal would be another one's:
        // whoever takes the lock reads both again.
        known.stamp = None;
        Ok(known)
    }

    /// The plan and all of its journal, under the lock.
    ///
    /// # Errors
    /// When one of them cannot be read or is refused.
    pub fn locked(layout: &Layout, names: Names<'static>) -> Result<Self> {
        let mut known = Self::plan_alone(layout, names)?;
        known.catch_up(layout)?;
        Ok(known)
    }

    /// Reads what others have added to the journal.
    ///
    /// # Errors
    /// When it cannot be read or is damaged.
    pub fn catch_up(&mut self, layout: &Layout) -> Result<()> {
        let fresh = journal::read(&layout.journal(), self.journal_end)?;
        self.journal_end = fresh.end.max(self.journal_end);
        self.apply(&fresh.changes);
        Ok(())
    }

    /// Brings the plan to where `changes` take it.
    pub fn apply(&mut self, changes: &[Change]) {
        for event in changes {
            change::apply(&mut self.plan, event);
            let Some((place, id, run)) = self.plan.runs.get_full(event.run.as_str()) else {
                continue;
            };
            if !self.touched.contains(id) {
                self.touched.insert(id.clone());
            }
            match run.status {
                Status::Running(_) => self.running.insert(place),
                _ => self.running.remove(&place),
            };
        }
    }

    /// Takes over the text that was written.
    pub fn wrote(&mut self, layout: &Layout, text: String) {
        self.fold_at = fold_at(&text);
        self.text = text;
        self.stamp = file::stamp(layout.plan());
    }

    /// Takes over a plan with other runs than before.
    pub fn replace_plan(&mut self, plan: Plan) {
        self.running = running(&plan);
        self.plan = plan;
    }

    /// Writes the last good state beside the plan; where, when that worked.
    pub fn keep(&self, layout: &Layout) -> Option<PathBuf> {
        let text = splice::updated(&self.text, &self.plan, &self.touched)?;
        let path = layout.good_plan();
        file::replace_output(&path, text.as_bytes(), "good").ok().map(|()| path)
    }

    fn plan_alone(layout: &Layout, names: Names<'static>) -> Result<Self> {
        let stamp = file::stamp(layout.plan());
        let text = read::text(layout.plan())?;
        let plan = read::plan(layout.plan(), &text, names)?;
        Ok(Self {
            stamp,
            fold_at: fold_at(&text),
            running: running(&plan),
            text,
            plan,
            touched: BTreeSet::new(),
            journal_end: 0,
        })
    }
}

fn fold_at(text: &str) -> u64 {
    FOLD_AT.max(text.len() as u64)
}

fn running(plan: &Plan) -> BTreeSet<usize> {
    let runs = plan.runs.values().enumerate();
    runs.filter(|(_, run)| matches!(run.status, Status::Running(_)))
        .map(|(place, _)| place)
        .collect()
}

//! Which runs a command is about.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::error::Result;
use crate::plan::id::RunId;
use crate::plan::model::Plan;
use crate::plan::model::Run;

/// A choice among the runs of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    All,
    Phase(u32),
    /// Named runs, in the order of the plan.
    Runs(Vec<String>),
    /// Those of another selection that pass a filter.
    Filtered {
        of: Box<Selection>,
        by: Filter,
    },
}

/// What a run must have; `None` asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub label: Option<String>,
    pub workload: Option<String>,
    /// The word for its state in the plan.
    pub state: Option<String>,
}

impl Selection {
    /// Only those runs that pass `filter`.
    pub fn filtered(self, filter: Filter) -> Self {
        if filter == Filter::default() {
            return self;
        }
        Self::Filtered { of: Box::new(self), by: filter }
    }

    pub fn covers(&self, run: &Run) -> bool {
        match self {
            Self::All => true,
            Self::Phase(phase) => run.phase == *phase,
            Self::Runs(ids) => ids.iter().any(|id| id == run.id.as_str()),
            Self::Filtered { of, by } => of.covers(run) && by.covers(run),
        }
    }

    /// Refuses a selection that names something which the plan has not.
    ///
    /// # Errors
    /// The unknown name with the known ones, or that no run has all that is asked for.
    pub fn check(&self, plan: &Plan) -> Result<()> {
        match self {
            Self::All => Ok(()),
            Self::Runs(ids) => ids.iter().try_for_each(|id| known_run(plan, id)),
            Self::Phase(phase) => {
                let phases: BTreeSet<u32> = plan.runs.values().map(|run| run.phase).collect();
                let words: Vec<String> = phases.iter().map(u32::to_string).collect();
                known("phase", &phase.to_string(), words.iter().map(String::as_str))
            }
            Self::Filtered { of, by } => {
                of.check(plan)?;
                by.check(plan)?;
                self.check_not_empty(plan, by)
            }
        }
    }

    /// A state that no run is in is an answer; names that never meet in one run are a mistake.
    fn check_not_empty(&self, plan: &Plan, by: &Filter) -> Result<()> {
        if by.state.is_some() || plan.runs.values().any(|run| self.covers(run)) {
            return Ok(());
        }
        let hint = "see which runs there are with `--list`";
        Err(Error::usage("no run has all that the selection asks for", hint))
    }
}

impl Filter {
    fn covers(&self, run: &Run) -> bool {
        let fits = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        fits(&self.label, &run.label)
            && fits(&self.workload, &run.workload)
            && fits(&self.state, run.status.word())
    }

    fn check(&self, plan: &Plan) -> Result<()> {
        if let Some(label) = &self.label {
            let labels = plan.runs.values().map(|run| run.label.as_str());
            let labels: BTreeSet<&str> = labels.filter(|label| !label.is_empty()).collect();
            known("label", label, labels.iter().copied())?;
        }
        match &self.workload {
            Some(name) => known("workload", name, plan.workloads.keys().map(String::as_str)),
            None => Ok(()),
        }
    }
}

fn known<'a>(
    kind: &'static str,
    name: &str,
    mut names: impl Iterator<Item = &'a str> + Clone,
) -> Result<()> {
    let all = names.clone();
    if names.any(|known| known == name) { Ok(()) } else { Err(Error::unknown(kind, name, all)) }
}

fn known_run(plan: &Plan, id: &str) -> Result<()> {
    if plan.runs.contains_key(id) {
        return Ok(());
    }
    Err(Error::unknown("run", id, plan.runs.keys().map(RunId::as_str)))
}

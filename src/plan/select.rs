//! Which runs a command is about.

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
}

impl Selection {
    pub fn covers(&self, run: &Run) -> bool {
        match self {
            Self::All => true,
            Self::Phase(phase) => run.phase == *phase,
            Self::Runs(ids) => ids.iter().any(|id| id == run.id.as_str()),
        }
    }

    /// Refuses a selection that names nothing of the plan.
    ///
    /// # Errors
    /// The unknown run with the known ones, or the phase that has no run.
    pub fn check(&self, plan: &Plan) -> Result<()> {
        match self {
            Self::Runs(ids) => ids.iter().try_for_each(|id| known(plan, id)),
            Self::Phase(phase) if !plan.runs.values().any(|run| run.phase == *phase) => {
                let mut phases: Vec<u32> = plan.runs.values().map(|run| run.phase).collect();
                phases.sort_unstable();
                phases.dedup();
                let phases: Vec<String> = phases.iter().map(u32::to_string).collect();
                let known = phases.iter().map(String::as_str);
                Err(Error::unknown("phase", &phase.to_string(), known))
            }
            _ => Ok(()),
        }
    }
}

fn known(plan: &Plan, id: &str) -> Result<()> {
    if plan.runs.contains_key(id) {
        return Ok(());
    }
    Err(Error::unknown("run", id, plan.runs.keys().map(RunId::as_str)))
}

//! Which runs a command is about, as a person says it.

use clap::Args;

use crate::error::Error;
use crate::error::Result;
use crate::plan::Filter;
use crate::plan::Selection;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which runs")]
pub struct Choice {
    /// Execute, or look at, the runs of one phase (0 cache probe, 1 scaling series)
    #[arg(long, value_name = "N")]
    pub phase: Option<u32>,

    /// Execute, or look at, these runs
    #[arg(long, value_name = "ID", num_args = 1.., conflicts_with_all = ["phase", "all"])]
    pub run: Vec<String>,

    /// Execute, or look at, every run
    #[arg(long, conflicts_with = "phase")]
    pub all: bool,

    /// Only runs with this label; with `--add`: its label
    #[arg(long, value_name = "WORD")]
    pub label: Option<String>,

    /// Only runs of this workload; with `--add`: its workload
    #[arg(long, value_name = "NAME")]
    pub workload: Option<String>,

    /// Look at, or reset, only runs in this state
    #[arg(long, value_name = "STATE", value_parser = ["pending", "running", "done", "error"])]
    pub state: Option<String>,
}

impl Choice {
    /// Whether runs are chosen at all; label and workload of a run that is added choose none.
    pub fn chooses(&self, adds: bool) -> bool {
        let filters = self.label.is_some() || self.workload.is_some() || self.state.is_some();
        let names = self.phase.is_some() || self.all || !self.run.is_empty();
        names || (filters && !adds)
    }

    /// The chosen runs; all of them when none are chosen.
    pub fn selection(&self) -> Selection {
        self.runs_named().filtered(Filter {
            label: self.label.clone(),
            workload: self.workload.clone(),
            state: self.state.clone(),
        })
    }

    /// The chosen runs without regard to label, workload and state.
    pub fn runs_named(&self) -> Selection {
        match (self.phase, self.run.is_empty()) {
            (_, false) => Selection::Runs(self.run.clone()),
            (Some(phase), _) => Selection::Phase(phase),
            _ => Selection::All,
        }
    }

    /// Refuses to execute by state: only pending runs are, and their state changes on the way.
    ///
    /// # Errors
    /// When a state is chosen.
    pub fn check_for_execution(&self) -> Result<()> {
        match &self.state {
            Some(state) => Err(Error::usage(
                format!("`--state {state}` cannot be executed: only pending runs are"),
                "look with `--status`, or make them pending with `--retry` or `--reset` first",
            )),
            None => Ok(()),
        }
    }
}

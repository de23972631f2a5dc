//! Which series of runs there are: one per phase and workload, since two programs have no common
//! growth.

use crate::error::Error;
use crate::error::Result;
use crate::plan::Filter;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;

/// The runs of one phase and, where the phase has several, of one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub phase: u32,
    /// `None` where the phase has only one.
    pub workload: Option<String>,
}

/// The workload that is judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// As asked for.
    workload: Option<String>,
    /// Whether there are others beside it.
    is_one_of_several: bool,
}

impl Chosen {
    pub fn filter(&self) -> Filter {
        Filter { workload: self.workload.clone(), ..Filter::default() }
    }

    /// The name of the file that the analysis of `phase` is kept in.
    pub fn file_name(&self, phase: u32) -> String {
        let workload = self.workload.clone().filter(|_| self.is_one_of_several);
        format!("{}_analysis.json", Series { phase, workload }.stem().replace('-', "_"))
    }
}

impl Series {
    /// The beginning of the names of its files.
    pub fn stem(&self) -> String {
        let phase = self.phase;
        match &self.workload {
            None => format!("phase{phase}"),
            Some(workload) => format!("phase{phase}-{}", file_safe(workload)),
        }
    }
}

/// The workload to judge in `phase`.
///
/// # Errors
/// When there are several and none is asked for.
pub fn chosen(plan: &Plan, phase: u32, asked: Option<&str>) -> Result<Chosen> {
    let all = names(plan, |run| run.phase == phase);
    if asked.is_none() && all.len() > 1 {
        return Err(Error::usage(
            format!(
                "phase {phase} has runs of several workloads, which have no common growth: {}",
                listed(&all)
            ),
            format!("judge one at a time, for example `--workload {}`", all[0]),
        ));
    }
    Ok(Chosen { workload: asked.map(String::from), is_one_of_several: all.len() > 1 })
}

/// The workloads of `phase` where it has several, in the order of the plan; the runs of suites are
/// not looked at.
pub fn several(plan: &Plan, phase: u32) -> Vec<String> {
    let all = names(plan, |run| run.phase == phase && run.suite.is_none());
    if all.len() > 1 { all.into_iter().map(String::from).collect() } else { Vec::new() }
}

/// Refuses a selection whose runs are of several workloads.
///
/// # Errors
/// When they are.
pub fn refuse_several(plan: &Plan, selection: &Selection) -> Result<()> {
    let all = names(plan, |run| selection.covers(run));
    if all.len() < 2 {
        return Ok(());
    }
    Err(Error::usage(
        format!(
            "these runs are of several workloads, which have no common growth: {}",
            listed(&all)
        ),
        "name runs of one workload",
    ))
}

/// The runs that the run `id` is to be seen beside: those of its phase and workload.
///
/// # Errors
/// When there is no such run.
pub fn beside(plan: &Plan, id: &str) -> Result<Selection> {
    Selection::Runs(vec![id.to_string()]).check(plan)?;
    let run = plan.runs.get(id).ok_or_else(|| Error::bug("a run that is known is not there"))?;
    let filter = Filter { workload: Some(run.workload.clone()), ..Filter::default() };
    Ok(Selection::Phase(run.phase).filtered(filter))
}

/// Every series of the plan, without the runs of its suites, by phase and then in the order of the
/// plan.
pub fn series(plan: &Plan) -> Vec<Series> {
    let runs = plan.runs.values().filter(|run| run.suite.is_none());
    let mut phases: Vec<u32> = runs.map(|run| run.phase).collect();
    phases.sort_unstable();
    phases.dedup();
    phases
        .into_iter()
        .flat_map(|phase| {
            let all = names(plan, |run| run.phase == phase && run.suite.is_none());
            let several = all.len() > 1;
            all.into_iter()
                .map(move |name| Series { phase, workload: several.then(|| name.to_string()) })
        })
        .collect()
}

/// The workloads of some runs, in the order of the plan.
fn names(plan: &Plan, is_meant: impl Fn(&Run) -> bool) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for run in plan.runs.values().filter(|run| is_meant(run)) {
        if !names.contains(&run.workload.as_str()) {
            names.push(&run.workload);
        }
    }
    names
}

fn listed(names: &[&str]) -> String {
    format!("`{}`", names.join("`, `"))
}

/// A workload's name is any text, but a file's is not.
fn file_safe(name: &str) -> String {
    const LONGEST: usize = 64;
    let safe = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-') => letter,
        _ => '_',
    };
    name.chars().take(LONGEST).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_workload_where_there_are_several() {
        let check = |workload: Option<&str>, is_one_of_several: bool, expected: &str| {
            let chosen = Chosen { workload: workload.map(String::from), is_one_of_several };
            assert_eq!(chosen.file_name(1), expected);
        };
        check(None, false, "phase1_analysis.json");
        check(Some("fast"), false, "phase1_analysis.json");
        check(Some("fast"), true, "phase1_fast_analysis.json");
        check(Some("../a/b"), true, "phase1____a_b_analysis.json");
    }
}

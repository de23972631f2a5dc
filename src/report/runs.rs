//! The runs behind a report: how each went, and with which source and machine. Shared by all
//! subjects.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::analysis::middle::median;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::prose::Prose;
use crate::report::prose::listed;
use crate::report::record::Machine;
use crate::report::record::Revision;
use crate::report::record::RunRecord;
use crate::report::record::State;
use crate::units::Seconds;

/// Runs that a sentence names before it counts the rest.
const MOST_NAMED: usize = 4;
/// Letters of a commit that tell it from the others.
const SHORT_COMMIT: usize = 10;
/// Versions that a sentence bears: the tool, the backend, the interpreter and a few packages.
const MOST_VERSIONS: usize = 8;
/// Repetitions that a cell bears.
const MOST_REPETITIONS: usize = 5;

/// The chapter on the runs; `None` when there are none.
pub fn section(runs: &[RunRecord]) -> Option<Section> {
    if runs.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Table(table(runs))];
    let notes: Vec<Prose> = errors(runs).chain(overheads(runs)).chain(origins(runs)).collect();
    if !notes.is_empty() {
        blocks.push(Block::List(notes));
    }
    Some(Section::chapter("Runs", blocks).about(Topic::Runs))
}

/// `warnings` of the analysis, then those of the runs, each once; `None` when there are none.
pub fn warnings(warnings: &[String], runs: &[RunRecord]) -> Option<Section> {
    let mut of_runs: BTreeMap<&str, Vec<&RunRecord>> = BTreeMap::new();
    for run in runs {
        for warning in &run.warnings {
            of_runs.entry(warning).or_default().push(run);
        }
    }
    let general = warnings.iter().map(|warning| Prose::from_marked(warning).as_sentence());
    let special = of_runs.into_iter().map(|(warning, those)| {
        which(&those, runs.len(), "runs")
            .then(": ")
            .then_prose(Prose::from_marked(warning))
            .as_sentence()
    });
    let items: Vec<Prose> = general.chain(special).collect();
    (!items.is_empty()).then(|| Section::chapter("Warnings", vec![Block::List(items)]))
}

/// A column of the table: its heading and what it shows of a run.
type Shown = (Column, fn(&RunRecord) -> Cell);

fn table(runs: &[RunRecord]) -> Table {
    let mut shown: Vec<Shown> = vec![
        (Column::name("Run"), |run| Cell::name(&run.id)),
        (Column::name("Label"), |run| Cell::name(&run.label)),
        (Column::figure("Size", ""), |run| Cell::plain(&figure::count(run.size))),
        (Column::word("State"), |run| state(&run.state)),
        (Column::figure("Attempts", ""), |run| known(run.attempts)),
        (Column::figure("Wall time", ""), |run| known(median(&run.wall_seconds).map(Seconds))),
        (Column::figure("Peak memory", ""), |run| known(run.peak_memory)),
        (Column::word("Load").spare(), |run| load(run.load_before, run.load_after)),
    ];
    if runs.iter().any(|run| run.wall_seconds.len() > 1) {
        let repeated: Shown = (Column::word("Repetitions"), |run| repetitions(&run.wall_seconds));
        shown.push(repeated);
    }
    if runs.iter().any(|run| run.overhead_seconds.is_some()) {
        let overhead: Shown =
            (Column::figure("Profiling", ""), |run| known(run.overhead_seconds.map(Seconds)));
        shown.push(overhead);
    }
    let row = |run: &RunRecord| shown.iter().map(|(_, cell)| cell(run)).collect();
    Table {
        rows: runs.iter().map(row).collect(),
        columns: shown.iter().map(|(column, _)| column.clone()).collect(),
        fold_after: None,
        of: "run",
    }
}

fn known(figure: Option<impl ToString>) -> Cell {
    Cell::plain(&figure.map_or_else(|| figure::UNKNOWN.into(), |figure| figure.to_string()))
}

fn state(state: &State) -> Cell {
    match state {
        State::Done => Cell::plain(state.word()),
        State::Pending | State::Running => Cell::new(state.word(), Kind::Caution),
        State::Error(_) => Cell::new(state.word(), Kind::Alarm),
    }
}

/// What went wrong, one item per run in error.
fn errors(runs: &[RunRecord]) -> impl Iterator<Item = Prose> {
    runs.iter().filter_map(|run| match &run.state {
        State::Error(message) if !message.is_empty() => Some(
            Prose::name(&run.id).then(": ").then_prose(Prose::from_marked(message)).as_sentence(),
        ),
        _ => None,
    })
}

/// What the figures of the column on profiling are.
fn overheads(runs: &[RunRecord]) -> impl Iterator<Item = Prose> {
    let meanings: BTreeSet<&str> = runs.iter().map(|run| run.overhead_meaning).collect();
    let meanings = meanings.into_iter().filter(|meaning| !meaning.is_empty());
    meanings.map(|meaning| Prose::words("What profiling added is ").then(meaning).as_sentence())
}

fn repetitions(seconds: &[f64]) -> Cell {
    let mut shown: Vec<String> = seconds
        .iter()
        .take(MOST_REPETITIONS)
        .map(|seconds| Seconds(*seconds).to_string())
        .collect();
    if seconds.len() > MOST_REPETITIONS {
        shown.push(format!("and {} more", seconds.len() - MOST_REPETITIONS));
    }
    Cell::plain(&shown.join(", "))
}

fn load(before: Option<f64>, after: Option<f64>) -> Cell {
    if before.is_none() && after.is_none() {
        return Cell::plain(figure::UNKNOWN);
    }
    let [before, after] = [before, after].map(figure::exponent);
    Cell::plain(&format!("{before} → {after}"))
}

/// What was measured where: runs that share everything share an item.
fn origins(runs: &[RunRecord]) -> Vec<Prose> {
    let mut groups: Vec<(Prose, Vec<&RunRecord>)> = Vec::new();
    for run in runs {
        let origin = origin(run);
        if origin.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == origin) {
            Some((_, those)) => those.push(run),
            None => groups.push((origin, vec![run])),
        }
    }
    let measured = groups.iter().map(|(_, those)| those.len()).sum();
    groups
        .into_iter()
        .map(|(origin, those)| {
            let which = which(&those, measured, "measured runs");
            which.then(": ").then_prose(origin).as_sentence()
        })
        .collect()
}

/// `all 9 runs`, or the runs by name.
fn which(those: &[&RunRecord], all: usize, runs: &str) -> Prose {
    if those.len() == all && all > 1 {
        return Prose::words(&format!("all {all} {runs}"));
    }
    let mut names: Vec<Prose> =
        those.iter().take(MOST_NAMED).map(|run| Prose::name(&run.id)).collect();
    if those.len() > MOST_NAMED {
        names.push(Prose::words(&format!("{} more", those.len() - MOST_NAMED)));
    }
    listed(names)
}

fn origin(run: &RunRecord) -> Prose {
    let of_workload = run
        .workload_revision
        .as_ref()
        .map(|revision| Prose::words("workload at ").then_prose(self::revision(revision)));
    let parts = [
        run.revision.as_ref().map(revision),
        of_workload,
        run.machine.as_ref().map(machine),
        (!run.versions.is_empty()).then(|| versions(&run.versions)),
    ];
    parts.into_iter().flatten().fold(Prose::default(), |all, part| match all.is_empty() {
        true => part,
        false => all.then("; ").then_prose(part),
    })
}

fn revision(revision: &Revision) -> Prose {
    match revision {
        Revision::None { none } => Prose::from_marked(&format!("no revision, {none}")),
        Revision::Commit { commit, branch, dirty } => {
            let short: String = commit.chars().take(SHORT_COMMIT).collect();
            let prose = Prose::words("commit ").then_name(&short);
            let prose = match branch {
                Some(branch) => prose.then(" on ").then_name(branch),
                None => prose.then(" on no branch"),
            };
            prose.then(if *dirty { " with changes" } else { "" })
        }
    }
}

fn machine(machine: &Machine) -> Prose {
    let cores = figure::number_of(machine.cores as usize, "core");
    let cpu = Some(machine.cpu.as_str()).filter(|cpu| !cpu.is_empty());
    let prose = Prose::words("host ").then_name(&machine.host);
    match cpu {
        Some(cpu) => prose.then(&format!(", {cpu}, {cores}")),
        None => prose.then(&format!(", {cores}")),
    }
}

fn versions(versions: &[(String, String)]) -> Prose {
    let mut items: Vec<Prose> = versions
        .iter()
        .take(MOST_VERSIONS)
        .map(|(name, version)| Prose::words(format!("{name} {version}").trim()))
        .collect();
    if versions.len() > MOST_VERSIONS {
        items.push(Prose::words(&format!("{} more", versions.len() - MOST_VERSIONS)));
    }
    listed(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_origin_share_an_item() {
        let run = |id: &str, host: &str| RunRecord {
            id: id.into(),
            machine: Some(Machine { host: host.into(), cpu: "Some CPU".into(), cores: 8 }),
            ..RunRecord::default()
        };
        let check = |runs: &[RunRecord], expected: &[&str]| {
            let plain: Vec<String> = origins(runs).iter().map(Prose::plain).collect();
            assert_eq!(plain, expected);
        };
        check(
            &[run("a", "x"), run("b", "x")],
            &["All 2 measured runs: host `x`, Some CPU, 8 cores."],
        );
        check(
            &[run("a", "x"), run("b", "y"), run("c", "x")],
            &["`a` and `c`: host `x`, Some CPU, 8 cores.", "`b`: host `y`, Some CPU, 8 cores."],
        );
        check(&[RunRecord::default()], &[]);
    }
}

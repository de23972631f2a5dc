//! The order that runs ask for, checked: every run that is waited for exists, and none waits for
//! itself.

use indexmap::IndexMap;

use crate::error::closest;
use crate::plan::found::Found;
use crate::plan::id::RunId;
use crate::plan::model::CacheUse;
use crate::plan::model::Run;
use crate::plan::order;
use crate::plan::problem::Problem;
use crate::plan::problem::Step;

/// Notes what cannot be waited for.
pub fn check(found: &mut Found, runs: &IndexMap<RunId, Run>) {
    let before = found.problems.len();
    for (index, run) in runs.values().enumerate().filter(|(_, run)| !run.after.is_empty()) {
        for name in run.after.iter().filter(|name| !runs.contains_key(*name)) {
            let problem = format!("`after` names `{name}`, which is no run of this plan");
            push(found, runs, index, &problem, unknown_hint(name, runs));
        }
    }
    // Without `after` the only edges lead from warm runs to cold ones, which lead nowhere.
    let all_exist = before == found.problems.len();
    if all_exist
        && runs.values().any(|run| !run.after.is_empty())
        && let Some(circle) = circle(runs)
    {
        let names: Vec<String> =
            circle.iter().map(|index| format!("`{}`", runs[*index].id)).collect();
        let problem = format!("it waits for itself: {}", names.join(" after "));
        push(found, runs, circle[0], &problem, "remove one `after` of that circle".into());
    }
}

fn push(found: &mut Found, runs: &IndexMap<RunId, Run>, index: usize, problem: &str, hint: String) {
    let at = [Step::from("runs"), Step::from(index), Step::from("after")];
    let run = &runs[index];
    found.problems.push(Problem::new(&at, problem, hint).in_run(run.id.as_str()));
}

fn unknown_hint(name: &RunId, runs: &IndexMap<RunId, Run>) -> String {
    let known: Vec<String> = runs.keys().map(RunId::to_string).collect();
    match closest(name.as_str(), &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a run of this plan, or add that run".into(),
    }
}

/// Positions of the first runs found that wait for each other, the first one at both ends.
fn circle(runs: &IndexMap<RunId, Run>) -> Option<Vec<usize>> {
    let mut seen = vec![Seen::Never; runs.len()];
    (0..runs.len()).find_map(|start| circle_from(start, runs, &mut seen))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Never,
    OnTheWay,
    Before,
}

/// Walks down from `start` in depth, on a stack of its own: a chain may be as long as the plan.
fn circle_from(start: usize, runs: &IndexMap<RunId, Run>, seen: &mut [Seen]) -> Option<Vec<usize>> {
    if seen[start] != Seen::Never {
        return None;
    }
    seen[start] = Seen::OnTheWay;
    let mut way = vec![(start, awaited(start, runs))];
    while let Some((here, open)) = way.last_mut() {
        match open.pop() {
            Some(next) if seen[next] == Seen::OnTheWay => {
                let from = way.iter().position(|(step, _)| *step == next).unwrap_or_default();
                let circle = way[from..].iter().map(|(step, _)| *step);
                return Some(circle.chain([next]).collect());
            }
            Some(next) if seen[next] == Seen::Never => {
                seen[next] = Seen::OnTheWay;
                way.push((next, awaited(next, runs)));
            }
            Some(_) => {}
            None => {
                seen[*here] = Seen::Before;
                way.pop();
            }
        }
    }
    None
}

/// Positions of the runs that the one at `index` waits for.
fn awaited(index: usize, runs: &IndexMap<RunId, Run>) -> Vec<usize> {
    let run = &runs[index];
    let cold = (run.cache == CacheUse::Warm).then(|| order::cold_of(run, runs.values())).flatten();
    let named = run.after.iter().chain(cold.map(|cold| &cold.id));
    named.filter_map(|id| runs.get_index_of(id)).collect()
}

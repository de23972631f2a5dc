//! Which code is to blame for an origin: the first frame of the user's own on the way up, or the
//! origin itself where that frame is the program's driver and a library's function makes the work.
//! Origins with one to blame are one culprit.

use std::collections::BTreeMap;

use crate::analysis::culprit::callers::Callers;
use crate::analysis::culprit::origin::Origin;
use crate::analysis::culprit::origin::Work;
use crate::analysis::growth::Fit;
use crate::analysis::own_code;
use crate::analysis::survey::Survey;

/// The code of a Python file outside of its functions.
const MODULE: &str = "<module>";
/// Names of drivers where calls were not counted.
const DRIVERS: [&str; 3] = ["main", MODULE, "__main__"];

/// A frame and the origins it is to blame for, the most certain and costliest first.
#[derive(Debug, Clone)]
pub struct Blame {
    /// Position in the survey's table.
    pub frame: usize,
    pub origins: Vec<Origin>,
    /// Functions that are called too often because of the origins, the costliest first.
    pub amplified: Vec<usize>,
    /// The driver or caller that stands above the frame in the user's own code, when that is
    /// another.
    pub called_from: Option<usize>,
}

/// Who is to blame for `origins`, in the order of the survey's functions.
pub fn blame(survey: &Survey, origins: Vec<Origin>) -> Vec<Blame> {
    let callers = Callers::new(survey.table.functions.len(), &survey.table.edges);
    let is_origin: Vec<bool> = marked(survey, &origins);
    let mut frames: BTreeMap<usize, Blame> = BTreeMap::new();
    let mut frame_of: BTreeMap<usize, usize> = BTreeMap::new();
    for origin in origins {
        let way = callers.way_up(origin.function);
        let frame = headline(survey, &way, &is_origin);
        frame_of.insert(origin.function, frame);
        frames
            .entry(frame)
            .or_insert_with(|| Blame {
                frame,
                origins: Vec::new(),
                amplified: Vec::new(),
                called_from: caller_in_own_code(survey, &way, frame),
            })
            .origins
            .push(origin);
    }
    add_amplified(survey, &callers, &frame_of, &mut frames);
    let mut blames: Vec<Blame> = frames.into_values().collect();
    for blame in &mut blames {
        blame.origins.sort_by(by_weight);
    }
    blames
}

/// The frame that a culprit is named after.
fn headline(survey: &Survey, way: &[usize], is_origin: &[bool]) -> usize {
    let Some(own) = way.iter().position(|&function| survey.own_code[function]) else {
        return named(survey, way, 0);
    };
    let below = &way[..own];
    let is_operation =
        |&function: &usize| own_code::is_of_the_language(&survey.table.functions[function].key);
    // What comes with the language is an operation of whoever calls it, also of a driver.
    if is_driver(survey, way[own]) && !below.iter().all(is_operation) {
        let topmost = below.iter().rposition(|&function| is_origin[function]);
        return named(survey, way, topmost.unwrap_or(0));
    }
    named(survey, way, own)
}

/// The function at a position of the way up, or, for a comprehension or another function without a
/// name, the one of the same file that it stands in: that is what a person calls the place.
/// The module as a whole is no place, so in one the nameless function stays.
fn named(survey: &Survey, way: &[usize], position: usize) -> usize {
    let key = |function: usize| &survey.table.functions[function].key;
    let own = key(way[position]);
    if !is_nameless(&own.name) {
        return way[position];
    }
    let around = way[position + 1..].iter().copied();
    let mut near = around.take_while(|&f| key(f).file == own.file || own_code::is_built_in(key(f)));
    near.find(|&f| key(f).file == own.file && !is_nameless(&key(f).name))
        .filter(|&function| key(function).name != MODULE)
        .unwrap_or(way[position])
}

/// Whether a name is that of a comprehension, a generator expression or a lambda.
fn is_nameless(name: &str) -> bool {
    const NAMELESS: [&str; 5] = ["<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<lambda>"];
    NAMELESS.contains(&name)
}

/// Whether a function only starts the program: it is called once at every size.
fn is_driver(survey: &Survey, function: usize) -> bool {
    let series = &survey.table.functions[function];
    if survey.counts_calls {
        series.ncall().iter().flatten().all(|calls| *calls <= 1.0)
    } else {
        DRIVERS.contains(&series.key.name.as_str())
    }
}

fn caller_in_own_code(survey: &Survey, way: &[usize], frame: usize) -> Option<usize> {
    let position = way.iter().position(|&function| function == frame)?;
    way[position + 1..].iter().copied().find(|&function| survey.own_code[function])
}

/// Hands every function that is called too often to the culprit on its way up; without edges there
/// is no way up, and nothing is handed out here.
fn add_amplified(
    survey: &Survey,
    callers: &Callers,
    frame_of: &BTreeMap<usize, usize>,
    frames: &mut BTreeMap<usize, Blame>,
) {
    for (function, calls) in survey.calls.iter().enumerate() {
        let steep = calls.as_ref().is_some_and(Fit::is_steep);
        if !steep || survey.waits[function] || frame_of.contains_key(&function) {
            continue;
        }
        let way = callers.way_up(function);
        let origin = way.iter().find_map(|function| frame_of.get(function));
        if let Some(blame) = origin.and_then(|frame| frames.get_mut(frame)) {
            blame.amplified.push(function);
        }
    }
    for blame in frames.values_mut() {
        let cost = |function: &usize| survey.busy.self_cost(&survey.table.functions[*function]);
        blame.amplified.sort_by(|left, right| cost(right).total_cmp(&cost(left)));
    }
}

fn marked(survey: &Survey, origins: &[Origin]) -> Vec<bool> {
    let mut marks = vec![false; survey.table.functions.len()];
    for origin in origins {
        marks[origin.function] = true;
    }
    marks
}

/// The most certain first, then the costliest; own work before what can only be seen from outside.
fn by_weight(left: &Origin, right: &Origin) -> std::cmp::Ordering {
    let rank = |origin: &Origin| (origin.fit.verdict.rank(), origin.work == Work::Called);
    rank(left)
        .cmp(&rank(right))
        .then(right.cost.total_cmp(&left.cost))
        .then(left.function.cmp(&right.function))
}

//! The call tree of the largest run, with the growth of every function in it: what flame graphs
//! draw. It knows no colours.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::analysis::document::Verdict;
use crate::analysis::growth::Fit;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::survey::Survey;
use crate::error::Result;
use crate::profile::CostUnit;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::profile::Unfolded;

/// Share of the busy cost in per cent below which a frame is not drawn.
pub const LEAST_SHARE: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// The call tree of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Flame {
    pub unit: CostUnit,
    /// Size of the run that the tree was measured at.
    pub size: f64,
    pub size_unit: String,
    /// The size that costs are foretold at.
    pub target_size: Option<f64>,
    /// In the order of the frames' indices.
    pub functions: Vec<FlameFunction>,
    /// Each after its parent.
    pub frames: Vec<FlameFrame>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FlameFunction {
    pub key: FunctionKey,
    /// Self cost in per cent of the busy cost, on all paths together.
    pub share_percent: Option<Decimal>,
    /// Of its cumulative cost; `None` where it cannot be told.
    pub exponent: Option<f64>,
    pub verdict: Verdict,
}

/// One function on one path; costs in [`Flame::unit`], without waiting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlameFrame {
    /// Index into [`Flame::functions`].
    pub function: usize,
    /// Index of the calling frame, which comes before this one.
    pub parent: Option<usize>,
    /// Cumulative cost on this path.
    pub total: f64,
    /// Cumulative cost foretold at the target size.
    pub at_target: Option<f64>,
}

impl Flame {
    /// Cost of all roots together, now or at the target size.
    pub fn whole(&self, cost: impl Fn(&FlameFrame) -> f64) -> f64 {
        self.frames.iter().filter(|frame| frame.parent.is_none()).map(cost).sum()
    }
}

/// The call tree of the largest run that has a profile; `None` when none has, or nothing in it
/// works.
///
/// # Errors
/// When no run has a size, or sizes are counted by a function that is unknown or ambiguous.
pub fn flame(
    runs: &[MeasuredRun],
    settings: &Settings,
    least_share: Decimal,
) -> Result<Option<Flame>> {
    let (survey, ordered) = Survey::of(runs, settings)?;
    let Some(run) = survey.busy.largest else { return Ok(None) };
    let largest = ordered.runs[run].size;
    let least = f64::try_from(least_share).unwrap_or_default() / 100.0 * survey.busy.at_largest();
    let frames = working(&survey, frames(&Unfolded::of(&profile(&survey, run))));
    let mut used: BTreeMap<usize, usize> = BTreeMap::new();
    for frame in frames.iter().filter(|frame| frame.total >= least) {
        let next = used.len();
        used.entry(frame.function).or_insert(next);
    }
    let mut used: Vec<(usize, usize)> = used.into_iter().collect();
    used.sort_by_key(|(_, position)| *position);
    let judged: Vec<Judged> = used
        .par_iter()
        .map(|(function, _)| Judged::new(&survey, *function, largest, settings.target_size))
        .collect();
    let positions: BTreeMap<usize, usize> = used.iter().copied().collect();
    let flame = Flame {
        unit: survey.unit,
        size: largest,
        size_unit: ordered.size_unit.clone(),
        target_size: settings.target_size,
        frames: drawn(&frames, least, &positions, &judged),
        functions: judged.into_iter().map(|judged| judged.function).collect(),
    };
    Ok((!flame.frames.is_empty()).then_some(flame))
}

/// One function on one path, before it is known whether it is drawn; costs in [`Flame::unit`].
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    /// Index into the survey's functions.
    function: usize,
    /// Index of the calling frame, which comes before this one.
    parent: Option<usize>,
    own: f64,
    total: f64,
}

struct Judged {
    function: FlameFunction,
    /// By how much its self cost grows from the largest size to the target.
    growth: Option<f64>,
}

impl Judged {
    fn new(survey: &Survey, function: usize, largest: f64, target: Option<f64>) -> Self {
        let series = &survey.table.functions[function];
        let whole = survey.cost_growth(&series.ttot());
        let growth = target.and_then(|target| {
            let judged = survey.self_costs[function].clone();
            let own: Fit = judged.unwrap_or_else(|| survey.cost_growth(&series.tsub()));
            Some(own.at(target)? / own.at(largest)?)
        });
        let share = survey.busy.share(survey.busy.self_cost(series));
        Self {
            function: FlameFunction {
                key: series.key.clone(),
                share_percent: share.filter(|_| !survey.waits[function]),
                exponent: whole.exponent(),
                verdict: whole.verdict,
            },
            growth: growth.filter(|growth| growth.is_finite()),
        }
    }
}

/// The profile of one run as the survey has it, with names and lines that match over the runs.
fn profile(survey: &Survey, run: usize) -> Profile {
    let functions = survey.table.functions.iter().map(|series| Function {
        key: FunctionKey::default(),
        cost: series.costs[run].unwrap_or_default(),
    });
    let edges = survey.table.edges.iter().filter_map(|edge| {
        Some(Edge { caller: edge.caller, callee: edge.callee, cost: edge.costs[run]? })
    });
    Profile { functions: functions.collect(), edges: edges.collect(), ..Profile::default() }
}

/// The frames of all paths; what is not followed to its callers stands at the bottom by itself.
fn frames(unfolded: &Unfolded) -> Vec<Frame> {
    let mut positions: Vec<Option<usize>> = Vec::with_capacity(unfolded.nodes.len());
    let mut frames = Vec::with_capacity(unfolded.nodes.len());
    for (node, total) in unfolded.nodes.iter().zip(unfolded.totals()) {
        let parent = node.parent.and_then(|parent| positions[parent]);
        positions.push(node.function.map(|_| frames.len()));
        let frame = |function| Frame { function, parent, own: node.own, total };
        frames.extend(node.function.map(frame));
    }
    frames
}

/// The frames without what waits, and without what only led there.
fn working(survey: &Survey, mut frames: Vec<Frame>) -> Vec<Frame> {
    for index in (0..frames.len()).rev() {
        let waits = survey.waits[frames[index].function];
        let lost = if waits { frames[index].own } else { 0.0 };
        if waits {
            frames[index].own = 0.0;
        }
        let mut next = Some(index);
        while let Some(position) = next {
            frames[position].total -= lost;
            next = frames[position].parent;
        }
    }
    frames
}

/// The frames of at least `least`, with their cost at the target size.
fn drawn(
    frames: &[Frame],
    least: f64,
    positions: &BTreeMap<usize, usize>,
    judged: &[Judged],
) -> Vec<FlameFrame> {
    let known = judged.iter().any(|judged| judged.growth.is_some());
    let at_target = at_target(frames, |function| {
        positions.get(&function).and_then(|&position| judged[position].growth)
    });
    let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
    let mut drawn = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let parent = frame.parent.map(|parent| kept.get(&parent).copied());
        let Some(function) = positions.get(&frame.function).copied() else { continue };
        if frame.total < least || parent == Some(None) {
            continue;
        }
        kept.insert(index, drawn.len());
        drawn.push(FlameFrame {
            function,
            parent: parent.flatten(),
            total: frame.total,
            at_target: at_target[index].filter(|_| known),
        });
    }
    drawn
}

/// Cumulative cost of each frame at the target size: its own cost grown as its function's, and what
/// is below it. What is too small to have a frame is taken not to grow.
fn at_target(frames: &[Frame], growth: impl Fn(usize) -> Option<f64>) -> Vec<Option<f64>> {
    let mut below = vec![0.0; frames.len()];
    let mut grown: Vec<f64> = frames.iter().map(|frame| frame.total).collect();
    for (index, frame) in frames.iter().enumerate().rev() {
        let rest = (frame.total - frame.own - below[index]).max(0.0);
        let children = grown[index] - frame.total;
        let own = frame.own * growth(frame.function).unwrap_or(1.0);
        grown[index] = own + rest + below[index] + children;
        if let Some(parent) = frame.parent {
            below[parent] += frame.total;
            grown[parent] += grown[index] - frame.total;
        }
    }
    grown.into_iter().map(|cost| cost.is_finite().then_some(cost)).collect()
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;

    use super::*;

    /// A program in which `main` calls `steady`, which takes n/100 s, and `steep`, which takes
    /// n²/100 s and waits n/10 s in a lock.
    fn run(size: f64) -> MeasuredRun {
        let function = |name: &str, own: f64, total: f64| Function {
            key: FunctionKey { name: name.into(), file: "a.py".into(), line: 1 },
            cost: Cost { ncall: size as u64, nactual: size as u64, tsub: own, ttot: total },
        };
        let (steady, steep, lock) = (size / 100.0, size * size / 100.0, size / 10.0);
        let waiting = "<method 'acquire' of '_thread.lock' objects>";
        let functions = vec![
            function("main", 0.01, 0.01 + steady + steep + lock),
            function("steady", steady, steady),
            function("steep", steep, steep + lock),
            function(waiting, lock, lock),
        ];
        let edge = |caller, callee: usize| Edge { caller, callee, cost: functions[callee].cost };
        let edges = vec![edge(0, 1), edge(0, 2), edge(2, 3)];
        let profile = Profile { counts_calls: true, functions, edges, ..Profile::default() };
        MeasuredRun { id: size.to_string(), size, profile: Some(profile), ..MeasuredRun::default() }
    }

    fn found(target_size: Option<f64>) -> Flame {
        let runs: Vec<MeasuredRun> = [10.0, 20.0, 40.0, 80.0, 160.0].map(run).into();
        let settings = Settings { target_size, ..Settings::default() };
        flame(&runs, &settings, LEAST_SHARE).unwrap().unwrap()
    }

    #[test]
    fn waiting_is_taken_out_and_growth_is_known() {
        let flame = found(None);
        let named = |name: &str| {
            let position = flame.functions.iter().position(|f| f.key.name == name).unwrap();
            let frame = flame.frames.iter().find(|frame| frame.function == position).unwrap();
            (frame.total, flame.functions[position].exponent.unwrap())
        };
        assert!(flame.functions.iter().all(|function| !function.key.name.contains("acquire")));
        let ((main, _), (steady, linear), (steep, quadratic)) =
            (named("main"), named("steady"), named("steep"));
        // 0.01 + 1.6 + 256 s at size 160.
        assert!((main - 257.61).abs() < 1e-6, "{main}");
        assert!((steady - 1.6).abs() < 1e-6 && (steep - 256.0).abs() < 1e-6);
        assert!((linear - 1.0).abs() < 0.1 && (quadratic - 2.0).abs() < 0.2, "{quadratic}");
        assert!(flame.frames.iter().all(|frame| frame.at_target.is_none()));
    }

    #[test]
    fn each_function_grows_at_its_own_rate_to_the_target() {
        let flame = found(Some(320.0));
        // 0.01 + 3.2 + 1,024 s.
        let whole = flame.whole(|frame| frame.at_target.unwrap());
        assert!((whole / 1_027.21 - 1.0).abs() < 0.05, "{whole}");
    }
}

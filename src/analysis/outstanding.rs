//! Whether larger runs could still change what is found: the question of a queue that would rather
//! not make them. It judges nothing that the analysis does not judge, and foresees no change of the
//! program.

use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::analysis::growth::ENOUGH_SIZES;
use crate::analysis::growth::Fit;
use crate::analysis::growth::Kind;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::input::SizeBy;
use crate::analysis::phase1;
use crate::analysis::survey::Survey;
use crate::error::Result;
use crate::profile::FunctionKey;
use crate::stats;
use crate::stats::LEAST_SIZES;
use crate::stats::Prospect;
use crate::stats::Range;

/// No law that is looked for is steeper.
const STEEPEST: f64 = 3.4;
/// Share of the busy cost, in per cent, from which a function matters: that of a major bottleneck.
const MATTERS: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// What larger runs could still change.
#[derive(Debug, Clone)]
pub struct Outstanding {
    /// At most the chance that runs up to the size asked about change which functions are named as
    /// superlinear, 0 to 1: the sum over `doubts`.
    pub chance: f64,
    /// Functions that could be named or no longer be, the most doubtful first.
    pub doubts: Vec<Doubt>,
    /// Functions that could matter at that size, settled or not.
    pub asked: usize,
    /// The largest size measured, in the unit of the runs.
    pub largest: f64,
    program: Fit,
    /// What the program was judged by, for one unit of size.
    work_per_size: f64,
}

/// A function, or the program as a whole, that could be named or no longer be.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// `None` is the program as a whole.
    pub function: Option<FunctionKey>,
    /// At most the chance of it.
    pub chance: f64,
}

impl Outstanding {
    /// Wall time foretold for one run of `size`, in seconds, with its 95 % interval.
    pub fn foretold(&self, size: f64) -> Option<Range> {
        self.program.range_at(size * self.work_per_size)
    }
}

/// What runs of up to `size` could change about the findings of `runs`, in any order.
///
/// `size`: in the unit of [`MeasuredRun::size`].
///
/// # Errors
/// As [`phase1::phase1`].
pub fn outstanding(runs: &[MeasuredRun], settings: &Settings, size: f64) -> Result<Outstanding> {
    let (survey, ordered) = Survey::of(runs, settings)?;
    let (_, program) = phase1::program(&survey, &ordered.walls(), settings);
    let largest = runs.iter().map(|run| run.size).fold(0.0, f64::max);
    let largest_judged = survey.judge.sizes().iter().copied().fold(0.0, f64::max);
    let work_per_size = match settings.size_by {
        SizeBy::Size | SizeBy::Unknown => 1.0,
        // The work goes with the days, as far as can be known beforehand.
        SizeBy::Calls(_) | SizeBy::Counter(_) => largest_judged / largest,
    };
    let horizon = (size * work_per_size).max(largest_judged);
    let ahead = Ahead::new(&survey, horizon, largest_judged);
    let mut answers: Vec<Doubt> = match survey.table.functions.is_empty() {
        true => vec![ahead.whole(&ordered.walls())],
        false => (0..survey.table.functions.len())
            .into_par_iter()
            .filter_map(|function| ahead.doubt(function))
            .collect(),
    };
    answers.sort_by(|left, right| right.chance.total_cmp(&left.chance));
    Ok(Outstanding {
        chance: answers.iter().map(|doubt| doubt.chance).sum::<f64>().min(1.0),
        asked: answers.len(),
        doubts: answers.into_iter().filter(|doubt| doubt.chance > 0.0).collect(),
        largest,
        program,
        work_per_size,
    })
}

/// A survey, and the size that is asked about.
struct Ahead<'a> {
    survey: &'a Survey,
    size: f64,
    /// Cost from which a function matters there.
    least: f64,
    /// By how much a cost can have grown there at most.
    most_growth: f64,
}

/// What a series lets one expect, and whether its values are exact.
struct Question {
    /// `None` when there are too few values to say.
    prospect: Option<Prospect>,
    is_exact: bool,
    /// Whether it costs enough today to be named.
    is_seen: bool,
}

impl<'a> Ahead<'a> {
    fn new(survey: &'a Survey, size: f64, largest: f64) -> Self {
        let busy = survey.cost_growth(&survey.busy.costs).at(size);
        let busy = busy.unwrap_or_else(|| survey.busy.at_largest());
        let share = MATTERS.to_f64().unwrap_or_default() / 100.0;
        let most_growth = (size / largest).powf(STEEPEST);
        Self { survey, size, least: busy * share, most_growth }
    }

    /// The program as a whole, where no function is known.
    fn whole(&self, walls: &[Option<f64>]) -> Doubt {
        let values = self.survey.corrected(walls);
        let kind = self.survey.wall_kind();
        // The whole always matters, however cheap it is.
        let question = self.question(&values, kind, f64::MIN_POSITIVE, true);
        Doubt { function: None, chance: question.chance() }
    }

    /// `None` for a function that cannot matter.
    fn doubt(&self, function: usize) -> Option<Doubt> {
        let Survey { table, waits, .. } = self.survey;
        let series = &table.functions[function];
        if waits[function] {
            return None;
        }
        let questions = self.questions(function);
        if questions.is_empty() {
            return None;
        }
        // One work that surely grows too fast is enough to name a function.
        let surely = questions.iter().map(Question::chance_to_lose).fold(1.0, f64::min);
        let any: f64 = questions.iter().map(Question::chance).sum();
        Some(Doubt { function: Some(series.key.clone()), chance: surely.min(any) })
    }

    /// Its self cost, its own calls and the calls that it makes: whatever can be an origin.
    fn questions(&self, function: usize) -> Vec<Question> {
        let Survey { table, waits, busy, .. } = self.survey;
        let series = &table.functions[function];
        let mut questions = Vec::new();
        let own = busy.self_cost(series);
        if self.can_matter(own) {
            let values = self.survey.corrected(&series.tsub());
            let kind = self.survey.kind();
            questions.push(self.question(&values, kind, self.least, self.survey.matters(own)));
        }
        if !self.survey.counts_calls {
            return questions;
        }
        let called = if table.edges.is_empty() { busy.cumulative_cost(series) } else { own };
        questions.extend(self.calls(&series.ncall(), called));
        let first = table.edges.partition_point(|edge| edge.caller < function);
        let made = table.edges[first..].iter().take_while(|edge| edge.caller == function);
        questions.extend(
            made.filter(|edge| edge.callee != function && !waits[edge.callee]).filter_map(|edge| {
                self.calls(&edge.ncall(), busy.largest_of(&edge.ttot()).unwrap_or_default())
            }),
        );
        questions
    }

    /// Calls that cost `cost` together at the largest size.
    fn calls(&self, calls: &[Option<f64>], cost: f64) -> Option<Question> {
        let count = self.survey.busy.largest_of(calls).filter(|_| self.can_matter(cost))?;
        let least = self.least * count / cost;
        Some(self.question(calls, Kind::Count, least, self.survey.matters(cost)))
    }

    fn question(&self, values: &[Option<f64>], kind: Kind, least: f64, is_seen: bool) -> Question {
        Question {
            prospect: self.survey.judge.prospect(values, kind, self.size, least),
            is_exact: kind == Kind::Count,
            is_seen,
        }
    }

    fn can_matter(&self, cost: f64) -> bool {
        cost > 0.0 && cost * self.most_growth >= self.least
    }
}

impl Question {
    /// At most the chance that what is named changes.
    fn chance(&self) -> f64 {
        self.chance_to_lose().min(self.chance_to_find())
    }

    /// That it is named, and will not be.
    fn chance_to_lose(&self) -> f64 {
        let least = if self.is_exact { LEAST_SIZES } else { ENOUGH_SIZES };
        let known = self.prospect.filter(|prospect| self.is_seen && prospect.sizes >= least);
        known.map_or(1.0, |known| stats::chance_to_lose(known.superlinear))
    }

    /// That it is not named, and will be.
    fn chance_to_find(&self) -> f64 {
        let known = self.prospect.filter(|prospect| prospect.sizes >= LEAST_SIZES);
        known.map_or(1.0, |known| stats::chance_to_find(known.finding))
    }
}

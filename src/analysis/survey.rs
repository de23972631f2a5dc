//! Everything that is known of a program's functions over all runs, judged once and in parallel:
//! whose they are, whether they wait, and how calls, self cost and edges grow. It names no culprit.

use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::analysis::busy::Busy;
use crate::analysis::chance::LookedAt;
use crate::analysis::document::RunFigures;
use crate::analysis::document::Verdict;
use crate::analysis::factor;
use crate::analysis::factor::Pace;
use crate::analysis::factor::RunPlace;
use crate::analysis::growth::Fit;
use crate::analysis::growth::Judge;
use crate::analysis::growth::Kind;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::identity::Table;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::own_code::OwnCode;
use crate::analysis::runs;
use crate::analysis::runs::Ordered;
use crate::analysis::runs::SizedRun;
use crate::analysis::waiting::Waiting;
use crate::error::Result;
use crate::profile::CostUnit;

/// Relative scatter taken for the wall time of a whole program.
const WALL_FLOOR: f64 = 0.01;

/// Functions by their position in `table`, runs in order of size.
#[derive(Debug)]
pub struct Survey {
    pub table: Table,
    pub judge: Judge,
    pub unit: CostUnit,
    /// Whether calls were counted in every profile.
    pub counts_calls: bool,
    pub busy: Busy,
    pub pace: Pace,
    /// One per function.
    pub waits: Vec<bool>,
    /// One per function: whether it stands in the user's own code.
    pub own_code: Vec<bool>,
    /// One per function: how its calls grow; `None` where they were not counted.
    pub calls: Vec<Option<Fit>>,
    /// One per function: how its self cost grows; `None` below the least share.
    pub self_costs: Vec<Option<Fit>>,
    /// One per edge: how the calls along it grow; `None` below the least share.
    pub edge_calls: Vec<Option<Fit>>,
    /// In per cent of the busy cost.
    pub least_share: Decimal,
}

impl Survey {
    /// Judges the functions of `runs`, in any order; also the runs without their profiles.
    ///
    /// # Errors
    /// When no run has a size, or sizes are to be counted by a function that is unknown or
    /// ambiguous.
    pub fn of(runs: &[MeasuredRun], settings: &Settings) -> Result<(Self, Ordered)> {
        let mut ordered = runs::ordered(runs, settings)?;
        let judge = Judge::new(&ordered.named(), settings.bands)?;
        let table = std::mem::take(&mut ordered.table);
        Ok((Self::new(table, judge, &ordered, settings), ordered))
    }

    fn new(table: Table, judge: Judge, runs: &Ordered, settings: &Settings) -> Self {
        let own_code = OwnCode::new(&settings.user_paths, &settings.library_paths);
        let waiting = Waiting::new(&settings.waiting, own_code.clone());
        let keys = || table.functions.iter().map(|function| &function.key);
        let sweeps = |function: &FunctionSeries| {
            let may = runs.counts_calls && Waiting::may_sweep(&function.key);
            may && judge.count(&function.ncall()).is_steep()
        };
        let waits: Vec<bool> = table
            .functions
            .iter()
            .map(|function| waiting.holds(&function.key) && !sweeps(function))
            .collect();
        let own_code = keys().map(|key| own_code.holds(key)).collect();
        let busy = Busy::new(&table, &waits, judge.sizes());
        let pace = pace(&table, &waits, runs);
        let mut survey = Self {
            table,
            judge,
            unit: runs.unit,
            counts_calls: runs.counts_calls,
            busy,
            pace,
            waits,
            own_code,
            calls: Vec::new(),
            self_costs: Vec::new(),
            edge_calls: Vec::new(),
            least_share: settings.least_share_percent,
        };
        survey.calls = survey.judge_calls();
        survey.self_costs = survey.judge_self_costs(settings.leaves_out(survey.unit));
        survey.edge_calls = survey.judge_edges();
        survey
    }

    /// How a cost of one function grows, with the speed of the machine taken out of times.
    pub fn cost_growth(&self, values: &[Option<f64>]) -> Fit {
        self.judge.fit(&self.corrected(values), self.kind())
    }

    /// How the wall time of the whole program grows, whatever its functions are measured in;
    /// `walls`: one per run.
    pub fn wall_growth(&self, walls: &[Option<f64>]) -> Fit {
        self.judge.fit(&self.corrected(walls), self.wall_kind())
    }

    /// What kind of number the wall time of the whole program is.
    pub fn wall_kind(&self) -> Kind {
        Kind::Time(self.pace.noise_floor.max(WALL_FLOOR))
    }

    /// The verdict on that growth alone.
    pub fn cost_verdict(&self, values: &[Option<f64>]) -> Verdict {
        self.judge.verdict(&self.corrected(values), self.kind())
    }

    /// `values` as they would have been on an equally fast machine.
    pub fn corrected(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        if !self.unit.is_time() {
            return values.to_vec();
        }
        values
            .iter()
            .zip(&self.pace.divisors)
            .map(|(value, divisor)| value.map(|value| value / divisor))
            .collect()
    }

    /// Whether costs are counted, so that none looks steep by chance.
    pub fn is_exact(&self) -> bool {
        self.unit == CostUnit::Instructions
    }

    /// Share of a cost at the largest size that is large enough to matter.
    pub fn matters(&self, cost: f64) -> bool {
        self.weighs(cost, self.least_share)
    }

    /// Whether a cost at the largest size has a share of `least` per cent. Where the clock saw no
    /// time pass at all there are no shares, and counts speak for themselves.
    pub fn weighs(&self, cost: f64, least: Decimal) -> bool {
        let is_unseen = self.busy.largest.is_some();
        self.busy.share(cost).map_or(is_unseen, |share| share >= least)
    }

    /// One run in the words of the document.
    pub fn run_figures(&self, position: usize, run: &SizedRun) -> RunFigures {
        RunFigures {
            id: run.name.id.clone(),
            repetition: run.name.repetition,
            size: run.size,
            wall_seconds: run.wall_seconds,
            busy: self.busy.costs.get(position).copied().flatten(),
            factor: self.pace.factors.get(position).copied().flatten(),
            peak_memory_bytes: run.peak_memory_bytes,
        }
    }

    /// Functions that work, the user's own first, then the costliest.
    pub fn by_importance(&self) -> Vec<&FunctionSeries> {
        let mut order: Vec<usize> = (0..self.waits.len()).filter(|&f| !self.waits[f]).collect();
        order.sort_by(|&left, &right| {
            let cost = |f: usize| self.busy.cumulative_cost(&self.table.functions[f]);
            let own = self.own_code[right].cmp(&self.own_code[left]);
            own.then(cost(right).total_cmp(&cost(left)))
        });
        order.into_iter().map(|f| &self.table.functions[f]).collect()
    }

    /// What kind of number a cost is.
    pub fn kind(&self) -> Kind {
        match self.unit {
            CostUnit::WallSeconds | CostUnit::CpuSeconds => Kind::Time(self.pace.noise_floor),
            CostUnit::Instructions => Kind::Count,
            CostUnit::Samples => Kind::Samples,
        }
    }

    fn judge_calls(&self) -> Vec<Option<Fit>> {
        if !self.counts_calls {
            return vec![None; self.table.functions.len()];
        }
        self.table
            .functions
            .par_iter()
            .map(|function| Some(self.judge.fit(&function.ncall(), Kind::Count)))
            .collect()
    }

    fn judge_self_costs(&self, counts_only: bool) -> Vec<Option<Fit>> {
        let judged = |(function, waits): (&FunctionSeries, &bool)| {
            let matters = !waits && self.matters(self.busy.self_cost(function));
            (matters && !counts_only).then(|| self.cost_growth(&function.tsub()))
        };
        let functions = self.table.functions.par_iter().zip(self.waits.par_iter());
        let mut fits: Vec<Option<Fit>> = functions.map(judged).collect();
        if self.is_exact() {
            return fits;
        }
        let costs = self.table.functions.iter().map(|function| self.busy.self_cost(function));
        let known = fits.iter().zip(costs.clone()).filter(|(fit, _)| fit.is_some());
        let looked_at = LookedAt::new(known.map(|(_, cost)| cost));
        for (fit, cost) in fits.iter_mut().zip(costs) {
            *fit = fit.take().map(|fit| looked_at.with_chance_in_mind(fit, cost));
        }
        fits
    }

    fn judge_edges(&self) -> Vec<Option<Fit>> {
        self.table
            .edges
            .par_iter()
            .map(|edge| {
                let waits = self.waits[edge.caller] || self.waits[edge.callee];
                let cost = self.busy.largest_of(&edge.ttot()).unwrap_or_default();
                (self.counts_calls && !waits && self.matters(cost))
                    .then(|| self.judge.fit(&edge.ncall(), Kind::Count))
            })
            .collect()
    }
}

fn pace(table: &Table, waits: &[bool], runs: &Ordered) -> Pace {
    let working: Vec<&FunctionSeries> = table
        .functions
        .iter()
        .zip(waits)
        .filter(|(_, waits)| !**waits && runs.unit.is_time())
        .map(|(function, _)| function)
        .collect();
    let places: Vec<RunPlace> = runs.runs.iter().map(SizedRun::place).collect();
    factor::pace(&working, &places)
}

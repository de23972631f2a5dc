//! One of two sets of runs, with what the comparison asks of it.

use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::middle;
use crate::analysis::runs::Ordered;
use crate::analysis::runs::SizedRun;
use crate::analysis::survey::Survey;
use crate::error::Result;
use crate::profile::Profile;

/// One of the two sets, in order of size.
#[derive(Debug)]
pub struct Side<'a> {
    pub survey: Survey,
    pub ordered: Ordered,
    /// One per run, in that order.
    pub profiles: Vec<Option<&'a Profile>>,
}

impl<'a> Side<'a> {
    pub fn of(runs: &'a [MeasuredRun], settings: &Settings) -> Result<Self> {
        let (survey, ordered) = Survey::of(runs, settings)?;
        let unit = survey.unit;
        let profile = |run: &SizedRun| {
            let measured = runs.iter().find(|measured| measured.name() == run.name)?;
            measured.profile.as_ref().filter(|profile| profile.unit == unit)
        };
        let profiles = ordered.runs.iter().map(profile).collect();
        Ok(Self { survey, ordered, profiles })
    }

    /// The typical run of a size by its busy cost, or by wall time where no run of it has a
    /// profile.
    pub fn at(&self, size: f64) -> Option<usize> {
        let runs = &self.ordered.runs;
        let of_size = |costs: &[Option<f64>]| {
            middle::typical(
                runs.iter().zip(costs).map(|(run, cost)| cost.filter(|_| run.size == size)),
            )
        };
        let first = || runs.iter().position(|run| run.size == size);
        of_size(&self.survey.busy.costs).or_else(|| of_size(&self.ordered.walls())).or_else(first)
    }

    pub fn sizes(&self) -> usize {
        let mut sizes: Vec<f64> = self.ordered.runs.iter().map(|run| run.size).collect();
        sizes.dedup();
        sizes.len()
    }

    /// Cost of the whole in each run.
    pub fn totals(&self, is_wall: bool) -> Vec<Option<f64>> {
        match is_wall {
            true => self.ordered.walls(),
            false => self.survey.busy.costs.clone(),
        }
    }

    /// Median cost of the whole at a size; 0 where none is known.
    pub fn total_at(&self, size: f64, is_wall: bool) -> f64 {
        let totals = self.totals(is_wall);
        let of_size = self.ordered.runs.iter().zip(totals).filter(|(run, _)| run.size == size);
        let known: Vec<f64> = of_size.filter_map(|(_, total)| total).collect();
        middle::median(&known).unwrap_or_default()
    }

    pub fn has_wall(&self) -> bool {
        self.ordered.runs.iter().all(|run| run.wall_seconds.is_some())
    }
}

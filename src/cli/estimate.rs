//! How long the rest of a queue will take, from the runs that are done.
//! A guess for the person who waits, not a finding.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;

use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::RunResult;
use crate::plan::Status;
use crate::stats::line::Line;
use crate::units::Seconds;

/// Growth beyond this is not believed of a guess.
const STEEPEST: f64 = 3.0;

/// The most measurements of one workload that are looked at.
const MOST_KNOWN: usize = 200;

/// What is known of how long the runs of a plan take: size and seconds, by workload.
#[derive(Debug)]
pub struct Known<'a> {
    plan: &'a Plan,
    measured: BTreeMap<&'a str, Vec<(f64, f64)>>,
}

impl<'a> Known<'a> {
    pub fn of(plan: &'a Plan) -> Self {
        let mut measured: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for run in plan.runs.values() {
            let known = measured.entry(&run.workload).or_default();
            let walls = plan.results.get(&run.id).map_or(&[][..], |result| &result.wall_seconds);
            let room = MOST_KNOWN.saturating_sub(known.len());
            known.extend(walls.iter().take(room).map(|wall| (run.extent.size(), *wall)));
        }
        Self { plan, measured }
    }

    /// The time that `run` will still take, all its repetitions together; `None` when it is over or
    /// when nothing like it was measured.
    pub fn left(&self, run: &Run, now: DateTime<Utc>) -> Option<Seconds> {
        let so_far = match &run.status {
            Status::Pending | Status::Running(None) => 0.0,
            Status::Running(Some(lease)) => (now - lease.started).num_milliseconds() as f64 / 1e3,
            Status::Done { .. } | Status::Error { .. } => return None,
        };
        let known = self.measured.get(run.workload.as_str())?;
        let one = time_left(known, &[run.extent.size()])?;
        let others = to_go(self.plan, run).saturating_sub(1) as f64;
        Some(Seconds((one.0 - so_far).max(0.0) + one.0 * others))
    }
}

/// Repetitions of `run` that are still to be measured.
pub fn to_go(plan: &Plan, run: &Run) -> usize {
    let done = plan.results.get(&run.id).map_or(0, RunResult::repetitions);
    (run.repetitions as usize).saturating_sub(done).max(1)
}

/// The time that runs of sizes `left` will take together, when runs took `known` = (size, seconds).
/// `None` before anything is known.
///
/// From three sizes on a curve with a fixed cost is put through what is known ([`Curve`]), because
/// start-up hides the growth of small sizes. Before that a line through the logarithms gives the
/// growth (1 is assumed while all sizes are equal), and each run is reckoned from the one nearest
/// in size.
///
/// Example: 7 in 2 s and 14 in 8 s grow as n^2, so 28 will take 32 s.
pub fn time_left(known: &[(f64, f64)], left: &[f64]) -> Option<Seconds> {
    let known: Vec<(f64, f64)> =
        known.iter().copied().filter(|(size, seconds)| *size > 0.0 && *seconds > 0.0).collect();
    let curve = Curve::through(&known);
    let slope = Line::through(&known).map_or(1.0, |line| line.exponent).clamp(0.0, STEEPEST);
    let reckoned = |size: &f64| {
        if let Some(curve) = &curve {
            return Some(curve.at(*size));
        }
        let distance = |other: &f64| (other / size).ln().abs();
        let nearest = known.iter().min_by(|a, b| distance(&a.0).total_cmp(&distance(&b.0)))?;
        Some(nearest.1 * (size / nearest.0).powf(slope))
    };
    left.iter().map(reckoned).sum::<Option<f64>>().filter(|time| *time > 0.0).map(Seconds)
}

/// `fixed + slope · size^power` seconds, neither part negative.
#[derive(Debug, Clone, Copy)]
struct Curve {
    fixed: f64,
    slope: f64,
    power: f64,
    /// Sum of the squared relative errors.
    error: f64,
}

impl Curve {
    /// The best of the powers 1, 1.5, 2, 2.5 and 3 by relative least squares; `None` below three
    /// sizes.
    fn through(known: &[(f64, f64)]) -> Option<Self> {
        let mut sizes: Vec<f64> = known.iter().map(|(size, _)| *size).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        if sizes.len() < 3 {
            return None;
        }
        let powers = (2..=6_u8).map(|half| f64::from(half) / 2.0);
        let curves = powers.filter_map(|power| Self::of_power(known, power));
        curves.min_by(|left, right| left.error.total_cmp(&right.error))
    }

    /// Least squares of `fixed / t + slope · size^power / t = 1`.
    fn of_power(known: &[(f64, f64)], power: f64) -> Option<Self> {
        let columns = || known.iter().map(|(size, time)| (1.0 / time, size.powf(power) / time));
        let sum = |part: fn((f64, f64)) -> f64| columns().map(part).sum::<f64>();
        let (ones, grows) = (sum(|(one, _)| one), sum(|(_, grow)| grow));
        let (one_one, grow_grow) = (sum(|(one, _)| one * one), sum(|(_, grow)| grow * grow));
        let both = sum(|(one, grow)| one * grow);
        let determinant = one_one * grow_grow - both * both;
        let fixed = (ones * grow_grow - grows * both) / determinant;
        let slope = (grows * one_one - ones * both) / determinant;
        let (fixed, slope) = match (fixed, slope) {
            (fixed, _) if fixed < 0.0 => (0.0, grows / grow_grow),
            (_, slope) if slope < 0.0 => (ones / one_one, 0.0),
            both => both,
        };
        let error = columns().map(|(one, grow)| (fixed * one + slope * grow - 1.0).powi(2)).sum();
        let curve = Self { fixed, slope, power, error };
        [fixed, slope, error].iter().all(|number: &f64| number.is_finite()).then_some(curve)
    }

    fn at(&self, size: f64) -> f64 {
        self.fixed + self.slope * size.powf(self.power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(known: &[(f64, f64)], left: &[f64], expected: Option<f64>) {
        match (time_left(known, left), expected) {
            (Some(Seconds(found)), Some(expected)) => assert!((found - expected).abs() < 1e-9),
            (found, expected) => assert_eq!(found.map(|time| time.0), expected),
        }
    }

    #[test]
    fn goes_on_as_the_finished_runs_did() {
        check(&[(7.0, 2.0), (14.0, 8.0)], &[28.0], Some(32.0));
        check(&[(7.0, 2.0)], &[14.0, 7.0], Some(6.0));
        check(&[(7.0, 2.0), (7.0, 2.0)], &[14.0], Some(4.0));
        // 1 s and a hundredth of the square: 2, 5, 17 s; 65 s are next, with those of 10 two more.
        let known = [(10.0, 2.0), (20.0, 5.0), (40.0, 17.0)];
        check(&known, &[80.0, 10.0], Some(67.0));
        // Time that falls is taken for the same.
        let same = time_left(&[(1.0, 3.0), (2.0, 3.0), (4.0, 2.9)], &[8.0]).unwrap();
        assert!((same.0 - 2.97).abs() < 0.02, "{same}");
        check(&[], &[7.0], None);
        check(&[(7.0, 2.0)], &[], None);
        check(&[(7.0, 0.0), (7.0, f64::NAN)], &[14.0], None);
    }
}

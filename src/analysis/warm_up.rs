//! Whether programs were measured before they were warm: the first repetition fills caches that the
//! others find full, and is no measure of growth.

use std::collections::BTreeMap;

use crate::analysis::middle;
use crate::analysis::runs::SizedRun;
use crate::units::three_digits;

/// A first repetition that takes this many times as long as the others is worth a word.
const SLOW_START: f64 = 1.5;
/// Runs with repetitions from which it is told.
const LEAST_RUNS: usize = 3;

/// What to say when the first repetition of most runs was slow.
///
/// Example: first 3 s and then 1 s in two runs of three, and 1 s throughout in the third: 3 times.
pub fn warning(runs: &[SizedRun]) -> Option<String> {
    let mut by_id: BTreeMap<&str, Vec<&SizedRun>> = BTreeMap::new();
    runs.iter().for_each(|run| by_id.entry(&run.name.id).or_default().push(run));
    let ratios: Vec<f64> =
        by_id.values().filter_map(|repetitions| slow_down(repetitions)).collect();
    let typical = middle::median(&ratios).filter(|_| ratios.len() >= LEAST_RUNS)?;
    (typical >= SLOW_START).then(|| {
        format!(
            "the first repetition of a run took {} times as long as the others: give the plan \
             `\"warmups\": 1` in its `settings`, which executes the program once before it is measured",
            three_digits(typical)
        )
    })
}

/// By how much the first repetition took longer than the others of its run.
fn slow_down(repetitions: &[&SizedRun]) -> Option<f64> {
    let is_first = |run: &&SizedRun| run.name.repetition == Some(1);
    let (first, later): (Vec<&SizedRun>, Vec<&SizedRun>) =
        repetitions.iter().copied().partition(is_first);
    let later: Vec<f64> = later.iter().filter_map(|run| run.wall_seconds).collect();
    Some(first.first()?.wall_seconds? / middle::median(&later)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::run_name::RunName;

    /// Runs `a`, `b`, `c`, each with these wall times.
    fn check(walls: [&[f64]; 3], expected: Option<&str>) {
        let of_run = |(id, walls): (&str, &[f64])| {
            let run = |(place, wall): (usize, &f64)| SizedRun {
                name: RunName { id: id.into(), repetition: Some(place as u32 + 1) },
                size: 1.0,
                wall_seconds: Some(*wall),
                peak_memory_bytes: None,
                counters: BTreeMap::new(),
                order: place,
            };
            walls.iter().enumerate().map(run).collect::<Vec<_>>()
        };
        let runs: Vec<SizedRun> = ["a", "b", "c"].into_iter().zip(walls).flat_map(of_run).collect();
        let said = warning(&runs);
        assert_eq!(said.is_some(), expected.is_some(), "{said:?}");
        assert!(said.unwrap_or_default().contains(expected.unwrap_or_default()));
    }

    #[test]
    fn a_slow_start_of_most_runs_is_told() {
        check([&[3.0, 1.0, 1.0], &[3.0, 1.0], &[1.0, 1.0]], Some("took 3.00 times as long"));
        check([&[3.0, 1.0], &[1.0, 1.0], &[1.0, 1.1]], None);
        check([&[3.0], &[3.0, 1.0], &[3.0, 1.0]], None);
    }
}

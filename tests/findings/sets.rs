//! Two sets of runs, before and after a change, as a whole.

use superlinear::analysis::MeasuredRun;
use superlinear::analysis::MetricName;
use superlinear::analysis::Settings;
use superlinear::analysis::sets;
use superlinear::profile::CostUnit;

use crate::program::SIZES;
use crate::program::strategy;

/// Runs that count instructions and took this long by the clock, one at each size.
fn counted(walls: [f64; 5]) -> Vec<MeasuredRun> {
    let (program, _) = strategy();
    let run = |(order, wall): (usize, f64)| {
        let mut profile = program.profile(SIZES[order], 1e9);
        profile.unit = CostUnit::Instructions;
        MeasuredRun {
            id: format!("run-{order}"),
            size: SIZES[order],
            wall_seconds: Some(wall),
            profile: Some(profile),
            order,
            ..MeasuredRun::default()
        }
    };
    walls.into_iter().enumerate().map(run).collect()
}

#[test]
fn wall_time_beside_exact_counts_is_still_a_time() {
    // Both n^1.1 but for 2 % of noise: no certain change.
    let before = counted([1.0, 2.14, 4.59, 9.85, 21.1]);
    let after = counted([0.98, 2.16, 4.66, 9.80, 21.5]);
    let found = sets::compare("counted", &before, &after, true, &Settings::default()).unwrap();
    let growth = found.growth.unwrap();
    assert_eq!(growth.metric, MetricName::Wall);
    assert!(!growth.is_certain, "{growth:?}");
    // The noise is in the interval, as it is in that of the program of an analysis.
    let width = growth.before.high - growth.before.low;
    assert!(width > 0.03, "{growth:?}");
}

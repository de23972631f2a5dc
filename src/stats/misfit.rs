//! Whether any shape at all fits: departure from the best curve against pure error.
//! Needs repetitions; without them it stays silent.

use crate::stats::design::Design;
use crate::stats::estimate::Misfit;
use crate::stats::gamma::variance_ratio_above;
use crate::stats::series::Series;

/// Departures that chance makes more rarely than this are no chance.
const LEVEL: f64 = 0.001;
/// What a curve is free to choose: scale, shape and fixed share.
const FREE: usize = 3;

/// The misfit of the best curve, when there is one.
///
/// `least`: smallest residual sum of all curves. `noise_floor`: relative, below which pure error
/// is not believed.
///
/// Source: F test of lack of fit against pure error.
/// Example: 5 sizes, 10 values, pure error 0.0005, least 0.0205, floor 0.001: the ratio of
/// variances is (0.02 / 2) / (0.0005 / 5) = 100 with 2 and 5 degrees, by chance 0.0001.
pub fn misfit(design: &Design, series: &Series, least: f64, noise_floor: f64) -> Option<Misfit> {
    let upper_freedom = series
        .groups
        .len()
        .checked_sub(FREE)
        .filter(|left| *left > 0)? as f64;
    let lower_freedom = (series.count - series.groups.len()) as f64;
    if lower_freedom < 1.0 {
        return None;
    }
    let pure = (series.within / lower_freedom).max(noise_floor * noise_floor);
    let departure = (least - series.within).max(0.0) / upper_freedom;
    let chance = variance_ratio_above(departure / pure, upper_freedom, lower_freedom);
    let [.., before, last] = series.groups.as_slice() else {
        return None;
    };
    let distance = design.ln_sizes()[last.place] - design.ln_sizes()[before.place];
    let local_slope = (last.mean - before.mean) / distance;
    (chance < LEVEL).then_some(Misfit {
        local_slope,
        chance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::series::Group;

    fn series(repetitions: usize, within: f64) -> Series {
        let group = |place| Group {
            place,
            weight: 2.0,
            mean: [0.0, 1.0, 1.5, 3.0, 5.0][place],
        };
        Series {
            groups: (0..5).map(group).collect(),
            level: 0.0,
            count: 5 * repetitions,
            weight: 10.0,
            within,
        }
    }

    #[test]
    fn departs_when_repetitions_agree_better_than_the_curve() {
        let design = Design::new(&[1.0, 2.0, 4.0, 8.0, 16.0]).unwrap();
        let found = misfit(&design, &series(2, 0.000_5), 0.020_5, 0.001).unwrap();
        // F with 2 and 5 degrees at 100: (1 + 2 · 100 / 5)^(−5/2).
        assert!((found.chance - 41f64.powf(-2.5)).abs() < 1e-9);
        assert!((found.local_slope - 2.0 / 2f64.ln()).abs() < 1e-9);
        assert_eq!(misfit(&design, &series(2, 0.000_5), 0.000_9, 0.001), None);
        assert_eq!(misfit(&design, &series(2, 0.000_5), 0.020_5, 0.1), None);
    }

    #[test]
    fn is_silent_without_repetitions() {
        let design = Design::new(&[1.0, 2.0, 4.0, 8.0, 16.0]).unwrap();
        assert_eq!(misfit(&design, &series(1, 0.0), 9.0, 0.001), None);
    }
}

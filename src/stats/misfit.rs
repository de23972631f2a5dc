//! Whether any shape at all fits: departure from the best curve against pure error.
//! Needs repetitions; without them it stays silent.
//!
//! Repetitions say how much a time scatters, but not how far the program itself departs from a law:
//! an input of another kind, a cache that is full. Taken as independent, five repetitions of five
//! sizes would pass for 25 sizes.

use crate::stats::design::Design;
use crate::stats::estimate::Misfit;
use crate::stats::gamma::variance_ratio_above;
use crate::stats::series::Series;

/// Departures that chance makes more rarely than this are no chance.
const LEVEL: f64 = 0.001;
/// Departures that chance makes more rarely than this had better not be taken for chance. At this
/// level a test for whether to pool two variances loses least when they are equal and gains most
/// when they are not.
///
/// Source: Bozivich, Bancroft and Hartley, Power of analysis of variance test procedures for
/// certain incompletely specified models, 1956; on our own cases 0.05 and 0.25 differ by less than
/// chance.
const LIKELY: f64 = 0.25;
/// What a curve is free to choose: scale, shape and fixed share.
const FREE: usize = 3;

/// How far the sizes lie from the best curve, beyond what their repetitions explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Departure {
    /// Exponent between the two largest sizes.
    local_slope: f64,
    /// Probability of so large a departure by chance.
    chance: f64,
}

impl Departure {
    /// `None` where there are too few sizes, or no repetitions, to tell.
    ///
    /// `least`: smallest residual sum of all curves. `noise_floor`: relative, below which pure
    /// error is not believed.
    ///
    /// Source: F test of lack of fit against pure error.
    /// Example: 5 sizes, 10 values, pure error 0.0005, least 0.0205, floor 0.001: the ratio of
    /// variances is (0.02 / 2) / (0.0005 / 5) = 100 with 2 and 5 degrees, by chance 0.0001.
    pub fn of(design: &Design, series: &Series, least: f64, noise_floor: f64) -> Option<Self> {
        let sizes = series.groups.len();
        let upper_freedom = sizes.checked_sub(FREE).filter(|left| *left > 0)? as f64;
        let lower_freedom = (series.count - sizes) as f64;
        let [.., before, last] = series.groups.as_slice() else { return None };
        if lower_freedom < 1.0 {
            return None;
        }
        let pure = (series.within / lower_freedom).max(noise_floor * noise_floor);
        let departure = (least - series.within).max(0.0) / upper_freedom;
        let distance = design.ln_sizes()[last.place] - design.ln_sizes()[before.place];
        Some(Self {
            local_slope: (last.mean - before.mean) / distance,
            chance: variance_ratio_above(departure / pure, upper_freedom, lower_freedom),
        })
    }

    /// Whether it is better to take each size as one value than all repetitions as independent.
    pub fn is_likely(&self) -> bool {
        self.chance < LIKELY
    }

    /// No single law, where the departure is no chance.
    pub fn misfit(self) -> Option<Misfit> {
        let Self { local_slope, chance } = self;
        (chance < LEVEL).then_some(Misfit { local_slope, chance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::series::Group;

    fn series(repetitions: usize, within: f64) -> Series {
        let group = |place| Group { place, weight: 2.0, mean: [0.0, 1.0, 1.5, 3.0, 5.0][place] };
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
        let of = |within, least, floor| {
            Departure::of(&design, &series(2, within), least, floor).unwrap().misfit()
        };
        let found = of(0.000_5, 0.020_5, 0.001).unwrap();
        // F with 2 and 5 degrees at 100: (1 + 2 · 100 / 5)^(−5/2).
        assert!((found.chance - 41f64.powf(-2.5)).abs() < 1e-9);
        assert!((found.local_slope - 2.0 / 2f64.ln()).abs() < 1e-9);
        assert_eq!(of(0.000_5, 0.000_9, 0.001), None);
        assert_eq!(of(0.000_5, 0.020_5, 0.1), None);
    }

    #[test]
    fn is_silent_without_repetitions() {
        let design = Design::new(&[1.0, 2.0, 4.0, 8.0, 16.0]).unwrap();
        assert_eq!(Departure::of(&design, &series(1, 0.0), 9.0, 0.001), None);
    }
}

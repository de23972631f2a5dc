//! Whether to repeat a run would tell more: whether values scatter, or lie where a curve that is
//! none of ours has them.

use crate::stats::design::Design;
use crate::stats::estimate::Estimate;
use crate::stats::noise::NoiseFloor;

/// What one more value at a size that has one already is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeating {
    /// Its scatter is averaged out.
    Helps,
    /// It would be the same again: an exact count, or a departure that is the program's own.
    TellsNothing,
}

/// Values that scatter from neighbour to neighbour by less than this part of how far they lie from
/// all curves do not scatter about them. Chance alone makes it so with four values in one case of
/// ten, and then a further size is advised, which tells as well.
const SMOOTH: f64 = 1.0 / 3.0;

impl Design {
    /// Whether repetitions would tell more of `values`, one per run, than `estimate` does.
    pub fn repeating(
        &self,
        values: &[Option<f64>],
        estimate: &Estimate,
        noise: NoiseFloor,
    ) -> Repeating {
        if noise == NoiseFloor::Counter || estimate.by_size {
            return Repeating::TellsNothing;
        }
        let mut points: Vec<(f64, f64)> = self
            .runs()
            .iter()
            .zip(values)
            .enumerate()
            .filter(|(run, _)| !estimate.dropped.contains(run))
            .filter_map(|(_, ((place, _), value))| {
                let value = value.filter(|value| value.is_finite() && *value > 0.0)?;
                Some((self.ln_sizes()[*place], value.ln()))
            })
            .collect();
        points.sort_by(|left, right| left.0.total_cmp(&right.0));
        let is_repeated = points.windows(2).any(|pair| pair[0].0 == pair[1].0);
        let is_smooth = |scatter: f64| scatter.max(noise.level()) < SMOOTH * estimate.noise;
        match !is_repeated && scatter(&points).is_some_and(is_smooth) {
            true => Repeating::TellsNothing,
            false => Repeating::Helps,
        }
    }
}

/// Standard deviation of values about a smooth curve that need not be known: of how far each lies
/// from the line between its neighbours. What is curved adds to it.
///
/// `points`: logarithms of size and value, rising by size, each size once. `None` below three.
///
/// Source: Gasser, Sroka and Jennen-Steinmetz, Residual variance and residual pattern in nonlinear
/// regression, 1986.
/// Example: 0, 0, 1.5 and 0 at even steps: the inner two are −0.75 and 1.5 off their lines, each a
/// sum with a variance of 1.5: √((0.5625 + 2.25) / 1.5 / 2) = 0.968.
fn scatter(points: &[(f64, f64)]) -> Option<f64> {
    let squares = points.windows(3).map(|three| {
        let (before, at, after) = (three[0], three[1], three[2]);
        let weight = (after.0 - at.0) / (after.0 - before.0);
        let off = at.1 - weight * before.1 - (1.0 - weight) * after.1;
        off * off / (1.0 + weight.powi(2) + (1.0 - weight).powi(2))
    });
    let inner = points.len().checked_sub(2).filter(|inner| *inner > 0)?;
    Some((squares.sum::<f64>() / inner as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f64; 5] = [10.0, 20.0, 40.0, 80.0, 160.0];

    #[test]
    fn scatter_agrees_with_the_number_worked_out_by_hand() {
        let even = [(0.0, 0.0), (1.0, 0.0), (2.0, 1.5), (3.0, 0.0)];
        assert!((scatter(&even).unwrap() - 0.968_246).abs() < 1e-6);
        // A power is a line, at whatever steps.
        let power = [(0.0, 1.0), (1.0, 6.0), (4.0, 21.0), (4.5, 23.5)];
        assert!(scatter(&power).unwrap() < 1e-12);
        assert_eq!(scatter(&even[..2]), None);
    }

    fn check(values: &[Option<f64>], noise: NoiseFloor, expected: Repeating) {
        of_sizes(&SIZES, values, noise, expected);
    }

    fn of_sizes(sizes: &[f64], values: &[Option<f64>], noise: NoiseFloor, expected: Repeating) {
        let design = Design::new(sizes).unwrap();
        let estimate = design.estimate(values, noise).unwrap();
        let found = design.repeating(values, &estimate, noise);
        assert_eq!(found, expected, "{values:?} {}", estimate.noise);
    }

    #[test]
    fn what_no_curve_follows_is_no_scatter() {
        // A square that stops at a limit, as a cache does.
        let close = [10.0, 13.0, 16.0, 20.0, 25.0, 32.0, 40.0];
        let limited =
            close.map(|size: f64| Some(size.powi(2) / (1.0 + (size / 20.0).powi(4)).sqrt()));
        of_sizes(&close, &limited, NoiseFloor::Clock(0.01), Repeating::TellsNothing);
        let scattered = [1.0, 2.6, 3.1, 10.0, 12.0].map(Some);
        check(&scattered, NoiseFloor::Clock(0.01), Repeating::Helps);
        // What is known to scatter does so, however it came out.
        of_sizes(&close, &limited, NoiseFloor::Clock(0.3), Repeating::Helps);
        check(&scattered, NoiseFloor::Counter, Repeating::TellsNothing);
    }
}

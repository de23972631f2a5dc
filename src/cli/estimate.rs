//! How long the rest of a queue will take, from the runs that are done.
//! A guess for the person who waits, not a finding.

use crate::stats::line::Line;
use crate::units::Seconds;

/// Growth beyond this is not believed of a guess.
const STEEPEST: f64 = 3.0;

/// The time that runs of sizes `left` will take together, when runs took `known` = (size, seconds).
/// `None` before anything is known.
///
/// A line through the logarithms gives the growth (1 is assumed while all sizes are equal); each run
/// is then reckoned from the known run that is nearest in size.
///
/// Example: 7 in 2 s and 14 in 8 s grow as n^2, so 28 will take 32 s.
pub fn time_left(known: &[(f64, f64)], left: &[f64]) -> Option<Seconds> {
    let known: Vec<(f64, f64)> =
        known.iter().copied().filter(|(size, seconds)| *size > 0.0 && *seconds > 0.0).collect();
    let slope = slope(&known).clamp(0.0, STEEPEST);
    let reckoned = |size: &f64| {
        let distance = |other: &f64| (other / size).ln().abs();
        let nearest = known.iter().min_by(|a, b| distance(&a.0).total_cmp(&distance(&b.0)))?;
        Some(nearest.1 * (size / nearest.0).powf(slope))
    };
    left.iter().map(reckoned).sum::<Option<f64>>().filter(|time| *time > 0.0).map(Seconds)
}

fn slope(known: &[(f64, f64)]) -> f64 {
    Line::through(known).map_or(1.0, |line| line.exponent)
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
        check(&[], &[7.0], None);
        check(&[(7.0, 2.0)], &[], None);
        check(&[(7.0, 0.0), (7.0, f64::NAN)], &[14.0], None);
    }
}

//! Times of some work at several sizes: in rounds over all sizes, so that a machine which slows
//! down does not look like growth.

use std::hint::black_box;
use std::time::Duration;

use crate::system::clock::Stopwatch;

/// Rounds over all sizes.
const ROUNDS: usize = 5;
/// How long one measurement takes at the least; shorter work is repeated within it.
const LEAST: Duration = Duration::from_millis(1);
/// Repetitions within a measurement.
const MOST: u32 = 10_000;

/// Size and seconds of one execution, in order of size, each size as often as there are rounds.
/// The first execution of each size warms up and is not counted.
pub(super) fn rounds<T>(sizes: &[usize], work: &mut impl FnMut(usize) -> T) -> Vec<(f64, f64)> {
    let repeats: Vec<u32> = sizes.iter().map(|size| repeats(*size, work)).collect();
    let mut points = Vec::with_capacity(ROUNDS * sizes.len());
    for _ in 0..ROUNDS {
        for (size, repeats) in sizes.iter().zip(&repeats) {
            let watch = Stopwatch::start();
            for _ in 0..*repeats {
                black_box(work(black_box(*size)));
            }
            let seconds = watch.elapsed().as_secs_f64() / f64::from(*repeats);
            points.push((*size as f64, seconds));
        }
    }
    points.sort_by(|left, right| left.0.total_cmp(&right.0));
    points
}

/// How often the work is to be done for a measurement to take long enough.
fn repeats<T>(size: usize, work: &mut impl FnMut(usize) -> T) -> u32 {
    let watch = Stopwatch::start();
    black_box(work(black_box(size)));
    let once = watch.elapsed().max(Duration::from_nanos(50));
    let needed = LEAST.as_nanos().div_ceil(once.as_nanos());
    u32::try_from(needed).unwrap_or(MOST).clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_measured_in_every_round() {
        let mut executed = 0;
        let points = rounds(&[10, 20], &mut |n| {
            executed += 1;
            std::thread::sleep(Duration::from_millis(2));
            n
        });
        assert_eq!(executed, 2 + 2 * ROUNDS, "work that is long enough is done once in each");
        let sizes: Vec<f64> = points.iter().map(|point| point.0).collect();
        assert_eq!(sizes, [[10.0; ROUNDS], [20.0; ROUNDS]].concat());
        assert!(points.iter().all(|(_, seconds)| *seconds >= 0.002));
    }
}

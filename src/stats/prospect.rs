//! What larger sizes could still show: how probable a finding is at a size that was not run, and
//! how probable it is that any further run changes the answer. It says nothing of which runs to
//! make.

use crate::stats::design::Design;
use crate::stats::estimate::Skipped;
use crate::stats::estimate::Verdict;
use crate::stats::evidence::Evidence;
use crate::stats::fit;
use crate::stats::noise::NoiseFloor;
use crate::stats::prior;
use crate::stats::prior::SHARES;
use crate::stats::scan::Scan;
use crate::stats::shape::Shape;

/// What is believed of a series at a size beyond its runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospect {
    /// Probability that it is superlinear there, also where a steeper term is hidden today.
    pub superlinear: f64,
    /// Probability of that and of a value there that is large enough to matter.
    pub finding: f64,
    /// Distinct sizes with a value above zero.
    pub sizes: usize,
}

/// Shapes less probable than this are taken for large enough, and fixed shares of less than this
/// part of the most probable one's weight are passed over.
const NEGLIGIBLE: f64 = 1e-6;

impl Design {
    /// What `values` let one expect at `size`, no smaller than the largest of this design.
    ///
    /// `values`, `noise`: as for [`Design::estimate`]; `least`: the value from which it matters, in
    /// the unit of the values.
    ///
    /// # Errors
    /// As [`Design::estimate`].
    pub fn prospect(
        &self,
        values: &[Option<f64>],
        noise: NoiseFloor,
        size: f64,
        least: f64,
    ) -> Result<Prospect, Skipped> {
        let (prepared, compared) = fit::compare(self, fit::prepared(self, values, noise)?);
        let evidence = Evidence::new(compared.series.count, prepared.noise);
        let scan = prepared.scan(self, &compared.series, evidence);
        let ln_size = size.ln();
        let mut prospect =
            Prospect { superlinear: 0.0, finding: 0.0, sizes: compared.series.groups.len() };
        for (position, probability) in compared.posterior.shapes().iter().enumerate() {
            let shape = self.shapes()[position].shape;
            if shape.is_superlinear_at(ln_size, self.span()) {
                prospect.superlinear += probability;
                let above = || part_above(self, &scan, (position, shape), ln_size, least.ln());
                let part = if *probability > NEGLIGIBLE { above() } else { 1.0 };
                prospect.finding += probability * part;
            }
        }
        prospect.superlinear = prospect.superlinear.min(1.0);
        prospect.finding = prospect.finding.min(prospect.superlinear);
        Ok(prospect)
    }
}

/// Part of the probability of one shape whose curves lie above `ln_least` at a size.
fn part_above(
    design: &Design,
    scan: &Scan<'_>,
    (position, shape): (usize, Shape),
    ln_size: f64,
    ln_least: f64,
) -> f64 {
    let mut row = [0.0; SHARES];
    scan.shares(position, &mut row);
    let most = row.iter().copied().fold(0.0, f64::max);
    let (mut above, mut all) = (0.0, 0.0);
    for (share, weight) in row.iter().enumerate().filter(|(_, w)| **w > NEGLIGIBLE * most) {
        let scale = scan.fit(position, share).ln_scale;
        let curve = shape.ln_curve(ln_size, prior::fixed_share(share), design.span());
        all += weight;
        above += if scale + curve >= ln_least { *weight } else { 0.0 };
    }
    if all > 0.0 { above / all } else { 1.0 }
}

/// The most probable it can be that further values take the verdict "superlinear" away from what is
/// superlinear with a probability of `p`: `(1 − p) / 0.1`, at most 1.
///
/// The verdict goes when the doubt reaches 0.1. The probability of what is false neither rises nor
/// falls on average as values come in, so that it reaches ten times what it is with a probability
/// of at most a tenth, however many values come and whenever one looks.
///
/// Source: J. Ville, Étude critique de la notion de collectif, 1939: a nonnegative martingale that
/// starts at `a` ever reaches `b` with a probability of at most `a / b`.
/// Example: a verdict that is 99.8 % sure is lost with a probability of at most 0.002 / 0.1 = 2 %.
pub fn chance_to_lose(p: f64) -> f64 {
    ((1.0 - p) / (1.0 - Verdict::SURE)).clamp(0.0, 1.0)
}

/// The most probable it can be that further values give that verdict to what deserves it with a
/// probability of `p`: `p / 0.9`, at most 1, since it is given from 0.9 on.
///
/// Source: as [`chance_to_lose`].
/// Example: what has a probability of 1.8 % is found with one of at most 0.018 / 0.9 = 2 %.
pub fn chance_to_find(p: f64) -> f64 {
    (p / Verdict::SURE).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f64; 5] = [10.0, 20.0, 40.0, 80.0, 160.0];

    fn prospect(value: impl Fn(f64) -> f64, least: f64) -> Prospect {
        let design = Design::new(&SIZES).unwrap();
        let values = SIZES.map(|size| Some(value(size)));
        design.prospect(&values, NoiseFloor::Counter, 1_600.0, least).unwrap()
    }

    #[test]
    fn a_square_is_one_and_large_enough_or_not() {
        // 3 n² is 7.68 million at 1,600.
        let large = prospect(|size| 3.0 * size * size, 7.0e6);
        assert!(large.finding > 0.99 && large.superlinear > 0.999, "{large:?}");
        let small = prospect(|size| 3.0 * size * size, 9.0e6);
        assert!(small.finding < 0.01 && small.superlinear > 0.999, "{small:?}");
        assert_eq!(large.sizes, 5);
    }

    #[test]
    fn a_square_that_is_hidden_today_is_foreseen() {
        let exact = |size: f64| 1_000.0 * size + 0.8 * size * size;
        let design = Design::new(&SIZES).unwrap();
        let values = SIZES.map(|size| Some(exact(size)));
        let today = design.estimate(&values, NoiseFloor::Counter).unwrap();
        assert!(today.p_superlinear < 0.01, "{today:?}");
        let later = prospect(exact, 0.0);
        assert!(later.superlinear > 0.5, "{later:?}");
        let linear = prospect(|size| 1_000.0 * size, 0.0);
        assert!(linear.superlinear < 0.001, "{linear:?}");
    }

    #[test]
    fn at_the_largest_size_it_is_the_estimate_itself() {
        let design = Design::new(&SIZES).unwrap();
        let values = [1.0, 2.3, 4.1, 9.9, 22.0].map(Some);
        let noise = NoiseFloor::Clock(0.01);
        let estimate = design.estimate(&values, noise).unwrap();
        let same = design.prospect(&values, noise, 160.0, 1e-9).unwrap();
        assert!((same.superlinear - estimate.p_superlinear).abs() < 1e-9);
        assert!((same.finding - same.superlinear).abs() < 1e-9);
    }

    #[test]
    fn says_why_there_is_nothing_to_expect() {
        let design = Design::new(&SIZES).unwrap();
        let nothing = design.prospect(&[None; 5], NoiseFloor::Counter, 1_600.0, 1.0);
        assert_eq!(nothing, Err(Skipped::NothingMeasured));
    }

    #[test]
    fn chances_are_those_of_the_examples() {
        let check = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        };
        check(chance_to_lose(0.998), 0.02);
        check(chance_to_lose(0.9), 1.0);
        check(chance_to_lose(0.2), 1.0);
        check(chance_to_lose(1.0 + 1e-17), 0.0);
        check(chance_to_find(0.018), 0.02);
        check(chance_to_find(0.95), 1.0);
        check(chance_to_find(0.0), 0.0);
    }
}

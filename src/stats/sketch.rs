//! A handful of curves that stand for all, at even steps of their probability.
//! What they say of other sizes is the outlook's business.

use crate::stats::class::Class;
use crate::stats::design::Design;
use crate::stats::estimate::Verdict;
use crate::stats::evidence::Evidence;
use crate::stats::outlook::CURVES;
use crate::stats::outlook::Curve;
use crate::stats::outlook::Fitted;
use crate::stats::outlook::Outlook;
use crate::stats::posterior::Posterior;
use crate::stats::prior::SHARES;
use crate::stats::scan::Fit;
use crate::stats::scan::Scan;
use crate::stats::shape::Shape;

/// The curves of an estimate, and the run that most of them call slow.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub outlook: Outlook,
    pub slow_run: Option<usize>,
}

/// Curves at the middles of even parts of the probability, from flat to steep.
pub fn sketch(
    design: &Design,
    scan: &Scan<'_>,
    evidence: Evidence,
    posterior: &Posterior<'_>,
) -> Sketch {
    let mut curves = Vec::new();
    let mut slow = Vec::new();
    let mut row = [0.0; SHARES];
    let mut below = 0.0;
    for (shape, probability) in posterior.shapes().iter().enumerate() {
        let (from, to) = (parts_below(below), parts_below(below + probability));
        below += probability;
        if from == to {
            continue;
        }
        scan.shares(shape, &mut row);
        for (share, parts) in spread(&row, to - from) {
            let fit = scan.fit(shape, share);
            slow.extend(fit.slow_run.map(|run| (run, parts)));
            curves.push(curve(design, evidence, (shape, share, parts), fit));
        }
    }
    let rivals = rivals(design, scan, evidence, posterior);
    let fitted = Fitted { values: scan.count(), freedom: f64::from(evidence.half_powers()) };
    Sketch {
        outlook: Outlook::new(design.span(), curves, fitted).with_rivals(rivals),
        slow_run: mostly(&slow),
    }
}

fn curve(
    design: &Design,
    evidence: Evidence,
    (shape, share, parts): (usize, usize, u8),
    fit: Fit,
) -> Curve {
    Curve {
        shape: design.shapes()[shape].shape,
        share: share as u8,
        parts,
        noise: evidence.noise(fit.residual_sum) as f32,
        ln_scale: fit.ln_scale,
    }
}

/// Best curves of the most probable class and of its rival: the next one, or the next one with
/// the other answer when it is the verdict that is open.
fn rivals(
    design: &Design,
    scan: &Scan<'_>,
    evidence: Evidence,
    posterior: &Posterior<'_>,
) -> Option<(Curve, Curve)> {
    let open = Verdict::of(posterior.superlinear()) == Verdict::CannotTell;
    let classes = posterior.classes();
    let (first, _) = *classes.first()?;
    let rival = |class: &Class| !open || class.is_superlinear() != first.is_superlinear();
    let second = classes[1..].iter().map(|(class, _)| *class).find(rival)?;
    let best = |class: Class| {
        let wanted = Shape::Named(class);
        let shape = design.shapes().iter().position(|known| known.shape == wanted)?;
        let mut row = [0.0; SHARES];
        scan.shares(shape, &mut row);
        let share = (0..SHARES).max_by(|a, b| row[*a].total_cmp(&row[*b]))?;
        Some(curve(design, evidence, (shape, share, 1), scan.fit(shape, share)))
    };
    Some((best(first)?, best(second)?))
}

/// The run that is slow for more than half of the parts.
fn mostly(slow: &[(usize, u8)]) -> Option<usize> {
    let parts_of = |run: usize| -> usize {
        let parts = slow.iter().filter(|(other, _)| *other == run);
        parts.map(|(_, parts)| usize::from(*parts)).sum()
    };
    slow.iter().map(|(run, _)| *run).find(|run| 2 * parts_of(*run) > CURVES)
}

/// How many middles of parts lie below a probability.
fn parts_below(probability: f64) -> usize {
    ((probability * CURVES as f64 + 0.5).floor() as usize).min(CURVES)
}

/// Shares at even steps of their probability, each with the number of parts that fall to it.
fn spread(row: &[f64; SHARES], parts: usize) -> Vec<(usize, u8)> {
    let sum: f64 = row.iter().sum();
    let mut chosen: Vec<(usize, u8)> = Vec::new();
    let mut below = 0.0;
    let mut next = 0;
    for (share, probability) in row.iter().enumerate() {
        below += probability;
        let mut own = 0;
        while next < parts && below >= sum * (next as f64 + 0.5) / parts as f64 {
            own += 1;
            next += 1;
        }
        if own > 0 {
            chosen.push((share, own));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_taken_at_even_steps() {
        let mut row = [0.0; SHARES];
        row[3] = 1.0;
        row[7] = 3.0;
        assert_eq!(spread(&row, 4), [(3, 1), (7, 3)]);
        assert_eq!(spread(&row, 1), [(7, 1)]);
    }

    #[test]
    fn parts_are_counted_by_their_middles() {
        assert_eq!(parts_below(0.0), 0);
        assert_eq!(parts_below(0.5), 32);
        assert_eq!(parts_below(0.507), 32);
        assert_eq!(parts_below(0.509), 33);
        assert_eq!(parts_below(1.0), 64);
    }

    #[test]
    fn a_slow_run_needs_most_of_the_parts() {
        assert_eq!(mostly(&[(3, 20), (4, 10), (3, 13)]), Some(3));
        assert_eq!(mostly(&[(3, 32), (4, 32)]), None);
        assert_eq!(mostly(&[]), None);
    }
}

//! What is believed of growth once the values are seen: probabilities of shapes and what follows.
//! Sums only; where the probabilities come from is the scan's business.

use crate::stats::class::Class;
use crate::stats::design::Weighted;
use crate::stats::shape::Shape;

/// Probability of each shape of a design, from flat to steep.
#[derive(Debug, Clone)]
pub struct Posterior<'a> {
    shapes: &'a [Weighted],
    probability: Vec<f64>,
    classes: Vec<(Class, f64)>,
}

const CLASS_SET_HOLDS: f64 = 0.9;

impl<'a> Posterior<'a> {
    /// `ln_evidence`: one per shape, without the prior of the shape.
    pub fn new(shapes: &'a [Weighted], ln_evidence: &[f64]) -> Posterior<'a> {
        let probability = probabilities(shapes.iter().map(|shape| shape.weight), ln_evidence);
        Posterior { shapes, probability, classes: classes(shapes, ln_evidence) }
    }

    /// Probability of each shape.
    pub fn shapes(&self) -> &[f64] {
        &self.probability
    }

    /// The smallest exponent that holds `part` of the probability at or below it.
    pub fn exponent_at(&self, part: f64) -> f64 {
        self.shape_at(part).map_or(0.0, |shape| shape.exponent)
    }

    /// Ends of the 95 % interval of the exponent, no lower than 0.
    pub fn interval(&self) -> (f64, f64) {
        let end = |part: f64, side: f64| {
            let shape = self.shape_at(part);
            shape.map_or(0.0, |shape| shape.exponent + side * shape.half_step)
        };
        (end(0.025, -1.0).max(0.0), end(0.975, 1.0))
    }

    /// Probability that growth is meaningfully above `n log n`.
    pub fn superlinear(&self) -> f64 {
        let steep = |(shape, _): &(&Weighted, &f64)| shape.is_superlinear;
        let pairs = self.shapes.iter().zip(&self.probability).filter(steep);
        pairs.map(|(_, probability)| probability).sum::<f64>().min(1.0)
    }

    /// Probability of each named class among the named ones, most probable first; the steepest one
    /// stands for everything steeper as well.
    pub fn classes(&self) -> &[(Class, f64)] {
        &self.classes
    }

    fn shape_at(&self, part: f64) -> Option<&Weighted> {
        let mut below = 0.0;
        let holds = self.shapes.iter().zip(&self.probability).find(|(_, probability)| {
            below += **probability;
            below >= part
        });
        holds.map(|(shape, _)| shape).or(self.shapes.last())
    }
}

/// Probabilities in proportion to prior weight and evidence; they sum to 1.
fn probabilities(weights: impl Iterator<Item = f64>, ln_evidence: &[f64]) -> Vec<f64> {
    let most = ln_evidence.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weighed = |(weight, ln_evidence): (f64, &f64)| weight * (ln_evidence - most).exp();
    let mut probability: Vec<f64> = weights.zip(ln_evidence).map(weighed).collect();
    let sum: f64 = probability.iter().sum();
    probability.iter_mut().for_each(|probability| *probability /= sum);
    probability
}

fn classes(shapes: &[Weighted], ln_evidence: &[f64]) -> Vec<(Class, f64)> {
    let class = |shape: Shape| match shape {
        Shape::Named(class) => Some(class),
        steep if steep.is_steep() => Some(Class::N3),
        _ => None,
    };
    let kept = shapes.iter().zip(ln_evidence).filter_map(|(shape, ln_evidence)| {
        Some(((class(shape.shape)?, shape.weight), *ln_evidence))
    });
    let (kept, ln_evidence): (Vec<(Class, f64)>, Vec<f64>) = kept.unzip();
    let probability = probabilities(kept.iter().map(|(_, weight)| *weight), &ln_evidence);
    let of = |class: Class| {
        let same = kept.iter().zip(&probability).filter(|((other, _), _)| *other == class);
        let count = same.clone().count();
        (count > 0).then(|| (class, same.map(|(_, probability)| probability).sum()))
    };
    let mut classes: Vec<(Class, f64)> = Class::ALL.into_iter().filter_map(of).collect();
    classes.sort_by(|a, b| b.1.total_cmp(&a.1));
    classes
}

/// The smallest set that holds 90 % of the probability, of `classes` with the most probable first.
pub fn class_set(classes: &[(Class, f64)]) -> Vec<Class> {
    let mut held = 0.0;
    let mut set = Vec::new();
    for (class, probability) in classes {
        set.push(*class);
        held += probability;
        if held >= CLASS_SET_HOLDS {
            break;
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes() -> Vec<Weighted> {
        let shape = |shape, weight, exponent| Weighted {
            shape,
            weight,
            exponent,
            half_step: 0.01,
            is_superlinear: exponent > 1.35,
        };
        vec![
            shape(Shape::Named(Class::N), 0.4, 1.0),
            shape(Shape::Power { hundredths: 120 }, 0.2, 1.2),
            shape(Shape::Named(Class::N2), 0.4, 2.0),
        ]
    }

    #[test]
    fn weighs_evidence_with_the_prior() {
        let shapes = shapes();
        // Weights 0.4·1, 0.2·2, 0.4·3 are a fifth, a fifth and three fifths of their sum.
        let posterior = Posterior::new(&shapes, &[0.0, 2f64.ln(), 3f64.ln()]);
        let expected = [0.2, 0.2, 0.6];
        for (found, expected) in posterior.shapes().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert!((posterior.superlinear() - 0.6).abs() < 1e-12);
        assert_eq!(posterior.exponent_at(0.5), 2.0);
        assert_eq!(posterior.exponent_at(0.3), 1.2);
        assert_eq!(posterior.interval(), (0.99, 2.01));
        let classes = posterior.classes();
        assert_eq!(classes[0].0, Class::N2);
        assert!((classes[0].1 - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_class_set_holds_nine_tenths() {
        let check = |probabilities: &[f64], expected: usize| {
            let classes: Vec<(Class, f64)> =
                Class::ALL.into_iter().zip(probabilities.iter().copied()).collect();
            assert_eq!(class_set(&classes).len(), expected);
        };
        check(&[0.95, 0.05], 1);
        check(&[0.9, 0.1], 1);
        check(&[0.75, 0.25], 2);
        check(&[0.5, 0.3, 0.15, 0.05], 3);
        check(&[], 0);
    }
}

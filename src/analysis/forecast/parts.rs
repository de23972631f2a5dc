//! The own cost of all functions in parts, each with one curve: a function by itself where it
//! matters at the size that is foretold, the others together with those whose calls grow alike.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::analysis::document::Verdict;
use crate::analysis::forecast::amount::Amount;
use crate::analysis::growth::Fit;
use crate::analysis::survey::Survey;

/// Part of the foretold total from which a function has a curve of its own.
const OF_ITS_OWN: f64 = 0.005;
/// Calls whose exponents are in one step of this width grow alike.
const ALIKE: f64 = 0.5;

/// One curve and what it stands for.
#[derive(Debug)]
pub struct Part {
    curve: Curve,
    /// Whether it grows too fast for sure, or is suspected to.
    is_steep: bool,
    /// The value at the smallest size.
    at_smallest: f64,
}

#[derive(Debug)]
enum Curve {
    Fitted(Fit),
    /// Too little is known of its growth, so it is taken to stay what it is.
    Held(f64),
}

/// All parts, and which of them each function is in.
#[derive(Debug)]
pub struct Parts {
    parts: Vec<Part>,
    /// One per function: its part and how much of that it is; `None` for what waits or costs
    /// nothing.
    places: Vec<Option<(usize, f64)>>,
    smallest: f64,
}

impl Parts {
    /// `own`: how the self cost of each function grows, where that was judged; `size`: the one at
    /// which it is decided what matters.
    pub fn new(survey: &Survey, own: &[Option<Fit>], size: f64) -> Self {
        let sizes = survey.judge.sizes();
        let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
        let own = with_own_curve(survey, own, size);
        let mut found =
            Self { parts: Vec::new(), places: vec![None; survey.waits.len()], smallest };
        let mut groups: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (function, fit) in own.into_iter().enumerate() {
            if survey.waits[function] {
                continue;
            }
            match fit {
                Some(fit) => {
                    let is_steep = is_steep(survey, function, &fit);
                    found.places[function] = Some((found.parts.len(), 1.0));
                    found.parts.push(Part::new(Curve::Fitted(fit), is_steep, smallest));
                }
                None => groups.entry(step(survey, function)).or_default().push(function),
            }
        }
        for functions in groups.into_values() {
            found.add_group(survey, &functions);
        }
        found
    }

    /// The cost of every part at `size`.
    pub fn at(&self, size: f64) -> Vec<Amount> {
        self.parts.par_iter().map(|part| part.at(size, self.smallest)).collect()
    }

    /// About the same without intervals and savings, for a small part of the time.
    pub fn values_at(&self, size: f64) -> Vec<Amount> {
        self.parts.iter().map(|part| Amount::fixed(part.value_at(size))).collect()
    }

    /// What one function spends itself, of the costs of the parts.
    pub fn own(&self, costs: &[Amount], function: usize) -> Amount {
        self.places[function].map_or(Amount::default(), |(part, share)| costs[part].times(share))
    }

    /// Functions too small for a curve of their own: their sum scatters less than any of them.
    fn add_group(&mut self, survey: &Survey, functions: &[usize]) {
        let mut sums = vec![None; survey.judge.sizes().len()];
        for &function in functions {
            for (sum, cost) in sums.iter_mut().zip(survey.table.functions[function].tsub()) {
                if let Some(cost) = cost {
                    *sum = Some(sum.unwrap_or(0.0) + cost.max(0.0));
                }
            }
        }
        let now = survey.busy.largest_of(&sums).unwrap_or_default();
        if now <= 0.0 {
            return;
        }
        let fit = survey.cost_growth(&sums);
        let is_steep = fit.is_steep();
        let curve = if fit.exponent().is_some() { Curve::Fitted(fit) } else { Curve::Held(now) };
        for &function in functions {
            let cost = survey.busy.self_cost(&survey.table.functions[function]).max(0.0);
            self.places[function] = Some((self.parts.len(), cost / now));
        }
        self.parts.push(Part::new(curve, is_steep, self.smallest));
    }
}

impl Part {
    fn new(curve: Curve, is_steep: bool, smallest: f64) -> Self {
        let mut part = Self { curve, is_steep, at_smallest: 0.0 };
        part.at_smallest = part.value_at(smallest);
        part
    }

    fn at(&self, size: f64, smallest: f64) -> Amount {
        let amount = match &self.curve {
            Curve::Held(value) => Amount::fixed(*value),
            Curve::Fitted(fit) => fit.range_at(size).map_or_else(Amount::default, Amount::of),
        };
        let saved = if self.is_steep {
            saved(amount.value, self.at_smallest, size / smallest)
        } else {
            0.0
        };
        Amount { saved, ..amount }
    }

    fn value_at(&self, size: f64) -> f64 {
        match &self.curve {
            Curve::Held(value) => *value,
            Curve::Fitted(fit) => fit.about(size).unwrap_or_default(),
        }
    }
}

/// Cost less what linear growth from the smallest size would have led to; `times`: by how much the
/// size is larger than the smallest.
///
/// Example: 1 s at 10 days that grows as n² costs 100 s at 100 days, linear 10 s: 90 s are saved.
fn saved(cost: f64, at_smallest: f64, times: f64) -> f64 {
    (cost - at_smallest * times).max(0.0)
}

/// The curves of the functions that matter at `size`, each of which is known well enough to be
/// followed that far; `None` for the others.
fn with_own_curve(survey: &Survey, own: &[Option<Fit>], size: f64) -> Vec<Option<Fit>> {
    let series = &survey.table.functions;
    let cost = |function: usize| survey.busy.self_cost(&series[function]);
    let matters = |function: usize| survey.matters(cost(function));
    let known: Vec<Option<(Fit, f64)>> = own
        .par_iter()
        .enumerate()
        .map(|(function, fit)| {
            let fit = fit.as_ref().filter(|fit| fit.exponent().is_some())?;
            let is_known = matters(function) || is_told(survey, function, fit);
            let works = cost(function) > 0.0 && !survey.waits[function];
            Some((fit.clone(), fit.about(size)?)).filter(|_| is_known && works)
        })
        .collect();
    let total: f64 = known.iter().flatten().map(|(_, cost)| cost).sum();
    let keep = |function: usize, cost: f64| matters(function) || cost >= OF_ITS_OWN * total;
    let kept = known.into_iter().enumerate().map(|(function, known)| {
        known.filter(|(_, cost)| keep(function, *cost)).map(|(fit, _)| fit)
    });
    kept.collect()
}

/// Whether it is settled how a function grows: what is not may look like anything far out.
fn is_told(survey: &Survey, function: usize, fit: &Fit) -> bool {
    let told = |verdict| matches!(verdict, Verdict::Superlinear | Verdict::NotSuperlinear);
    let calls = survey.calls[function].as_ref();
    told(fit.verdict) || calls.is_some_and(|calls| calls.verdict == Verdict::Superlinear)
}

fn is_steep(survey: &Survey, function: usize, fit: &Fit) -> bool {
    fit.is_steep() || survey.calls[function].as_ref().is_some_and(Fit::is_steep)
}

/// The step that the exponent of a function's calls is in; one for all where none are counted.
fn step(survey: &Survey, function: usize) -> i64 {
    let exponent = survey.calls[function].as_ref().and_then(Fit::exponent);
    (exponent.unwrap_or_default() / ALIKE).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linear_growth_would_save() {
        assert!((saved(100.0, 1.0, 10.0) - 90.0).abs() < 1e-9);
        assert_eq!(saved(5.0, 1.0, 10.0), 0.0);
    }
}

//! What of many functions looks steep by chance: a verdict on a time keeps in mind how many were
//! looked at.

use crate::analysis::growth::Fit;

/// False findings to be expected among all functions looked at, up to which one is firm.
const MOST_CHANCE: f64 = 0.1;
/// Beyond this a finding is more probably chance than not, and none at all.
const EVEN_CHANCE: f64 = 0.5;

/// The functions whose time was judged, among which one may look steep by chance.
#[derive(Debug, Clone, Copy)]
pub struct LookedAt {
    functions: usize,
    /// What they cost together.
    cost: f64,
}

impl LookedAt {
    /// `costs`: of the functions whose time was judged, one each.
    pub fn new(costs: impl Iterator<Item = f64>) -> Self {
        let (functions, cost) = costs.fold((0, 0.0), |(count, sum), cost| (count + 1, sum + cost));
        Self { functions, cost }
    }

    /// A time that is not much less probable to look steep than there are functions is only
    /// suspected, or cannot be told. Counts have no such chance.
    ///
    /// The false findings that are put up with in all are shared out: one half evenly, the other by
    /// what the functions cost, since a finding in half of the time is not one of many.
    ///
    /// Source: Genovese, Roeder and Wasserman, weighted tests, 2006.
    /// Example: with 40 functions, p = 0.99 is expected of 0.4 linear ones when all cost the same;
    /// of 0.01 / (0.5 / 40 + 0.5 · 0.5) = 0.038 when this one costs half of all.
    pub fn with_chance_in_mind(self, fit: Fit, cost: f64) -> Fit {
        let expected = self.expected(fit.p_superlinear().unwrap_or_default(), cost);
        if !fit.is_steep() || expected <= MOST_CHANCE {
            return fit;
        }
        let reservation = format!("one of {} functions may look so by chance", self.functions);
        if expected > EVEN_CHANCE {
            return fit.doubted(reservation);
        }
        match fit.reservation() {
            Some(_) => fit,
            None => fit.suspected(reservation),
        }
    }

    fn expected(self, p_superlinear: f64, cost: f64) -> f64 {
        let even = 1.0 / self.functions as f64;
        let share = if self.cost > 0.0 { cost / self.cost } else { even };
        (1.0 - p_superlinear) / (0.5 * even + 0.5 * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_shared_out_evenly_and_by_cost() {
        let looked_at = LookedAt::new([0.25; 40].into_iter());
        let check = |p, cost: f64, expected: f64| {
            let found: f64 = looked_at.expected(p, cost);
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        };
        check(0.99, 0.25, 0.4);
        check(0.99, 5.0, 0.01 / 0.262_5);
        check(0.99, 0.0, 0.8);
        let in_all: f64 = (0..40).map(|_| 0.01 / looked_at.expected(0.99, 0.25)).sum();
        assert!((in_all - 1.0).abs() < 1e-9);
    }
}

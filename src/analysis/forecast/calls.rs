//! Who calls whom and for what part of the callee's cost, callees before their callers.

use crate::analysis::culprit::recursion;
use crate::analysis::growth::Fit;
use crate::analysis::identity::EdgeSeries;
use crate::analysis::survey::Survey;

/// The calls of the largest run, without those that lead back into a recursion.
#[derive(Debug)]
pub struct Calls {
    /// By caller.
    links: Vec<Link>,
    /// Functions, each after all that it calls.
    pub order: Vec<usize>,
    /// How calls grow along the links that refer to it.
    growths: Vec<Fit>,
    /// The size of the run that the weights are of.
    largest: f64,
}

/// Calls from one function to another.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub caller: usize,
    pub callee: usize,
    /// Whether both are in one circle of functions that call each other.
    pub is_inner: bool,
    /// Cost along it at the largest size; the number of calls where none of the callee cost
    /// anything.
    weight: f64,
    /// Position in [`Calls::growths`]; `None` where it is the only way to its callee, or all grow
    /// alike.
    growth: Option<usize>,
}

impl Calls {
    pub fn new(survey: &Survey) -> Self {
        let run = survey.busy.largest.unwrap_or_default();
        let mut links = links(survey, run);
        let growths = growths(survey, &mut links);
        let order = callees_first(survey.waits.len(), &links);
        let largest = survey.judge.sizes().get(run).copied().unwrap_or_default();
        Self { links, order, growths, largest }
    }

    /// The calls that a function makes, with their positions.
    pub fn of(&self, caller: usize) -> impl Iterator<Item = (usize, &Link)> {
        let first = self.links.partition_point(|link| link.caller < caller);
        let own = self.links[first..].iter().take_while(move |link| link.caller == caller);
        own.enumerate().map(move |(place, link)| (first + place, link))
    }

    /// The part of the callee's cost that is spent for each link at `size`, one per link: as at the
    /// largest size, but for how the numbers of calls grow on the ways that lead there.
    pub fn parts_at(&self, size: f64) -> Vec<f64> {
        let growth = |fit: &Fit| {
            let ratio = fit.about(size).zip(fit.about(self.largest)).map(|(then, now)| then / now);
            ratio.filter(|ratio| ratio.is_finite()).unwrap_or(1.0)
        };
        let growths: Vec<f64> = self.growths.iter().map(growth).collect();
        let weight = |link: &Link| link.weight * link.growth.map_or(1.0, |at| growths[at]);
        let functions = self.order.len();
        let mut sums = vec![0.0; functions];
        self.links.iter().for_each(|link| sums[link.callee] += weight(link));
        let part = |link: &Link| match sums[link.callee] {
            sum if sum > 0.0 && sum.is_finite() => weight(link) / sum,
            _ => 0.0,
        };
        self.links.iter().map(part).collect()
    }
}

fn links(survey: &Survey, run: usize) -> Vec<Link> {
    let functions = survey.waits.len();
    let mut circle_of = vec![None; functions];
    let circles = recursion::circles(functions, &survey.table.edges);
    for (place, circle) in circles.iter().enumerate() {
        circle.functions.iter().for_each(|&function| circle_of[function] = Some(place));
    }
    let cost = |edge: &EdgeSeries| edge.costs.get(run).copied().flatten();
    let mut costs = vec![0.0; functions];
    let mut links = Vec::new();
    for edge in survey.table.edges.iter().filter(|edge| edge.caller != edge.callee) {
        let Some(cost) = cost(edge) else { continue };
        let is_inner =
            circle_of[edge.caller].is_some() && circle_of[edge.caller] == circle_of[edge.callee];
        if is_inner && !leads_down(survey, edge) {
            continue;
        }
        let weight = if cost.ttot.is_finite() { cost.ttot.max(0.0) } else { 0.0 };
        costs[edge.callee] += weight;
        let (caller, callee) = (edge.caller, edge.callee);
        links.push((Link { caller, callee, is_inner, weight, growth: None }, cost.ncall as f64));
    }
    let weighed = links.into_iter().map(|(link, calls)| match costs[link.callee] > 0.0 {
        true => link,
        false => Link { weight: calls, ..link },
    });
    weighed.collect()
}

/// Within a circle a call leads down when the caller costs more with all that it calls.
fn leads_down(survey: &Survey, edge: &EdgeSeries) -> bool {
    let cost = |function: usize| survey.busy.cumulative_cost(&survey.table.functions[function]);
    let (caller, callee) = (cost(edge.caller), cost(edge.callee));
    caller > callee || caller == callee && edge.caller < edge.callee
}

/// How calls grow where several ways lead to a function of which one matters: along each that does,
/// and along the others together.
fn growths(survey: &Survey, links: &mut [Link]) -> Vec<Fit> {
    let mut growths = Vec::new();
    let mut by_callee: Vec<usize> = (0..links.len()).collect();
    by_callee.sort_by_key(|&link| links[link].callee);
    let callees: Vec<usize> = links.iter().map(|link| link.callee).collect();
    for ways in by_callee.chunk_by(|&one, &other| callees[one] == callees[other]) {
        let judged = |link: &Link| {
            let known = |edge: &EdgeSeries| (edge.caller, edge.callee);
            let edges = &survey.table.edges;
            let place = edges.binary_search_by_key(&(link.caller, link.callee), known).ok()?;
            let fit = survey.edge_calls[place].clone();
            Some((place, fit.filter(|fit| fit.exponent().is_some())))
        };
        let fits: Vec<(usize, Option<Fit>)> =
            ways.iter().filter_map(|&way| judged(&links[way])).collect();
        if ways.len() < 2 || fits.len() < ways.len() || fits.iter().all(|(_, fit)| fit.is_none()) {
            continue;
        }
        let others = fits.iter().filter(|(_, fit)| fit.is_none()).map(|(place, _)| *place);
        let others = together(survey, others);
        let rest = others.map(|fit| {
            growths.push(fit);
            growths.len() - 1
        });
        for (&way, (_, fit)) in ways.iter().zip(fits) {
            links[way].growth = match fit {
                None => rest,
                Some(fit) => {
                    growths.push(fit);
                    Some(growths.len() - 1)
                }
            };
        }
    }
    growths
}

/// How the calls along several edges grow in all.
fn together(survey: &Survey, edges: impl Iterator<Item = usize>) -> Option<Fit> {
    let mut sums: Vec<Option<f64>> = vec![None; survey.judge.sizes().len()];
    for edge in edges {
        for (sum, calls) in sums.iter_mut().zip(survey.table.edges[edge].ncall()) {
            if let Some(calls) = calls {
                *sum = Some(sum.unwrap_or(0.0) + calls);
            }
        }
    }
    Some(survey.judge.count(&sums)).filter(|fit| fit.exponent().is_some())
}

fn callees_first(functions: usize, links: &[Link]) -> Vec<usize> {
    let first = |function: usize| links.partition_point(|link| link.caller < function);
    let mut seen = vec![false; functions];
    let mut order = Vec::with_capacity(functions);
    for start in 0..functions {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, first(start))];
        while let Some((function, next)) = path.last_mut() {
            match links.get(*next).filter(|link| link.caller == *function) {
                Some(link) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[link.callee], true) {
                        path.push((link.callee, first(link.callee)));
                    }
                }
                None => {
                    order.push(*function);
                    path.pop();
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_comes_before_its_callers() {
        let link =
            |caller, callee| Link { caller, callee, is_inner: false, weight: 1.0, growth: None };
        let links = [link(0, 2), link(0, 3), link(2, 1), link(3, 1)];
        assert_eq!(callees_first(4, &links), [1, 2, 3, 0]);
        assert_eq!(callees_first(2, &[]), [0, 1]);
    }

    #[test]
    fn a_callee_is_shared_out_by_weight() {
        let link =
            |caller, weight| Link { caller, callee: 2, is_inner: false, weight, growth: None };
        let links = vec![link(0, 3.0), link(1, 1.0)];
        let order = callees_first(3, &links);
        let calls = Calls { links, order, growths: Vec::new(), largest: 1.0 };
        assert_eq!(calls.parts_at(10.0), [0.75, 0.25]);
        assert_eq!(
            calls.of(1).map(|(place, link)| (place, link.callee)).collect::<Vec<_>>(),
            [(1, 2)]
        );
    }
}

//! Which figure of a baseline is which of those measured now. It compares none of them.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::analysis::baseline::document::Entry;
use crate::analysis::baseline::document::Kind;
use crate::analysis::baseline::document::Quantity;

/// The figures of both sides, by kind, file and name.
#[derive(Debug, Default)]
pub struct Matched<'a> {
    /// Of the baseline and of now.
    pub pairs: Vec<(&'a Entry, &'a Entry)>,
    /// Only now.
    pub new: Vec<&'a Entry>,
    /// Only in the baseline.
    pub gone: Vec<&'a Entry>,
    /// Of how many names the functions are told apart by cost alone.
    pub by_cost: Vec<&'a Entry>,
}

/// Matches figures of one kind, file, name and quantity; a culprit is one by whatever it grows.
///
/// Of several functions of one name in one file the first is the first and the second the second,
/// by line. Where their number has changed nothing says which one came or went, and the costliest
/// is taken for the costliest.
pub fn matched<'a>(before: &'a [Entry], now: &'a [Entry]) -> Matched<'a> {
    let mut groups: BTreeMap<Base<'a>, (Vec<&Entry>, Vec<&Entry>)> = BTreeMap::new();
    before.iter().for_each(|entry| groups.entry(base(entry)).or_default().0.push(entry));
    now.iter().for_each(|entry| groups.entry(base(entry)).or_default().1.push(entry));
    let mut matched = Matched::default();
    for (old, new) in groups.into_values() {
        match (old.first(), new.first()) {
            (Some(one), Some(other)) if one.number() != other.number() => {
                matched.by_cost.push(other);
                matched.add_by_cost(old, new);
            }
            _ => matched.add_by_place(&old, &new),
        }
    }
    matched
}

type Base<'a> = (Kind, &'a str, &'a str, Option<Quantity>);

fn base(entry: &Entry) -> Base<'_> {
    let quantity = Some(entry.quantity).filter(|_| entry.kind != Kind::Culprit);
    (entry.kind, &entry.file, &entry.name, quantity)
}

impl<'a> Matched<'a> {
    fn add_by_place(&mut self, old: &[&'a Entry], new: &[&'a Entry]) {
        let places = |entries: &[&'a Entry]| -> HashMap<u32, &'a Entry> {
            entries.iter().rev().map(|entry| (entry.place(), *entry)).collect()
        };
        let (known, still) = (places(old), places(new));
        for entry in new {
            match known.get(&entry.place()) {
                Some(before) => self.pairs.push((before, entry)),
                None => self.new.push(entry),
            }
        }
        self.gone.extend(old.iter().filter(|entry| !still.contains_key(&entry.place())));
    }

    fn add_by_cost(&mut self, mut old: Vec<&'a Entry>, mut new: Vec<&'a Entry>) {
        let largest = |entry: &Entry| entry.costs.last().map_or(0.0, |cost| cost.cost);
        for side in [&mut old, &mut new] {
            side.sort_by(|left, right| largest(right).total_cmp(&largest(left)));
        }
        let both = old.len().min(new.len());
        self.gone.extend(old.split_off(both));
        self.new.extend(new.split_off(both));
        self.pairs.extend(old.into_iter().zip(new));
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::baseline::document::Namesake;
    use crate::analysis::baseline::document::SizeCost;
    use crate::analysis::document::Verdict;

    use super::*;

    /// A function `f`, the `nth` of so many, at a cost.
    fn entry((nth, of, cost): (u32, u32, f64)) -> Entry {
        Entry {
            kind: Kind::Function,
            file: "a.py".into(),
            name: "f".into(),
            namesake: (of > 1).then_some(Namesake { nth, of }),
            quantity: Quantity::Calls,
            verdict: Verdict::NotSuperlinear,
            exponent: None,
            low: None,
            high: None,
            noise: None,
            costs: vec![SizeCost { size: 1.0, cost, runs: 1 }],
            line: 0,
            share_percent: None,
        }
    }

    /// `expected`: costs of the pairs, and how many are new and gone.
    fn check(
        before: &[(u32, u32, f64)],
        now: &[(u32, u32, f64)],
        expected: (&[(f64, f64)], usize, usize),
    ) {
        let entries =
            |side: &[(u32, u32, f64)]| side.iter().copied().map(entry).collect::<Vec<_>>();
        let (before, now) = (entries(before), entries(now));
        let found = matched(&before, &now);
        let cost = |entry: &Entry| entry.costs[0].cost;
        let pairs: Vec<(f64, f64)> =
            found.pairs.iter().map(|(old, new)| (cost(old), cost(new))).collect();
        assert_eq!((&pairs[..], found.new.len(), found.gone.len()), expected);
        assert_eq!(found.by_cost.len(), usize::from(before[0].number() != now[0].number()));
    }

    #[test]
    fn the_first_is_the_first_whatever_it_costs() {
        check(&[(1, 1, 7.0)], &[(1, 1, 9.0)], (&[(7.0, 9.0)], 0, 0));
        let swapped = [(1, 2, 1.0), (2, 2, 8.0)];
        check(&[(1, 2, 8.0), (2, 2, 1.0)], &swapped, (&[(8.0, 1.0), (1.0, 8.0)], 0, 0));
        // Too cheap to be kept on one side.
        check(&[(2, 2, 5.0)], &swapped, (&[(5.0, 8.0)], 1, 0));
        check(&[(1, 2, 5.0)], &[(2, 2, 5.0)], (&[], 1, 1));
    }

    #[test]
    fn where_their_number_changed_the_costliest_is_the_costliest() {
        check(&[(1, 1, 7.0)], &[(1, 2, 1.0), (2, 2, 8.0)], (&[(7.0, 8.0)], 1, 0));
        check(&[(1, 2, 1.0), (2, 2, 8.0)], &[(1, 1, 7.0)], (&[(8.0, 7.0)], 0, 1));
    }
}

//! What programs count themselves, as something that grows.

use std::collections::BTreeSet;

use crate::analysis::document::CounterGrowth;
use crate::analysis::growth::Judge;
use crate::analysis::input::SizeBy;
use crate::analysis::runs::SizedRun;

/// How every counter grows, by name; that which is the size is left out.
pub fn growths(judge: &Judge, runs: &[SizedRun], size_by: &SizeBy) -> Vec<CounterGrowth> {
    let names: BTreeSet<&String> = runs.iter().flat_map(|run| run.counters.keys()).collect();
    let is_size = |name: &str| matches!(size_by, SizeBy::Counter(size) if size == name);
    names
        .into_iter()
        .filter(|name| !is_size(name))
        .map(|name| {
            let values: Vec<Option<f64>> =
                runs.iter().map(|run| run.counters.get(name).copied()).collect();
            let fit = judge.count(&values);
            CounterGrowth { name: name.clone(), growth: judge.growth(&fit, values) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::document::Verdict;
    use crate::analysis::input::MeasuredRun;
    use crate::analysis::input::Settings;
    use crate::analysis::phase1::phase1;

    fn runs() -> Vec<MeasuredRun> {
        let run = |size: f64| MeasuredRun {
            id: format!("n-{size}"),
            size,
            wall_seconds: Some(1.0),
            counters: [("rows", 3.0 * size), ("pairs", size * size)]
                .map(|(name, value)| (name.to_string(), value))
                .into(),
            ..MeasuredRun::default()
        };
        [100.0, 200.0, 400.0, 800.0].map(run).to_vec()
    }

    #[test]
    fn counters_grow_like_any_count() {
        let found = phase1(&runs(), &Settings::default()).unwrap();
        let names: Vec<_> = found.counters.iter().map(|counter| counter.name.as_str()).collect();
        assert_eq!(names, ["pairs", "rows"]);
        let verdicts: Vec<_> = found.counters.iter().map(|c| c.growth.verdict).collect();
        assert_eq!(verdicts, [Verdict::Superlinear, Verdict::NotSuperlinear]);
    }

    #[test]
    fn a_counter_can_be_the_size() {
        let size_by = SizeBy::Counter("rows".into());
        let found = phase1(&runs(), &Settings { size_by, ..Settings::default() }).unwrap();
        let sizes: Vec<f64> = found.runs.iter().map(|run| run.size).collect();
        assert_eq!(sizes, [300.0, 600.0, 1200.0, 2400.0]);
        assert_eq!((found.size_unit.as_str(), found.counters.len()), ("`rows`", 1));
    }

    #[test]
    fn an_unknown_counter_is_answered_with_those_there_are() {
        let error = crate::analysis::size::counted(&runs(), "row").unwrap_err();
        assert_eq!(error.to_string(), "unknown counter `row` (known: `pairs`, `rows`)");
    }
}

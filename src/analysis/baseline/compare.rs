//! A baseline held against what is measured now: changes of growth first, then of cost.

use crate::analysis::baseline::against::Against;
use crate::analysis::baseline::against::Change;
use crate::analysis::baseline::against::Exponent;
use crate::analysis::baseline::against::VERSION;
use crate::analysis::baseline::against::What;
use crate::analysis::baseline::cost;
use crate::analysis::baseline::cost::Common;
use crate::analysis::baseline::document::Baseline;
use crate::analysis::baseline::document::Entry;
use crate::analysis::baseline::document::Kind;
use crate::analysis::baseline::document::Quantity;
use crate::analysis::baseline::document::Subject;
use crate::analysis::baseline::matching;
use crate::analysis::baseline::matching::Matched;
use crate::analysis::document::Verdict;
use crate::error::Error;
use crate::error::Result;
use crate::profile::CostUnit;

/// Steps of an exponent that are told, of exact counts and of times: a smaller one is no other law.
const LEAST_STEP_EXACT: f64 = 0.1;
const LEAST_STEP_TIME: f64 = 0.3;
/// Probability that two 95 % intervals of one truth are apart on the upper side: each half width is
/// 1.96 standard errors, the difference has √2 of them, and a normal exceeds 2 · 1.96 / √2 = 2.77
/// with 0.0028.
const APART_BY_CHANCE: f64 = 0.0028;

/// What changed since `before`, which is called `name`.
///
/// # Errors
/// When the two cannot be compared: they count different things.
pub fn against(name: &str, before: &Baseline, now: &Baseline) -> Result<Against> {
    check_same(name, before, now)?;
    let matched = matching::matched(&before.entries, &now.entries);
    let pairs = &matched.pairs;
    let comparison = Comparison { before, now, common: cost::common(pairs) };
    let mut notes = comparison.notes(&matched);
    let compares_times = comparison.same_machine();
    let mut found = Against {
        version: VERSION,
        baseline: name.into(),
        failures: Vec::new(),
        suspicions: Vec::new(),
        improvements: Vec::new(),
        unchanged: 0,
        gone: gone(&matched),
        notes: Vec::new(),
        expected_false_flags: 0.0,
    };
    culprits(&matched, &mut found);
    for &(old, new) in pairs.iter().filter(|(old, _)| old.kind != Kind::Culprit) {
        let exact = now.is_exact(new);
        if !exact && old.high.is_some() && new.low.is_some() {
            found.expected_false_flags += APART_BY_CHANCE;
        }
        if comparison.growth(old, new, exact, &mut found) {
            continue;
        }
        let is_cost = (exact && comparison.same_backend()) || (!exact && compares_times);
        if !(is_cost && comparison.cost(old, new, exact, &mut found)) {
            found.unchanged += 1;
        }
    }
    found.notes.append(&mut notes);
    Ok(found)
}

struct Comparison<'a> {
    before: &'a Baseline,
    now: &'a Baseline,
    common: Option<Common>,
}

impl Comparison<'_> {
    fn same_backend(&self) -> bool {
        differs(&self.before.setup.backend, &self.now.setup.backend).is_none()
    }

    fn same_machine(&self) -> bool {
        self.same_backend()
            && differs(&self.before.setup.machine, &self.now.setup.machine).is_none()
    }

    /// Whether the growth changed; the change is put where it belongs.
    fn growth(&self, old: &Entry, new: &Entry, exact: bool, found: &mut Against) -> bool {
        let (Some(before), Some(now)) = (exponent(old), exponent(new)) else { return false };
        let step = if exact { LEAST_STEP_EXACT } else { LEAST_STEP_TIME };
        let sentence = || {
            format!(
                "{} grows by {} as {}, before as {}",
                title(new),
                word(new.quantity),
                power(new),
                power(old)
            )
        };
        if now.low > before.high && now.value - before.value >= step {
            let change = change(What::Growth, Some(old), new, sentence());
            let is_thin = !exact && (old.is_thin() || new.is_thin());
            // Wall time of the whole is disturbed by whatever else runs.
            match is_thin || new.kind == Kind::Program {
                true => found.suspicions.push(change),
                false => found.failures.push(change),
            }
            return true;
        }
        if now.high < before.low && before.value - now.value >= step {
            found.improvements.push(change(What::Growth, Some(old), new, sentence()));
            return true;
        }
        false
    }

    /// Whether the cost changed at the same sizes; the change is put where it belongs.
    fn cost(&self, old: &Entry, new: &Entry, exact: bool, found: &mut Against) -> bool {
        let common = self.common.filter(|_| !exact && new.kind == Kind::Function);
        let Some(factor) = cost::changed(old, new, exact, common) else { return false };
        let percent = 100.0 * (factor - 1.0);
        let sentence = format!(
            "{} costs {:.0} % {} by {} at the same sizes",
            title(new),
            percent.abs(),
            if percent > 0.0 { "more" } else { "less" },
            word(new.quantity)
        );
        let change =
            Change { cost_ratio: Some(factor), ..change(What::Cost, Some(old), new, sentence) };
        // Times of two sessions are told apart from the machine's speed by the other functions
        // alone.
        let is_firm = exact || common.is_some();
        match (factor > 1.0, is_firm) {
            (true, true) => found.failures.push(change),
            (true, false) => found.suspicions.push(change),
            (false, true) => found.improvements.push(change),
            (false, false) => return false,
        }
        true
    }

    /// What is not compared, and what was taken out of it.
    fn notes(&self, matched: &Matched<'_>) -> Vec<String> {
        let pairs = &matched.pairs;
        let mut notes: Vec<String> = matched
            .by_cost
            .iter()
            .map(|entry| {
                format!(
                    "`{}` in `{}`: the number of functions of this name has changed, so the costliest is \
                     compared with the costliest",
                    entry.name, entry.file
                )
            })
            .collect();
        notes.sort();
        notes.dedup();
        if let Some((old, new)) = differs(&self.before.setup.backend, &self.now.setup.backend) {
            notes.push(format!(
                "costs are not compared, only growth: the baseline was measured by `{old}`, these runs by `{new}`"
            ));
        } else if let Some((old, new)) =
            differs(&self.before.setup.machine, &self.now.setup.machine)
        {
            notes.push(format!(
                "times are not compared, only their growth: the baseline is of another machine (`{old}`, now `{new}`)"
            ));
        }
        let shared = pairs.iter().any(|(old, new)| cost::ln_ratio(old, new).is_some());
        if !pairs.is_empty() && !shared {
            notes.push(
                "costs are not compared, only growth: no size of the baseline was run again".into(),
            );
        }
        if let Some(common) = self.common.filter(|_| !self.is_counted() && self.same_machine()) {
            notes.push(format!(
                "all functions together take {:.2} times as long as in the baseline, which was taken for the machine's speed",
                common.ln.exp()
            ));
        }
        notes
    }

    fn is_counted(&self) -> bool {
        self.now.unit == Some(CostUnit::Instructions)
    }
}

fn check_same(name: &str, before: &Baseline, now: &Baseline) -> Result<()> {
    let refused = |what: &str, old: &str, new: &str| {
        Err(Error::usage(
            format!("cannot compare with the baseline `{name}`: its {what} {old}, now {new}"),
            "measure in the same way, or save it anew with `--save-baseline`",
        ))
    };
    if before.subject != now.subject {
        return refused("figures are", subject(before.subject), subject(now.subject));
    }
    if let (Some(old), Some(new)) = (before.unit, now.unit)
        && old != new
    {
        return refused("costs are in", unit(old), unit(new));
    }
    if before.size_unit != now.size_unit {
        return refused("sizes count", &before.size_unit, &now.size_unit);
    }
    Ok(())
}

fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Scaling => "runs under a profiler",
        Subject::Counters => "measured counts",
        Subject::Times => "measured times",
    }
}

fn unit(unit: CostUnit) -> &'static str {
    match unit {
        CostUnit::WallSeconds => "seconds of wall time",
        CostUnit::CpuSeconds => "seconds of processor time",
        CostUnit::Instructions => "instructions",
        CostUnit::Samples => "samples",
    }
}

/// Both, where both are known and not the same.
fn differs<'a>(old: &'a Option<String>, new: &'a Option<String>) -> Option<(&'a str, &'a str)> {
    let (old, new) = (old.as_deref()?, new.as_deref()?);
    (old != new).then_some((old, new))
}

fn gone(matched: &Matched<'_>) -> Vec<String> {
    let gone = matched.gone.iter().filter(|old| old.kind != Kind::Culprit);
    let mut names: Vec<String> = gone.map(|old| title(old)).collect();
    names.dedup();
    names
}

/// New culprits, and those that are gone while the function is still there.
fn culprits(matched: &Matched<'_>, found: &mut Against) {
    let is_culprit = |entry: &&&Entry| entry.kind == Kind::Culprit;
    for culprit in matched.new.iter().filter(is_culprit) {
        let sentence = format!(
            "{} is new among what grows faster than n log n: {}",
            title(culprit),
            power(culprit)
        );
        let change = change(What::NewCulprit, None, culprit, sentence);
        match culprit.verdict {
            Verdict::Superlinear => found.failures.push(change),
            _ => found.suspicions.push(change),
        }
    }
    for culprit in matched.gone.iter().filter(is_culprit) {
        let sentence = format!("{} no longer grows faster than n log n", title(culprit));
        let change = change(What::Mended, Some(culprit), culprit, sentence);
        found.improvements.push(Change { now: None, ..change });
    }
}

fn change(what: What, old: Option<&Entry>, new: &Entry, sentence: String) -> Change {
    Change {
        what,
        kind: new.kind,
        name: new.name.clone(),
        file: new.file.clone(),
        line: new.line,
        quantity: new.quantity,
        before: old.and_then(exponent),
        now: exponent(new),
        cost_ratio: None,
        sentence,
    }
}

fn exponent(entry: &Entry) -> Option<Exponent> {
    Some(Exponent { value: entry.exponent?, low: entry.low?, high: entry.high? })
}

fn title(entry: &Entry) -> String {
    match (entry.kind, entry.file.as_str()) {
        (Kind::Program, _) => entry.name.clone(),
        (Kind::Counter, _) => format!("the counter `{}`", entry.name),
        (_, "") => format!("`{}`", entry.name),
        (_, file) => {
            let which = entry.namesake.map(|one| format!(" (number {} of {})", one.nth, one.of));
            format!("`{}` in `{file}`{}", entry.name, which.unwrap_or_default())
        }
    }
}

fn power(entry: &Entry) -> String {
    match exponent(entry) {
        Some(Exponent { value, low, high }) => format!("n^{value:.2} [{low:.2}, {high:.2}]"),
        None => "unknown".into(),
    }
}

fn word(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::SelfCost => "its own cost",
        Quantity::Calls => "its number of calls",
        Quantity::WallTime => "wall time",
        Quantity::Counted => "what it counts",
        Quantity::Measured => "what was measured",
    }
}

//! The benchmarks of a plan on disk, checked.

use std::str::FromStr as _;

use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::plan::convert_run;
use crate::plan::extent::Extent;
use crate::plan::found::Found;
use crate::plan::id::RunId;
use crate::plan::model::Workload;
use crate::plan::problem::Step;
use crate::plan::suite;
use crate::plan::suite::Case;
use crate::plan::suite::OutputRule;
use crate::plan::suite::Scale;
use crate::plan::suite::Sequence;
use crate::plan::suite::Suite;
use crate::plan::thresholds;
use crate::plan::thresholds::PRESETS;
use crate::plan::thresholds::Thresholds;
use crate::plan::wire_suite::CaseWire;
use crate::plan::wire_suite::LimitsWire;
use crate::plan::wire_suite::OutputWire;
use crate::plan::wire_suite::RuleWire;
use crate::plan::wire_suite::SequenceWire;
use crate::plan::wire_suite::SuiteWire;
use crate::plan::wire_suite::ThresholdsWire;

/// Room for what is added to a suite's name in the ids of its runs.
const LONGEST_NAME: usize = 96;
const GOAL_PERCENT: u32 = 40;

/// The suites that are sound; mistakes in the others are noted.
pub fn suites(
    found: &mut Found,
    wire: &IndexMap<String, SuiteWire>,
    rules: &[RuleWire],
    workloads: &IndexMap<String, Workload>,
) -> IndexMap<String, Suite> {
    for (index, rule) in rules.iter().enumerate() {
        limits(found, &["thresholds".into(), index.into()], &limits_of(rule));
    }
    let mut suites = IndexMap::with_capacity(wire.len());
    for (name, entry) in wire {
        if let Some(suite) = suite(found, name, entry, rules, workloads) {
            suites.insert(name.clone(), suite);
        }
    }
    suites
}

/// The sequences; their steps must be suites that compare two versions.
pub fn sequences(
    found: &mut Found,
    wire: &IndexMap<String, SequenceWire>,
    suites: &IndexMap<String, SuiteWire>,
) -> IndexMap<String, Sequence> {
    let names: Vec<&str> = suites.keys().map(String::as_str).collect();
    let mut sequences = IndexMap::with_capacity(wire.len());
    for (name, entry) in wire {
        let at = [Step::from("sequences"), Step::from(name.as_str())];
        check_name(found, &at, "sequence", name);
        if entry.steps.is_empty() {
            found.push(&at, format!("sequence `{name}` has no steps"), "name suites of this plan");
        }
        for (index, step) in entry.steps.iter().enumerate() {
            let at = [at[0].clone(), at[1].clone(), "steps".into(), index.into()];
            let is_known = found.known(&at, "suite", step, &names);
            if is_known && suites.get(step).is_some_and(|suite| suite.optimized.is_none()) {
                let problem = format!("suite `{step}` has no `optimized`, so it decides nothing");
                found.push(&at, problem, "give that suite an `optimized` workload");
            }
            if entry.steps[..index].contains(step) {
                found.push(&at, format!("step `{step}` comes twice"), "name each suite once");
            }
        }
        let goal = percent(found, &at, "goal_percent", entry.goal_percent.as_ref());
        let goal_percent = goal.unwrap_or_else(|| GOAL_PERCENT.into());
        sequences.insert(name.clone(), Sequence { goal_percent, steps: entry.steps.clone() });
    }
    sequences
}

fn suite(
    found: &mut Found,
    name: &str,
    wire: &SuiteWire,
    rules: &[RuleWire],
    workloads: &IndexMap<String, Workload>,
) -> Option<Suite> {
    let before = found.problems.len();
    let base = [Step::from("suites"), Step::from(name)];
    let at = |key: &str| vec![base[0].clone(), base[1].clone(), Step::from(key)];
    check_name(found, &base, "suite", name);
    let names: Vec<&str> = workloads.keys().map(String::as_str).collect();
    match &wire.baseline {
        Some(baseline) => {
            found.known(&at("baseline"), "workload", baseline, &names);
        }
        None => found.push(
            &base,
            format!("suite `{name}` has no `baseline`"),
            "name the workload that is measured",
        ),
    }
    if let Some(optimized) = &wire.optimized {
        found.known(&at("optimized"), "workload", optimized, &names);
    }
    let extent = match (&wire.start, &wire.end, wire.size) {
        (None, None, None) => Some(Extent::Size(1.0)),
        (start, end, size) => convert_run::extent(found, &base, start.as_ref(), end.as_ref(), size),
    };
    let thresholds = thresholds(found, &at("thresholds"), wire, rules);
    if wire.runs.is_some_and(|runs| runs < 2) {
        let problem = "`runs` is below 2, and a single time has no spread";
        found.push(&at("runs"), problem, "give at least 2, better 10 or more");
    }
    let runs = found.count(&at("runs"), "runs", wire.runs).unwrap_or(thresholds.runs);
    let files = files(found, &at("files"), &wire.files);
    let suite = Suite {
        baseline: wire.baseline.clone().unwrap_or_default(),
        optimized: wire.optimized.clone(),
        extent: extent?,
        runs,
        warmups: found.count(&at("warmups"), "warmups", wire.warmups).unwrap_or(1),
        seed: wire.seed.unwrap_or(1),
        thresholds,
        workflow: wire.workflow.clone(),
        scale: Scale {
            dataset_size: wire.dataset_size,
            parameter_combinations: wire.parameter_combinations,
            backtest_count: wire.backtest_count,
        },
        stdout: output(found, &at("stdout"), &wire.stdout.clone().unwrap_or_default()),
        files,
        cases: cases(&wire.cases),
    };
    (found.problems.len() == before).then_some(suite)
}

/// Its name is part of the ids of its runs, and so of file names.
fn check_name(found: &mut Found, at: &[Step], kind: &str, name: &str) {
    let why = match RunId::new(name) {
        Err(why) => why,
        Ok(_) if name.len() > LONGEST_NAME => format!("has more than {LONGEST_NAME} bytes"),
        Ok(_) => return,
    };
    let shown: String = name.chars().take(LONGEST_NAME).collect();
    let hint = "use ASCII letters, digits, `-`, `_` and `.`";
    found.push(at, format!("the name {shown:?} of a {kind} {why}"), hint);
}

fn files(
    found: &mut Found,
    at: &[Step],
    wire: &IndexMap<String, OutputWire>,
) -> IndexMap<String, OutputRule> {
    let mut files = IndexMap::with_capacity(wire.len());
    for (path, rule) in wire {
        let at: Vec<Step> = at.iter().cloned().chain([Step::from(path.as_str())]).collect();
        convert_run::check_kept(found, &at, path);
        files.insert(path.clone(), output(found, &at, rule));
    }
    files
}

fn output(found: &mut Found, at: &[Step], wire: &OutputWire) -> OutputRule {
    let usual = OutputRule::default();
    if wire.tolerance.is_some_and(|tolerance| !(0.0..=1.0).contains(&tolerance)) {
        let problem = "`tolerance` does not lie between 0 and 1";
        found.push(at, problem, "give a small number such as 1e-10");
    }
    OutputRule {
        format: wire.format.unwrap_or(usual.format),
        tolerance: wire.tolerance.unwrap_or(usual.tolerance),
        any_order: wire.any_order,
    }
}

fn cases(wire: &[CaseWire]) -> Vec<Case> {
    let named = |(index, case): (usize, &CaseWire)| Case {
        name: case.name.clone().unwrap_or_else(|| suite::usual_case_name(index, &case.args)),
        args: case.args.clone(),
    };
    if wire.is_empty() {
        return vec![named((0, &CaseWire::default()))];
    }
    wire.iter().enumerate().map(named).collect()
}

/// Those that the suite names, or else those of the first rule that fits.
fn thresholds(found: &mut Found, at: &[Step], wire: &SuiteWire, rules: &[RuleWire]) -> Thresholds {
    match &wire.thresholds {
        Some(ThresholdsWire::Preset(name)) => preset(found, at, name),
        Some(ThresholdsWire::Own(own)) => limits(found, at, own),
        None => match rules.iter().position(|rule| fits(rule, wire)) {
            // Its mistakes are noted once, with the rule itself.
            Some(index) => limits(&mut Found::default(), &[], &limits_of(&rules[index])),
            None => Thresholds::default(),
        },
    }
}

fn fits(rule: &RuleWire, suite: &SuiteWire) -> bool {
    let of_workflow = rule.workflow.is_none() || rule.workflow == suite.workflow;
    let size = suite.dataset_size;
    let above = rule.min_dataset_size.is_none_or(|least| size.is_some_and(|size| size >= least));
    let below = rule.max_dataset_size.is_none_or(|most| size.is_some_and(|size| size <= most));
    of_workflow && above && below
}

fn limits_of(rule: &RuleWire) -> LimitsWire {
    LimitsWire {
        preset: rule.preset.clone(),
        min_improvement_percent: rule.min_improvement_percent.clone(),
        confidence_percent: rule.confidence_percent.clone(),
        runs: rule.runs,
        max_memory_growth_percent: rule.max_memory_growth_percent.clone(),
    }
}

fn preset(found: &mut Found, at: &[Step], name: &str) -> Thresholds {
    found.known(at, "preset", name, &PRESETS);
    Thresholds::preset(name).unwrap_or_default()
}

fn limits(found: &mut Found, at: &[Step], wire: &LimitsWire) -> Thresholds {
    let mut limits = match &wire.preset {
        Some(name) => preset(found, at, name),
        None => Thresholds::default(),
    };
    for (key, value, place) in [
        (
            "min_improvement_percent",
            &wire.min_improvement_percent,
            &mut limits.min_improvement_percent,
        ),
        ("confidence_percent", &wire.confidence_percent, &mut limits.confidence_percent),
        (
            "max_memory_growth_percent",
            &wire.max_memory_growth_percent,
            &mut limits.max_memory_growth_percent,
        ),
    ] {
        if let Some(percent) = percent(found, at, key, value.as_ref()) {
            *place = percent;
        }
    }
    if let Some(runs) = found.count(at, "runs", wire.runs) {
        limits.runs = runs;
    }
    limits
}

/// A decimal as it stands in the plan, `7.5` or `"7.5"`, without a detour over a float.
fn percent(found: &mut Found, at: &[Step], key: &str, value: Option<&Value>) -> Option<Decimal> {
    let text = match value? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_string(),
        _ => String::new(),
    };
    let at: Vec<Step> = at.iter().cloned().chain([Step::from(key)]).collect();
    let read = Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text));
    let checked = match read {
        Ok(percent) => thresholds::checked(key, percent),
        Err(_) => Err(format!("`{key}` is not a percentage such as `7.5`")),
    };
    match checked {
        Ok(percent) => Some(percent),
        Err(why) => {
            found.push(&at, why, "give a percentage such as `7.5`");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::plan::Problem;
    use crate::plan::convert;
    use crate::plan::convert::Names;
    use serde_json::json;

    fn plan(extra: &Value) -> Result<Plan, Vec<Problem>> {
        let mut plan =
            json!({ "workloads": { "a": { "command": ["x"] }, "b": { "command": ["y"] } } });
        for (key, value) in extra.as_object().unwrap() {
            plan[key] = value.clone();
        }
        let names = Names { samples: &[], backends: &["none"], executors: &["local"], bands: &[] };
        convert::plan(serde_json::from_value(plan).unwrap(), names)
    }

    #[track_caller]
    fn check_refused(extra: &Value, problem: &str) {
        let problems: Vec<String> =
            plan(extra).unwrap_err().into_iter().map(|found| found.problem).collect();
        assert_eq!(problems, [problem]);
    }

    fn suite_with(key: &str, value: Value) -> Value {
        let mut suite = json!({ "baseline": "a", "optimized": "b" });
        suite[key] = value;
        json!({ "suites": { "s": suite } })
    }

    #[test]
    fn says_what_is_wrong_with_a_suite() {
        let no_baseline = json!({ "suites": { "s": {} } });
        check_refused(&no_baseline, "suite `s` has no `baseline`");
        check_refused(
            &suite_with("optimized", json!("c")),
            "unknown workload `c` (known: `a`, `b`)",
        );
        let one = "`runs` is below 2, and a single time has no spread";
        check_refused(&suite_with("runs", json!(1)), one);
        let above = "`min_improvement_percent` is 150 %, and must be at least 0 and at most 100";
        let own = json!({ "min_improvement_percent": 150 });
        check_refused(&suite_with("thresholds", own.clone()), above);
        check_refused(&json!({ "thresholds": [own] }), above);
        let preset = "unknown preset `harsh` (known: `default`, `strict`, `lenient`)";
        check_refused(&suite_with("thresholds", json!("harsh")), preset);
        let files = json!({ "../x": {} });
        let outside = "the file \"../x\" does not lie below the working directory";
        check_refused(&suite_with("files", files), outside);
        let named = json!({ "suites": { "a/b": { "baseline": "a" } } });
        check_refused(&named, "the name \"a/b\" of a suite holds the path separator `/`");
    }

    #[test]
    fn says_what_is_wrong_with_a_sequence() {
        let with = |steps: Value| {
            json!({
                "suites": { "s": { "baseline": "a", "optimized": "b" }, "t": { "baseline": "a" } },
                "sequences": { "q": { "steps": steps } },
            })
        };
        check_refused(&with(json!([])), "sequence `q` has no steps");
        check_refused(&with(json!(["u"])), "unknown suite `u` (known: `s`, `t`)");
        let single = "suite `t` has no `optimized`, so it decides nothing";
        check_refused(&with(json!(["t"])), single);
        check_refused(&with(json!(["s", "s"])), "step `s` comes twice");
    }

    #[test]
    fn the_first_rule_that_fits_gives_the_thresholds() {
        let plan = plan(&json!({
            "thresholds": [
                { "workflow": "daily", "min_dataset_size": 1000, "preset": "strict" },
                { "workflow": "daily", "min_improvement_percent": "7.50", "runs": 3 },
            ],
            "suites": {
                "large": { "baseline": "a", "workflow": "daily", "dataset_size": 5000 },
                "small": { "baseline": "a", "workflow": "daily", "dataset_size": 10 },
                "other": { "baseline": "a" },
                "own": { "baseline": "a", "workflow": "daily", "thresholds": "lenient" },
            },
        }));
        let suites = plan.unwrap().suites;
        assert_eq!(suites["large"].thresholds, Thresholds::preset("strict").unwrap());
        assert_eq!(suites["small"].thresholds.min_improvement_percent, Decimal::new(75, 1));
        assert_eq!((suites["small"].runs, suites["large"].runs), (3, 20));
        assert_eq!(suites["other"].thresholds, Thresholds::default());
        assert_eq!(suites["own"].thresholds.preset, "lenient");
    }
}

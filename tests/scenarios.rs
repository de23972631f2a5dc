//! The plans in `examples/plans`: each is valid and at the sizes of its sample, and at tiny sizes
//! the analyzer finds the growth that the sample declares. And the samples' list.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;
use serde_json::json;
use superlinear::workload;
use superlinear::workload::Expected;
use superlinear::workload::Quantity;
use superlinear::workload::Sample;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stdout;

fn plans() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/plans");
    let mut plans: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    plans.sort();
    plans
}

fn plan(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn sample_of(plan: &Value) -> &'static dyn Sample {
    let workloads = plan["workloads"].as_object().unwrap();
    let (_, workload) = workloads.iter().next().unwrap();
    workload::by_name(workload["sample"].as_str().unwrap()).unwrap()
}

#[test]
fn every_scenario_has_a_plan_at_its_usual_sizes() {
    let mut with_plan = Vec::new();
    for path in plans() {
        let text = fs::read_to_string(&path).unwrap();
        let place = Place::with_text(&text);
        assert_code(&place.runner(&["--validate"]), 0);
        let status = place.status();
        let runs = status["runs"].as_array().unwrap();
        let sizes: Vec<u64> = runs.iter().map(|run| run["size"].as_f64().unwrap() as u64).collect();
        let sample = sample_of(&plan(&path));
        assert_eq!(sizes, sample.sizes().usual, "{}", path.display());
        with_plan.push(sample.name());
    }
    let scenarios = workload::ALL.iter().map(|sample| sample.name());
    for name in scenarios.filter(|name| !name.starts_with("gc_futures")) {
        assert!(with_plan.contains(&name), "`{name}` has no plan in examples/plans");
    }
}

#[test]
fn every_plan_at_tiny_sizes_is_found_to_grow_as_declared() {
    for path in plans() {
        let mut plan = plan(&path);
        let sample = sample_of(&plan);
        let sizes = sample.sizes().tiny;
        let runs = sizes.map(|size| json!({ "id": format!("n-{size}"), "size": size }));
        plan["runs"] = json!(runs);
        plan["settings"] = json!({ "repetitions": 1 });
        let place = Place::new(&plan);
        assert_code(&place.runner(&["--all"]), 0);
        let output = place.analyzer(&["--phase", "1"]);
        assert_code(&output, 0);
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        for expected in sample.expected() {
            check(sample, expected, &found);
        }
    }
}

/// Calls are exact, so that they are found in the declared class; of three sizes a neighbouring
/// class may be as good.
fn check(sample: &dyn Sample, expected: &Expected, found: &Value) {
    assert_eq!(expected.quantity, Quantity::Calls);
    let functions = found["functions"].as_array().unwrap();
    let function = functions.iter().find(|one| one["name"] == expected.function);
    let name = format!("`{}` of `{}`", expected.function, sample.name());
    let calls = &function.unwrap_or_else(|| panic!("no {name}"))["metrics"]["ncall"];
    let classes: Vec<&str> = calls["class_set"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| class.as_str().unwrap())
        .collect();
    assert!(classes.contains(&expected.growth.class()), "{name}: {calls:#}");
    let is_steep = expected.growth == workload::Growth::Quadratic;
    assert_eq!(calls["verdict"] == "superlinear", is_steep, "{name}: {calls:#}");
}

#[test]
fn a_worker_pool_counts_what_it_costs() {
    let place = Place::new(&json!({
        "workloads": { "pool": { "sample": "worker_pool" } },
        "runs": [{ "id": "two", "size": 2 }],
    }));
    assert_code(&place.runner(&["--all"]), 0);
    let counters = &place.plan()["results"]["two"]["counters"];
    let counter = |name: &str| counters[name][0].as_f64().unwrap_or_else(|| panic!("{counters}"));
    assert!((0.0..=100.0).contains(&counter("utilisation_percent")));
    assert!(counter("overhead_seconds") >= 0.0);
    assert!(counter("tasks_per_second") > 0.0);
}

#[test]
fn a_plan_is_copied_and_stays_as_it_is() {
    let place = Place::new(&json!({
        "workloads": { "daily": { "sample": "daily" } },
        "runs": [{ "id": "ten", "size": 10 }],
    }));
    let before = place.plan_text();
    let output = place.runner(&["--all", "--into", "out/daily"]);
    assert_code(&output, 0);
    assert_says(&output, "copied `profiling_plan.json` to `out/daily/profiling_plan.json`");
    assert_eq!(place.plan_text(), before);
    assert!(!place.path("profiling").exists());
    let copy: Value = serde_json::from_str(&place.read("out/daily/profiling_plan.json")).unwrap();
    assert_eq!(copy["runs"][0]["status"], "done");
    // The copy is gone on with.
    let output = place.runner(&["--all", "--into", "out/daily"]);
    assert_code(&output, 0);
    assert!(stdout(&output).starts_with("1 done"), "{}", stdout(&output));
}

#[test]
fn the_samples_are_listed() {
    let place = Place::with_text("no plan is needed");
    let table = place.runner(&["--list-samples"]);
    assert_code(&table, 0);
    let output = place.runner(&["--list-samples", "--json"]);
    assert_code(&output, 0);
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (sample, listed) in workload::ALL.iter().zip(listed.as_array().unwrap()) {
        assert_eq!(listed["name"], sample.name());
        assert_eq!(listed["sizes"], json!(sample.sizes().usual));
        assert_eq!(listed["expected"].as_array().unwrap().len(), sample.expected().len());
        assert!(stdout(&table).contains(sample.about()), "{}", stdout(&table));
    }
    assert!(
        stdout(&table).contains("n^2 (self time of concat_price_frames)"),
        "{}",
        stdout(&table)
    );
    let output = place.runner(&["--list", "--json"]);
    assert_code(&output, 2);
    assert_says(&output, "`--json` belongs to");
}

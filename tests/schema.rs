//! The shipped schemas, used as an editor or a script uses them.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;

fn shipped(path: &str) -> Value {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn schema(name: &str) -> Validator {
    jsonschema::validator_for(&shipped(&format!("schema/{name}.schema.json"))).unwrap()
}

#[track_caller]
fn check_valid(schema: &Validator, document: &Value) {
    let faults: Vec<String> = schema
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_shipped_plans_are_valid() {
    let schema = schema("profiling_plan");
    check_valid(&schema, &shipped("profiling_plan.json"));
    check_valid(&schema, &shipped("examples/backtrader/profiling_plan.json"));
}

#[test]
fn a_plan_stays_valid_while_it_is_worked_through() {
    let place = Place::with_shell("[ $SIZE != 2 ]", 3);
    place.edit(|plan| {
        plan["$schema"] = json!("schema/profiling_plan.schema.json");
        plan["note"] = json!("mine");
        plan["runs"][2]["after"] = json!("run-2");
    });
    let schema = schema("profiling_plan");
    check_valid(&schema, &place.plan());
    assert_code(&place.runner(&["--all"]), 1);
    check_valid(&schema, &place.plan());
}

#[test]
fn the_status_is_as_its_schema_says() {
    let place = Place::with_shell("[ $SIZE != 2 ]", 3);
    assert_code(&place.runner(&["--run", "run-1", "run-2"]), 1);
    let schema = schema("status");
    check_valid(&schema, &place.status());
    let mut wrong = place.status();
    wrong["runs"][0]["status"] = json!("finished");
    assert!(!schema.is_valid(&wrong));
}

/// A plan with one mistake in its only run: the schema and the tool refuse it both.
#[track_caller]
fn check_refused_by_both(run: &Value) {
    let plan = json!({ "workloads": { "w": { "command": ["true"] } }, "runs": [run] });
    assert!(!schema("profiling_plan").is_valid(&plan), "the schema accepts {run}");
    assert_code(&Place::new(&plan).runner(&["--validate"]), 3);
}

#[test]
fn the_schema_refuses_what_the_tool_refuses() {
    check_refused_by_both(&json!({ "size": 1 }));
    check_refused_by_both(&json!({ "id": "a" }));
    check_refused_by_both(&json!({ "id": "", "size": 1 }));
    check_refused_by_both(&json!({ "id": "a", "size": 0 }));
    check_refused_by_both(&json!({ "id": "a", "size": "large" }));
    check_refused_by_both(&json!({ "id": "a", "size": 1, "status": "dnoe" }));
    check_refused_by_both(&json!({ "id": "a", "size": 1, "repetitions": 0 }));
    check_refused_by_both(&json!({ "id": "a", "size": 1, "retries": -1 }));
    check_refused_by_both(&json!({ "id": "a", "size": 1, "timeout": "6 weeks" }));
    check_refused_by_both(&json!({ "id": "a", "size": 1, "cache": "hot" }));
    check_refused_by_both(&json!({ "id": "a", "size": 1, "after": 7 }));
    check_refused_by_both(&json!({ "id": "a", "start": "2025-1-1", "end": "2025-01-02" }));
    let both = json!({ "id": "a", "size": 1, "start": "2025-01-01", "end": "2025-01-02" });
    check_refused_by_both(&both);
}

fn guide() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plan.md")).unwrap()
}

#[test]
fn the_plans_in_the_guide_are_valid() {
    let guide = guide();
    let blocks = guide.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let schema = schema("profiling_plan");
    let mut plans = 0;
    for block in blocks {
        let document: Value = serde_json::from_str(block).unwrap();
        if document.get("runs").is_some() {
            check_valid(&schema, &document);
            let place = Place::with_text(block);
            assert_code(&place.runner(&["--status"]), 0);
            plans += 1;
        }
    }
    assert!(plans >= 2);
}

#[test]
fn the_guide_names_every_key() {
    let (guide, schema) = (guide(), shipped("schema/profiling_plan.schema.json"));
    let kinds = [
        "WorkloadWire",
        "SettingsWire",
        "AnalysisWire",
        "CategoryWire",
        "InvariantsWire",
        "RunWire",
    ];
    let objects = kinds.iter().map(|kind| &schema["$defs"][kind]).chain([&schema]);
    for key in objects.flat_map(|object| object["properties"].as_object().unwrap().keys()) {
        assert!(guide.contains(&format!("`{key}`")), "docs/plan.md does not explain `{key}`");
    }
}

#[test]
fn the_analyses_are_as_their_schemas_say() {
    let place = Place::with_shell("true", 4);
    place.edit(|plan| {
        plan["runs"][0]["phase"] = json!(0);
        plan["runs"][0]["label"] = json!("cold");
        plan["runs"].as_array_mut().unwrap().push(json!({
            "id": "again", "phase": 0, "size": 1, "label": "warm",
        }));
    });
    assert_code(&place.runner(&["--all"]), 0);
    let check = |name: &str, arguments: &[&str]| {
        let output = place.analyzer(&[arguments, &["--format", "json"]].concat());
        assert_code(&output, 0);
        check_valid(&schema(name), &serde_json::from_slice(&output.stdout).unwrap());
    };
    check("phase0_analysis", &["--phase", "0"]);
    check("phase1_analysis", &["--phase", "1"]);
    check("comparison", &["--runs", "run-2", "run-3"]);
    check("sets", &["--before", ".", "--after", "."]);
    place.edit(|plan| {
        plan["workloads"]["other"] = json!({ "command": ["true"] });
        plan["runs"].as_array_mut().unwrap().push(json!({
            "id": "another", "size": 9, "workload": "other",
        }));
        for run in plan["runs"].as_array_mut().unwrap() {
            if run.get("workload").is_none() {
                run["workload"] = json!("shell");
            }
        }
    });
    check("workloads", &["--phase", "1"]);
    assert_code(&place.runner(&["--run", "another"]), 0);
    check("workloads", &["--phase", "1"]);
    let table = "name,ncall,tsub,ttot,tavg\na.py:3 f,100,2.0,2.5,0\n~:0 len,900,0.5,0.5,0\n";
    for size in [1, 2, 4, 8] {
        fs::write(
            place.path(&format!("{size}.csv")),
            table.replace("100", &(size * 100).to_string()),
        )
        .unwrap();
    }
    check("phase1_analysis", &["--profiles", "1=1.csv", "2=2.csv", "4=4.csv", "8=8.csv"]);
    check("bottlenecks", &["--bottlenecks", "8.csv", "--per", "calls:f"]);
    fs::write(place.path("m.csv"), "id,size,value\na,1,1\na,2,4\na,4,16\nb,1,0\n").unwrap();
    check("measurements", &["--measurements", "m.csv", "--at", "8"]);
}

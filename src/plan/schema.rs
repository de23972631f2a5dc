//! The shipped JSON Schemas, held to the types that they describe; `BLESS=1` writes them anew.

use std::fs;
use std::path::Path;

use schemars::generate::SchemaSettings;
use serde_json::Value;
use serde_json::json;

use crate::plan::wire;
use crate::plan::wire::PlanWire;
use crate::plan::wire_analysis;
use crate::plan::wire_analysis::AnalysisWire;
use crate::plan::wire_suite;

/// Compares the schema of `T`, completed by `complete`, with `schema/NAME.schema.json`.
#[track_caller]
pub fn check_shipped<T: schemars::JsonSchema>(name: &str, complete: impl FnOnce(&mut Value)) {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let mut schema = Value::from(schema);
    complete(&mut schema);
    let text = format!("{schema:#}\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{name}.schema.json"));
    if std::env::var("BLESS").is_ok() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let shipped = fs::read_to_string(&path).unwrap_or_default();
    assert!(shipped == text, "{} is out of date: run the tests with BLESS=1", path.display());
}

#[test]
fn the_shipped_schema_of_the_plan_is_that_of_the_types() {
    check_shipped::<PlanWire>("profiling_plan", |schema| {
        schema["title"] = json!("A profiling plan of superlinear");
        schema["properties"]["$schema"] = json!({
            "description": "The address of this schema, for editors.", "type": "string",
        });
        let run = &mut schema["$defs"]["RunWire"];
        run["oneOf"] = json!([{ "required": ["start", "end"] }, { "required": ["size"] }]);
        let workload = &mut schema["$defs"]["WorkloadWire"];
        workload["oneOf"] = json!([{ "required": ["sample"] }, { "required": ["command"] }]);
    });
}

#[track_caller]
fn check_keys<T: schemars::JsonSchema>(known: &[&str]) {
    let schema = Value::from(schemars::schema_for!(T));
    let properties = schema["properties"].as_object().unwrap();
    let mut keys: Vec<&str> = properties.keys().map(String::as_str).collect();
    let mut known: Vec<&str> = known.iter().copied().filter(|key| *key != "$schema").collect();
    keys.sort_unstable();
    known.sort_unstable();
    assert_eq!(keys, known);
}

#[test]
fn the_tables_of_known_keys_are_those_of_the_types() {
    check_keys::<PlanWire>(wire::PLAN_KEYS);
    check_keys::<wire::WorkloadWire>(wire::WORKLOAD_KEYS);
    check_keys::<wire::SettingsWire>(wire::SETTINGS_KEYS);
    check_keys::<wire::InvariantsWire>(wire::INVARIANTS_KEYS);
    check_keys::<wire::RunWire>(wire::RUN_KEYS);
    check_keys::<wire_suite::SuiteWire>(wire_suite::SUITE_KEYS);
    check_keys::<wire_suite::OutputWire>(wire_suite::OUTPUT_KEYS);
    check_keys::<wire_suite::CaseWire>(wire_suite::CASE_KEYS);
    check_keys::<wire_suite::LimitsWire>(wire_suite::LIMITS_KEYS);
    check_keys::<wire_suite::RuleWire>(wire_suite::RULE_KEYS);
    check_keys::<wire_suite::SequenceWire>(wire_suite::SEQUENCE_KEYS);
    check_keys::<AnalysisWire>(wire_analysis::ANALYSIS_KEYS);
    check_keys::<wire_analysis::CategoryWire>(wire_analysis::CATEGORY_KEYS);
}

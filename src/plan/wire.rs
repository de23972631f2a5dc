//! The plan as it lies on disk. Nothing is checked here beyond types; `convert` does that.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use crate::plan::measurement::RunResult;
use crate::plan::model::Attempt;
use crate::plan::model::CacheUse;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlanWire {
    pub version: Option<u32>,
    pub workloads: IndexMap<String, WorkloadWire>,
    pub settings: SettingsWire,
    pub invariants: InvariantsWire,
    pub runs: Vec<RunWire>,
    pub results: IndexMap<String, RunResult>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WorkloadWire {
    pub sample: Option<String>,
    pub command: Option<Vec<String>>,
    pub backend: Option<String>,
    pub env: IndexMap<String, String>,
    pub timeout: Option<String>,
    pub cwd: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingsWire {
    pub workload: Option<String>,
    pub executor: Option<String>,
    pub timeout: Option<String>,
    pub grace: Option<String>,
    pub repetitions: Option<u32>,
    pub log_limit_bytes: Option<u64>,
    pub analysis: Option<Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InvariantsWire {
    pub env: IndexMap<String, String>,
    pub required_env: Vec<String>,
    pub clean_git: bool,
    pub min_free_bytes: Option<u64>,
    pub max_load: Option<f64>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RunWire {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheUse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetitions: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

/// The keys that mean something, by the kind of object they stand in.
pub const PLAN_KEYS: &[&str] =
    &["$schema", "version", "workloads", "settings", "invariants", "runs", "results"];
pub const WORKLOAD_KEYS: &[&str] = &["sample", "command", "backend", "env", "timeout", "cwd"];
pub const SETTINGS_KEYS: &[&str] =
    &["workload", "executor", "timeout", "grace", "repetitions", "log_limit_bytes", "analysis"];
pub const INVARIANTS_KEYS: &[&str] =
    &["env", "required_env", "clean_git", "min_free_bytes", "max_load"];
pub const RUN_KEYS: &[&str] = &[
    "id",
    "phase",
    "start",
    "end",
    "size",
    "label",
    "description",
    "workload",
    "cache",
    "timeout",
    "repetitions",
    "status",
    "attempts",
];

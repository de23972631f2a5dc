//! A plan on disk with two holders, beside the model of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use proptest::sample::Index;
use serde_json::Value;
use serde_json::json;
use superlinear::cli::names;
use superlinear::plan::Change;
use superlinear::plan::Plan;
use superlinear::plan::RunResult;
use superlinear::plan::change::Event;
use superlinear::store::PlanStore;

use crate::model::Model;
use crate::model::Step;

pub const PATIENCE: Duration = Duration::from_secs(5);

pub struct World {
    folder: tempfile::TempDir,
    pub holders: [PlanStore; 2],
    active: usize,
    runs: BTreeMap<String, Model>,
    order: Vec<String>,
    added: usize,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let runs: Vec<Value> = (0..4)
            .map(|run| json!({ "id": format!("r{run}"), "size": 1, "repetitions": run % 2 + 1 }))
            .collect();
        let plan = json!({
            "note": "kept", "workloads": { "w": { "command": ["true"] } }, "runs": runs,
        });
        fs::write(&path, format!("{plan:#}\n")).unwrap();
        let model = (0..4).map(|run| (format!("r{run}"), Model::new(run % 2 + 1))).collect();
        Self {
            holders: [store(&path), store(&path)],
            folder,
            active: 0,
            runs: model,
            order: (0..4).map(|run| format!("r{run}")).collect(),
            added: 0,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("plan.json")
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("plan.json.journal")
    }

    pub fn holder(&mut self) -> &mut PlanStore {
        &mut self.holders[self.active]
    }

    pub fn change(&mut self, run: Index, change: impl FnOnce(&mut Model) -> Option<Event>) {
        if self.order.is_empty() {
            return;
        }
        let id = run.get(&self.order).clone();
        if let Some(event) = change(self.runs.get_mut(&id).unwrap()) {
            let change = Change { run: id, event };
            self.holder().lock(PATIENCE).unwrap().record(&[change]).unwrap();
        }
    }

    pub fn edit(&self, edit: impl FnOnce(&mut Value)) {
        let mut plan: Value = serde_json::from_slice(&fs::read(self.path()).unwrap()).unwrap();
        edit(&mut plan);
        fs::write(self.path(), format!("{plan:#}\n")).unwrap();
    }

    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Claim(run) => self.change(*run, Model::claim),
            Step::End(run, outcome) => self.change(*run, |model| model.end(outcome)),
            Step::Reset(run) => self.change(*run, Model::reset),
            Step::GiveUp(run) => self.change(*run, Model::give_up),
            Step::Add(count) => self.add(*count),
            Step::Fold => self.holder().lock(PATIENCE).unwrap().fold().unwrap(),
            Step::Crash(torn) => {
                if *torn {
                    let mut journal = fs::read(self.journal()).unwrap_or_default();
                    journal.extend(b"{\"run\":\"r0\",\"eve");
                    fs::write(self.journal(), journal).unwrap();
                }
                *self.holder() = store(&self.path());
            }
            Step::Switch => self.active = 1 - self.active,
            Step::Describe(run) if !self.order.is_empty() => {
                let id = run.get(&self.order).clone();
                let words = format!("words {}", self.added);
                self.edit(|plan| {
                    let runs = plan["runs"].as_array_mut().unwrap();
                    let run = runs.iter_mut().find(|run| run["id"] == id.as_str()).unwrap();
                    run["description"] = words.clone().into();
                });
                self.runs.get_mut(&id).unwrap().description = words;
            }
            Step::Remove(run) if !self.order.is_empty() => {
                let id = run.get(&self.order).clone();
                self.edit(|plan| {
                    plan["runs"].as_array_mut().unwrap().retain(|run| run["id"] != id.as_str());
                    if let Some(Value::Object(results)) = plan.get_mut("results") {
                        results.remove(&id);
                    }
                });
                self.runs.remove(&id);
                self.order.retain(|known| *known != id);
            }
            Step::HalfFold => {
                let journal = fs::read(self.journal()).unwrap_or_default();
                self.holder().lock(PATIENCE).unwrap().fold().unwrap();
                fs::write(self.journal(), journal).unwrap();
                self.holders = [store(&self.path()), store(&self.path())];
            }
            Step::Describe(_) | Step::Remove(_) => {}
        }
    }

    pub fn add(&mut self, count: u8) {
        let mut wire = Vec::new();
        for _ in 0..count {
            self.added += 1;
            let id = format!("new{}", self.added);
            wire.push(serde_json::from_value(json!({ "id": id, "size": 2 })).unwrap());
            self.runs.insert(id.clone(), Model::new(1));
            self.order.push(id);
        }
        self.holder().lock(PATIENCE).unwrap().add(&wire).unwrap();
    }

    pub fn check(&mut self) {
        let (runs, order) = (self.runs.clone(), self.order.clone());
        assert_same(self.holder().read().unwrap(), &runs, &order);
        let locked = self.holder().lock(PATIENCE).unwrap();
        assert_same(locked.plan(), &runs, &order);
        let running: Vec<&str> = locked.running().map(|run| run.id.as_str()).collect();
        let is_running = |id: &&String| runs[*id].status == "running";
        assert_eq!(running, order.iter().filter(is_running).collect::<Vec<_>>());
    }
}

pub fn store(path: &Path) -> PlanStore {
    PlanStore::new(path, names::known())
}

pub fn assert_same(plan: &Plan, runs: &BTreeMap<String, Model>, order: &[String]) {
    let ids: Vec<String> = plan.runs.keys().map(ToString::to_string).collect();
    assert_eq!(ids, order);
    for run in plan.runs.values() {
        let model = &runs[run.id.as_str()];
        let found = Model {
            status: run.status.word(),
            attempts: run.attempts.iter().map(|attempt| attempt.outcome.clone()).collect(),
            interruptions: run.interruptions(),
            repetitions: plan.results.get(&run.id).map_or(0, RunResult::repetitions),
            wanted: run.repetitions as usize,
            description: run.description.clone(),
        };
        assert_eq!(&found, model, "{}", run.id);
    }
}

//! The plan on disk against a simple model: any sequence of operations, by several holders, with
//! crashes and edits by hand in between, and any bytes in the place of a plan or a journal.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;
use serde_json::Value;
use serde_json::json;
use superlinear::cli::names;
use superlinear::plan::Attempt;
use superlinear::plan::Change;
use superlinear::plan::Measurement;
use superlinear::plan::Outcome;
use superlinear::plan::Plan;
use superlinear::plan::RunResult;
use superlinear::plan::change::Event;
use superlinear::store::PlanStore;

const PATIENCE: Duration = Duration::from_secs(5);

fn day(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + number * 86_400, 0).unwrap()
}

fn measurement() -> Measurement {
    let machine = json!({ "host": "h", "boot_id": "b", "cpu": "c", "cores": 1, "kernel": "k" });
    serde_json::from_value(json!({
        "wall": 1.5, "user": 1.0, "system": 0.5, "peak_memory": 1000,
        "faults": { "minor": 1, "major": 0 }, "bytes_read": 0, "bytes_written": 0,
        "context": {
            "revision": { "none": "test" }, "machine": machine,
            "load_before": null, "load_after": null,
            "versions": { "superlinear": "0", "backend": "none" },
        },
        "files": [],
    }))
    .unwrap()
}

fn attempt(number: u32) -> Attempt {
    Attempt {
        number,
        host: "h".into(),
        boot_id: "b".into(),
        pid: 7,
        started: day(i64::from(number)),
        ended: None,
        outcome: None,
        on_request: false,
        message: String::new(),
    }
}

fn ended(number: u32, outcome: Outcome) -> Event {
    let measurement = (outcome == Outcome::Ok).then(|| Box::new(measurement()));
    Event::Ended {
        attempt: number,
        ended: day(i64::from(number) + 1),
        outcome,
        on_request: false,
        message: String::new(),
        measurement,
    }
}

/// What a run should be, by the words of the state machine.
#[derive(Debug, Clone, PartialEq)]
struct Model {
    status: &'static str,
    /// Outcome of each attempt; `None` while it is open.
    attempts: Vec<Option<Outcome>>,
    /// Interruptions that speak against the run.
    interruptions: usize,
    repetitions: usize,
    wanted: usize,
    description: String,
}

impl Model {
    fn new(wanted: usize) -> Self {
        let description = String::new();
        Self {
            status: "pending",
            attempts: vec![],
            interruptions: 0,
            repetitions: 0,
            wanted,
            description,
        }
    }

    fn claim(&mut self) -> Option<Event> {
        if self.status != "pending" {
            return None;
        }
        self.attempts.push(None);
        self.status = "running";
        Some(Event::Claimed { attempt: attempt(self.attempts.len() as u32) })
    }

    fn end(&mut self, outcome: &Outcome) -> Option<Event> {
        if self.status != "running" {
            return None;
        }
        *self.attempts.last_mut().unwrap() = Some(outcome.clone());
        self.status = match outcome {
            Outcome::Ok => {
                self.repetitions += 1;
                if self.repetitions < self.wanted { "pending" } else { "done" }
            }
            Outcome::Interrupted => {
                self.interruptions += 1;
                if self.interruptions < 3 { "pending" } else { "error" }
            }
            Outcome::Lost => "pending",
            _ => "error",
        };
        Some(ended(self.attempts.len() as u32, outcome.clone()))
    }

    fn reset(&mut self) -> Option<Event> {
        if self.status == "running" {
            return None;
        }
        self.status = "pending";
        self.repetitions = 0;
        self.interruptions = 0;
        Some(Event::Reset { attempts: self.attempts.len(), at: day(0) })
    }

    fn give_up(&mut self) -> Option<Event> {
        let last = self.attempts.last()?.clone();
        if self.status != "pending" || last != Some(Outcome::Interrupted) || self.interruptions == 0
        {
            return None;
        }
        self.status = "error";
        Some(Event::GivenUp { attempt: self.attempts.len() as u32, at: day(0) })
    }
}

#[derive(Debug, Clone)]
enum Step {
    Claim(Index),
    End(Index, Outcome),
    Reset(Index),
    GiveUp(Index),
    Add(u8),
    Fold,
    /// The holder dies; the next one begins from the disk, behind a torn record or not.
    Crash(bool),
    /// The next operation is another holder's.
    Switch,
    /// A person describes a run, or removes it.
    Describe(Index),
    Remove(Index),
    /// A crash between writing the plan and emptying the journal.
    HalfFold,
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        4 => Just(Outcome::Ok),
        1 => Just(Outcome::ExitCode(3)),
        1 => Just(Outcome::Timeout),
        3 => Just(Outcome::Interrupted),
        1 => Just(Outcome::Lost),
    ];
    prop_oneof![
        6 => any::<Index>().prop_map(Step::Claim),
        6 => (any::<Index>(), outcome).prop_map(|(run, outcome)| Step::End(run, outcome)),
        2 => any::<Index>().prop_map(Step::Reset),
        1 => any::<Index>().prop_map(Step::GiveUp),
        1 => (1_u8..3).prop_map(Step::Add),
        1 => Just(Step::Fold),
        1 => any::<bool>().prop_map(Step::Crash),
        2 => Just(Step::Switch),
        1 => any::<Index>().prop_map(Step::Describe),
        1 => any::<Index>().prop_map(Step::Remove),
        1 => Just(Step::HalfFold),
    ]
}

struct World {
    folder: tempfile::TempDir,
    holders: [PlanStore; 2],
    active: usize,
    runs: BTreeMap<String, Model>,
    order: Vec<String>,
    added: usize,
}

impl World {
    fn new() -> Self {
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

    fn path(&self) -> PathBuf {
        self.folder.path().join("plan.json")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("plan.json.journal")
    }

    fn holder(&mut self) -> &mut PlanStore {
        &mut self.holders[self.active]
    }

    fn change(&mut self, run: Index, change: impl FnOnce(&mut Model) -> Option<Event>) {
        if self.order.is_empty() {
            return;
        }
        let id = run.get(&self.order).clone();
        if let Some(event) = change(self.runs.get_mut(&id).unwrap()) {
            let change = Change { run: id, event };
            self.holder().lock(PATIENCE).unwrap().record(&[change]).unwrap();
        }
    }

    fn edit(&self, edit: impl FnOnce(&mut Value)) {
        let mut plan: Value = serde_json::from_slice(&fs::read(self.path()).unwrap()).unwrap();
        edit(&mut plan);
        fs::write(self.path(), format!("{plan:#}\n")).unwrap();
    }

    fn take(&mut self, step: &Step) {
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

    fn add(&mut self, count: u8) {
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

    fn check(&mut self) {
        let (runs, order) = (self.runs.clone(), self.order.clone());
        assert_same(self.holder().read().unwrap(), &runs, &order);
        let locked = self.holder().lock(PATIENCE).unwrap();
        assert_same(locked.plan(), &runs, &order);
        let running: Vec<&str> = locked.running().map(|run| run.id.as_str()).collect();
        let is_running = |id: &&String| runs[*id].status == "running";
        assert_eq!(running, order.iter().filter(is_running).collect::<Vec<_>>());
    }
}

fn store(path: &Path) -> PlanStore {
    PlanStore::new(path, names::known())
}

fn assert_same(plan: &Plan, runs: &BTreeMap<String, Model>, order: &[String]) {
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

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("proptest-regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_sequence_of_operations_equals_the_model(
        steps in proptest::collection::vec(step(), 1..60)
    ) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            world.check();
        }
        world.holder().lock(PATIENCE).unwrap().fold().unwrap();
        world.holders = [store(&world.path()), store(&world.path())];
        world.check();
        let text = fs::read_to_string(world.path()).unwrap();
        prop_assert!(text.contains("\"note\": \"kept\""));
    }

    #[test]
    fn a_journal_replayed_over_its_folded_plan_changes_nothing(
        steps in proptest::collection::vec(step(), 1..60)
    ) {
        let mut world = World::new();
        steps.iter().filter(|step| !matches!(step, Step::Fold | Step::HalfFold)).for_each(|step| {
            world.take(step);
        });
        let journal = fs::read(world.journal()).unwrap_or_default();
        world.holder().lock(PATIENCE).unwrap().fold().unwrap();
        let folded = fs::read_to_string(world.path()).unwrap();
        fs::write(world.journal(), &journal).unwrap();
        world.holders = [store(&world.path()), store(&world.path())];
        world.holder().lock(PATIENCE).unwrap().fold().unwrap();
        prop_assert_eq!(fs::read_to_string(world.path()).unwrap(), folded);
        world.check();
    }

    #[test]
    fn any_bytes_as_a_plan_give_a_plan_or_an_error(bytes in damaged(PLAN)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        fs::write(&path, &bytes).unwrap();
        read_and_write(&path);
    }

    #[test]
    fn any_bytes_as_a_journal_give_a_plan_or_an_error(bytes in damaged(JOURNAL)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        fs::write(&path, PLAN).unwrap();
        fs::write(folder.path().join("plan.json.journal"), &bytes).unwrap();
        read_and_write(&path);
    }
}

/// As many as `PROPTEST_CASES` says.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

const PLAN: &str = r#"{"version": 1, "workloads": {"w": {"command": ["true", "{size}"]}},
 "runs": [{"id": "a", "size": 1, "status": "pending"},
          {"id": "b", "start": "2025-01-20", "end": "2025-01-26", "attempts": []}],
 "results": {}}"#;

const JOURNAL: &str = concat!(
    r#"{"run":"a","event":"claimed","attempt":{"number":1,"host":"h","boot_id":"b","pid":1,"#,
    r#""started":"2025-01-01T00:00:00Z"}}"#,
    "\n",
    r#"{"run":"a","event":"ended","attempt":1,"ended":"2025-01-01T00:00:01Z","#,
    r#""outcome":{"exit_code":3},"on_request":false,"message":""}"#,
    "\n",
    r#"{"run":"a","event":"reset","attempts":1,"at":"2025-01-01T00:00:02Z"}"#,
    "\n",
);

/// Bytes of `seed` with some of them changed, cut out or doubled, or bytes of any kind.
fn damaged(seed: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<Index>(), 0_u8..4, any::<u8>(), 1_usize..12);
    let mutated = proptest::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut bytes = seed.as_bytes().to_vec();
        for (place, kind, byte, length) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
                _ => bytes.truncate(at),
            }
        }
        bytes
    });
    prop_oneof![4 => mutated, 1 => proptest::collection::vec(any::<u8>(), 0..200)]
}

/// Whatever lies there: no panic, and an unreadable plan is left as it is.
fn read_and_write(path: &Path) {
    let before = fs::read(path).unwrap();
    let mut holder = store(path);
    let read = holder.read().is_ok();
    let change = Change { run: "a".into(), event: Event::Claimed { attempt: attempt(9) } };
    let written = holder.lock(PATIENCE).and_then(|mut locked| {
        locked.record(&[change])?;
        locked.fold()
    });
    if !read || written.is_err() {
        assert_eq!(fs::read(path).unwrap(), before);
    } else {
        assert!(store(path).read().is_ok());
    }
}

#[test]
fn an_edit_between_reading_and_folding_is_kept() {
    let mut world = World::new();
    let path = world.path();
    let mut locked = world.holders[0].lock(PATIENCE).unwrap();
    let claim = Event::Claimed { attempt: attempt(1) };
    locked.record(&[Change { run: "r0".into(), event: claim }]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"kept\"", "\"edited meanwhile\"")).unwrap();
    locked.fold().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"edited meanwhile\"") && text.contains("\"running\""), "{text}");
}

#[test]
fn an_edit_into_nonsense_between_reading_and_folding_is_not_overwritten() {
    let mut world = World::new();
    let (path, journal) = (world.path(), world.journal());
    let mut locked = world.holders[0].lock(PATIENCE).unwrap();
    let claim = Event::Claimed { attempt: attempt(1) };
    locked.record(&[Change { run: "r0".into(), event: claim }]).unwrap();
    fs::write(&path, "{\"runs\": [").unwrap();
    assert_eq!(locked.fold().unwrap_err().exit_code(), 3);
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"runs\": [");
    assert!(fs::read_to_string(&journal).unwrap().contains("claimed"));
}

#[test]
fn a_journal_that_somebody_shortens_leaves_no_hole() {
    let mut world = World::new();
    let claim =
        |run: &str| [Change { run: run.into(), event: Event::Claimed { attempt: attempt(1) } }];
    world.holders[0].lock(PATIENCE).unwrap().record(&claim("r0")).unwrap();
    fs::write(world.journal(), "").unwrap();
    world.holders[0].lock(PATIENCE).unwrap().record(&claim("r1")).unwrap();
    let journal = fs::read(world.journal()).unwrap();
    assert!(journal.starts_with(b"{\"run\":\"r1\""), "{}", String::from_utf8_lossy(&journal));
}

#[test]
fn a_journal_folds_itself_when_it_has_grown() {
    let mut world = World::new();
    let path = world.journal();
    let words = "x".repeat(100_000);
    for number in 1..30 {
        let mut locked = world.holders[0].lock(PATIENCE).unwrap();
        let run = "r0".to_string();
        let claimed = Event::Claimed { attempt: attempt(number) };
        let mut over = ended(number, Outcome::Lost);
        if let Event::Ended { message, .. } = &mut over {
            message.clone_from(&words);
        }
        locked.record(&[Change { run: run.clone(), event: claimed }]).unwrap();
        locked.record(&[Change { run, event: over }]).unwrap();
        let limit =
            (1 << 20).max(fs::metadata(world.folder.path().join("plan.json")).unwrap().len());
        assert!(fs::metadata(&path).unwrap().len() <= limit + 200_000);
    }
    let folded = fs::metadata(world.path()).unwrap().len();
    assert!(folded > 1_000_000, "nothing was ever folded: {folded}");
}

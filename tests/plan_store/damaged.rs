//! Whatever bytes lie there as a plan or a journal: a plan or an error, never a panic.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;
use superlinear::plan::Change;
use superlinear::plan::change::Event;

use crate::model::attempt;
use crate::sequences::cases;
use crate::world::PATIENCE;
use crate::world::store;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("proptest-regressions"))),
        ..ProptestConfig::default()
    })]
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

//! Any sequence of operations, crashes and edits equals the model.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::model::Step;
use crate::model::step;
use crate::world::PATIENCE;
use crate::world::World;
use crate::world::store;

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
}

/// As many as `PROPTEST_CASES` says.
pub fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

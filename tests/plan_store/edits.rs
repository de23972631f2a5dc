//! Edits by hand and journals at the moments that matter.

use std::fs;

use superlinear::plan::Change;
use superlinear::plan::Outcome;
use superlinear::plan::change::Event;

use crate::model::attempt;
use crate::model::ended;
use crate::world::PATIENCE;
use crate::world::World;

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
        let limit = (1 << 20).max(fs::metadata(world.path()).unwrap().len());
        assert!(fs::metadata(&path).unwrap().len() <= limit + 200_000);
    }
    let folded = fs::metadata(world.path()).unwrap().len();
    assert!(folded > 1_000_000, "nothing was ever folded: {folded}");
}

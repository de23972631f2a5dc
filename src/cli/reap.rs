//! Ending what a runner left behind, when a person asks for it.

use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Result;
use crate::plan::Outcome;
use crate::plan::change::Event;
use crate::runner::orphan;
use crate::runner::settle;
use crate::store::PlanStore;

/// Ends what goes on without its runner, and records it as stopped on request.
///
/// # Errors
/// When the plan cannot be read or written.
pub fn reap(store: &mut PlanStore, shared: &Shared) -> Result<()> {
    let layout = store.layout().clone();
    let locked = store.lock(shared.patience())?;
    let orphans = orphan::all(locked.plan(), &layout)?;
    let grace = locked.plan().settings.grace;
    // Nobody waits for the plan while programs end.
    drop(locked);
    for orphan in &orphans {
        orphan::end(orphan, &layout, grace);
        let names: Vec<String> = orphan
            .processes
            .iter()
            .map(|process| format!("`{}` ({})", process.name, process.pid))
            .collect();
        terminal::say(format!("ended `{}`: {}", orphan.run, names.join(", ")));
    }
    let mut locked = store.lock(shared.patience())?;
    let mut over = settle::over(&locked)?;
    for change in &mut over {
        let was_reaped = orphans.iter().any(|orphan| orphan.run.as_str() == change.run);
        if let Event::Ended { outcome: Outcome::Interrupted, on_request, .. } = &mut change.event {
            *on_request |= was_reaped;
        }
    }
    locked.record(&over)?;
    locked.fold()?;
    if orphans.is_empty() {
        terminal::say("nothing goes on without its runner".to_string());
    }
    Ok(())
}

//! Memory over time of the runs of a plan, as their workers wrote it down. What is lost or damaged
//! is left out: the figures of the whole are in the plan.

use crate::cli::load;
use crate::plan::Plan;
use crate::plan::RunResult;
use crate::plan::Selection;
use crate::plan::measurement::FileKind;
use crate::report::memory::Look;
use crate::report::memory::Timeline;
use crate::store::Layout;
use crate::system::file;

/// The largest file that is read, in bytes; a worker writes a tenth of it.
const LIMIT: u64 = 32 << 20;
/// Rows that are read; a worker writes no more.
const MOST_LOOKS: usize = 65_536;

/// The latest repetition of each selected run that was looked at.
pub fn of(plan: &Plan, layout: &Layout, selection: &Selection) -> Vec<Timeline> {
    let runs = plan.runs.values().filter(|run| selection.covers(run));
    runs.filter_map(|run| {
        let result = plan.results.get(&run.id)?;
        let used = result.memory.last().copied().flatten()?;
        Some(Timeline {
            run: run.id.to_string(),
            size: Some(run.extent.size()),
            peak: used.peak,
            peak_at: used.peak_at,
            mean: used.mean,
            largest_jump: used.largest_jump,
            jump_at: used.jump_at,
            looks: looks(layout, result),
        })
    })
    .collect()
}

fn looks(layout: &Layout, result: &RunResult) -> Vec<Look> {
    let kept = result.files.iter().rev().find(|file| file.kind == FileKind::Memory);
    let bytes = kept.and_then(|record| file::read(&load::path(layout, record), LIMIT).ok());
    let text = String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default();
    text.lines().skip(1).take(MOST_LOOKS).filter_map(look).collect()
}

/// A row: seconds, bytes, processes.
fn look(line: &str) -> Option<Look> {
    let mut cells = line.split(',');
    let (seconds, bytes): (f64, f64) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    (seconds.is_finite() && bytes.is_finite()).then_some(Look { seconds, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_nonsense_is_not() {
        assert_eq!(look("0.100,2048,2"), Some(Look { seconds: 0.1, bytes: 2048.0 }));
        for line in ["", "x,1,1", "1", "nan,1,1", "1,inf,1"] {
            assert_eq!(look(line), None, "{line}");
        }
    }
}

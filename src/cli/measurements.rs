//! From a table of measurements to their verdicts; what could not be judged is said at once.

use std::path::Path;

use crate::analysis;
use crate::analysis::ValueKind;
use crate::cli::judge::Judged;
use crate::cli::judge::Judging;
use crate::cli::settings;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::format::measurements_csv;
use crate::report::Report;
use crate::report::Subject;
use crate::report::name;
use crate::system::file;

/// Skipped ids that are named.
const MOST_NAMED: usize = 20;
/// Columns of the line of one.
const LONGEST_LINE: usize = 300;

/// Judges every id of the table at `path`.
///
/// # Errors
/// When it cannot be read or has no such columns, or an option does not go with it.
pub fn judged(shared: &Shared, path: &Path, counters: bool, judging: &Judging) -> Result<Judged> {
    if let Some(size_by) = &judging.size_by {
        return Err(Error::usage(
            format!("`--size-by {size_by}` does not go with `--measurements`: there are no calls"),
            "put the work of each run into the column `size`",
        ));
    }
    if judging.counts_only {
        return Err(Error::usage(
            "`--counts-only` does not go with `--measurements`: all values of a table are of one kind",
            "say `--counters` when they are counts",
        ));
    }
    judging.check_target()?;
    judging.gating.limit()?;
    let mut input = file::open(path)?;
    let series = measurements_csv::read(&mut input).map_err(|fault| fault.at(path))?;
    if series.is_empty() && judging.gating.limit()?.is_some() {
        return Err(Error::analyse(
            format!(
                "`{}` holds no measurement, so that nothing is held against the limit",
                path.display()
            ),
            "write a line of `id,size,repetition,value` for each",
        ));
    }
    let values = if counters { ValueKind::Counters } else { ValueKind::Times };
    let bands = settings::bands(&settings::said(shared)?)?;
    let found = analysis::measurements(&series, values, bands, judging.at)?;
    let gate = judging.gating.measurements(&found, &bands)?;
    say_left_out(&found);
    say_skipped(&found);
    let baseline = analysis::baseline::of_measurements(&found, &series);
    let subject = Subject::Measurements(Box::new(found));
    Ok(Judged { report: Report::new(subject, Vec::new()), gate, baseline: Some(baseline) })
}

/// The table of verdicts has no room for it.
fn say_left_out(found: &analysis::Measurements) {
    let known = found.measurements.iter();
    let mut left_out = known.filter_map(|one| Some((&one.id, one.left_out.as_ref()?)));
    for (id, words) in left_out.by_ref().take(MOST_NAMED) {
        terminal::say(name::shorten(&format!("of `{id}` {words}"), LONGEST_LINE));
    }
    let more = left_out.count();
    if more > 0 {
        terminal::say(format!("and of {more} more (`--format json` has all of it)"));
    }
}

fn say_skipped(found: &analysis::Measurements) {
    for skipped in found.skipped.iter().take(MOST_NAMED) {
        let line = format!("cannot tell of `{}`: {}", skipped.name, skipped.reason);
        terminal::say(name::shorten(&line, LONGEST_LINE));
    }
    let more = found.skipped.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        terminal::say(format!("and of {more} more (`--format json` names all of them)"));
    }
}

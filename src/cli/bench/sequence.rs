//! A sequence of optimisations: suite after suite, each with a record of its decision.

use std::path::Path;

use crate::analysis::decision::SequenceReport;
use crate::analysis::decision::Step;
use crate::cli::bench::suite;
use crate::cli::bench::suite::Judged;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::report;
use crate::report::Report;
use crate::report::Style;
use crate::report::Subject;
use crate::system::file;

/// What came of a sequence.
#[derive(Debug)]
pub enum Outcome {
    Judged(Box<SequenceReport>),
    /// It was stopped on the way; with the exit code.
    Stopped(u8),
}

/// Judges the steps of the sequence `name` until it ends; steps that were measured before are not
/// measured again, unless `again` is set.
///
/// # Errors
/// When there is no such sequence, or one of its suites cannot be judged.
pub fn run(shared: &Shared, name: &str, again: bool) -> Result<Outcome> {
    let mut store = shared.store();
    let profiling = store.layout().profiling();
    let plan = store.read()?;
    let known = plan.sequences.keys().map(String::as_str);
    let sequence = plan.sequences.get(name);
    let sequence = sequence.ok_or_else(|| Error::unknown("sequence", name, known))?.clone();
    let folder = profiling.join("decisions").join(name);
    let mut found = SequenceReport::new(name, sequence.goal_percent, &sequence.steps);
    for (index, step) in sequence.steps.iter().enumerate() {
        if found.stopped.is_some() {
            break;
        }
        terminal::say(format!("step   {} of {}: {step}", index + 1, sequence.steps.len()));
        if again {
            suite::reset(&mut store, shared, step)?;
        }
        match suite::run(&mut store, shared, step, &profiling.join("raw").join(step))? {
            Judged::Benchmark(benchmark) => {
                terminal::say(format!("step   {step}: {}", benchmark.rationale));
                found.add(*benchmark);
            }
            Judged::Stopped(code) => return Ok(Outcome::Stopped(code)),
        }
        if let Some(step) = found.steps.last() {
            keep(step, &folder)?;
        }
    }
    Ok(Outcome::Judged(Box::new(found)))
}

/// Writes the record of a decision, as JSON and as Markdown.
fn keep(step: &Step, folder: &Path) -> Result<()> {
    file::create_folder(folder)?;
    let name = format!("{:02}-{}", step.number, step.benchmark.suite);
    let json = step.benchmark.to_json()?;
    file::replace_output(&folder.join(format!("{name}.json")), json.as_bytes(), "decision")?;
    let subject = Subject::Benchmark(Box::new(step.benchmark.clone()));
    let report = Report::new(subject, Vec::new());
    let markdown = report::by_name("markdown")?.render(&report, &Style::default())?;
    file::replace_output(&folder.join(format!("{name}.md")), markdown.as_bytes(), "decision")
}

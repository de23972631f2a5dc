//! The order of the chapters of a scaling report.

use crate::analysis::document::Phase1;
use crate::analysis::document::RunFigures;
use crate::report::against;
use crate::report::bottleneck;
use crate::report::cache;
use crate::report::content::More;
use crate::report::decisions;
use crate::report::memory;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::record::RunRecord;
use crate::report::runs;
use crate::report::scaling::counter;
use crate::report::scaling::culprit;
use crate::report::scaling::forecast;
use crate::report::scaling::function;
use crate::report::scaling::notes;
use crate::report::scaling::pairs;
use crate::report::scaling::summary;
use crate::report::settings;
use crate::report::style::Detail;
use crate::units::Bytes;

/// Findings first, then what they rest on.
pub fn outline(doc: &Phase1, records: &[RunRecord], more: &More, detail: Detail) -> Outline {
    let records = all_runs(doc, records);
    let against = more.against.as_deref();
    let mut sections = against.map_or_else(Vec::new, |found| against::chapter(found, detail));
    sections.extend(match detail {
        Detail::Brief => brief(doc, &records, against.is_some()),
        Detail::Usual | Detail::All => whole(doc, &records, more),
    });
    let said = against.map(against::gist).into_iter();
    let summary = said.chain(summary::sentences(doc)).collect();
    Outline { title: "How cost grows with size".into(), summary, sections }
}

fn whole(doc: &Phase1, records: &[RunRecord], more: &More) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(culprit::table(doc));
    sections.extend(culprit::parts(doc));
    sections.extend(counter::section(doc));
    sections.extend(function::table(doc));
    sections.extend(pairs::sections(doc));
    sections.extend(forecast::section(doc));
    sections.extend(more.cache.iter().flat_map(|probe| cache::within(probe)));
    sections.extend(more.bottlenecks.iter().flat_map(|found| bottleneck::sections(found)));
    sections.extend(memory::section(&more.memory));
    sections.extend(decisions::section(&more.benchmarks));
    sections.extend(function::waiting(doc));
    sections.extend(runs::warnings(&doc.warnings, records));
    sections.extend(notes::advice(doc));
    sections.extend(notes::skipped(doc));
    sections.extend(notes::speed(doc));
    sections.extend(runs::section(records));
    sections.extend(settings::section(&more.settings));
    sections
}

/// Where changes are told, advice has no room.
fn brief(doc: &Phase1, records: &[RunRecord], is_against: bool) -> Vec<Section> {
    let advice = if is_against { None } else { notes::advice(doc) };
    let warnings = runs::warnings(&doc.warnings, records);
    [culprit::table(doc), warnings, advice].into_iter().flatten().collect()
}

/// The runs of the analysis in its order, each with its record where there is one, then the others.
fn all_runs(doc: &Phase1, records: &[RunRecord]) -> Vec<RunRecord> {
    let analysed = doc.runs_once().into_iter().map(|run| {
        let record = records.iter().find(|record| record.id == run.id);
        record.cloned().map_or_else(|| from_figures(doc, run), |record| completed(record, run))
    });
    let others = records.iter().filter(|record| doc.runs.iter().all(|run| run.id != record.id));
    analysed.chain(others.cloned()).collect()
}

/// The size is that of the analysis, which may count something else than the plan does.
fn completed(record: RunRecord, run: &RunFigures) -> RunRecord {
    RunRecord { size: Some(run.size), ..record }
}

fn from_figures(doc: &Phase1, run: &RunFigures) -> RunRecord {
    let repetitions = || doc.runs.iter().filter(|other| other.id == run.id);
    RunRecord {
        id: run.id.clone(),
        size: Some(run.size),
        wall_seconds: repetitions().filter_map(|run| run.wall_seconds).collect(),
        peak_memory: repetitions().filter_map(|run| run.peak_memory_bytes).max().map(Bytes),
        ..RunRecord::default()
    }
}

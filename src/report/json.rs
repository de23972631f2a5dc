//! The analysis, its summary and the runs for a script.

use serde::Serialize;

use crate::analysis::Bottlenecks;
use crate::analysis::baseline::Against;
use crate::analysis::cache_impact::Phase0;
use crate::analysis::decision::Benchmark;
use crate::analysis::decision::SequenceReport;
use crate::analysis::document::Phase1;
use crate::analysis::measurements::Measurements;
use crate::analysis::pair::Comparison;
use crate::analysis::sets::Sets;
use crate::analysis::workloads::Workloads;
use crate::error::Error;
use crate::error::Result;
use crate::report::compose;
use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::prose::Prose;
use crate::report::record::RunRecord;
use crate::report::renderer::Renderer;
use crate::report::style::Style;

/// Form of the document; a reader refuses a newer one.
const VERSION: u32 = 1;

#[derive(Debug)]
pub struct Json;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    /// `cache`, `scaling`, `workloads`, `comparison`, `bottlenecks`, `sets`, `against`,
    /// `measurements`, `benchmark` or `sequence`.
    subject: &'static str,
    /// The sentences of the summary, as a person reads them.
    summary: Vec<String>,
    analysis: Analysis<'a>,
    /// What changed since a baseline, where the report was made against one.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<&'a Against>,
    runs: &'a [RunRecord],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Analysis<'a> {
    Cache(&'a Phase0),
    Scaling(&'a Phase1),
    Workloads(&'a Workloads),
    Comparison(&'a Comparison),
    Bottlenecks(&'a Bottlenecks),
    Sets(&'a Sets),
    Against(&'a Against),
    Measurements(&'a Measurements),
    Benchmark(&'a Benchmark),
    Sequence(&'a SequenceReport),
}

impl Renderer for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "for a script: the analysis, its summary and the runs"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn render(&self, report: &Report, style: &Style) -> Result<String> {
        let outline = compose::outline(report, style.detail);
        let (subject, analysis) = match &report.subject {
            Subject::Cache(probe) => ("cache", Analysis::Cache(probe)),
            Subject::Scaling(analysis) => ("scaling", Analysis::Scaling(analysis)),
            Subject::Workloads(found) => ("workloads", Analysis::Workloads(found)),
            Subject::Comparison(compared) => ("comparison", Analysis::Comparison(compared)),
            Subject::Bottlenecks(found) => ("bottlenecks", Analysis::Bottlenecks(found)),
            Subject::Sets(compared) => ("sets", Analysis::Sets(compared)),
            Subject::Against(found) => ("against", Analysis::Against(found)),
            Subject::Measurements(judged) => ("measurements", Analysis::Measurements(judged)),
            Subject::Benchmark(found) => ("benchmark", Analysis::Benchmark(found)),
            Subject::Sequence(found) => ("sequence", Analysis::Sequence(found)),
        };
        let document = Document {
            version: VERSION,
            subject,
            summary: outline.summary.iter().map(Prose::plain).collect(),
            analysis,
            against: report.more.against.as_deref(),
            runs: &report.runs,
        };
        serde_json::to_string_pretty(&document)
            .map(|text| text + "\n")
            .map_err(|error| Error::bug(error.to_string()))
    }
}

//! From a report to its outline: the one place that every format but the raw data starts from.

use crate::report::against;
use crate::report::benchmark;
use crate::report::cache;
use crate::report::comparison;
use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::measurements;
use crate::report::outline::Outline;
use crate::report::performance;
use crate::report::scaling::page;
use crate::report::sets;
use crate::report::spending;
use crate::report::style::Detail;
use crate::report::workloads;

/// What is to be shown, in order.
pub fn outline(report: &Report, detail: Detail) -> Outline {
    match &report.subject {
        Subject::Cache(probe) => cache::outline(probe, &report.runs, detail),
        Subject::Scaling(analysis) => page::outline(analysis, &report.runs, &report.more, detail),
        Subject::Workloads(found) => workloads::outline(found, detail),
        Subject::Comparison(compared) => comparison::outline(compared, &report.runs, detail),
        Subject::Bottlenecks(found) => spending::outline(found, &report.runs, detail),
        Subject::Sets(compared) => sets::outline(compared, detail),
        Subject::Against(found) => against::outline(found, detail),
        Subject::Measurements(judged) => measurements::outline(judged, detail),
        Subject::Benchmark(found) => benchmark::outline(found, detail),
        Subject::Sequence(found) => performance::outline(found, detail),
    }
}

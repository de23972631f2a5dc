//! What a report is about: an analysis and the runs that it was made from.

use std::collections::BTreeMap;

use crate::analysis::Bottlenecks;
use crate::analysis::baseline::Against;
use crate::analysis::cache_impact::Phase0;
use crate::analysis::decision::Benchmark;
use crate::analysis::decision::SequenceReport;
use crate::analysis::document::Phase1;
use crate::analysis::flame::Flame;
use crate::analysis::measurements::Measurements;
use crate::analysis::pair::Comparison;
use crate::analysis::sets::Sets;
use crate::analysis::workloads::Workloads;
use crate::report::memory::Timeline;
use crate::report::record::RunRecord;

/// Everything that a renderer is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub subject: Subject,
    /// In the order of the plan; empty when the profiles were made elsewhere.
    pub runs: Vec<RunRecord>,
    pub more: More,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// Phase 0: what the cache saves.
    Cache(Box<Phase0>),
    /// Phase 1: how cost grows with size.
    Scaling(Box<Phase1>),
    /// The same of several workloads side by side.
    Workloads(Box<Workloads>),
    /// Chosen runs side by side.
    Comparison(Box<Comparison>),
    /// Where one run spends its time.
    Bottlenecks(Box<Bottlenecks>),
    /// Two sets of profiles, before and after a change.
    Sets(Box<Sets>),
    /// What changed since a baseline.
    Against(Box<Against>),
    /// Figures measured elsewhere.
    Measurements(Box<Measurements>),
    /// One benchmark and its decision.
    Benchmark(Box<Benchmark>),
    /// A sequence of optimisations.
    Sequence(Box<SequenceReport>),
}

/// What stands beside the findings of a scaling report, where it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct More {
    /// What changed since a baseline.
    pub against: Option<Box<Against>>,
    /// The cache probe of the same plan.
    pub cache: Option<Box<Phase0>>,
    /// Where the largest run spends its time.
    pub bottlenecks: Option<Box<Bottlenecks>>,
    /// The call tree of the largest run.
    pub flame: Option<Box<Flame>>,
    /// The memory of the runs over time, those that were looked at.
    pub memory: Vec<Timeline>,
    /// The suites of the same plan that are measured.
    pub benchmarks: Vec<Benchmark>,
    /// How it was judged: what was set, and to what.
    pub settings: Vec<(String, String)>,
    /// Where files that profiles name lie, from the folder that the command was called in.
    pub sources: BTreeMap<String, String>,
}

impl Report {
    /// A report of the findings alone.
    pub fn new(subject: Subject, runs: Vec<RunRecord>) -> Self {
        Self { subject, runs, more: More::default() }
    }
}

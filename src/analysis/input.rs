//! What an analysis is given: measured runs and the settings to judge them by.
//! Plain types that the caller fills; nothing here reads a plan or a profile file.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::analysis::category::Pattern;
use crate::analysis::next_step::HowToRun;
use crate::analysis::run_name::RunName;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::stats::Bands;

/// A run of the plan as it was measured once, with everything that this repetition left behind.
#[derive(Debug, Clone, Default)]
pub struct MeasuredRun {
    /// The same for all repetitions of a run.
    pub id: String,
    /// From 1; `None` for a run that was measured only once.
    pub repetition: Option<u32>,
    /// Days of the window, or the run's own `size`; above 0.
    pub size: f64,
    /// Wall time of the whole program.
    pub wall_seconds: Option<f64>,
    /// `None` for a run measured as a whole, or whose profile is lost.
    pub profile: Option<Profile>,
    /// Largest resident memory of the program, where it was recorded.
    pub peak_memory_bytes: Option<u64>,
    /// What the program itself counted, by name.
    pub counters: BTreeMap<String, f64>,
    /// Position in the order of execution, from 0; where nobody knows it, [`as_if_by_size`].
    pub order: usize,
}

/// Takes runs whose order of execution nobody knows as executed by size: what all their functions
/// share may then be growth, and is not divided out as the speed of the machine. What is found does
/// not depend on the order in which they are given.
pub fn as_if_by_size(runs: &mut [MeasuredRun]) {
    runs.sort_by(|left, right| left.size.total_cmp(&right.size).then(left.id.cmp(&right.id)));
    runs.iter_mut().enumerate().for_each(|(order, run)| run.order = order);
}

impl MeasuredRun {
    pub fn name(&self) -> RunName {
        RunName { id: self.id.clone(), repetition: self.repetition }
    }
}

/// What the size of a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SizeBy {
    /// [`MeasuredRun::size`] as it stands.
    #[default]
    Size,
    /// The calls of the named function: a bare name, or `file:name`.
    Calls(String),
    /// What the program itself counted under this name.
    Counter(String),
    /// Nobody said; all runs pass for equally large, so that nothing is told of growth.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub size_by: SizeBy,
    /// Whether times are left out, so that only counts are judged.
    pub counts_only: bool,
    /// Where the words for exponents begin and end.
    pub bands: Bands,
    /// What [`MeasuredRun::size`] counts, as it is shown: `days`, `size`.
    pub size_unit: String,
    /// Share of the busy time, in per cent, below which nothing is an origin.
    pub least_share_percent: Decimal,
    /// How many functions are reported with all their figures, the costliest first.
    pub most_functions: usize,
    /// The size to foretell the cost at, in the unit of `size_by`.
    pub target_size: Option<f64>,
    /// Path parts whose functions count as the user's own, whatever else they match.
    pub user_paths: Vec<String>,
    /// Path parts whose functions do not count as the user's own.
    pub library_paths: Vec<String>,
    /// Names of further functions that wait rather than work.
    pub waiting: Vec<String>,
    /// Kinds of work that are tried before the known ones.
    pub categories: Vec<Pattern>,
    /// For advice; `None` where there is no plan.
    pub how_to_run: Option<HowToRun>,
}

impl Settings {
    /// Whether costs in `unit` are not judged: instructions are counts as well.
    pub fn leaves_out(&self, unit: CostUnit) -> bool {
        self.counts_only && unit != CostUnit::Instructions
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            size_by: SizeBy::Size,
            counts_only: false,
            bands: Bands::default(),
            size_unit: "days".into(),
            least_share_percent: Decimal::ONE,
            most_functions: 1_000,
            target_size: None,
            user_paths: Vec::new(),
            library_paths: Vec::new(),
            waiting: Vec::new(),
            categories: Vec::new(),
            how_to_run: None,
        }
    }
}

//! The profile of one run as the rest of the project sees it.
//! It knows nothing of profilers' file formats; each of those is a file in `format`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

/// Calls and cost per function of one run, with call edges and the split over threads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    pub unit: CostUnit,
    /// Whether `ncall` was counted; false for sampling profilers, whose call counts are all 0.
    pub counts_calls: bool,
    /// One per distinct function, in the order first seen; edges and threads refer to it by index.
    pub functions: Vec<Function>,
    /// Empty when the profiler or the format keeps none.
    pub edges: Vec<Edge>,
    /// Empty when the profiler or the format does not tell threads apart.
    pub threads: Vec<Thread>,
    pub origin: Origin,
}

/// What `tsub` and `ttot` are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CostUnit {
    #[default]
    WallSeconds,
    CpuSeconds,
    Instructions,
    Samples,
}

/// The profiler that made a profile, for the metadata beside it; empty where unknown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    pub backend: String,
    pub backend_version: String,
    /// What profiling added to the time of one call, as it was measured beside the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_cost_nanoseconds: Option<f64>,
    /// Name and version of the language's interpreter or compiler.
    pub interpreter: String,
    /// Versions of the packages that the program imported, by name.
    pub packages: BTreeMap<String, String>,
    /// What a reader of the figures must know, one sentence each.
    pub warnings: Vec<String>,
}

/// What makes a function the same function in another run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FunctionKey {
    /// Bare name, without file or line.
    pub name: String,
    /// Empty where unknown; `~` for functions built into an interpreter.
    pub file: String,
    /// Line of the definition, from 1; 0 where unknown.
    pub line: u32,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Function {
    pub key: FunctionKey,
    pub cost: Cost,
}

/// What was spent in a function, or along one call edge.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Calls, recursive ones included.
    pub ncall: u64,
    /// Calls that were not made from within the same function: the outermost of each recursion.
    pub nactual: u64,
    /// Self cost, in the profile's unit.
    pub tsub: f64,
    /// Cumulative cost, in the profile's unit; recursion counted once.
    pub ttot: f64,
}

/// A call relation: `cost` is what `callee` spent when called from `caller`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Index into [`Profile::functions`].
    pub caller: usize,
    /// Index into [`Profile::functions`].
    pub callee: usize,
    pub cost: Cost,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thread {
    pub id: u64,
    pub name: String,
    /// Index into [`Profile::functions`], and what that function spent on this thread.
    pub costs: Vec<(usize, Cost)>,
}

impl Cost {
    /// Cumulative cost per call, `ttot / ncall`; `None` for a function that was never called.
    ///
    /// Example: 1.5 s in 3 calls are 0.5 s per call.
    pub fn tavg(&self) -> Option<f64> {
        (self.ncall > 0).then(|| self.ttot / self.ncall as f64)
    }

    /// The sum of two costs of the same function, as from two threads or two rows.
    pub fn plus(self, other: Self) -> Self {
        Self {
            ncall: self.ncall.saturating_add(other.ncall),
            nactual: self.nactual.saturating_add(other.nactual),
            tsub: self.tsub + other.tsub,
            ttot: self.ttot + other.ttot,
        }
    }
}

impl CostUnit {
    /// Whether the cost is a time, and so has a clock's noise.
    pub fn is_time(self) -> bool {
        matches!(self, Self::WallSeconds | Self::CpuSeconds)
    }

    /// The word for it in the names of files.
    pub fn word(self) -> &'static str {
        match self {
            Self::WallSeconds => "wall",
            Self::CpuSeconds => "cpu",
            Self::Instructions => "instructions",
            Self::Samples => "samples",
        }
    }

    /// The unit that the name of a file gives, as in `run.funcs.cpu.csv`; tables of functions say
    /// it nowhere else.
    pub fn in_name(file_name: &str) -> Option<Self> {
        let units = [Self::WallSeconds, Self::CpuSeconds, Self::Instructions, Self::Samples];
        let mut parts = file_name.rsplit('.').skip(1);
        let word = parts.next()?;
        units.into_iter().find(|unit| unit.word() == word)
    }

    /// The word that stands after a figure.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::WallSeconds | Self::CpuSeconds => "s",
            Self::Instructions => "instructions",
            Self::Samples => "samples",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tavg_is_cumulative_cost_per_call() {
        let cost = Cost { ncall: 3, nactual: 3, tsub: 0.2, ttot: 1.5 };
        assert_eq!(cost.tavg(), Some(0.5));
        assert_eq!(Cost::default().tavg(), None);
    }

    #[test]
    fn a_file_name_may_say_the_unit() {
        let check = |name, unit| assert_eq!(CostUnit::in_name(name), unit, "{name}");
        check("week.funcs.wall.csv", Some(CostUnit::WallSeconds));
        check("week.instructions.pstat", Some(CostUnit::Instructions));
        check("cpu.csv", Some(CostUnit::CpuSeconds));
        check("wall.profile.csv", None);
        check("samples", None);
    }

    #[test]
    fn summed_counts_never_overflow() {
        let huge = Cost { ncall: u64::MAX, nactual: 1, tsub: 1.0, ttot: 2.0 };
        assert_eq!(huge.plus(huge).ncall, u64::MAX);
        assert_eq!(huge.plus(huge).ttot, 4.0);
    }
}

//! The backends `yappi` and `yappi-cpu`: every thread and coroutine of a Python program, with exact
//! calls. The interpreter must have the package `yappi`.

use std::path::Path;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::python::shim;
use crate::measure::python::shim::Profiler;
use crate::profile::CostUnit;
use crate::profile::Profile;

/// The profiler `yappi`, by one of its two clocks.
#[derive(Debug)]
pub enum Yappi {
    Wall,
    Cpu,
}

impl Backend for Yappi {
    fn name(&self) -> &'static str {
        match self {
            Self::Wall => "yappi",
            Self::Cpu => "yappi-cpu",
        }
    }

    fn about(&self) -> &'static str {
        match self {
            Self::Wall => "Python, all threads and asyncio: exact calls, wall time in microseconds",
            Self::Cpu => "Python, all threads and asyncio: exact calls, processor time",
        }
    }

    fn unit(&self) -> Option<CostUnit> {
        match self {
            Self::Wall => Some(CostUnit::WallSeconds),
            Self::Cpu => Some(CostUnit::CpuSeconds),
        }
    }

    fn check(&self, program: &Program) -> Result<()> {
        shim::check(program, self.name(), Some("yappi"))
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        let clock = match self {
            Self::Wall => "wall",
            Self::Cpu => "cpu",
        };
        let profiler = Profiler { name: "yappi", clock };
        shim::measured(program, self.name(), profiler, scratch)
    }

    fn collect(&self, scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        shim::collect(scratch).map(Some)
    }
}

//! The backend `cprofile`: what every Python brings along. Before Python 3.12 it sees the main
//! thread only; the profile says so when there were others.

use std::path::Path;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::measure::python::shim;
use crate::measure::python::shim::Profiler;
use crate::profile::CostUnit;
use crate::profile::Profile;

/// The profiler of Python's standard library.
#[derive(Debug)]
pub struct CProfile;

impl Backend for CProfile {
    fn name(&self) -> &'static str {
        "cprofile"
    }

    fn about(&self) -> &'static str {
        "Python with nothing installed: exact calls, wall time, main thread only before 3.12"
    }

    fn unit(&self) -> Option<CostUnit> {
        Some(CostUnit::WallSeconds)
    }

    fn check(&self, program: &Program) -> Result<()> {
        shim::check(program, self.name(), None)
    }

    fn measured(&self, program: &Program, scratch: &Path) -> Result<Program> {
        let profiler = Profiler { name: "cprofile", clock: "wall" };
        shim::measured(program, self.name(), profiler, scratch)
    }

    fn collect(&self, scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        shim::collect(scratch).map(Some)
    }
}

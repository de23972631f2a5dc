//! No profiler at all: the program runs as it is, and only the figures of the whole process remain.

use std::path::Path;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::profile::CostUnit;
use crate::profile::Profile;

/// Measures nothing inside the program.
#[derive(Debug)]
pub struct Whole;

impl Backend for Whole {
    fn name(&self) -> &'static str {
        "none"
    }

    fn about(&self) -> &'static str {
        "anything: wall, processor time and peak memory of the whole program, no functions"
    }

    fn unit(&self) -> Option<CostUnit> {
        None
    }

    fn check(&self, _program: &Program) -> Result<()> {
        Ok(())
    }

    fn measured(&self, program: &Program, _scratch: &Path) -> Result<Program> {
        Ok(program.clone())
    }

    fn collect(&self, _scratch: &Path, _read: ReadProfile<'_>) -> Result<Option<Profile>> {
        Ok(None)
    }
}

//! The backend `memory`: the program runs as it is, and only its memory over time is looked at. The
//! worker does that for every backend, so nothing is left to do here.

use std::path::Path;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::profile::CostUnit;
use crate::profile::Profile;

/// See [`Backend`].
#[derive(Debug, Clone, Copy)]
pub struct Memory;

impl Backend for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn about(&self) -> &'static str {
        "anything: memory of the program and its children over time, no functions"
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

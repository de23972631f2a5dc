//! No profiler at all: the program runs as it is. Figures of the whole process, and its memory over
//! time, are the worker's business, which takes them for every backend.

use std::path::Path;

use crate::error::Result;
use crate::measure::backend::Backend;
use crate::measure::backend::Program;
use crate::measure::backend::ReadProfile;
use crate::profile::CostUnit;
use crate::profile::Profile;

/// A program that is measured from outside.
#[derive(Debug, Clone, Copy)]
pub enum Unprofiled {
    /// For its memory over time.
    Memory,
    /// For the figures of the whole process.
    Whole,
}

impl Backend for Unprofiled {
    fn name(&self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Whole => "none",
        }
    }

    fn about(&self) -> &'static str {
        match self {
            Self::Memory => {
                "anything: memory of the program and its children over time, no functions"
            }
            Self::Whole => {
                "anything: wall, processor time and peak memory of the whole program, no functions"
            }
        }
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

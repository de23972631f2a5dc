//! Measuring one process, one file of code per backend.

pub mod backend;
pub mod none;
pub mod python;

pub use backend::Backend;
pub use backend::Program;

use crate::error::Error;
use crate::error::Result;
use crate::measure::none::Whole;
use crate::measure::python::cprofile::CProfile;
use crate::measure::python::yappi::Yappi;

/// Every backend, in the order that help shows them.
pub const ALL: &[&dyn Backend] = &[&Yappi::Wall, &Yappi::Cpu, &CProfile, &Whole];

/// The backend of that name.
///
/// # Errors
/// When there is none; the known names are listed.
pub fn by_name(name: &str) -> Result<&'static dyn Backend> {
    ALL.iter()
        .copied()
        .find(|backend| backend.name() == name)
        .ok_or_else(|| Error::unknown("backend", name, ALL.iter().map(|backend| backend.name())))
}

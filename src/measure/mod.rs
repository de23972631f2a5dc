//! Measuring one process, one file of code per backend.

pub mod backend;
pub mod beginnings;
pub mod callgrind;
pub mod perf;
pub mod py_spy;
pub mod python;
pub mod sections;
pub mod spans;
pub mod stacks;
pub mod symbol;
pub mod tool;
pub mod uftrace;
pub mod unprofiled;

pub use backend::Backend;
pub use backend::Program;
pub use backend::ReadProfile;
pub use backend::Used;

use crate::error::Error;
use crate::error::Result;
use crate::measure::callgrind::Callgrind;
use crate::measure::perf::Perf;
use crate::measure::py_spy::PySpy;
use crate::measure::python::cprofile::CProfile;
use crate::measure::python::yappi::Yappi;
use crate::measure::uftrace::Uftrace;
use crate::measure::unprofiled::Unprofiled;

/// Every backend, in the order in which `--help` lists them.
pub const ALL: [&dyn Backend; 10] = [
    &spans::Spans,
    &Yappi::Wall,
    &Yappi::Cpu,
    &CProfile,
    &PySpy,
    &Callgrind,
    &Uftrace,
    &Perf,
    &Unprofiled::Memory,
    &Unprofiled::Whole,
];

/// The backend of that name.
///
/// # Errors
/// When there is none; the error lists those that there are.
pub fn by_name(name: &str) -> Result<&'static dyn Backend> {
    ALL.into_iter()
        .find(|backend| backend.name() == name)
        .ok_or_else(|| Error::unknown("backend", name, ALL.map(Backend::name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_backend_is_found_by_its_name_and_no_other() {
        for backend in ALL {
            assert_eq!(by_name(backend.name()).unwrap().name(), backend.name());
        }
        let error = by_name("span").err().unwrap();
        assert_eq!(error.hint().unwrap(), "did you mean `spans`?");
    }
}

//! The embedded sample programs, one folder of code per family.

pub mod gc_futures;
pub mod market;
pub mod sample;
pub mod scenario;

pub use sample::Expected;
pub use sample::Growth;
pub use sample::Quantity;
pub use sample::Sample;
pub use sample::SampleArgs;
pub use sample::Sizes;
pub use sample::measured;

use crate::error::Error;
use crate::error::Result;

/// Every sample, in the order in which `--help` lists them.
pub const ALL: [&dyn Sample; 10] = [
    &gc_futures::GC_FUTURES,
    &gc_futures::GC_FUTURES_MENDED,
    &scenario::daily::Daily,
    &scenario::hourly::Hourly,
    &scenario::minute::Minute,
    &scenario::batch_init::BatchInit,
    &scenario::worker_pool::WorkerPool,
    &scenario::grid_search::GridSearch,
    &scenario::walk_forward::WalkForward,
    &scenario::successive_halving::SuccessiveHalving,
];

/// The sample of that name.
///
/// # Errors
/// When there is none; the error lists those that there are.
pub fn by_name(name: &str) -> Result<&'static dyn Sample> {
    ALL.into_iter()
        .find(|sample| sample.name() == name)
        .ok_or_else(|| Error::unknown("sample", name, ALL.map(Sample::name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_found_by_its_name_and_no_other() {
        for sample in ALL {
            assert_eq!(by_name(sample.name()).unwrap().about(), sample.about());
        }
        let error = by_name("gc_future").err().unwrap();
        assert_eq!(error.hint().unwrap(), "did you mean `gc_futures`?");
    }
}

//! What profiling cost a run, as far as it can be told without running the program once more.

use std::time::Duration;

use crate::measure::Used;
use crate::plan::measurement::Overhead;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::system::process::Ended;

/// An instruction without a profiler: about one for each cycle of a processor of 3 GHz. Programs of
/// today take 0.1 to 1 ns; under callgrind it is some 10 ns, so that this matters little.
const NANOSECONDS_PER_INSTRUCTION: f64 = 0.3;

/// What profiling added to the processor time of the program that `ended`; `None` where that is not
/// known.
pub fn of(profile: &Profile, ended: &Ended) -> Option<Overhead> {
    let own = profile.functions.iter().map(|function| function.cost.tsub).sum::<f64>();
    match profile.unit {
        CostUnit::Instructions => of_instructions(own as u64, ended.user + ended.system),
        CostUnit::Samples => of_samples(own as u64, ended.own?),
        CostUnit::WallSeconds | CostUnit::CpuSeconds => {
            let cost = profile.origin.call_cost_nanoseconds.filter(|cost| cost.is_finite())?;
            let calls = profile.functions.iter().map(|function| function.cost.ncall);
            Some(Overhead::of_calls(calls.fold(0, u64::saturating_add), cost))
        }
    }
}

/// `ended` with what the program `used`, where that was not accounted to it.
pub fn completed(ended: Ended, used: Option<Used>) -> Ended {
    let (Some(used), Some(own)) = (used, ended.own) else { return ended };
    let children = (ended.user + ended.system).saturating_sub(own);
    match 2 * children < used.user + used.system {
        true => Ended { user: ended.user + used.user, system: ended.system + used.system, ..ended },
        false => ended,
    }
}

/// Overhead of a simulated processor: `used − instructions · 0.3 ns`, at least 0.
///
/// `instructions`: executed by the program. `used`: processor time under the simulation.
///
/// Example: 600 million instructions that took 3.48 s cost 3.3 s more than the 0.18 s without, 5.5
/// ns each.
fn of_instructions(instructions: u64, used: Duration) -> Option<Overhead> {
    let count = instructions as f64;
    let seconds = (used.as_secs_f64() - count * NANOSECONDS_PER_INSTRUCTION * 1e-9).max(0.0);
    (instructions > 0).then(|| Overhead::Instructions {
        instructions,
        nanoseconds_per_instruction: seconds * 1e9 / count,
        seconds,
    })
}

/// Overhead of a sampler that is a process of its own: its processor time, over the samples.
///
/// Example: 0.5 s for 100 samples are 5,000,000 ns each.
fn of_samples(samples: u64, own: Duration) -> Option<Overhead> {
    let seconds = own.as_secs_f64();
    let nanoseconds_per_sample = seconds * 1e9 / samples as f64;
    (samples > 0).then_some(Overhead::Samples { samples, nanoseconds_per_sample, seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::system::process::Exit;

    #[test]
    fn instructions_cost_what_they_take_more_than_without() {
        let overhead = of_instructions(600_000_000, Duration::from_millis(3_480)).unwrap();
        let Overhead::Instructions { instructions, nanoseconds_per_instruction, seconds } =
            overhead
        else {
            panic!("{overhead:?}")
        };
        assert_eq!(instructions, 600_000_000);
        assert!((seconds - 3.3).abs() < 1e-9, "{seconds}");
        assert!((nanoseconds_per_instruction - 5.5).abs() < 1e-9, "{nanoseconds_per_instruction}");
        assert_eq!(of_instructions(1 << 40, Duration::ZERO).unwrap().seconds(), 0.0);
        assert_eq!(of_instructions(0, Duration::ZERO), None);
    }

    #[test]
    fn a_program_that_nobody_waited_for_is_accounted_once() {
        let millis = Duration::from_millis;
        let ended = Ended {
            exit: Exit::Code(0),
            user: millis(30),
            system: millis(10),
            own: Some(millis(40)),
            peak_memory: 0,
            minor_faults: 0,
            major_faults: 0,
            bytes_read: 0,
            bytes_written: 0,
        };
        let used = Some(Used { user: millis(200), system: millis(20) });
        let whole = completed(ended, used);
        assert_eq!((whole.user, whole.system), (millis(230), millis(30)));
        assert_eq!(completed(whole, used), whole);
        assert_eq!(completed(ended, None), ended);
    }

    #[test]
    fn samples_share_what_the_sampler_used() {
        let expected =
            Overhead::Samples { samples: 100, nanoseconds_per_sample: 5e6, seconds: 0.5 };
        assert_eq!(of_samples(100, Duration::from_millis(500)), Some(expected));
        assert_eq!(of_samples(0, Duration::ZERO), None);
    }
}

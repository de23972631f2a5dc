//! The cheapest steady clock of this machine, in raw ticks, and what a tick is in seconds.
//! It tells how much time has passed, never what time it is.

use std::sync::OnceLock;
use std::time::Duration;
use std::time::Instant;

use crate::units::Seconds;

/// What ticks are read from. The processor's counter is some 20 ns cheaper than the system's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The time-stamp counter of the processor.
    Counter,
    /// The system's monotonic clock, whose ticks are nanoseconds.
    Monotonic,
}

/// Ticks and time read at the same moment; two of them tell what a tick is.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    ticks: u64,
    at: Instant,
}

impl Source {
    /// The counter where it runs at one speed in every state of the processor, else the clock.
    pub fn best() -> Self {
        if counter_is_steady() { Self::Counter } else { Self::Monotonic }
    }

    /// Ticks since some moment in the past.
    #[inline(always)]
    pub fn ticks(self) -> u64 {
        match self {
            Self::Counter => counter(),
            Self::Monotonic => nanoseconds(),
        }
    }

    /// Reads ticks and time together: the pair with the least in between of several.
    pub fn reading(self) -> Reading {
        const TRIES: usize = 5;
        let mut best = self.attempt();
        for _ in 1..TRIES {
            let next = self.attempt();
            if next.1 < best.1 {
                best = next;
            }
        }
        best.0
    }

    fn attempt(self) -> (Reading, u64) {
        let before = self.ticks();
        let at = Instant::now();
        let width = self.ticks().saturating_sub(before);
        let ticks = before + width / 2;
        (Reading { ticks, at }, width)
    }
}

impl Reading {
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Seconds per tick between `self` and a later reading of the same source.
    ///
    /// Waits until 2 ms lie between the two, so that the error of a reading (under 100 ns) stays
    /// below one part in ten thousand.
    pub fn seconds_per_tick(&self, source: Source) -> Seconds {
        const LEAST: Duration = Duration::from_millis(2);
        while self.at.elapsed() < LEAST {
            std::hint::spin_loop();
        }
        let now = source.reading();
        per_tick(now.at - self.at, now.ticks.saturating_sub(self.ticks))
    }
}

/// `passed / ticks`; 0 where no tick was seen, so that nothing is ever infinite.
///
/// Example: 2 s in 4,000,000,000 ticks are 0.5 ns each.
fn per_tick(passed: Duration, ticks: u64) -> Seconds {
    if ticks == 0 {
        return Seconds(0.0);
    }
    Seconds(passed.as_secs_f64() / ticks as f64)
}

fn nanoseconds() -> u64 {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let begin = *BEGIN.get_or_init(Instant::now);
    u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(unsafe_code, reason = "the instruction has no safe form in the library")]
fn counter() -> u64 {
    // SAFETY: `rdtsc` reads a register; every x86_64 processor has it and it touches no memory.
    unsafe { core::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
fn counter() -> u64 {
    nanoseconds()
}

/// Bit 8 of leaf 0x8000_0007: the counter neither stops nor changes speed (Intel SDM, 18.17.1;
/// AMD APM 3, E.4.6).
#[cfg(target_arch = "x86_64")]
#[allow(
    unsafe_code,
    unused_unsafe,
    reason = "a safe function from Rust 1.92 on, an unsafe one before"
)]
fn counter_is_steady() -> bool {
    const HIGHEST_EXTENDED: u32 = 0x8000_0000;
    const POWER: u32 = 0x8000_0007;
    // SAFETY: `cpuid` exists on every x86_64 processor and only reports.
    let leaf = |number| unsafe { core::arch::x86_64::__cpuid(number) };
    leaf(HIGHEST_EXTENDED).eax >= POWER && leaf(POWER).edx >> 8 & 1 == 1
}

#[cfg(not(target_arch = "x86_64"))]
fn counter_is_steady() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_time_over_ticks() {
        assert_eq!(per_tick(Duration::from_secs(2), 4_000_000_000), Seconds(5e-10));
        assert_eq!(per_tick(Duration::from_secs(2), 0), Seconds(0.0));
    }

    #[test]
    fn both_sources_agree_on_a_duration() {
        for source in [Source::best(), Source::Monotonic] {
            let begin = source.reading();
            let second = begin.seconds_per_tick(source);
            let (from, watch) = (source.ticks(), Instant::now());
            while watch.elapsed() < Duration::from_millis(5) {
                std::hint::spin_loop();
            }
            let seconds = (source.ticks() - from) as f64 * second.0;
            assert!((0.004..1.0).contains(&seconds), "{source:?}: {seconds}");
        }
    }

    #[test]
    fn nanoseconds_of_the_clock_are_ticks_of_a_nanosecond() {
        let begin = Source::Monotonic.reading();
        let second = begin.seconds_per_tick(Source::Monotonic).0;
        assert!((second / 1e-9 - 1.0).abs() < 0.01, "{second}");
    }
}

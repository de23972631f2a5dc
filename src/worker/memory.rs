//! The memory of a program and of all that it starts, looked at while it runs.

use std::fmt::Write as _;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::plan::measurement::MemoryUse;
use crate::system::clock::Stopwatch;
use crate::system::memory;
use crate::system::memory::Resident;
use crate::units::Bytes;
use crate::units::Seconds;

/// Looks that are kept; when there are more, every two become one, and the interval is doubled.
const MOST_LOOKS: usize = 65_536;

/// What was seen, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    interval: Duration,
    looks: Vec<Look>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    /// Since the program was started.
    at: Duration,
    held: Resident,
}

/// Looks at a program until it is told to stop.
#[derive(Debug)]
pub struct Watcher {
    stop: Sender<()>,
    thread: JoinHandle<Timeline>,
}

impl Watcher {
    /// Begins to look at all that this process has started, at once and then every `interval`.
    pub fn start(interval: Duration) -> Self {
        let (stop, stopped) = mpsc::channel();
        let watch = Stopwatch::start();
        let thread = thread::spawn(move || {
            let mut timeline = Timeline { interval, looks: Vec::new() };
            loop {
                timeline.add(Look { at: watch.elapsed(), held: memory::of_descendants() });
                if stopped.recv_timeout(timeline.interval) != Err(RecvTimeoutError::Timeout) {
                    return timeline;
                }
            }
        });
        Self { stop, thread }
    }

    /// What was seen; `None` when nothing could be.
    pub fn finish(self) -> Option<Timeline> {
        drop(self.stop);
        self.thread.join().ok().filter(|timeline| !timeline.looks.is_empty())
    }
}

impl Timeline {
    fn add(&mut self, look: Look) {
        if look.held.processes == 0 {
            return;
        }
        self.looks.push(look);
        if self.looks.len() >= MOST_LOOKS {
            self.looks = self.looks.chunks(2).map(higher).collect();
            self.interval = self.interval.saturating_mul(2);
        }
    }

    /// Peak, mean and largest jump.
    pub fn summary(&self) -> Option<MemoryUse> {
        let peak = self.looks.iter().copied().reduce(higher_of)?;
        let sum: u128 = self.looks.iter().map(|look| u128::from(look.held.bytes)).sum();
        let mean = sum / self.looks.len().max(1) as u128;
        let jump = self
            .looks
            .windows(2)
            .map(|pair| (pair[1].held.bytes.saturating_sub(pair[0].held.bytes), pair[1].at))
            .fold((0, Duration::ZERO), |most, next| if next.0 > most.0 { next } else { most });
        Some(MemoryUse {
            interval: Seconds(self.interval.as_secs_f64()),
            looks: self.looks.len() as u64,
            peak: Bytes(peak.held.bytes),
            peak_at: Seconds(peak.at.as_secs_f64()),
            mean: Bytes(u64::try_from(mean).unwrap_or(u64::MAX)),
            largest_jump: Bytes(jump.0),
            jump_at: Seconds(jump.1.as_secs_f64()),
            most_processes: self.looks.iter().map(|look| look.held.processes).max().unwrap_or(0),
        })
    }

    /// `seconds,resident_bytes,processes`, a row for each look.
    pub fn csv(&self) -> String {
        let mut text = String::from("seconds,resident_bytes,processes\n");
        for Look { at, held } in &self.looks {
            let seconds = at.as_secs_f64();
            let _ = writeln!(text, "{seconds:.3},{},{}", held.bytes, held.processes);
        }
        text
    }
}

/// The one of a chunk's looks at which most was held.
fn higher(chunk: &[Look]) -> Look {
    chunk.iter().copied().reduce(higher_of).unwrap_or(chunk[0])
}

fn higher_of(left: Look, right: Look) -> Look {
    if right.held.bytes > left.held.bytes { right } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(bytes: &[u64]) -> Timeline {
        let mut timeline = Timeline { interval: Duration::from_millis(100), looks: Vec::new() };
        for (number, bytes) in (0..).zip(bytes) {
            let at = Duration::from_millis(100 * number);
            let processes = 1 + u32::from(*bytes > 500);
            timeline.add(Look { at, held: Resident { bytes: *bytes, processes } });
        }
        timeline
    }

    #[test]
    fn peak_mean_and_jump_are_those_of_the_looks() {
        let summary = timeline(&[100, 200, 900, 600, 700]).summary().unwrap();
        assert_eq!((summary.peak, summary.peak_at), (Bytes(900), Seconds(0.2)));
        assert_eq!(summary.mean, Bytes(500));
        assert_eq!((summary.largest_jump, summary.jump_at), (Bytes(700), Seconds(0.2)));
        assert_eq!((summary.looks, summary.most_processes), (5, 2));
        let falling = timeline(&[900, 100]).summary().unwrap();
        assert_eq!(falling.largest_jump, Bytes(0));
    }

    #[test]
    fn the_table_has_a_row_for_each_look() {
        let table = timeline(&[100, 600]).csv();
        assert_eq!(table, "seconds,resident_bytes,processes\n0.000,100,1\n0.100,600,2\n");
    }

    #[test]
    fn a_long_run_keeps_its_peak_in_bounded_memory() {
        let mut timeline = timeline(&[7]);
        for number in 1..(3 * MOST_LOOKS as u64) {
            let bytes = if number == 40_001 { 9_999 } else { 100 };
            let at = Duration::from_millis(100 * number);
            timeline.add(Look { at, held: Resident { bytes, processes: 1 } });
        }
        assert!(timeline.looks.len() < MOST_LOOKS);
        let summary = timeline.summary().unwrap();
        assert_eq!((summary.peak, summary.peak_at), (Bytes(9_999), Seconds(4_000.1)));
        assert!(summary.interval > Seconds(0.15));
    }
}

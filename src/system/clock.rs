//! The time of day, the only place that asks for it.

use chrono::DateTime;
use chrono::Utc;

/// Now, in UTC, to the millisecond: what plans and logs record.
#[expect(clippy::disallowed_methods, reason = "this is the clock's one door")]
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}

/// Waits for at least `duration`.
pub fn sleep(duration: std::time::Duration) {
    std::thread::sleep(duration);
}

/// Measures elapsed time on the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    pub fn elapsed(self) -> std::time::Duration {
        self.0.elapsed()
    }
}

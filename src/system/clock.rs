//! The time of day, the only place that asks for it.

use chrono::DateTime;
use chrono::Utc;

/// Now, in UTC, to the millisecond: what plans and logs record.
#[expect(clippy::disallowed_methods, reason = "this is the clock's one door")]
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}

//! The queue: claim, place, record.

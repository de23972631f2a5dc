//! Numbers from numbers.

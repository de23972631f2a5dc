//! The contract and its bars: gold futures, every five minutes of a day.

/// Bars of a day.
pub const BARS_A_DAY: usize = 288;

/// One step of the price in cents: gold futures move by 0.10 USD.
pub const CENTS_A_STEP: i64 = 10;

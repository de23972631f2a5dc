//! What people profile around backtests: strategies at three frequencies, and what runs them in
//! bulk. Each is a real computation on seeded prices.

pub mod backtest;
pub mod batch_init;
pub mod crossover;
pub mod daily;
pub mod grid_search;
pub mod hourly;
pub mod minute;
pub mod successive_halving;
pub mod walk_forward;
pub mod worker_pool;

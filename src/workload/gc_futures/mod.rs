//! A backtest of gold futures on five-minute bars, with the bug that the project began with, and
//! the same without.

pub mod backtest;
pub mod bar;
pub mod broker;
pub mod cache;
pub mod generator;
pub mod plot;
pub mod portal;
pub mod programs;
pub mod strategy;

pub use programs::GC_FUTURES;
pub use programs::GC_FUTURES_MENDED;

//! One run, measured, in its own process.

//! The plan on disk.

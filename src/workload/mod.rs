//! The embedded sample programs.

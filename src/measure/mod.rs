//! Measuring one process, one file of code per backend.

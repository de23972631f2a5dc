//! What is to be run: plain types, no files.

//! Findings as a document, one renderer per format.

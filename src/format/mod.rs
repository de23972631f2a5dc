//! Profile files, one file of code per format.

//! Where a run is placed.

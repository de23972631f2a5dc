//! What is blamed for which program: synthetic call graphs with a known bug, or none.

mod culprits;
#[path = "../support/dice.rs"]
mod dice;
mod doubts;
mod figures;
mod odd;
mod program;
mod random;
mod repetitions;
mod sets;

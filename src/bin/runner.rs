//! The door `runner`: its command line lives in `cli`.

fn main() {}

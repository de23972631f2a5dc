//! The door `reports`: its command line lives in `cli`.

fn main() {}

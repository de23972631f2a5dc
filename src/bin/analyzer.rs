//! The door `analyzer`: its command line lives in `cli`.

fn main() {}

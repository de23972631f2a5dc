//! The door `superlinear`: its command line lives in `cli`.

fn main() {}

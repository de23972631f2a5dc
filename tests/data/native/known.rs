//! Functions whose growth is known: `list::look` is called n * n times, `step` n times.

use std::hint::black_box;

mod list {
    #[inline(never)]
    pub fn look(at: usize) -> usize {
        super::black_box(at)
    }

    #[inline(never)]
    pub fn quadratic(n: usize) -> usize {
        (0..n).map(|_| (0..n).map(look).sum::<usize>()).sum()
    }
}

#[inline(never)]
fn step(at: usize) -> usize {
    black_box(at) ^ 1
}

#[inline(never)]
fn linear(n: usize) -> usize {
    (0..n).map(step).sum()
}

fn main() {
    let size = std::env::args().nth(1).and_then(|word| word.parse().ok());
    let n = size.expect("a size");
    println!("{}", list::quadratic(n) + linear(n));
}

//! A program that measures itself with spans: it counts the distinct words of a text, on two
//! threads, by comparing each word with all that it knows.
//!
//! `SUPERLINEAR_PROFILE=profile.json cargo run --release --example spans_guard -- 4000`
//! leaves calls and times in `profile.json`; without the variable nothing is recorded.

use superlinear::error::Error;
use superlinear::measure::spans::Session;
use superlinear::span;

fn main() -> Result<(), Error> {
    let session = Session::from_env().saved_on_termination()?;
    let size = std::env::args().nth(1).and_then(|size| size.parse().ok());
    let size: u64 = size.unwrap_or(4_000);
    println!("{size} words");
    println!("{} distinct", count_on_two_threads(size));
    session.finish()
}

fn count_on_two_threads(size: u64) -> usize {
    let _span = span!("count_on_two_threads");
    std::thread::scope(|scope| {
        let other = scope.spawn(|| count_distinct(1, size / 2));
        count_distinct(2, size - size / 2) + other.join().unwrap_or_default()
    })
}

fn count_distinct(seed: u64, size: u64) -> usize {
    let _span = span!("count_distinct");
    let mut known = Vec::new();
    for position in 0..size {
        let word = word(seed, position);
        if !is_known(&known, &word) {
            known.push(word);
        }
    }
    known.len()
}

fn word(seed: u64, position: u64) -> String {
    let _span = span!("word");
    format!("word-{seed}-{}", position - position % 3)
}

/// Grows with the words before it, so that the whole grows with their square.
fn is_known(known: &[String], word: &String) -> bool {
    let _span = span!("is_known");
    known.contains(word)
}

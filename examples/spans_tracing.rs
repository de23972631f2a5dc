//! A program that already uses `tracing`, measured by adding one line to the set-up of its
//! subscriber.
//!
//! `SUPERLINEAR_PROFILE=profile.json cargo run --release --example spans_tracing -- 20`
//! leaves calls and times in `profile.json`. With `only` behind the number, spans are recorded and
//! nothing else is done with them, which costs a fraction of the registry.

use superlinear::measure::spans;
use tracing::instrument;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let level = arguments.first().and_then(|level| level.parse().ok());
    if arguments.get(1).is_some_and(|word| word == "only") {
        let installed = tracing::subscriber::set_global_default(spans::subscriber());
        installed.unwrap_or_else(|error| eprintln!("{error}"));
    } else {
        tracing_subscriber::registry()
            .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
            .with(spans::layer())
            .init();
    }
    println!("{}", report(level.unwrap_or(20)));
}

#[instrument]
fn report(level: u64) -> String {
    tracing::info!("computing");
    let found = fibonacci(level);
    format!("number {level} is {found}")
}

/// Calls itself as often as the result is large.
#[instrument(level = "trace")]
fn fibonacci(level: u64) -> u64 {
    if level < 2 {
        return level;
    }
    fibonacci(level - 1) + fibonacci(level - 2)
}

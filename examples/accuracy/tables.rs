//! What the table of curves of each design costs: once per set of sizes, whatever the number of
//! functions.

use std::time::Duration;
use std::time::Instant;

use superlinear::stats::Design;

use crate::case::DESIGNS;

/// Tables computed per design, of which the median time is told.
const TIMES: usize = 31;

pub fn show() {
    println!("{:<16} {:>5} {:>8} {:>8} {:>9}", "sizes", "runs", "distinct", "KiB", "ms");
    for (name, sizes) in DESIGNS {
        let design = Design::new(sizes).expect("sizes are above 0");
        let kibibytes = design.table_bytes() as f64 / 1024.0;
        println!(
            "{name:<16} {:>5} {:>8} {kibibytes:>8.0} {:>9.2}",
            sizes.len(),
            design.ln_sizes().len(),
            1e3 * median_time(sizes).as_secs_f64()
        );
    }
}

fn median_time(sizes: &[f64]) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let started = Instant::now();
            std::hint::black_box(Design::new(std::hint::black_box(sizes)).is_ok());
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[TIMES / 2]
}

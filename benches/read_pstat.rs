//! Reading Python's profile statistics of 50,000 functions with eight callers each:
//! `cargo bench --bench read_pstat`.

#[allow(dead_code, reason = "every reader has its own files")]
#[path = "../tests/support/files.rs"]
mod files;

use divan::Bencher;
use divan::black_box;
use divan::counter::BytesCount;
use superlinear::format::read_bytes;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn superlinear(bencher: Bencher<'_, '_>) {
    let content = files::statistics();
    assert_eq!(read_bytes(&content).unwrap().functions.len(), files::PYTHON_FUNCTIONS);
    bencher
        .counter(BytesCount::new(content.len()))
        .bench(|| read_bytes(black_box(&content)).unwrap());
}

//! Reading a callgrind file of 20,000 functions with eight callees each, and the same as folded
//! stacks: `cargo bench --bench read_callgrind`.

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
fn callgrind(bencher: Bencher<'_, '_>) {
    read(bencher, &files::callgrind());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn folded(bencher: Bencher<'_, '_>) {
    read(bencher, &files::folded());
}

fn read(bencher: Bencher<'_, '_>, content: &str) {
    let functions = read_bytes(content.as_bytes()).unwrap().functions.len();
    assert_eq!(functions, files::NATIVE_FUNCTIONS);
    bencher
        .counter(BytesCount::new(content.len()))
        .bench(|| read_bytes(black_box(content.as_bytes())).unwrap());
}

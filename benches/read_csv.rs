//! Reading a function table of a million rows and 90 MB, beside the `csv` crate in the same run:
//! `cargo bench --bench read_csv`. Everyone sums calls and times per function; the argument is the
//! number of distinct functions.

#[allow(dead_code, reason = "every reader has its own files")]
#[path = "../tests/support/files.rs"]
mod files;

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use divan::Bencher;
use divan::black_box;
use divan::counter::BytesCount;
use files::ROWS;
use serde::Deserialize;
use superlinear::format::read_profile;
use tempfile::NamedTempFile;

const DISTINCT: [u32; 2] = [10_000, ROWS];

fn main() {
    divan::main();
}

#[divan::bench(args = DISTINCT, sample_count = 7, sample_size = 1)]
fn superlinear(bencher: Bencher<'_, '_>, distinct: u32) {
    compare(bencher, distinct, |path| read_profile(path).unwrap().functions.len());
}

#[divan::bench(args = DISTINCT, sample_count = 7, sample_size = 1)]
fn csv_byte_record(bencher: Bencher<'_, '_>, distinct: u32) {
    compare(bencher, distinct, |path| {
        let mut sums: HashMap<Vec<u8>, (u64, f64, f64)> = HashMap::new();
        let mut reader = csv::Reader::from_path(path).unwrap();
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record).unwrap() {
            let text = |at: usize| std::str::from_utf8(&record[at]).unwrap();
            let row = (
                text(1).parse::<u64>().unwrap(),
                text(2).parse::<f64>().unwrap(),
                text(3).parse::<f64>().unwrap(),
            );
            match sums.get_mut(&record[0]) {
                Some(sum) => *sum = (sum.0 + row.0, sum.1 + row.1, sum.2 + row.2),
                None => drop(sums.insert(record[0].to_vec(), row)),
            }
        }
        sums.len()
    });
}

#[derive(Deserialize)]
struct OwnedRow {
    name: String,
    ncall: u64,
    tsub: f64,
    ttot: f64,
}

#[divan::bench(args = DISTINCT, sample_count = 7, sample_size = 1)]
fn csv_owned_rows(bencher: Bencher<'_, '_>, distinct: u32) {
    compare(bencher, distinct, |path| {
        let mut sums: HashMap<String, (u64, f64, f64)> = HashMap::new();
        let mut reader = csv::Reader::from_path(path).unwrap();
        for row in reader.deserialize() {
            let OwnedRow { name, ncall, tsub, ttot } = row.unwrap();
            let sum = sums.entry(name).or_default();
            *sum = (sum.0 + ncall, sum.1 + tsub, sum.2 + ttot);
        }
        sums.len()
    });
}

/// Times `read`, which gives the number of functions that it found.
fn compare(bencher: Bencher<'_, '_>, distinct: u32, read: impl Fn(&Path) -> usize + Sync) {
    let path = table(distinct).path();
    let bytes = std::fs::metadata(path).unwrap().len();
    assert_eq!(read(path), distinct as usize);
    bencher.counter(BytesCount::new(bytes)).bench(|| read(black_box(path)));
}

/// The table with so many distinct functions, written once and deleted by [`main`]'s end.
fn table(distinct: u32) -> &'static NamedTempFile {
    static TABLES: [OnceLock<NamedTempFile>; 2] = [OnceLock::new(), OnceLock::new()];
    TABLES[usize::from(distinct == ROWS)].get_or_init(|| write_table(distinct))
}

fn write_table(distinct: u32) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(files::function_table(distinct).as_bytes()).unwrap();
    file
}

//! One reader on one file, once, in a process of its own: what `peers.py` beside it compares.
//!
//! ```sh
//! cargo run --release --example readers -- write target/readers/files
//! cargo run --release --example readers -- superlinear target/readers/files/table.csv
//! ```
//!
//! Prints the seconds that reading took and the number of functions that were found.

#![expect(clippy::disallowed_methods, reason = "an example makes files as it likes")]

#[allow(dead_code, reason = "every reader has its own files")]
#[path = "../../tests/support/files.rs"]
mod files;

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use superlinear::format::read_profile;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [what, path] = arguments.as_slice() else {
        eprintln!("usage: readers write FOLDER | superlinear FILE | csv FILE");
        return ExitCode::from(2);
    };
    let path = Path::new(path);
    let begin = Instant::now();
    let functions = match what.as_str() {
        "write" => return write(path),
        "csv" => csv_records(path),
        _ => read_profile(path).expect("the file is a profile").functions.len(),
    };
    println!("{} {functions}", begin.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}

fn write(folder: &Path) -> ExitCode {
    fs::create_dir_all(folder).expect("the folder can be made");
    let contents = [
        ("table.csv", files::function_table(10_000).into_bytes()),
        ("distinct.csv", files::function_table(files::ROWS).into_bytes()),
        ("callgrind.out", files::callgrind().into_bytes()),
        ("statistics.pstat", files::statistics()),
    ];
    for (name, content) in contents {
        fs::write(folder.join(name), content).expect("the folder can be written");
    }
    ExitCode::SUCCESS
}

/// The crate `csv` with one record that is used again, summed up by function.
fn csv_records(path: &Path) -> usize {
    let mut sums: HashMap<Vec<u8>, (u64, f64, f64)> = HashMap::new();
    let mut reader = csv::Reader::from_path(path).expect("the file can be opened");
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).expect("the file is a table") {
        let text = |at: usize| std::str::from_utf8(&record[at]).expect("the file is UTF-8");
        let row = (
            text(1).parse::<u64>().expect("a count"),
            text(2).parse::<f64>().expect("a number"),
            text(3).parse::<f64>().expect("a number"),
        );
        match sums.get_mut(&record[0]) {
            Some(sum) => *sum = (sum.0 + row.0, sum.1 + row.1, sum.2 + row.2),
            None => drop(sums.insert(record[0].to_vec(), row)),
        }
    }
    sums.len()
}

//! The cases as CSV: the measurements for any tool to judge, the truth apart.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::case::Case;

/// Writes `cases.csv` (id, size, repetition, value) and `truth.csv` into `folder`.
pub fn cases(folder: &Path, cases: &[Case]) -> Result<(), csv::Error> {
    make_folder(folder)?;
    let mut values = csv::Writer::from_writer(create(&folder.join("cases.csv"))?);
    let mut truth = csv::Writer::from_writer(create(&folder.join("truth.csv"))?);
    values.write_record(["id", "size", "repetition", "value"])?;
    truth.write_record(["id", "family", "largest", "exponent", "class", "superlinear"])?;
    for (id, case) in cases.iter().enumerate() {
        let distinct = case.sizes.len() / case.repetitions;
        for (run, (size, value)) in case.sizes.iter().zip(&case.values).enumerate() {
            let repetition = run / distinct + 1;
            values.write_record([
                id.to_string(),
                size.to_string(),
                repetition.to_string(),
                value.to_string(),
            ])?;
        }
        let largest = case.largest();
        truth.write_record([
            id.to_string(),
            case.family().name().to_string(),
            largest.to_string(),
            case.law.exponent(largest).to_string(),
            case.law.class().map_or(String::new(), |class| class.to_string()),
            case.law.is_superlinear(largest).to_string(),
        ])?;
    }
    values.flush()?;
    truth.flush()?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an example is no part of the library")]
fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[expect(clippy::disallowed_methods, reason = "an example is no part of the library")]
fn create(path: &Path) -> io::Result<File> {
    File::create(path)
}

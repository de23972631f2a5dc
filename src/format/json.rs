//! Formats made of JSON: read as a stream, with faults told by line and column.

use std::io;
use std::io::BufReader;
use std::io::Read;

use serde::de::DeserializeSeed;

use crate::format::fault::Fault;

const BUFFER: usize = 128 * 1024;

/// What `seed` makes of the one value that `input` holds.
///
/// # Errors
/// Where the content is no JSON, not what `seed` takes, or was cut.
pub fn read<'de, S: DeserializeSeed<'de>>(
    input: &mut dyn Read,
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    let mut document =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(BUFFER, input));
    let value = seed.deserialize(&mut document)?;
    document.end()?;
    Ok(value)
}

/// The fault that an error of the JSON reader is.
pub fn fault(error: serde_json::Error) -> Fault {
    if error.is_io() {
        return Fault::Input(io::Error::from(error));
    }
    let (line, column) = (error.line() as u64, (error.column() as u64).max(1));
    let problem = match error.is_eof() {
        true => "the file was cut in the middle: it ends within a value".into(),
        false => words(&error),
    };
    Fault::on_line(line, column, problem, "copy or measure it again")
}

/// The message without the place, which the fault tells in its own words.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_string()
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;
    use std::path::Path;

    use super::*;

    #[test]
    fn faults_have_a_place() {
        let check = |text: &str, expected: &str| {
            let read = read(&mut text.as_bytes(), PhantomData::<Vec<u32>>).map_err(fault);
            assert_eq!(
                read.unwrap_err().at(Path::new("p")).to_string(),
                format!("`p`, {expected}")
            );
        };
        check("[1,\n x]", "line 2, column 2: expected value");
        check("[1,", "line 1, column 3: the file was cut in the middle: it ends within a value");
        check("[1] 2", "line 1, column 5: trailing characters");
        check("[-1]", "line 1, column 4: invalid value: integer `-1`, expected u32");
    }
}

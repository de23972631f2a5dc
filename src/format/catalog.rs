//! The formats there are. A new one is a file of its own and its lines here.

use crate::error::Error;
use crate::error::Result;
use crate::format::callgrind::Callgrind;
use crate::format::chrome::Chrome;
use crate::format::folded::Folded;
use crate::format::functions_csv::FunctionsCsv;
use crate::format::pprof::Pprof;
use crate::format::pstat::Pstat;
use crate::format::reader::Reader;
use crate::format::speedscope::Speedscope;
use crate::format::threads_csv::ThreadsCsv;
use crate::format::writer::Writer;

/// Every readable format, in the order in which they are asked whether they recognise a file.
pub const ALL: [&dyn Reader; 7] =
    [&Pstat, &ThreadsCsv, &FunctionsCsv, &Callgrind, &Speedscope, &Chrome, &Folded];

/// Every writable format.
pub const WRITERS: [&dyn Writer; 8] =
    [&FunctionsCsv, &ThreadsCsv, &Pstat, &Speedscope, &Folded, &Callgrind, &Chrome, &Pprof];

/// The reader of that name.
///
/// # Errors
/// When there is none; the known ones are listed.
pub fn by_name(name: &str) -> Result<&'static dyn Reader> {
    ALL.into_iter()
        .find(|reader| reader.name() == name)
        .ok_or_else(|| Error::unknown("format", name, ALL.iter().map(|reader| reader.name())))
}

/// The writer of that name.
///
/// # Errors
/// When there is none; the known ones are listed.
pub fn writer_by_name(name: &str) -> Result<&'static dyn Writer> {
    WRITERS
        .into_iter()
        .find(|writer| writer.name() == name)
        .ok_or_else(|| Error::unknown("format", name, WRITERS.iter().map(|writer| writer.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for reader in ALL {
            assert_eq!(by_name(reader.name()).unwrap().about(), reader.about());
        }
        for writer in WRITERS {
            assert_eq!(writer_by_name(writer.name()).unwrap().about(), writer.about());
        }
    }

    #[test]
    fn an_unknown_format_is_answered_with_the_known_ones() {
        let error = by_name("pstats").err().unwrap();
        assert_eq!(
            error.to_string(),
            "unknown format `pstats` (known: `pstat`, `threads-csv`, `functions-csv`, `callgrind`, \
             `speedscope`, `chrome`, `folded`)"
        );
        assert_eq!(error.hint().as_deref(), Some("did you mean `pstat`?"));
    }
}

//! A table of measurements made elsewhere: one row per measurement, with the columns `id`, `size`
//! and `value` in any order. It reads numbers and judges none: what is no number is a missing one.

use std::collections::HashMap;
use std::io::Read;

use csv::ByteRecord;
use csv::ReaderBuilder;

use crate::format::fault::Fault;
use crate::profile::MeasuredSeries;
use crate::profile::Point;

const HINT: &str = "begin it with a line `id,size,repetition,value`; further columns are ignored";

/// Texts in place of numbers that are kept, and how much of each.
const MOST_TOLD: usize = 3;
const LONGEST_TOLD: usize = 40;

/// Where the columns stand.
struct Columns {
    id: usize,
    size: usize,
    value: usize,
}

/// Reads the measurements to the end of `input`: one series per id, in the order in which the ids
/// first appear.
///
/// # Errors
/// When a column is missing, or a failure of `input` itself.
pub fn read(input: &mut dyn Read) -> Result<Vec<MeasuredSeries>, Fault> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        return Err(Fault::new("the file is empty", HINT));
    }
    let columns = columns(&record)?;
    let mut all: Vec<MeasuredSeries> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    while reader.read_byte_record(&mut record).map_err(failed)? {
        let id = record.get(columns.id).unwrap_or_default();
        if id.is_empty() && record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let position = known.get(id).copied().unwrap_or_else(|| {
            known.insert(id.to_vec(), all.len());
            let id = String::from_utf8_lossy(id).into_owned();
            all.push(MeasuredSeries { id, ..MeasuredSeries::default() });
            all.len() - 1
        });
        let series = &mut all[position];
        let mut number = |column: usize| {
            let cell = record.get(column).unwrap_or_default().trim_ascii();
            number(cell).or_else(|| {
                remember(&mut series.no_numbers, cell);
                None
            })
        };
        let (size, value) = (number(columns.size), number(columns.value));
        series.points.push(Point { size, value });
    }
    Ok(all)
}

fn columns(header: &ByteRecord) -> Result<Columns, Fault> {
    let names: Vec<String> = header
        .iter()
        .map(|cell| {
            let name = String::from_utf8_lossy(cell);
            name.trim_start_matches('\u{feff}').trim().to_lowercase()
        })
        .collect();
    let column = |wanted: &str| {
        names.iter().position(|name| name == wanted).ok_or_else(|| {
            Fault::on_line(1, 1, format!("the header has no column `{wanted}`"), HINT)
        })
    };
    Ok(Columns { id: column("id")?, size: column("size")?, value: column("value")? })
}

fn number(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.trim().parse().ok()
}

/// Keeps the text of a cell that is no number, and not empty, to be told.
fn remember(known: &mut Vec<String>, cell: &[u8]) {
    let text: String = String::from_utf8_lossy(cell).chars().take(LONGEST_TOLD).collect();
    if !text.is_empty() && known.len() < MOST_TOLD && !known.contains(&text) {
        known.push(text);
    }
}

fn failed(error: csv::Error) -> Fault {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Fault::Input(source),
        other => Fault::new(format!("it is no table: {other:?}"), HINT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = (Option<f64>, Option<f64>);

    fn check(table: &str, expected: &[(&str, &[Pair])]) {
        let found = read(&mut table.as_bytes()).unwrap();
        assert_eq!(found.len(), expected.len(), "{table}");
        for (series, (id, pairs)) in found.iter().zip(expected) {
            let points = series.points.iter().map(|point| (point.size, point.value));
            assert_eq!((series.id.as_str(), points.collect::<Vec<Pair>>()), (*id, pairs.to_vec()));
        }
    }

    #[test]
    fn rows_are_gathered_by_id_in_the_order_of_appearance() {
        check(
            "id,size,repetition,value\nb,1,1,2\na,1,1,3\nb,2,1,4.5e-3\n",
            &[
                ("b", &[(Some(1.0), Some(2.0)), (Some(2.0), Some(0.0045))]),
                ("a", &[(Some(1.0), Some(3.0))]),
            ],
        );
    }

    #[test]
    fn columns_stand_in_any_order_beside_others() {
        check("note, Value ,size,id\nx,2, 1 ,a\n", &[("a", &[(Some(1.0), Some(2.0))])]);
        check(
            "\u{feff}id,size,value\r\n\"a,\"\"b\"\"\",1,2\r\n",
            &[("a,\"b\"", &[(Some(1.0), Some(2.0))])],
        );
        check("id,size,value\n", &[]);
        check("id,size,value\n\n,,\na,1,2", &[("a", &[(Some(1.0), Some(2.0))])]);
    }

    #[test]
    fn what_is_no_number_is_missing() {
        check(
            "id,size,value\na,1,\na,x,2\na,1\na\na,1,1_000,9\n",
            &[(
                "a",
                &[
                    (Some(1.0), None),
                    (None, Some(2.0)),
                    (Some(1.0), None),
                    (None, None),
                    (Some(1.0), None),
                ],
            )],
        );
        let found = read(&mut &b"id,size,value\na,NaN,inf\n\xff,1,2\n"[..]).unwrap();
        assert!(found[0].points[0].size.unwrap().is_nan());
        assert_eq!(found[0].points[0].value, Some(f64::INFINITY));
        assert_eq!(found[1].id, "\u{fffd}");
    }

    #[test]
    fn a_table_without_its_columns_is_refused() {
        let check = |table: &str, message: &str| {
            let fault = read(&mut table.as_bytes()).unwrap_err();
            assert_eq!(fault.at(std::path::Path::new("m")).to_string(), message);
        };
        check("", "`m`: the file is empty");
        check("id,size\na,1\n", "`m`, line 1, column 1: the header has no column `value`");
        check("\0\u{1}\n", "`m`, line 1, column 1: the header has no column `id`");
    }

    #[test]
    fn what_is_no_number_is_remembered_in_its_own_words() {
        let table = "id,size,value\na,1,timeout\na,2,\na,x,timeout\na,n/a,y\na,4,z\na,5,inf\n";
        let found = read(&mut table.as_bytes()).unwrap();
        assert_eq!(found[0].no_numbers, ["timeout", "x", "n/a"]);
    }
}

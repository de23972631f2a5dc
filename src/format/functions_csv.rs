//! The function table: one row per function, in comma-separated cells.
//! Read with either header in use; written as `name,ncall,tsub,ttot,tavg`.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::reader::Reader;
use crate::format::table::columns::recognise;
use crate::format::table::rows::Rows;
use crate::format::table::text::cells;
use crate::format::table::text::push_row;
use crate::format::writer::Writer;
use crate::profile::Function;
use crate::profile::Profile;

#[derive(Debug)]
pub struct FunctionsCsv;

impl Reader for FunctionsCsv {
    fn name(&self) -> &'static str {
        "functions-csv"
    }

    fn about(&self) -> &'static str {
        "function table with the columns name, ncall, tsub, ttot (yappi's and Lumibot's words)"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        recognise(head) == Some(false)
    }

    fn read(&self, input: &mut dyn Read) -> Result<Profile, Fault> {
        let mut rows = Rows::new(input)?;
        while rows.advance()?.is_some() {}
        rows.gather.finish()
    }
}

impl Writer for FunctionsCsv {
    fn name(&self) -> &'static str {
        "functions-csv"
    }

    fn about(&self) -> &'static str {
        "function table for spreadsheets and data frames, most expensive function first"
    }

    /// Sorted by `ttot`, the largest first; where equal, by name and place.
    fn write(&self, profile: &Profile) -> Vec<u8> {
        let mut functions: Vec<&Function> = profile.functions.iter().collect();
        functions.sort_by(|a, b| {
            let by_cost = b.cost.ttot.total_cmp(&a.cost.ttot);
            by_cost.then_with(|| a.key.cmp(&b.key))
        });
        let mut table = String::from("name,ncall,tsub,ttot,tavg\n");
        for function in functions {
            let cells = cells(&function.key, &function.cost);
            push_row(&mut table, cells.iter().map(String::as_str));
        }
        table.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::profile::Cost;
    use crate::profile::CostUnit;
    use crate::profile::FunctionKey;

    fn read(table: &str) -> Result<Profile, String> {
        let words = |fault: Fault| fault.at(Path::new("t")).to_string();
        FunctionsCsv.read(&mut table.as_bytes()).map_err(words)
    }

    fn function(file: &str, line: u32, name: &str, numbers: (u64, u64, f64, f64)) -> Function {
        let (ncall, nactual, tsub, ttot) = numbers;
        Function {
            key: FunctionKey { name: name.into(), file: file.into(), line },
            cost: Cost { ncall, nactual, tsub, ttot },
        }
    }

    fn check(table: &str, expected: &[Function]) {
        let profile = read(table).unwrap();
        assert_eq!(profile.functions, expected, "{table}");
        assert_eq!(profile.unit, CostUnit::WallSeconds);
        assert!(profile.counts_calls);
    }

    #[test]
    fn rows_are_functions() {
        check("name,ncall,tsub,ttot,tavg\n", &[]);
        check(
            "name,ncall,tsub,ttot,tavg\n/a b.py:3 f,2,0.5,1.5,9\nbuiltins.len,1,1e-6,1E-6,\n",
            &[
                function("/a b.py", 3, "f", (2, 2, 0.5, 1.5)),
                function("~", 0, "len", (1, 1, 1e-6, 1e-6)),
            ],
        );
        check(
            "\u{feff}ttot,name,note,ncall,tsub\r\n1.5,\"a.py:3 f\"\"x\"\",\ny\",!,12/3,.5\r\n",
            &[function("a.py", 3, "f\"x\",\ny", (12, 3, 0.5, 1.5))],
        );
        check(
            "full_name,module,lineno,name,ncall,nactualcall,ttot_s,tsub_s,tavg_s,ctx_name\n\
             a.py:7 A.f,a.py,7,A.f,5,2,2.0,1.0,0.4,_MainThread\n\
             builtins.len,builtins,0,len,1,1,0,0,0,\n",
            &[
                function("a.py", 7, "A.f", (5, 2, 1.0, 2.0)),
                function("~", 0, "len", (1, 1, 0.0, 0.0)),
            ],
        );
    }

    #[test]
    fn rows_of_the_same_function_are_summed_however_it_is_spelt() {
        check(
            "name,ncall,tsub,ttot\na:7 f,2,1,2\na:1 g,1,0,0\na:007 f,3/1,0.5,1\n\"a:7 f\",1,0,0\n",
            &[function("a", 7, "f", (6, 4, 1.5, 3.0)), function("a", 1, "g", (1, 1, 0.0, 0.0))],
        );
    }

    fn refuse(row: &str, message: &str) {
        let table = format!("name,ncall,tsub,ttot\na:1 f,1,1,1\n{row}\n");
        assert_eq!(read(&table).unwrap_err(), format!("`t`, line 3, {message}"));
    }

    #[test]
    fn a_cell_that_means_nothing_is_told_with_its_place() {
        refuse("é,x,1,1", "column 3: `ncall` is not a number of calls: `x`");
        refuse("f,,1,1", "column 3: `ncall` is not a number of calls: ``");
        refuse("f,1/2,1,1", "column 3: `ncall` is not a number of calls: `1/2`");
        refuse("f,1,nan,1", "column 5: `tsub` is not a time: `nan`");
        refuse("f,1,1,1\t", "column 7: `ttot` is not a time: `1\\t`");
        refuse(",1,1,1", "column 1: the name of the function is empty");
        refuse("f,1,1", "column 5: the row has 3 cells, the header 4");
        refuse("f(a, b),1,1,1", "column 13: the row has 5 cells, the header 4");
    }

    #[test]
    fn a_cell_that_is_no_text_is_refused() {
        let table = b"name,ncall,tsub,ttot\n\xff,1,1,1\n";
        let fault = FunctionsCsv.read(&mut &table[..]).unwrap_err();
        assert!(fault.at(Path::new("t")).to_string().contains("line 2"));
    }

    #[test]
    fn written_rows_are_sorted_and_quoted() {
        let profile = Profile {
            functions: vec![
                function("", 0, "b", (0, 0, 0.0, 1.0)),
                function("", 0, "a,", (1, 1, 0.0, 1.0)),
                function("x.py", 2, "c", (4, 1, 0.1, 2.0)),
            ],
            ..Profile::default()
        };
        let expected = "name,ncall,tsub,ttot,tavg\nx.py:2 c,4/1,0.1,2.0,0.5\n\
                        \"a,\",1,0.0,1.0,1.0\nb,0,0.0,1.0,\n";
        assert_eq!(FunctionsCsv.write(&profile), expected.as_bytes());
    }

    fn any_function() -> impl Strategy<Value = Function> {
        let times = (0.0..f64::MAX / 1e3, 0.0..1.0);
        (".*", 0..9_u32, ".*", 1..=u64::MAX, 0..u64::MAX, times).prop_map(
            |(file, line, name, ncall, nactual, (ttot, part))| {
                let numbers = (ncall, nactual % ncall, ttot * part, ttot);
                function(&file, line, &name, numbers)
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(functions in prop::collection::vec(any_function(), 0..20)) {
            let mut profile = Profile { functions, counts_calls: true, ..Profile::default() };
            profile.functions.sort_by(|a, b| a.key.cmp(&b.key));
            profile.functions.dedup_by(|a, b| a.key == b.key);
            let table = FunctionsCsv.write(&profile);
            let mut back = FunctionsCsv.read(&mut &table[..]).unwrap();
            back.functions.sort_by(|a, b| a.key.cmp(&b.key));
            prop_assert_eq!(back, profile);
        }
    }
}

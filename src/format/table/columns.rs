//! Which column of a function table holds what, by the names in its first row.
//! Two headers are in use; every other order, and columns beside these, are as good.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::table::records::Records;

const HINT: &str = "begin the table with the header `name,ncall,tsub,ttot,tavg`";

/// Where the cells stand that are read; positions are from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    pub function: FunctionColumns,
    pub ncall: usize,
    pub nactual: Option<usize>,
    pub tsub: usize,
    pub ttot: usize,
    pub thread: Option<ThreadColumns>,
    /// How many cells every row has.
    pub width: usize,
}

/// How a row says which function it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionColumns {
    /// One cell such as `path:line name`.
    Label(usize),
    /// File, line where there is such a column, and bare name.
    Place { file: usize, line: Option<usize>, name: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadColumns {
    pub id: usize,
    pub name: Option<usize>,
}

impl Columns {
    /// Reads the header, the present row of `records`.
    ///
    /// # Errors
    /// A column that is needed and missing, or that stands twice.
    pub fn of_header<R: Read>(records: &Records<R>) -> Result<Self, Fault> {
        let header = Header(records);
        let name = header.find(&["name"])?;
        let label = header.find(&["full_name"])?;
        let function = match (header.find(&["module"])?, name, label) {
            (Some(file), Some(name), _) => {
                FunctionColumns::Place { file, line: header.find(&["lineno"])?, name }
            }
            (_, _, Some(label)) | (_, Some(label), None) => FunctionColumns::Label(label),
            (_, None, None) => return Err(header.missing("name")),
        };
        let name = header.find(&["thread_name"])?;
        let thread = header.find(&["thread_id"])?;
        Ok(Self {
            function,
            ncall: header.need(&["ncall"])?,
            nactual: header.find(&["nactualcall"])?,
            tsub: header.need(&["tsub", "tsub_s"])?,
            ttot: header.need(&["ttot", "ttot_s"])?,
            thread: thread.map(|id| ThreadColumns { id, name }),
            width: records.width(),
        })
    }
}

/// Whether `head` begins with a header, whole or cut, that has one of the columns of costs, and
/// whether it tells threads apart; `None` when it is no function table.
pub fn recognise(head: &[u8]) -> Option<bool> {
    let mut records = Records::new(head.chain(&b"\n"[..]));
    if !records.advance().ok()? {
        return None;
    }
    let header = Header(&records);
    let has = |name: &str| header.positions(name).next().is_some();
    let known = ["ncall", "tsub", "ttot", "tsub_s", "ttot_s"];
    known.into_iter().any(has).then(|| has("thread_id"))
}

struct Header<'a, R>(&'a Records<R>);

impl<R: Read> Header<'_, R> {
    fn positions(&self, name: &str) -> impl Iterator<Item = usize> {
        (0..self.0.width()).filter(move |&at| self.0.cell(at).trim_ascii() == name.as_bytes())
    }

    /// The column with one of these names.
    fn find(&self, names: &[&str]) -> Result<Option<usize>, Fault> {
        let mut positions = names.iter().flat_map(|name| self.positions(name));
        let first = positions.next();
        match positions.next() {
            None => Ok(first),
            Some(again) => {
                let problem = format!("the column `{}` stands twice", names.join("` or `"));
                Err(self.0.fault(again, problem, "keep one of the two"))
            }
        }
    }

    fn need(&self, names: &[&str]) -> Result<usize, Fault> {
        self.find(names)?.ok_or_else(|| self.missing(names[0]))
    }

    fn missing(&self, name: &str) -> Fault {
        self.0.fault(0, format!("the column `{name}` is missing"), HINT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Result<Columns, String> {
        let mut records = Records::new(header.as_bytes());
        let words = |fault: Fault| fault.at(std::path::Path::new("t")).to_string();
        assert!(records.advance().map_err(words)?);
        Columns::of_header(&records).map_err(words)
    }

    #[test]
    fn both_headers_in_use_are_read_in_any_order() {
        let found = columns("name,ncall,tsub,ttot,tavg\n").unwrap();
        assert_eq!(found.function, FunctionColumns::Label(0));
        assert_eq!((found.ncall, found.tsub, found.ttot), (1, 2, 3));
        let found = columns("ttot, extra ,tsub,name,\"ncall\"\n").unwrap();
        assert_eq!(found.function, FunctionColumns::Label(3));
        assert_eq!((found.ncall, found.tsub, found.ttot), (4, 2, 0));
        let lumibot =
            "full_name,module,lineno,name,ncall,nactualcall,ttot_s,tsub_s,tavg_s,ctx_name\n";
        let found = columns(lumibot).unwrap();
        let place = FunctionColumns::Place { file: 1, line: Some(2), name: 3 };
        assert_eq!(found.function, place);
        assert_eq!((found.ncall, found.nactual), (4, Some(5)));
        assert_eq!((found.tsub, found.ttot, found.width), (7, 6, 10));
        let found = columns("full_name,name,ncall,tsub,ttot\n").unwrap();
        assert_eq!(found.function, FunctionColumns::Label(0));
    }

    #[test]
    fn a_header_that_lacks_a_column_or_has_it_twice_is_refused() {
        let check = |header: &str, expected: &str| {
            assert_eq!(columns(header).unwrap_err(), expected);
        };
        check("name,ncall,tsub\n", "`t`, line 1, column 1: the column `ttot` is missing");
        check(
            "module,lineno,ncall,tsub,ttot\n",
            "`t`, line 1, column 1: the column `name` is missing",
        );
        check(
            "name,ncall,tsub,ttot,tsub_s\n",
            "`t`, line 1, column 22: the column `tsub` or `tsub_s` stands twice",
        );
    }

    #[test]
    fn a_table_is_recognised_by_any_column_of_costs() {
        assert_eq!(recognise(b"a,ncall\nx"), Some(false));
        assert_eq!(recognise(b"thread_id,ttot\n"), Some(true));
        assert_eq!(recognise(b"name,ncall,ts"), Some(false));
        for head in [&b"a,b\n"[..], b"nca", b"", b"\n", b"the ncall,of x\n"] {
            assert_eq!(recognise(head), None);
        }
    }
}

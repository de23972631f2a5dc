//! From a function table to the costs of its functions, row by row.
//! It sums the rows of a function; what is done with their threads is the caller's affair.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::gather::Gather;
use crate::format::intern::Interner;
use crate::format::label::label;
use crate::format::label::located;
use crate::format::label::parse;
use crate::format::table::cell;
use crate::format::table::columns::Columns;
use crate::format::table::columns::FunctionColumns;
use crate::format::table::records::Records;
use crate::profile::Cost;
use crate::profile::Function;
use crate::profile::FunctionKey;

/// Reads the rows of a function table; see [`Rows::advance`].
#[derive(Debug)]
pub struct Rows<R> {
    pub records: Records<R>,
    pub columns: Columns,
    pub gather: Gather,
    /// The spellings of functions, each parsed when it is first met, and the position of the
    /// function by the number of its spelling.
    spellings: Interner,
    positions: Vec<usize>,
    /// The present row's spelling, where it is made of several cells.
    joined: Vec<u8>,
}

/// One row: a function's position in the profile, and what it spent.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub function: usize,
    pub cost: Cost,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it is missing, cut, or lacks a column.
    pub fn new(input: R) -> Result<Self, Fault> {
        let mut records = Records::new(input);
        if !records.advance()? {
            return Err(Fault::new("the file is empty", "measure again"));
        }
        Ok(Self {
            columns: Columns::of_header(&records)?,
            records,
            gather: Gather::default(),
            spellings: Interner::default(),
            positions: Vec::new(),
            joined: Vec::new(),
        })
    }

    /// Reads the next row and adds its cost to that of its function; `None` after the last one.
    ///
    /// # Errors
    /// Where a row cannot be understood, and why.
    pub fn advance(&mut self) -> Result<Option<Row>, Fault> {
        if !self.records.advance()? {
            return Ok(None);
        }
        if self.records.width() != self.columns.width {
            return Err(self.wrong_width());
        }
        let function = self.function()?;
        let cost = self.cost()?;
        self.gather.add(function, cost);
        Ok(Some(Row { function, cost }))
    }

    fn cost(&mut self) -> Result<Cost, Fault> {
        let Columns { ncall, nactual, tsub, ttot, .. } = self.columns;
        let (calls, outermost) = self.calls(ncall)?;
        let outermost = match nactual {
            Some(column) => self.outermost(column, calls)?,
            None => outermost.unwrap_or(calls),
        };
        let (tsub, ttot) = (self.time(tsub, "tsub")?, self.time(ttot, "ttot")?);
        Ok(Cost {
            ncall: calls,
            nactual: outermost,
            tsub: self.gather.time(tsub),
            ttot: self.gather.time(ttot),
        })
    }

    fn calls(&self, column: usize) -> Result<(u64, Option<u64>), Fault> {
        cell::calls(self.records.cell(column)).ok_or_else(|| {
            self.no_number(
                column,
                "`ncall` is not a number of calls",
                "write calls as `12`, or as `12/3` with the outermost ones of a recursion second",
            )
        })
    }

    fn outermost(&self, column: usize, calls: u64) -> Result<u64, Fault> {
        cell::count(self.records.cell(column)).filter(|&outermost| outermost <= calls).ok_or_else(
            || {
                self.no_number(
                    column,
                    "`nactualcall` is not a number of calls up to `ncall`",
                    "write how many of the calls were outermost",
                )
            },
        )
    }

    fn time(&self, column: usize, name: &str) -> Result<f64, Fault> {
        cell::decimal(self.records.cell(column)).ok_or_else(|| {
            self.no_number(
                column,
                &format!("`{name}` is not a time"),
                "write seconds as a decimal number such as `0.25` or `1e-6`",
            )
        })
    }

    fn function(&mut self) -> Result<usize, Fault> {
        let spellings = &mut self.spellings;
        let number = match self.columns.function {
            FunctionColumns::Label(label) => spellings.intern(self.records.cell(label)),
            FunctionColumns::Place { file, line, name } => {
                let cell = |column| self.records.cell(column);
                join(&mut self.joined, [cell(file), line.map_or(b"0", cell), cell(name)]);
                spellings.intern(&self.joined)
            }
        };
        let number = number.ok_or_else(too_many)? as usize;
        match self.positions.get(number) {
            Some(&position) => Ok(position),
            None => self.new_spelling(),
        }
    }

    /// A spelling that was not met before. It is a new function, unless the usual spelling of what
    /// it means is a known one.
    fn new_spelling(&mut self) -> Result<usize, Fault> {
        let key = self.key()?;
        self.spell(&key);
        let usual = self.spellings.intern(&self.joined).ok_or_else(too_many)? as usize;
        let position = match self.positions.get(usual) {
            Some(&position) => position,
            None => self.gather.push(Function { key, cost: Cost::default() }),
        };
        self.positions.resize(self.spellings.len(), position);
        Ok(position)
    }

    fn key(&self) -> Result<FunctionKey, Fault> {
        match self.columns.function {
            FunctionColumns::Label(label) => Ok(parse(self.name(label)?)),
            FunctionColumns::Place { file, line, name } => {
                let line = line.map_or(Ok(0), |line| self.line(line))?;
                Ok(located(self.text(file)?, line, self.name(name)?))
            }
        }
    }

    /// The usual spelling of a function, in the columns of this table.
    fn spell(&mut self, key: &FunctionKey) {
        match self.columns.function {
            FunctionColumns::Label(_) => {
                self.joined.clear();
                self.joined.extend(label(key).bytes());
            }
            FunctionColumns::Place { .. } => {
                let line = key.line.to_string();
                join(&mut self.joined, [key.file.as_bytes(), line.as_bytes(), key.name.as_bytes()]);
            }
        }
    }

    fn line(&self, column: usize) -> Result<u32, Fault> {
        cell::count(self.records.cell(column)).and_then(|line| u32::try_from(line).ok()).ok_or_else(
            || {
                self.no_number(
                    column,
                    "`lineno` is not a line number",
                    "write lines as whole numbers, 0 where unknown",
                )
            },
        )
    }

    fn name(&self, column: usize) -> Result<&str, Fault> {
        match self.text(column)? {
            "" => Err(self.records.fault(
                column,
                "the name of the function is empty".into(),
                "remove the row, or name its function",
            )),
            name => Ok(name),
        }
    }

    /// A cell's text.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn text(&self, column: usize) -> Result<&str, Fault> {
        std::str::from_utf8(self.records.cell(column)).map_err(|_| {
            self.records.fault(column, "the cell is not UTF-8".into(), "save the file in UTF-8")
        })
    }

    /// A fault that shows what stands in the cell.
    pub fn no_number(&self, column: usize, problem: &str, hint: &str) -> Fault {
        const SHOWN: usize = 40;
        let text = String::from_utf8_lossy(self.records.cell(column));
        let shown: String = text.chars().take(SHOWN).collect();
        self.records.fault(column, format!("{problem}: `{}`", shown.escape_debug()), hint)
    }

    fn wrong_width(&self) -> Fault {
        let (width, expected) = (self.records.width(), self.columns.width);
        self.records.fault(
            width.min(expected + 1) - 1,
            format!("the row has {width} cells, the header {expected}"),
            "quote the names that hold commas, and check that the row is whole",
        )
    }
}

/// File, line and name as one spelling.
fn join(joined: &mut Vec<u8>, [file, line, name]: [&[u8]; 3]) {
    joined.clear();
    for part in [file, line] {
        joined.extend_from_slice(part);
        joined.push(0);
    }
    joined.extend_from_slice(name);
}

fn too_many() -> Fault {
    Fault::new(
        "there are more distinct functions than 4 294 967 294",
        "give a profile with one row per function",
    )
}

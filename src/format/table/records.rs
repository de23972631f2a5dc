//! The rows of a table, one after the other, through a buffer of fixed size.
//! It says where a cell stands and when a file was cut; what the cells mean is for others.

use std::io::ErrorKind;
use std::io::Read;

use crate::format::fault::Fault;
use crate::format::table::scan::Cell;
use crate::format::table::scan::Cells;
use crate::format::table::scan::Scan;
use crate::format::table::scan::scan;

/// Bytes held at a time, and so the longest possible row: enough for any name, small enough for a
/// processor's cache.
const BUFFER: usize = 512 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads rows; see [`Records::advance`].
#[derive(Debug)]
pub struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    filled: usize,
    ended: bool,
    /// Where the present row begins in the buffer, and the row after it.
    row: usize,
    next: usize,
    /// Lines of the file before the present row, and before the row after it.
    lines: u64,
    lines_next: u64,
    cells: Cells,
}

impl<R: Read> Records<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER],
            filled: 0,
            ended: false,
            row: 0,
            next: 0,
            lines: 0,
            lines_next: 0,
            cells: Cells::default(),
        }
    }

    /// Goes to the next row that is not empty; false after the last one.
    ///
    /// # Errors
    /// When the input fails, ends within a row, or a quote is misplaced.
    pub fn advance(&mut self) -> Result<bool, Fault> {
        loop {
            self.row = self.next;
            self.lines = self.lines_next;
            match scan(&self.buffer[self.row..self.filled], &mut self.cells) {
                Scan::Row { length } => {
                    self.next = self.row + length;
                    self.lines_next += self.lines_of_row();
                    if length > 2 || !self.is_blank() {
                        return Ok(true);
                    }
                }
                Scan::AfterQuote { at } => return Err(self.text_after_quote(at)),
                Scan::Unfinished { .. } if !self.ended && !self.is_full() => self.fill()?,
                Scan::Unfinished { in_quotes } => {
                    return match self.filled - self.row {
                        0 => Ok(false),
                        length => Err(self.unfinished(length, in_quotes)),
                    };
                }
            }
        }
    }

    /// How many cells the present row has.
    pub fn width(&self) -> usize {
        self.cells.list.len()
    }

    /// The content of a cell of the present row, without its quotes.
    pub fn cell(&self, position: usize) -> &[u8] {
        let Cell { start, end, escaped, .. } = self.cells.list[position];
        if escaped {
            &self.cells.unescaped[start..end]
        } else {
            &self.buffer[self.row + start..self.row + end]
        }
    }

    /// A fault in a cell of the present row.
    pub fn fault(&self, position: usize, problem: String, hint: &str) -> Fault {
        self.fault_at(self.cells.list[position].at, problem, hint)
    }

    /// A fault at a byte of the present row, told by line and column of the file.
    fn fault_at(&self, at: usize, problem: impl Into<String>, hint: &str) -> Fault {
        let before = &self.buffer[self.row..self.row + at];
        let line = self.lines + 1 + count(before, |byte| byte == b'\n');
        let in_line = before.rsplit(|&byte| byte == b'\n').next();
        let column = 1 + count(in_line.unwrap_or_default(), |byte| byte & 0xc0 != 0x80);
        Fault::on_line(line, column, problem, hint)
    }

    fn text_after_quote(&self, at: usize) -> Fault {
        self.fault_at(
            at,
            "a quoted cell goes on after its closing quote",
            "write a quote within a quoted cell twice",
        )
    }

    fn unfinished(&self, length: usize, in_quotes: bool) -> Fault {
        let problem = match (self.is_full(), in_quotes) {
            (true, true) => "a quote that is opened in this row is not closed within 512 KiB",
            (true, false) => "a row is longer than 512 KiB",
            (false, true) => "the file was cut in the middle: it ends within a quoted cell",
            (false, false) => "the file was cut in the middle: its last row has no line end",
        };
        if self.is_full() {
            let hint = "check that this is a function table, and close the quote";
            return self.fault_at(0, problem, hint);
        }
        let hint = "copy or measure it again; if it is whole, end its last row with a line end";
        self.fault_at(length, problem, hint)
    }

    fn lines_of_row(&self) -> u64 {
        if self.cells.quoted {
            count(&self.buffer[self.row..self.next], |byte| byte == b'\n')
        } else {
            1
        }
    }

    /// Whether the present row fills the whole buffer, so that no more of it can be read.
    fn is_full(&self) -> bool {
        self.filled - self.row == BUFFER
    }

    fn is_blank(&self) -> bool {
        matches!(&self.cells.list[..], [cell] if cell.start == cell.end && !self.cells.quoted)
    }

    /// Moves the unfinished row to the front and fills the buffer behind it.
    fn fill(&mut self) -> Result<(), Fault> {
        let first = self.filled == 0;
        self.buffer.copy_within(self.row..self.filled, 0);
        self.filled -= self.row;
        (self.row, self.next) = (0, 0);
        while self.filled < BUFFER && !self.ended {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(length) => self.filled += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Input(error)),
            }
        }
        if first && self.buffer[..self.filled].starts_with(BYTE_ORDER_MARK) {
            self.next = BYTE_ORDER_MARK.len();
        }
        Ok(())
    }
}

fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
    bytes.iter().filter(|&&byte| is(byte)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(content: &[u8]) -> Result<Vec<Vec<String>>, String> {
        let mut records = Records::new(content);
        let mut rows = Vec::new();
        let words = |fault: Fault| fault.at(std::path::Path::new("t")).to_string();
        while records.advance().map_err(words)? {
            let text = |cell| String::from_utf8_lossy(records.cell(cell)).into_owned();
            rows.push((0..records.width()).map(text).collect());
        }
        Ok(rows)
    }

    fn check(content: &str, expected: &[&[&str]]) {
        assert_eq!(rows(content.as_bytes()).unwrap(), expected, "{content}");
    }

    #[test]
    fn rows_come_without_byte_order_mark_and_blank_lines() {
        check("", &[]);
        check("\u{feff}a,b\r\n\r\n1,2\r\n\n", &[&["a", "b"], &["1", "2"]]);
        check("\"\"\n", &[&[""]]);
    }

    #[test]
    fn rows_that_cross_the_end_of_the_buffer_are_whole() {
        let row = format!("{},\"x\"\"{}\",{}\n", "a".repeat(300), "b\n".repeat(400), "c");
        let content = row.repeat(BUFFER / row.len() * 3);
        let rows = rows(content.as_bytes()).unwrap();
        assert_eq!(rows.len(), BUFFER / row.len() * 3);
        assert!(rows.iter().all(|row| row[1].len() == 802 && row[2] == "c"));
    }

    fn refuse(content: &str, expected: &str) {
        assert_eq!(rows(content.as_bytes()).unwrap_err(), expected, "{content}");
    }

    #[test]
    fn a_cut_file_is_said_to_be_cut() {
        refuse(
            "a,b\n1,2",
            "`t`, line 2, column 4: the file was cut in the middle: its last row has no line end",
        );
        refuse(
            "a,\"\u{e9}\n\nxy",
            "`t`, line 3, column 3: the file was cut in the middle: it ends within a quoted cell",
        );
        refuse(
            "a\n\"\n\"b\"\n",
            "`t`, line 3, column 2: a quoted cell goes on after its closing quote",
        );
    }

    #[test]
    fn a_row_without_end_takes_no_more_memory_than_any_other() {
        let endless = std::io::repeat(b'x').take(1 << 40);
        let fault = Records::new(endless).advance().unwrap_err();
        assert!(format!("{fault:?}").contains("longer than 512 KiB"));
        let endless = (&b"\""[..]).chain(std::io::repeat(b'x'));
        let fault = Records::new(endless).advance().unwrap_err();
        assert!(format!("{fault:?}").contains("not closed within 512 KiB"));
    }
}

//! Where the cells of one row begin and end. It knows quotes and line ends, not what cells mean.

/// One cell of a row, as ranges of bytes.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Where it begins in the scanned bytes, its opening quote included.
    pub at: usize,
    /// Its content: in the scanned bytes, or in [`Cells::unescaped`] when it holds quotes.
    pub start: usize,
    pub end: usize,
    pub escaped: bool,
}

/// The cells of the row scanned last; kept to be filled again without allocating.
#[derive(Debug, Default)]
pub struct Cells {
    pub list: Vec<Cell>,
    /// Whether a cell is quoted, and so may hold line ends.
    pub quoted: bool,
    /// The quoted cells that hold quotes, one after the other, with every doubled quote made one.
    pub unescaped: Vec<u8>,
}

/// What a scan came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// A whole row of so many bytes, its line end included.
    Row { length: usize },
    /// The bytes end before the row does.
    Unfinished { in_quotes: bool },
    /// Something other than a comma or a line end follows a closing quote, at this byte.
    AfterQuote { at: usize },
}

/// Finds the cells of the row that `bytes` begin with; `cells` holds them when it is whole.
pub fn scan(bytes: &[u8], cells: &mut Cells) -> Scan {
    cells.list.clear();
    cells.unescaped.clear();
    cells.quoted = false;
    let mut at = 0;
    loop {
        let found = if bytes.get(at) == Some(&b'"') {
            cells.quoted = true;
            quoted(bytes, at, &mut cells.unescaped)
        } else {
            plain(bytes, at)
        };
        let (cell, separator) = match found {
            Ok(found) => found,
            Err(scan) => return scan,
        };
        cells.list.push(cell);
        at = separator + 1;
        if bytes[separator] == b'\n' {
            return Scan::Row { length: at };
        }
    }
}

/// The cell at `at` and where the comma or line feed after it stands.
fn plain(bytes: &[u8], at: usize) -> Result<(Cell, usize), Scan> {
    let length = separator(&bytes[at..]).ok_or(Scan::Unfinished { in_quotes: false })?;
    let separator = at + length;
    let ends_line = bytes[separator] == b'\n';
    let returned = ends_line && length > 0 && bytes[separator - 1] == b'\r';
    let cell = Cell { at, start: at, end: separator - usize::from(returned), escaped: false };
    Ok((cell, separator))
}

/// Where the first comma or line feed stands. Eight bytes at a time: a byte that is 0 after its
/// pattern is taken away shows in its highest bit, and lower bytes are never marked by mistake.
///
/// Source: H. S. Warren, Hacker's Delight, 2nd edition, 6-1, find first 0-byte.
fn separator(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let commas = zeros(word ^ (ONES * u64::from(b',')));
        let line_feeds = zeros(word ^ (ONES * u64::from(b'\n')));
        let found = commas | line_feeds;
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let is_separator = |&byte: &u8| byte == b',' || byte == b'\n';
    let in_rest = rest.iter().position(is_separator)?;
    Some(words.len() * 8 + in_rest)
}

fn quoted(bytes: &[u8], at: usize, unescaped: &mut Vec<u8>) -> Result<(Cell, usize), Scan> {
    let begin = unescaped.len();
    let (mut from, mut escaped) = (at + 1, false);
    let closing = loop {
        let quote = bytes[from..]
            .iter()
            .position(|&byte| byte == b'"')
            .ok_or(Scan::Unfinished { in_quotes: true })?
            + from;
        if bytes.get(quote + 1) != Some(&b'"') {
            break quote;
        }
        escaped = true;
        unescaped.extend_from_slice(&bytes[from..=quote]);
        from = quote + 2;
    };
    let (start, end) = if escaped {
        unescaped.extend_from_slice(&bytes[from..closing]);
        (begin, unescaped.len())
    } else {
        (at + 1, closing)
    };
    let cell = Cell { at, start, end, escaped };
    match (bytes.get(closing + 1), bytes.get(closing + 2)) {
        (Some(b',' | b'\n'), _) => Ok((cell, closing + 1)),
        (Some(b'\r'), Some(b'\n')) => Ok((cell, closing + 2)),
        (None, _) | (Some(b'\r'), None) => Err(Scan::Unfinished { in_quotes: false }),
        _ => Err(Scan::AfterQuote { at: closing + 1 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, expected: &[&str]) {
        let mut cells = Cells::default();
        let bytes = [row.as_bytes(), b"next,row\n"].concat();
        assert_eq!(scan(&bytes, &mut cells), Scan::Row { length: row.len() });
        let found: Vec<&[u8]> = cells
            .list
            .iter()
            .map(|cell| match cell.escaped {
                true => &cells.unescaped[cell.start..cell.end],
                false => &bytes[cell.start..cell.end],
            })
            .collect();
        let expected: Vec<&[u8]> = expected.iter().map(|text| text.as_bytes()).collect();
        assert_eq!(found, expected, "{row}");
    }

    #[test]
    fn cells_end_at_commas_and_rows_at_line_ends() {
        check("a,b\n", &["a", "b"]);
        check("a,b\r\n", &["a", "b"]);
        check("\n", &[""]);
        check("\r\n", &[""]);
        check(",\n", &["", ""]);
        check("a\r,b \n", &["a\r", "b "]);
        check("a \"b\" c,d\n", &["a \"b\" c", "d"]);
    }

    #[test]
    fn the_first_separator_is_found_wherever_it_stands() {
        for length in 0..30 {
            for separator_byte in [b',', b'\n'] {
                let mut bytes = vec![separator_byte ^ 1; length];
                bytes.extend([separator_byte, separator_byte ^ 1, b',']);
                bytes.extend([0x80 | b','; 16]);
                assert_eq!(separator(&bytes), Some(length));
            }
        }
        assert_eq!(separator(&[0xac; 30]), None);
    }

    #[test]
    fn quotes_hold_commas_line_ends_and_quotes() {
        check("\"a,b\",c\n", &["a,b", "c"]);
        check("\"a\nb\r\n\",\"c\"\r\n", &["a\nb\r\n", "c"]);
        check("\"a \"\"b\"\"\",\"\",\"\"\"\"\n", &["a \"b\"", "", "\""]);
    }

    #[test]
    fn a_row_that_is_not_whole_says_why() {
        let check = |row: &str, expected| {
            assert_eq!(scan(row.as_bytes(), &mut Cells::default()), expected);
        };
        for row in ["", "a", "a,", "\"a\"", "\"a\"\r", "a\r"] {
            check(row, Scan::Unfinished { in_quotes: false });
        }
        for row in ["\"", "\"a", "a,\"b\"\"", "\"a\n"] {
            check(row, Scan::Unfinished { in_quotes: true });
        }
        check("\"a\"b,c\n", Scan::AfterQuote { at: 3 });
        check("\"a\"\rb\n", Scan::AfterQuote { at: 3 });
    }
}

//! The lines of a text, one after the other, through a buffer that grows with the longest line
//! alone. It says where a line stands, and when a file was cut; what a line means is for others.

use std::io::ErrorKind;
use std::io::Read;

use crate::format::fault::Fault;

/// Bytes held at first; enough for most lines, small enough for a processor's cache.
const BUFFER: usize = 128 * 1024;

/// The longest line that is read, in bytes: a stack of 10,000 frames with long names.
pub const LONGEST_LINE: usize = 4 * 1024 * 1024;

/// Reads lines; see [`Lines::advance`].
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    filled: usize,
    ended: bool,
    /// Where the line after the present one begins.
    next: usize,
    number: u64,
}

/// A line without its end.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub text: &'a [u8],
    /// From 1.
    pub number: u64,
    /// Whether a line end follows; only the last line of a file may have none.
    pub is_ended: bool,
}

impl<R: Read> Lines<R> {
    pub fn new(input: R) -> Self {
        Self { input, buffer: vec![0; BUFFER], filled: 0, ended: false, next: 0, number: 0 }
    }

    /// The next line; `None` after the last one.
    ///
    /// # Errors
    /// When the input fails, or a line is longer than [`LONGEST_LINE`].
    pub fn advance(&mut self) -> Result<Option<Line<'_>>, Fault> {
        let mut searched = self.next;
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.buffer[searched..self.filled]) {
                let (start, end) = (self.next, searched + length);
                self.next = end + 1;
                self.number += 1;
                return Ok(Some(self.line(start, end, true)));
            }
            if self.ended {
                let (start, end) = (self.next, self.filled);
                self.next = end;
                self.number += 1;
                return Ok((start < end).then(|| self.line(start, end, false)));
            }
            searched = self.filled - self.next;
            self.fill()?;
        }
    }

    fn line(&self, start: usize, end: usize, is_ended: bool) -> Line<'_> {
        let text = &self.buffer[start..end];
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        Line { text, number: self.number, is_ended }
    }

    /// Moves the unfinished line to the front and reads on behind it.
    fn fill(&mut self) -> Result<(), Fault> {
        self.buffer.copy_within(self.next..self.filled, 0);
        self.filled -= self.next;
        self.next = 0;
        if self.filled == self.buffer.len() {
            if self.filled >= LONGEST_LINE {
                return Err(Fault::on_line(
                    self.number + 1,
                    1,
                    "the line is longer than 4 MiB",
                    "check that this is a profile",
                ));
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        match self.input.read(&mut self.buffer[self.filled..]) {
            Ok(0) => self.ended = true,
            Ok(length) => self.filled += length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Fault::Input(error)),
        }
        Ok(())
    }
}

impl Line<'_> {
    /// A fault at a byte of the line.
    pub fn fault(&self, at: usize, problem: impl Into<String>, hint: impl Into<String>) -> Fault {
        let before = &self.text[..at.min(self.text.len())];
        let column = 1 + before.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u64;
        Fault::on_line(self.number, column, problem, hint)
    }
}

/// A piece of a stranger's text as it may stand in a message.
pub fn shown(text: &[u8]) -> String {
    const MOST: usize = 80;
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: impl Read) -> Vec<(String, u64, bool)> {
        let mut lines = Lines::new(input);
        let mut all = Vec::new();
        while let Some(line) = lines.advance().unwrap() {
            let text = String::from_utf8_lossy(line.text).into_owned();
            all.push((text, line.number, line.is_ended));
        }
        all
    }

    #[test]
    fn lines_come_without_their_ends() {
        let expected = [("a", 1, true), ("", 2, true), ("b c", 3, false)];
        let expected = expected.map(|(text, number, ended)| (text.to_string(), number, ended));
        assert_eq!(lines(&b"a\r\n\nb c"[..]), expected);
        assert_eq!(lines(&b""[..]), []);
        assert_eq!(lines(&b"a\n"[..]), [("a".to_string(), 1, true)]);
    }

    #[test]
    fn lines_that_cross_the_end_of_the_buffer_are_whole() {
        let long = "x".repeat(BUFFER + 7);
        let text = format!("{long}\n{}", "0123456789\n".repeat(50_000));
        let all = lines(text.as_bytes());
        assert_eq!(all.len(), 50_001);
        assert_eq!(all[0].0, long);
        assert!(all[1..].iter().all(|(line, _, ended)| line == "0123456789" && *ended));
    }

    #[test]
    fn a_line_without_end_is_refused_once_it_is_too_long() {
        let mut lines = Lines::new(std::io::repeat(b'x'));
        let fault = lines.advance().unwrap_err().at(std::path::Path::new("p"));
        assert_eq!(fault.to_string(), "`p`, line 1, column 1: the line is longer than 4 MiB");
    }

    #[test]
    fn a_fault_counts_characters() {
        let line = Line { text: "é=x".as_bytes(), number: 4, is_ended: true };
        let fault = line.fault(3, "`x`", "").at(std::path::Path::new("p"));
        assert_eq!(fault.to_string(), "`p`, line 4, column 3: `x`");
    }
}

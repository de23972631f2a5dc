//! Where in the source a cost arose: numbers that may be relative to the line before.

use crate::format::callgrind::header::Header;

/// The present line of the source, as relative positions need it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Position {
    line: i64,
}

impl Position {
    /// Reads the positions at the beginning of `text`; gives the line and the rest of the text.
    /// `None` when they are no positions.
    pub fn read<'a>(self, text: &'a [u8], header: &Header) -> Option<(Self, &'a [u8])> {
        if header.positions == 1 && header.line_position.is_some() {
            let (word, rest) = split_word(text)?;
            return Some((Self { line: moved(self.line, word)? }, rest));
        }
        let (mut line, mut rest) = (self.line, text);
        for position in 0..header.positions {
            let (word, after) = split_word(rest)?;
            rest = after;
            if header.line_position == Some(position) {
                line = moved(self.line, word)?;
            } else if !is_position(word) {
                return None;
            }
        }
        Some((Self { line }, rest))
    }

    /// From 1; 0 where unknown, or when the number is none of a line.
    pub fn line(self) -> u32 {
        u32::try_from(self.line).unwrap_or_default()
    }
}

/// The first word of `text`, and what follows it.
pub fn split_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = text.iter().position(|byte| !is_space(*byte))?;
    let text = &text[start..];
    let end = text.iter().position(|byte| is_space(*byte)).unwrap_or(text.len());
    Some(text.split_at(end))
}

/// `12`, `+3`, `-3`, `*` for the same line, `0x1f`.
fn moved(from: i64, word: &[u8]) -> Option<i64> {
    match word {
        b"*" => Some(from),
        [b'+', digits @ ..] => Some(from.saturating_add(number(digits)?)),
        [b'-', digits @ ..] => Some(from.saturating_sub(number(digits)?)),
        digits => number(digits),
    }
}

fn is_position(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"+").or(word.strip_prefix(b"-")).unwrap_or(word);
    digits == b"*" || number(digits).is_some()
}

/// Decimal or hexadecimal; what is larger than any line of a source is the largest number.
fn number(digits: &[u8]) -> Option<i64> {
    let (digits, base) = match digits.strip_prefix(b"0x") {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i64, |sum, &digit| {
        let digit = char::from(digit).to_digit(base)?;
        Some(sum.saturating_mul(base.into()).saturating_add(digit.into()))
    })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: i64, text: &str, expected: Option<(u32, &str)>) {
        let mut header = Header::new();
        if text.starts_with("0x") || text.starts_with("* ") {
            (header.positions, header.line_position) = (2, Some(1));
        }
        let read = Position { line: before }.read(text.as_bytes(), &header);
        let read =
            read.map(|(position, rest)| (position.line(), std::str::from_utf8(rest).unwrap()));
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn positions_are_absolute_or_relative() {
        check(7, "16 20", Some((16, " 20")));
        check(7, "+3 20", Some((10, " 20")));
        check(7, "-3 20", Some((4, " 20")));
        check(7, "*", Some((7, "")));
        check(7, "-9 1", Some((0, " 1")));
        check(7, "0x401 +2 5", Some((9, " 5")));
        check(7, "* -2 5", Some((5, " 5")));
        check(7, "99999999999999999999999 5", Some((0, " 5")));
        for text in ["", "x 1", "+ 1", "0x 1 2", "0xfg 1 2", "* ", "1.5 2"] {
            check(7, text, None);
        }
    }
}

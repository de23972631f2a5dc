//! Python's marshal codes, versions 0 to 5, as far as profile statistics need them: an item at a
//! time, without recursion. What the items of a container mean is for the caller.
//!
//! Source: the module `marshal` of CPython, read by observing what it writes.

use crate::format::fault::Fault;
use crate::format::intern::Interner;

/// Set on the code of an object that later references may mean.
const FLAG_REFERABLE: u8 = 0x80;

/// Most digits of 15 bits that a number of calls has.
const MOST_DIGITS: usize = 5;

/// One item of a marshalled stream; `T` is what the caller makes of a finished tuple.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item<T> {
    /// A whole number that fits into 75 bits.
    Int(i128),
    Float(f64),
    /// A number in [`Marshal::texts`].
    Text(u32),
    /// So many items follow.
    Tuple {
        length: u64,
        mark: Mark,
    },
    /// Pairs of items follow, then [`Item::End`].
    Dict,
    End,
    /// A tuple that was met before, as [`Marshal::keep`] was told.
    Kept(T),
}

/// The place of an unfinished tuple among those that references can mean, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(Option<usize>);

/// A stream of items.
#[derive(Debug)]
pub struct Marshal<'a, T> {
    content: &'a [u8],
    at: usize,
    /// Objects that references mean, in the order in which they begin; `None` for containers that
    /// are unfinished or of a kind that no profile repeats.
    referable: Vec<Option<Item<T>>>,
    /// Python 2 counts its interned strings apart.
    interned: Vec<u32>,
    /// All strings, in UTF-8: what is none, as in a file's name that was never text, is replaced.
    pub texts: Interner,
}

impl<'a, T: Copy> Marshal<'a, T> {
    pub fn new(content: &'a [u8]) -> Self {
        Self {
            content,
            at: 0,
            referable: Vec::new(),
            interned: Vec::new(),
            texts: Interner::default(),
        }
    }

    /// The next item.
    ///
    /// # Errors
    /// When the content ends, or holds what no profile does.
    pub fn next_item(&mut self) -> Result<Item<T>, Fault> {
        let begin = self.at;
        let byte = self.byte()?;
        let code = byte & !FLAG_REFERABLE;
        let mark = (byte != code).then(|| {
            self.referable.push(None);
            self.referable.len() - 1
        });
        let item = self.item(code, Mark(mark), begin)?;
        if !matches!(item, Item::Tuple { .. } | Item::Dict) {
            self.fill(mark, item);
        }
        Ok(item)
    }

    /// Remembers what a tuple came to, for references to it.
    pub fn keep(&mut self, mark: Mark, tuple: T) {
        self.fill(mark.0, Item::Kept(tuple));
    }

    /// Checks that nothing follows.
    ///
    /// # Errors
    /// When something does.
    pub fn finish(&self) -> Result<(), Fault> {
        match self.content.len() - self.at {
            0 => Ok(()),
            more => {
                Err(self.fault(self.at, &format!("{more} bytes follow the end of the statistics")))
            }
        }
    }

    /// A fault at a byte, counted from 0.
    pub fn fault(&self, byte: usize, problem: &str) -> Fault {
        Fault::new(
            format!("byte {byte}: {problem}"),
            "give a file that `cProfile`, `pstats` or yappi saved, as it was saved",
        )
    }

    /// Where the next item begins.
    pub fn position(&self) -> usize {
        self.at
    }

    fn fill(&mut self, mark: Option<usize>, item: Item<T>) {
        if let Some(place) = mark.and_then(|mark| self.referable.get_mut(mark)) {
            *place = Some(item);
        }
    }

    fn item(&mut self, code: u8, mark: Mark, begin: usize) -> Result<Item<T>, Fault> {
        Ok(match code {
            b'0' => Item::End,
            b'{' => Item::Dict,
            b'(' => Item::Tuple { length: u64::from(self.length()?), mark },
            b')' => Item::Tuple { length: u64::from(self.byte()?), mark },
            b'i' => Item::Int(i32::from_le_bytes(self.array()?).into()),
            b'I' => Item::Int(i64::from_le_bytes(self.array()?).into()),
            b'l' => Item::Int(self.long(begin)?),
            b'g' => Item::Float(f64::from_le_bytes(self.array()?)),
            b'f' => Item::Float(self.written_float(begin)?),
            b's' | b'u' | b'a' => Item::Text(self.text_of_length(Self::length)?),
            b't' | b'A' => Item::Text(self.interned_text(Self::length)?),
            b'z' => Item::Text(self.text_of_length(Self::short_length)?),
            b'Z' => Item::Text(self.interned_text(Self::short_length)?),
            b'r' => self.reference(begin)?,
            b'R' => self.reference_to_interned(begin)?,
            _ => return Err(self.fault(begin, &format!("{} has no place here", kind(code)))),
        })
    }

    fn reference(&mut self, begin: usize) -> Result<Item<T>, Fault> {
        let number = self.length()? as usize;
        match self.referable.get(number) {
            Some(Some(item)) => Ok(*item),
            Some(None) => {
                Err(self
                    .fault(begin, "a reference to a container that is unfinished or no function"))
            }
            None => Err(self.fault(begin, "a reference to an object that was never there")),
        }
    }

    fn reference_to_interned(&mut self, begin: usize) -> Result<Item<T>, Fault> {
        let number = self.length()? as usize;
        match self.interned.get(number) {
            Some(text) => Ok(Item::Text(*text)),
            None => Err(self.fault(begin, "a reference to a string that was never there")),
        }
    }

    /// Digits of 15 bits, the lowest first, their number negative for a number below 0.
    fn long(&mut self, begin: usize) -> Result<i128, Fault> {
        let length = i32::from_le_bytes(self.array()?);
        let digits = length.unsigned_abs() as usize;
        if digits > MOST_DIGITS {
            return Err(self.fault(begin, "a number that is too large for a count"));
        }
        let mut number = 0;
        for place in 0..digits {
            let digit = u16::from_le_bytes(self.array()?);
            number |= i128::from(digit) << (15 * place);
        }
        Ok(if length < 0 { -number } else { number })
    }

    /// A float in decimal digits, as versions 0 and 1 write it.
    fn written_float(&mut self, begin: usize) -> Result<f64, Fault> {
        let length = self.short_length()?;
        let digits = std::str::from_utf8(self.bytes(length)?);
        digits
            .ok()
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| self.fault(begin, "a float whose digits are none"))
    }

    fn interned_text(
        &mut self,
        length: impl Fn(&mut Self) -> Result<u32, Fault>,
    ) -> Result<u32, Fault> {
        let text = self.text_of_length(length)?;
        self.interned.push(text);
        Ok(text)
    }

    fn text_of_length(
        &mut self,
        length: impl Fn(&mut Self) -> Result<u32, Fault>,
    ) -> Result<u32, Fault> {
        let length = length(self)?;
        let text = String::from_utf8_lossy(self.bytes(length)?);
        let begin = self.at;
        self.texts
            .intern(text.as_bytes())
            .ok_or_else(|| self.fault(begin, "more strings than can be numbered"))
    }

    fn length(&mut self) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn short_length(&mut self) -> Result<u32, Fault> {
        Ok(self.byte()?.into())
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let array = self.content[self.at..].first_chunk::<N>();
        let array = *array.ok_or_else(|| self.cut())?;
        self.at += N;
        Ok(array)
    }

    fn bytes(&mut self, length: u32) -> Result<&'a [u8], Fault> {
        let bytes = self.content[self.at..].get(..length as usize);
        let bytes = bytes.ok_or_else(|| self.cut())?;
        self.at += bytes.len();
        Ok(bytes)
    }

    fn cut(&self) -> Fault {
        Fault::new(
            format!(
                "the file was cut in the middle: it ends after {} bytes, within the statistics",
                self.content.len()
            ),
            "copy or measure it again, and let the program save its profile to the end",
        )
    }
}

fn kind(code: u8) -> String {
    match code {
        b'N' => "`None`".into(),
        b'T' | b'F' => "a truth value".into(),
        b'[' => "a list".into(),
        b'<' | b'>' => "a set".into(),
        b'c' => "a code object".into(),
        b'x' | b'y' => "a complex number".into(),
        b' '..=b'~' => format!("the code `{}`", char::from(code)),
        _ => format!("the code {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(content: &[u8]) -> Result<Vec<Item<u8>>, String> {
        let mut marshal = Marshal::new(content);
        let mut items = Vec::new();
        while marshal.position() < content.len() {
            let words = |fault: Fault| fault.at(std::path::Path::new("p")).to_string();
            items.push(marshal.next_item().map_err(words)?);
        }
        Ok(items)
    }

    fn check(content: &[u8], expected: &[Item<u8>]) {
        assert_eq!(items(content).as_deref(), Ok(expected));
    }

    #[test]
    fn numbers_of_every_version_are_read() {
        check(b"i\xff\xff\xff\xff", &[Item::Int(-1)]);
        check(b"I\0\0\0\0\x01\0\0\0", &[Item::Int(1 << 32)]);
        check(b"l\x03\0\0\0\x01\0\x02\0\x04\0", &[Item::Int(1 + (2 << 15) + (4 << 30))]);
        check(b"l\xfe\xff\xff\xff\x01\0\x02\0", &[Item::Int(-1 - (2 << 15))]);
        check(b"g\0\0\0\0\0\0\xf8\x3f", &[Item::Float(1.5)]);
        check(b"f\x041e-3", &[Item::Float(0.001)]);
    }

    #[test]
    fn equal_strings_are_one_text_however_they_are_written() {
        let text = Item::Text(0);
        check(
            b"s\x01\0\0\0au\x01\0\0\0aa\x01\0\0\0at\x01\0\0\0aA\x01\0\0\0az\x01aZ\x01a",
            &[text; 7],
        );
        check(b"t\x01\0\0\0at\x01\0\0\0bR\0\0\0\0", &[text, Item::Text(1), text]);
    }

    #[test]
    fn references_mean_what_was_flagged_in_order_of_beginning() {
        let tuple = Item::Tuple { length: 1, mark: Mark(Some(0)) };
        let one = Item::Int(1);
        check(b"\xa9\x01\xe9\x01\0\0\0r\x01\0\0\0", &[tuple, one, one]);
        let mut marshal = Marshal::new(b"\xa9\0r\0\0\0\0");
        let Ok(Item::Tuple { mark, .. }) = marshal.next_item() else {
            panic!("no tuple");
        };
        marshal.keep(mark, 7);
        assert_eq!(marshal.next_item().unwrap(), Item::Kept(7));
    }

    #[test]
    fn what_no_profile_holds_is_refused() {
        let check = |content: &[u8], expected: &str| {
            assert_eq!(items(content).unwrap_err(), format!("`p`: {expected}"));
        };
        check(b"[\x01\0\0\0", "byte 0: a list has no place here");
        check(b"i\0\0\0\0c", "byte 5: a code object has no place here");
        check(b"l\xff\xff\xff\x7f\0\0", "byte 0: a number that is too large for a count");
        check(b"l\0\0\0\x80", "byte 0: a number that is too large for a count");
        check(b"r\0\0\0\0", "byte 0: a reference to an object that was never there");
        check(
            b"\xa9\x01r\0\0\0\0",
            "byte 2: a reference to a container that is unfinished or no function",
        );
        check(b"f\x01x", "byte 0: a float whose digits are none");
        check(
            b"u\xff\xff\xff\x7fab",
            "the file was cut in the middle: it ends after 7 bytes, within the statistics",
        );
    }
}

//! As much of the wire format of protocol buffers as writing one kind of message needs.
//!
//! Source: protobuf.dev, "Encoding".

use std::collections::HashMap;

/// A message as it is put together. A number that is 0 is left out, as its absence means 0.
#[derive(Debug, Default)]
pub struct Message(Vec<u8>);

/// How what follows a field's number is laid out.
const VARINT: u64 = 0;
const LENGTH: u64 = 2;

impl Message {
    pub fn number(mut self, field: u32, number: u64) -> Self {
        if number > 0 {
            self.varint(u64::from(field) << 3 | VARINT);
            self.varint(number);
        }
        self
    }

    /// A repeated number, packed.
    pub fn numbers(mut self, field: u32, numbers: &[u64]) -> Self {
        let mut packed = Self::default();
        numbers.iter().for_each(|number| packed.varint(*number));
        self.field(field, &packed.0);
        self
    }

    pub fn message(mut self, field: u32, message: &Self) -> Self {
        self.field(field, &message.0);
        self
    }

    /// A text is written though it is empty, since its place in a list counts.
    pub fn text(mut self, field: u32, text: &str) -> Self {
        self.field(field, text.as_bytes());
        self
    }

    pub fn bytes(self) -> Vec<u8> {
        self.0
    }

    fn field(&mut self, field: u32, content: &[u8]) {
        self.varint(u64::from(field) << 3 | LENGTH);
        self.varint(content.len() as u64);
        self.0.extend_from_slice(content);
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}

/// The table of texts; the first one is empty.
#[derive(Debug)]
pub struct Strings {
    list: Vec<String>,
    numbers: HashMap<String, u64>,
}

impl Default for Strings {
    fn default() -> Self {
        Self { list: vec![String::new()], numbers: HashMap::from([(String::new(), 0)]) }
    }
}

impl Strings {
    pub fn number(&mut self, text: &str) -> u64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.list.len() as u64;
        self.list.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    pub fn list(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_documentation() {
        // The examples of the page "Encoding".
        assert_eq!(Message::default().number(1, 150).bytes(), [0x08, 0x96, 0x01]);
        assert_eq!(Message::default().text(2, "testing").bytes(), b"\x12\x07testing");
        let inner = Message::default().number(1, 150);
        assert_eq!(Message::default().message(3, &inner).bytes(), [0x1a, 3, 0x08, 0x96, 0x01]);
        let packed = Message::default().numbers(6, &[3, 270, 86942]);
        assert_eq!(packed.bytes(), [0x32, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5]);
    }

    #[test]
    fn a_text_has_one_number() {
        let mut strings = Strings::default();
        assert_eq!(["a", "", "b", "a"].map(|text| strings.number(text)), [1, 0, 2, 1]);
        assert_eq!(strings.list().collect::<Vec<_>>(), ["", "a", "b"]);
    }
}

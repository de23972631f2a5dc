//! A number for every distinct piece of text, in the order first seen.
//! Reading a profile is mostly looking names up, so this is its fastest path: one hash, one probe,
//! one comparison, and nothing allocated for a text that was met before.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

/// Texts one after the other, and a table of their numbers by hash.
#[derive(Debug)]
pub struct Interner {
    text: Vec<u8>,
    /// Where each text ends in `text`, and its hash.
    entries: Vec<Entry>,
    /// Number + 1 of the entry, 0 where free; the length is a power of two, at least half free.
    slots: Vec<Slot>,
    seeds: [u64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    end: usize,
    hash: u64,
}

/// The upper half of the hash beside the number spares a comparison of most other texts.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u32,
    number: u32,
}

impl Default for Interner {
    fn default() -> Self {
        let random = RandomState::new();
        Self {
            text: Vec::new(),
            entries: Vec::new(),
            slots: vec![Slot::default(); 64],
            seeds: [random.hash_one(0), random.hash_one(1)],
        }
    }
}

impl Interner {
    /// The number of `text`, from 0; the same text has the same number. `None` after the first
    /// 2³² − 1 distinct ones.
    pub fn intern(&mut self, text: &[u8]) -> Option<u32> {
        let hash = hash(self.seeds, text);
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.number == 0 {
                return self.add(text, hash, at);
            }
            if slot.tag == tag && self.get(slot.number - 1) == text {
                return Some(slot.number - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// The text of a number that [`Interner::intern`] gave.
    pub fn get(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.entries[before].end);
        &self.text[start..self.entries[number].end]
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, text: &[u8], hash: u64, at: usize) -> Option<u32> {
        let number = u32::try_from(self.entries.len()).ok()?;
        self.text.extend_from_slice(text);
        self.entries.push(Entry { end: self.text.len(), hash });
        self.slots[at] = Slot { tag: (hash >> 32) as u32, number: number.checked_add(1)? };
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        }
        Some(number)
    }

    fn grow(&mut self) {
        let length = self.slots.len() * 2;
        let mask = length - 1;
        let mut slots = vec![Slot::default(); length];
        for (number, entry) in (1..).zip(&self.entries) {
            let mut at = entry.hash as usize & mask;
            while slots[at].number != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = Slot { tag: (entry.hash >> 32) as u32, number };
        }
        self.slots = slots;
    }
}

/// Sixteen bytes a step, each folded in by one wide multiplication. The seeds are secret and new in
/// each process, so that nobody can write a file whose names all collide.
fn hash(seeds: [u64; 2], text: &[u8]) -> u64 {
    let [seed, key] = seeds;
    let mut state = seed ^ text.len() as u64;
    let (pairs, rest) = text.as_chunks::<16>();
    for pair in pairs {
        state = fold(word(pair, 0) ^ key, word(pair, 8) ^ state);
    }
    let (low, high) = match (text.last_chunk::<16>(), rest.len()) {
        (_, 0) => (0, 0),
        (Some(last), _) => (word(last, 0), word(last, 8)),
        (None, 8..) => (word(rest, 0), word(rest, rest.len() - 8)),
        (None, _) => (short_word(rest), 0),
    };
    fold(low ^ key, high ^ state)
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

/// The eight bytes from `at`, which are there.
fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight))
}

/// Fewer than eight bytes in one word.
fn short_word(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_number_and_comes_back() {
        let mut interner = Interner::default();
        let texts: Vec<String> = (0..5000).map(|n| format!("{}{n}", "x".repeat(n % 40))).collect();
        for _ in 0..2 {
            for (number, text) in texts.iter().enumerate() {
                assert_eq!(interner.intern(text.as_bytes()), Some(number as u32));
            }
        }
        assert_eq!(interner.len(), texts.len());
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(interner.get(number as u32), text.as_bytes());
        }
    }

    #[test]
    fn texts_that_differ_in_one_byte_or_in_length_are_distinct() {
        let mut interner = Interner::default();
        let mut expected = 0;
        for length in 0..40 {
            let zeros = vec![0; length];
            assert_eq!(interner.intern(&zeros), Some(expected));
            expected += 1;
            for at in 0..length {
                let mut text = zeros.clone();
                text[at] = 1;
                assert_eq!(interner.intern(&text), Some(expected));
                expected += 1;
            }
        }
    }
}

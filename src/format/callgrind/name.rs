//! Names that are written once with a number, `(12) name`, and by the number alone from then on.

use std::collections::HashMap;

/// Numbers up to here are looked up in a list, the others in a map.
const DENSE: u64 = 1 << 20;

/// What the numbers of one kind of names stand for: the numbers of texts elsewhere.
#[derive(Debug, Default)]
pub struct Numbered {
    dense: Vec<Option<u32>>,
    sparse: HashMap<u64, u32>,
}

/// A name as it is spelt in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelt<'a> {
    Plain(&'a [u8]),
    /// A number, with the name that it stands for from now on.
    Defined(u64, &'a [u8]),
    Known(u64),
}

impl Numbered {
    pub fn get(&self, number: u64) -> Option<u32> {
        match usize::try_from(number) {
            Ok(at) if number < DENSE => self.dense.get(at).copied().flatten(),
            _ => self.sparse.get(&number).copied(),
        }
    }

    pub fn set(&mut self, number: u64, text: u32) {
        match usize::try_from(number) {
            Ok(at) if number < DENSE => {
                if at >= self.dense.len() {
                    self.dense.resize(at + 1, None);
                }
                self.dense[at] = Some(text);
            }
            _ => drop(self.sparse.insert(number, text)),
        }
    }
}

/// How the value of `fn=` and its like is spelt. A name may itself begin with a bracket.
pub fn spelt(value: &[u8]) -> Spelt<'_> {
    let value = value.trim_ascii();
    let numbered = value.strip_prefix(b"(").and_then(|rest| {
        let end = memchr::memchr(b')', rest)?;
        let number = crate::format::table::cell::count(&rest[..end])?;
        Some((number, rest[end + 1..].trim_ascii()))
    });
    match numbered {
        Some((number, b"")) => Spelt::Known(number),
        Some((number, name)) => Spelt::Defined(number, name),
        None => Spelt::Plain(value),
    }
}

/// A function's name without the mark of a deeper level of its recursion, and the level, from 1:
/// `fact'2` is level 2 of `fact`. Only callgrind itself writes such marks.
pub fn level(name: &[u8]) -> (&[u8], u32) {
    let marked = memchr::memrchr(b'\'', name).and_then(|at| {
        let level = crate::format::table::cell::count(&name[at + 1..])?;
        Some((&name[..at], u32::try_from(level).ok()?))
    });
    match marked {
        Some((bare, level)) if level >= 2 && !bare.is_empty() => (bare, level),
        _ => (name, 1),
    }
}

/// The name and the line in yappi's `name file:line`, where the file is known to be `file`.
pub fn yappi_place<'a>(name: &'a str, file: &str) -> Option<(&'a str, u32)> {
    let (place, line) = name.rsplit_once(':')?;
    let bare = place.strip_suffix(file)?.strip_suffix(' ')?;
    Some((bare, line.parse().ok()?)).filter(|(bare, _)| !bare.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_or_numbered() {
        assert_eq!(spelt(b"main"), Spelt::Plain(b"main"));
        assert_eq!(spelt(b"(below main)"), Spelt::Plain(b"(below main)"));
        assert_eq!(spelt(b"(12)"), Spelt::Known(12));
        assert_eq!(spelt(b"(12) (below main)"), Spelt::Defined(12, b"(below main)"));
        assert_eq!(spelt(b"(12"), Spelt::Plain(b"(12"));
        assert_eq!(spelt(b"(18446744073709551616) x"), Spelt::Plain(b"(18446744073709551616) x"));
    }

    #[test]
    fn numbers_of_any_size_take_room_for_names_only() {
        let mut names = Numbered::default();
        for number in [0, 3, DENSE - 1, DENSE, u64::MAX] {
            assert_eq!(names.get(number), None);
            names.set(number, 7);
            assert_eq!(names.get(number), Some(7));
        }
        assert!(names.dense.len() as u64 <= DENSE);
    }

    #[test]
    fn levels_of_a_recursion_are_told_from_names() {
        assert_eq!(level(b"fact'2"), (&b"fact"[..], 2));
        assert_eq!(level(b"f<'a>"), (&b"f<'a>"[..], 1));
        for name in [&b"f'1"[..], b"f'", b"'2", b"f", b"f'2x"] {
            assert_eq!(level(name), (name, 1));
        }
    }

    #[test]
    fn yappi_writes_place_behind_the_name() {
        let check = |name, file, expected| assert_eq!(yappi_place(name, file), expected);
        check("A.f /a b/c.py:12", "/a b/c.py", Some(("A.f", 12)));
        check("sum builtins:0", "builtins", Some(("sum", 0)));
        check("f", "a.py", None);
        check(" a.py:1", "a.py", None);
    }
}

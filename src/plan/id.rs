//! The name of a run, which is also the name of its files.

use std::borrow::Borrow;
use std::fmt;

use serde::Serialize;

/// A run's name, known to be a safe file name on every file system.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RunId(String);

/// The longest name, in bytes; leaves room for the endings of its files.
pub const LONGEST: usize = 128;

impl RunId {
    /// Accepts ASCII letters, digits and most punctuation, no separators, no leading `.` or `-`.
    ///
    /// # Errors
    /// Why `text` would not be a safe file name, as a phrase.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty".into());
        }
        if text.len() > LONGEST {
            return Err(format!("has {} bytes, more than {LONGEST}", text.len()));
        }
        if let Some(letter) = text.chars().find(|letter| !is_safe(*letter)) {
            return Err(format!("holds {}", describe(letter)));
        }
        if text.contains("..") {
            return Err("holds `..`".into());
        }
        match text.chars().next() {
            Some(first @ ('.' | '-' | ' ')) => Err(format!("begins with `{first}`")),
            _ if text.ends_with([' ', '.']) => Err("ends with a space or a dot".into()),
            _ => Ok(Self(text.to_string())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for RunId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

fn is_safe(letter: char) -> bool {
    matches!(letter, ' '..='~') && !r#"/\:*?"<>|`"#.contains(letter)
}

fn describe(letter: char) -> String {
    match letter {
        '/' | '\\' => format!("the path separator `{letter}`"),
        letter if letter.is_control() => format!("the control character U+{:04X}", letter as u32),
        letter if letter.is_ascii() => format!("the character `{letter}`"),
        letter => format!("the character U+{:04X}, which is not ASCII", letter as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, refusal: Option<&str>) {
        assert_eq!(RunId::new(text).err().as_deref(), refusal, "{text:?}");
    }

    #[test]
    fn accepts_the_ids_that_people_write() {
        check("wk-2025-01-20_01-26", None);
        check("phase0-cold-2024-09", None);
        check("a", None);
        check("run 1 (n=7)", None);
    }

    #[test]
    fn refuses_what_is_no_safe_file_name() {
        check("", Some("is empty"));
        check("../../etc/x", Some("holds the path separator `/`"));
        check("a\\b", Some("holds the path separator `\\`"));
        check("..", Some("holds `..`"));
        check("a..b", Some("holds `..`"));
        check(".hidden", Some("begins with `.`"));
        check("--all", Some("begins with `-`"));
        check("a\0b", Some("holds the control character U+0000"));
        check("a\nb", Some("holds the control character U+000A"));
        check("a∕b", Some("holds the character U+2215, which is not ASCII"));
        check("a.", Some("ends with a space or a dot"));
        check(&"x".repeat(10_000), Some("has 10000 bytes, more than 128"));
    }
}

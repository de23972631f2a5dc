//! What a program counted itself: lines of `name value` in the file that `SUPERLINEAR_COUNTERS`
//! names. Lines of one name are added up, so that parts of a program need not know of each other.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::system::file;

/// The variable that names the file.
pub const VARIABLE: &str = "SUPERLINEAR_COUNTERS";
/// Its name in the attempt's folder.
pub const FILE: &str = "counters.txt";

/// More is not read.
const LIMIT_BYTES: u64 = 1 << 20;
const MOST_COUNTERS: usize = 64;
const LONGEST_NAME: usize = 64;

/// Sums by name, and what was left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counted {
    pub counters: BTreeMap<String, f64>,
    pub warnings: Vec<String>,
}

/// What the program left at `path`; nothing when it left none.
///
/// # Errors
/// When there is a file that cannot be read.
pub fn read(path: &Path) -> Result<Counted> {
    if file::stamp(path).is_none() {
        return Ok(Counted::default());
    }
    let head = file::head(path, LIMIT_BYTES + 1)?;
    let mut counted = sums(&String::from_utf8_lossy(&head[..head.len().min(LIMIT_BYTES as usize)]));
    if head.len() as u64 > LIMIT_BYTES {
        counted.warnings.push(format!("`{FILE}` was read up to its first {LIMIT_BYTES} bytes"));
    }
    Ok(counted)
}

fn sums(text: &str) -> Counted {
    let mut counted = Counted::default();
    let mut odd = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let entry = entry(line);
        let is_new = |name: &str| !counted.counters.contains_key(name);
        match entry {
            Some((name, _)) if is_new(name) && counted.counters.len() >= MOST_COUNTERS => {
                odd.push(index + 1);
            }
            Some((name, value)) => *counted.counters.entry(name.into()).or_default() += value,
            None => odd.push(index + 1),
        }
    }
    counted.counters.retain(|_, sum| sum.is_finite());
    if let Some(first) = odd.first() {
        counted.warnings.push(format!(
            "{} of `{FILE}` left out, the first is line {first}: each must be a name of letters, \
             digits, `_`, `.` and `-` and a number from 0 up, and there are at most \
             {MOST_COUNTERS} names",
            if odd.len() == 1 { "1 line".into() } else { format!("{} lines", odd.len()) },
        ));
    }
    counted
}

fn entry(line: &str) -> Option<(&str, f64)> {
    let mut words = line.split_whitespace();
    let (name, value) = (words.next()?, words.next()?);
    let value: f64 = value.parse().ok()?;
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
    let is_name = name.len() <= LONGEST_NAME
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name.chars().all(is_safe);
    (words.next().is_none() && is_name && value.is_finite() && value >= 0.0)
        .then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, f64)], odd: usize) {
        let counted = sums(text);
        let expected = expected.iter().map(|(name, value)| ((*name).to_string(), *value));
        assert_eq!(counted.counters, expected.collect(), "{text:?}");
        let warned = counted.warnings.first().map_or("", String::as_str);
        let said = match odd {
            0 => String::new(),
            1 => "1 line of".into(),
            odd => format!("{odd} lines of"),
        };
        assert!(warned.starts_with(&said) && warned.is_empty() == (odd == 0), "{warned}");
    }

    #[test]
    fn lines_of_one_name_are_added_up() {
        check("bars 100\nrows 2.5\nbars 20\n\n", &[("bars", 120.0), ("rows", 2.5)], 0);
        check("  cache.hits\t7  \n", &[("cache.hits", 7.0)], 0);
        check("", &[], 0);
    }

    #[test]
    fn what_is_no_counter_is_left_out() {
        check("a 1\nb\nc x\nd -1\ne inf\nf nan\n9 1\ng 1 2\na/b 1\nq= 1", &[("a", 1.0)], 9);
        check(&format!("{} 1", "x".repeat(65)), &[], 1);
        check("a 1e308\na 1e308\nb 2", &[("b", 2.0)], 0);
    }

    #[test]
    fn names_and_bytes_are_bounded() {
        let many: String = (0..200).map(|n| format!("n{n} 1\n")).collect();
        let counted = sums(&many);
        assert_eq!(counted.counters.len(), MOST_COUNTERS);
        assert_eq!(counted.warnings.len(), 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(read(&path).unwrap(), Counted::default());
        file::replace(&path, "a 1\n".repeat(1 << 20).as_bytes()).unwrap();
        let counted = read(&path).unwrap();
        assert_eq!(counted.counters["a"], f64::from(1 << 18));
        assert!(counted.warnings[0].contains("up to its first"));
    }
}

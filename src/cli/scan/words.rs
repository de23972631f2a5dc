//! A line split into words as a shell does it, without a shell: blanks part words, quotes and
//! backslashes keep them together, and nothing is expanded.

use crate::error::Error;
use crate::error::Result;

/// The words of `line`.
///
/// # Errors
/// When a quote is not closed, or nothing follows a backslash.
/// Example: `gen.py --kind 'two words' {size}` has four words.
pub fn split(line: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    let unclosed = |what: &str| {
        Error::usage(format!("`{line}` {what}"), "close it, or write a backslash before it")
    };
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(letter) => word.push(letter),
                        None => return Err(unclosed("has a quote that is not closed")),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('"') => break,
                        Some('\\') => word.extend(escaped_in_quotes(letters.next())),
                        Some(letter) => word.push(letter),
                        None => return Err(unclosed("has a quote that is not closed")),
                    }
                }
            }
            '\\' => match letters.next() {
                Some(letter) => word.get_or_insert_default().push(letter),
                None => return Err(unclosed("ends with a backslash")),
            },
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Within double quotes a backslash protects only what would mean something there.
fn escaped_in_quotes(letter: Option<char>) -> Vec<char> {
    match letter {
        Some(letter @ ('"' | '\\' | '$' | '`')) => vec![letter],
        Some(letter) => vec!['\\', letter],
        None => vec!['\\'],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        assert_eq!(split(line).unwrap(), expected, "{line}");
    }

    #[test]
    fn splits_as_a_shell_does() {
        check("gen.py {size}", &["gen.py", "{size}"]);
        check("  a\t b\n", &["a", "b"]);
        check("a 'two words' b", &["a", "two words", "b"]);
        check(r#"a "x \"y\" \n" ''"#, &["a", r#"x "y" \n"#, ""]);
        check(r"a\ b 'c'd", &["a b", "cd"]);
        check("echo $HOME *", &["echo", "$HOME", "*"]);
        check("", &[]);
    }

    #[test]
    fn an_open_end_is_refused() {
        for line in ["a 'b", "a \"b", "a\\", "\"\\"] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}

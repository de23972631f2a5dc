//! A command in one string, split into words as a shell would, and put together again; nothing else
//! of a shell.

use crate::error::Error;
use crate::error::Result;

/// What only a shell would understand when it stands alone.
const OF_SHELLS: [&str; 9] = ["|", "||", "&", "&&", ";", ">", ">>", "<", "2>&1"];

/// The words of `text`: blanks separate, `'…'` and `"…"` hold together, `\` takes the next letter
/// as it is. Variables, patterns and operators mean nothing.
///
/// `option`: where it was given, for the message.
///
/// # Errors
/// An open quote or backslash, nothing at all, or an operator of the shell.
pub fn split(option: &str, text: &str) -> Result<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some('"'), '\\') if letters.peek().is_some_and(|next| "\\\"$`".contains(*next)) => {
                word.get_or_insert_default().extend(letters.next());
            }
            (Some(_), letter) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                quoted = true;
                word.get_or_insert_default();
            }
            (None, '\\') => match letters.next() {
                Some(letter) => word.get_or_insert_default().push(letter),
                None => {
                    let message = format!("`{option}` ends with a backslash");
                    return Err(Error::usage(message, "leave it out, or write it twice"));
                }
            },
            (None, blank) if blank.is_whitespace() => {
                finish(option, &mut words, word.take(), quoted)?;
                quoted = false;
            }
            (None, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if let Some(open) = quote {
        let message = format!("`{option}` opens a quote {open} and does not close it");
        return Err(Error::usage(message, "close it, or write `\\` before it"));
    }
    finish(option, &mut words, word, quoted)?;
    match words.first() {
        Some(program) if !program.is_empty() => Ok(words),
        _ => Err(Error::usage(
            format!("`{option}` names no program"),
            "give the program and its arguments in one string",
        )),
    }
}

/// `word` as a shell would need it; `{size}` needs nothing.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,{}".contains(letter);
    let is_list = word.contains('{') && (word.contains(',') || word.contains(".."));
    if !word.is_empty() && !is_list && word.chars().all(plain) {
        return word.to_string();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn finish(option: &str, words: &mut Vec<String>, word: Option<String>, quoted: bool) -> Result<()> {
    let Some(word) = word else { return Ok(()) };
    if !quoted && OF_SHELLS.contains(&word.as_str()) {
        let message = format!("`{option}` holds `{word}`, and commands are run without a shell");
        return Err(Error::usage(message, "write it as `sh -c '…'` if a shell is meant"));
    }
    words.push(word);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: &[&str]) {
        assert_eq!(split("--baseline", text).unwrap(), words, "{text}");
    }

    #[test]
    fn splits_as_a_shell_does() {
        check("python a.py", &["python", "a.py"]);
        check("  python   a.py\t-n 3 ", &["python", "a.py", "-n", "3"]);
        check("python 'my script.py' \"b c\"d", &["python", "my script.py", "b cd"]);
        check(r#"python -c "print('x')""#, &["python", "-c", "print('x')"]);
        check(r#"a "\"" '\' \ b"#, &["a", "\"", "\\", " b"]);
        check("a '' \"\"", &["a", "", ""]);
        check("echo $HOME *.py a;b", &["echo", "$HOME", "*.py", "a;b"]);
        check("sh -c 'a | b'", &["sh", "-c", "a | b"]);
        check("grep '|' f", &["grep", "|", "f"]);
    }

    #[test]
    fn refuses_what_it_would_misread() {
        let refused = |text: &str| split("--baseline", text).unwrap_err().to_string();
        assert_eq!(refused("a 'b"), "`--baseline` opens a quote ' and does not close it");
        assert_eq!(refused(""), "`--baseline` names no program");
        assert_eq!(refused("'' a"), "`--baseline` names no program");
        assert_eq!(refused("a \\"), "`--baseline` ends with a backslash");
        let shell = "`--baseline` holds `|`, and commands are run without a shell";
        assert_eq!(refused("a | b"), shell);
    }

    #[test]
    fn quotes_what_a_shell_would_split() {
        assert_eq!(quoted("--start"), "--start");
        assert_eq!(quoted("two words"), "'two words'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("{size}"), "{size}");
        assert_eq!(quoted("{a,b}"), "'{a,b}'");
    }
}

//! A function's place and name in one piece of text, as profilers print it, and back.
//! `path:line name` where the place is known, as yappi writes it; a bare name otherwise.

use crate::profile::FunctionKey;

/// File of the functions that are built into an interpreter.
pub const BUILT_IN: &str = "~";

/// What yappi calls that file.
pub const BUILT_IN_MODULE: &str = "builtins";

/// The function that `text` names. Every text names one.
///
/// `a.py:7 f` is `f` in line 7 of `a.py`; `builtins.len` and `~:0 len` are built in; anything else
/// is a name whose place is unknown. Of several places in a text the first counts. Where that would
/// be wrong, [`label`] writes a colon first and percent signs for the colons of the file.
///
/// Example: `/a b.py:12 Frame.copy` is `Frame.copy` in line 12 of `/a b.py`.
pub fn parse(text: &str) -> FunctionKey {
    if let Some((file, line, name)) = text.strip_prefix(':').and_then(split) {
        return key(&unescaped(file), line, name);
    }
    if let Some((file, line, name)) = split(text) {
        return located(file, line, name);
    }
    let built_in = text.strip_prefix(BUILT_IN_MODULE).and_then(|rest| rest.strip_prefix('.'));
    match built_in {
        Some(name) if !name.is_empty() => key(BUILT_IN, 0, name),
        _ => key("", 0, text),
    }
}

/// The text that [`parse`] turns into `function`.
pub fn label(function: &FunctionKey) -> String {
    let FunctionKey { name, file, line } = function;
    let plain = match (file.as_str(), line) {
        ("", 0) => name.clone(),
        (BUILT_IN, 0) if !name.starts_with('<') => format!("{BUILT_IN_MODULE}.{name}"),
        _ => format!("{file}:{line} {name}"),
    };
    if !plain.is_empty() && parse(&plain) == *function {
        plain
    } else {
        format!(":{}:{line} {name}", escaped(file))
    }
}

/// The function at a place that a profiler gives in three pieces; yappi's file `builtins` is `~`.
pub fn located(file: &str, line: u32, name: &str) -> FunctionKey {
    if file == BUILT_IN_MODULE && line == 0 {
        return key(BUILT_IN, 0, name);
    }
    key(file, line, name)
}

fn key(file: &str, line: u32, name: &str) -> FunctionKey {
    FunctionKey { name: name.into(), file: file.into(), line }
}

/// Splits at the first `:LINE ` whose line is a number that a file can have.
fn split(text: &str) -> Option<(&str, u32, &str)> {
    text.match_indices(':').find_map(|(colon, _)| {
        let rest = &text[colon + 1..];
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let name = rest[digits..].strip_prefix(' ')?;
        let line = rest[..digits].parse().ok()?;
        Some((&text[..colon], line, name))
    })
}

fn escaped(file: &str) -> String {
    file.replace('%', "%25").replace(':', "%3A")
}

fn unescaped(file: &str) -> String {
    file.replace("%3A", ":").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, file: &str, line: u32, name: &str) {
        assert_eq!(parse(text), key(file, line, name), "{text}");
        assert_eq!(label(&key(file, line, name)), text);
    }

    #[test]
    fn a_place_and_a_name_are_told_apart() {
        check("/a/b.py:12 Frame.copy", "/a/b.py", 12, "Frame.copy");
        check("/a b/c.py:1 <module>", "/a b/c.py", 1, "<module>");
        check("C:\\a\\b.py:3 f", "C:\\a\\b.py", 3, "f");
        check("a.rs:4 <T as X>::f::<{u8: 1}>", "a.rs", 4, "<T as X>::f::<{u8: 1}>");
        check("time:0 sleep", "time", 0, "sleep");
        check("time.sleep", "", 0, "time.sleep");
        check("std::fmt::write", "", 0, "std::fmt::write");
        check("a.py:99999999999 f", "", 0, "a.py:99999999999 f");
    }

    #[test]
    fn functions_built_in_have_a_file_of_their_own() {
        check("builtins.len", BUILT_IN, 0, "len");
        check("~:0 <built-in method builtins.len>", BUILT_IN, 0, "<built-in method builtins.len>");
        assert_eq!(parse("builtins:0 len"), key(BUILT_IN, 0, "len"));
        assert_eq!(parse("builtins."), key("", 0, "builtins."));
    }

    #[test]
    fn a_text_that_would_be_misread_is_written_with_a_colon_first() {
        check("::0 a:1 b", "", 0, "a:1 b");
        check("::0 builtins.len", "", 0, "builtins.len");
        check(":/a%3A1 b/100%25.py:7 f", "/a:1 b/100%.py", 7, "f");
        check("::0 ", "", 0, "");
        check(":builtins:0 f", "builtins", 0, "f");
    }

    proptest! {
        #[test]
        fn every_function_comes_back(file in "[a:%0-9~ ]{0,9}|\\PC*", line in 0u32.., name in "[a:%0-9 ]{0,9}|\\PC*") {
            for line in [0, line] {
                let function = key(&file, line, &name);
                prop_assert_eq!(parse(&label(&function)), function);
            }
        }
    }
}

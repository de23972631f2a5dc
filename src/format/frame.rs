//! Frames of stacks: a function's name, with its place in brackets where the profiler knew it.
//! `function (file:line)`, as py-spy, VizTracer and our own exports write it.

use std::collections::HashMap;

use crate::format::intern::Interner;
use crate::format::label::located;
use crate::profile::FunctionKey;

/// What the lines of frames are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineOf {
    /// The line that was being executed, as samplers see it: no part of what a function is.
    #[default]
    Execution,
    /// The line where the function is defined.
    Definition,
}

/// The functions of frames, numbered in the order first seen.
#[derive(Debug, Default)]
pub struct Frames {
    line_of: LineOf,
    /// By the text of a frame.
    texts: Interner,
    of_text: Vec<usize>,
    /// By name, file and what else tells functions apart.
    functions: HashMap<(String, String, u32), usize>,
    keys: Vec<FunctionKey>,
    /// Whether some function was seen in two lines, so that lines are not those of definitions.
    is_line_of_execution: bool,
}

impl Frames {
    pub fn new(line_of: LineOf) -> Self {
        Self { line_of, ..Self::default() }
    }

    /// The function of a frame's text; `None` when there are more than can be numbered.
    pub fn of_text(&mut self, text: &[u8]) -> Option<usize> {
        let number = self.texts.intern(text)? as usize;
        if number == self.of_text.len() {
            let function = self.of_key(parse(&String::from_utf8_lossy(text)));
            self.of_text.push(function);
        }
        Some(self.of_text[number])
    }

    /// The function of a key whose line may be one of execution.
    pub fn of_key(&mut self, key: FunctionKey) -> usize {
        let is_told_by_line = self.line_of == LineOf::Definition || is_anonymous(&key.name);
        let line = if is_told_by_line { key.line } else { 0 };
        let next = self.keys.len();
        let function =
            *self.functions.entry((key.name.clone(), key.file.clone(), line)).or_insert(next);
        if function == next {
            self.keys.push(key);
        } else if self.keys[function].line != key.line {
            self.is_line_of_execution = true;
        }
        function
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The functions' keys. Where one was seen in two lines, no line is that of a definition, and
    /// only functions without a name of their own keep it.
    pub fn into_keys(self) -> Vec<FunctionKey> {
        let mut keys = self.keys;
        if self.is_line_of_execution {
            for key in keys.iter_mut().filter(|key| !is_anonymous(&key.name)) {
                key.line = 0;
            }
        }
        keys
    }
}

/// The function that a frame names: `f (a.py:12)`, `f (a.py)`, or a name alone.
///
/// Example: `Frame.copy (/a b/c.py:12)` is `Frame.copy` in line 12 of `/a b/c.py`.
pub fn parse(text: &str) -> FunctionKey {
    let bare = || FunctionKey { name: text.into(), ..FunctionKey::default() };
    let split = text.strip_suffix(')').and_then(|rest| {
        let mut splits = rest.match_indices(" (").map(|(at, _)| (&rest[..at], &rest[at + 2..]));
        splits.find(|(_, place)| is_balanced(place))
    });
    let Some((name, place)) = split.filter(|(name, place)| !name.is_empty() && !place.is_empty())
    else {
        return bare();
    };
    let located_at = place.rsplit_once(':').and_then(|(file, line)| {
        let is_number = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        Some((file, line.parse::<u32>().ok()?)).filter(|_| is_number)
    });
    match located_at {
        Some((file, line)) if !file.is_empty() => located(file, line, name),
        // Brackets that hold no file belong to the name, as arguments in C++ do.
        None if place.contains(['.', '/', '\\']) && !place.contains([' ', ',']) => {
            located(place, 0, name)
        }
        _ => bare(),
    }
}

/// The text that [`parse`] turns into `key`, as far as such a text can.
pub fn text(key: &FunctionKey) -> String {
    match (key.file.as_str(), key.line) {
        ("", _) => key.name.clone(),
        (file, line) => format!("{} ({file}:{line})", key.name),
    }
}

/// Whether every bracket that is closed was opened before.
fn is_balanced(text: &str) -> bool {
    let depth = text.chars().try_fold(0_u32, |depth, letter| match letter {
        '(' => Some(depth + 1),
        ')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

fn is_anonymous(name: &str) -> bool {
    name.starts_with('<') && name != "<module>"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, file: &str, line: u32) {
        let key = FunctionKey { name: name.into(), file: file.into(), line };
        assert_eq!(parse(text), key, "{text}");
    }

    #[test]
    fn a_frame_is_a_name_and_perhaps_a_place() {
        check("f (a.py:12)", "f", "a.py", 12);
        check("A.f (/a b/c (1).py:12)", "A.f", "/a b/c (1).py", 12);
        check("f(int) (g) (a.c:3)", "f(int) (g)", "a.c", 3);
        check("f (a.py)", "f", "a.py", 0);
        check("_start (libc.so.6)", "_start", "libc.so.6", 0);
        check("main", "main", "", 0);
        check("operator() (int, char)", "operator() (int, char)", "", 0);
        check("foo(bar)", "foo(bar)", "", 0);
        check("sum (~:0)", "sum", "~", 0);
        check("len (builtins:0)", "len", "~", 0);
        for text in ["", "()", " (a.py:1)", "f ()", "f (:3)", "f (x:+3)"] {
            check(text, text, "", 0);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text_of in ["f (a.py:12)", "main", "sum (~:0)"] {
            assert_eq!(text(&parse(text_of)), text_of);
        }
    }

    fn keys(line_of: LineOf, texts: &[&str]) -> Vec<(String, u32)> {
        let mut frames = Frames::new(line_of);
        for text in texts {
            frames.of_text(text.as_bytes()).unwrap();
        }
        frames.into_keys().into_iter().map(|key| (key.name, key.line)).collect()
    }

    #[test]
    fn lines_of_execution_are_no_part_of_a_function() {
        let texts = ["f (a:1)", "g (a:5)", "f (a:2)", "<lambda> (a:7)", "<lambda> (a:8)"];
        let named = |rows: &[(&str, u32)]| -> Vec<(String, u32)> {
            rows.iter().map(|(name, line)| (name.to_string(), *line)).collect()
        };
        let expected = named(&[("f", 0), ("g", 0), ("<lambda>", 7), ("<lambda>", 8)]);
        assert_eq!(keys(LineOf::Execution, &texts), expected);
        assert_eq!(keys(LineOf::Execution, &texts[..2]), named(&[("f", 1), ("g", 5)]));
        assert_eq!(keys(LineOf::Definition, &texts[..3]), named(&[("f", 1), ("g", 5), ("f", 2)]));
    }
}

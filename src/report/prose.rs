//! A sentence as data: words, names and places, so that each format can set and escape them in its
//! own way. Everything that enters is cleaned and of bounded length.

use crate::report::name;

/// Columns beyond which a name within a sentence is shortened.
const LONGEST_NAME: usize = 80;
/// Columns beyond which a place is shortened.
const LONGEST_PLACE: usize = 100;
/// Characters beyond which words of an analysis are shortened.
const LONGEST_WORDS: usize = 2_000;
/// Parts between back-ticks beyond which a text is no sentence with names in it.
const MOST_PARTS: usize = 99;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prose {
    pub spans: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    Words(String),
    /// A name from a profile, a plan or a command line.
    Name(String),
    /// A file, with a line where it is known.
    Place(String),
}

impl Prose {
    pub fn words(text: &str) -> Self {
        Self::default().then(text)
    }

    pub fn name(text: &str) -> Self {
        Self::default().then_name(text)
    }

    pub fn place(text: &str) -> Self {
        Self::default().then_place(text)
    }

    /// Adds words.
    #[must_use]
    pub fn then(mut self, text: &str) -> Self {
        let text = name::shorten(text, LONGEST_WORDS);
        if let Some(Span::Words(words)) = self.spans.last_mut() {
            words.push_str(&text);
        } else if !text.is_empty() {
            self.spans.push(Span::Words(text));
        }
        self
    }

    #[must_use]
    pub fn then_name(mut self, text: &str) -> Self {
        let shown = name::shorten(text, LONGEST_NAME);
        self.spans.push(Span::Name(match shown.trim() {
            "" => "(no name)".into(),
            _ => shown,
        }));
        self
    }

    #[must_use]
    pub fn then_place(mut self, text: &str) -> Self {
        let shown = name::shorten_start(text, LONGEST_PLACE);
        self.spans.push(Span::Place(shown));
        self
    }

    #[must_use]
    pub fn then_prose(mut self, more: Self) -> Self {
        for span in more.spans {
            match span {
                Span::Words(words) => self = self.then(&words),
                other => self.spans.push(other),
            }
        }
        self
    }

    /// A sentence that comes with its names in back-ticks, such as those of an analysis.
    /// Where the back-ticks are not in pairs, or too many, all of it is words.
    pub fn from_marked(text: &str) -> Self {
        let parts: Vec<&str> = text.split('`').collect();
        if parts.len().is_multiple_of(2) || parts.len() > MOST_PARTS {
            return Self::words(text);
        }
        let mut prose = Self::default();
        for (index, part) in parts.into_iter().enumerate() {
            prose = match index.is_multiple_of(2) {
                true => prose.then(part),
                false => prose.then_name(part),
            };
        }
        prose
    }

    /// The same as a whole sentence: with a capital at its beginning and a full stop at its end.
    #[must_use]
    pub fn as_sentence(self) -> Self {
        let sentence = self.capitalised();
        let ends = sentence.spans.last().is_none_or(
            |span| matches!(span, Span::Words(words) if words.trim_end().ends_with(['.', '!', '?'])),
        );
        if ends { sentence } else { sentence.then(".") }
    }

    /// The same with a capital at its beginning, where that is no name.
    #[must_use]
    pub fn capitalised(mut self) -> Self {
        if let Some(Span::Words(words)) = self.spans.first_mut() {
            *words = capitalised(words.trim_start());
        }
        self
    }

    /// The sentence as a person writes it without any markup: names in back-ticks.
    pub fn plain(&self) -> String {
        self.spans
            .iter()
            .map(|span| match span {
                Span::Words(text) | Span::Place(text) => text.clone(),
                Span::Name(text) => format!("`{text}`"),
            })
            .collect()
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

/// Several items as one phrase: `a`, `a and b`, `a, b and c`.
pub fn listed(items: Vec<Prose>) -> Prose {
    let last = items.len().saturating_sub(1);
    let mut all = Prose::default();
    for (index, item) in items.into_iter().enumerate() {
        all = match index {
            0 => all,
            index if index == last => all.then(" and "),
            _ => all.then(", "),
        };
        all = all.then_prose(item);
    }
    all
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_marked(text: &str, expected: &[Span]) {
        assert_eq!(Prose::from_marked(text).spans, expected, "{text}");
    }

    #[test]
    fn finds_the_names_in_a_sentence() {
        let words = |text: &str| Span::Words(text.into());
        let named = |text: &str| Span::Name(text.into());
        check_marked("no name", &[words("no name")]);
        check_marked("calls `f` often", &[words("calls "), named("f"), words(" often")]);
        check_marked("`f`", &[named("f")]);
        check_marked("an odd ` tick", &[words("an odd ` tick")]);
        check_marked("``", &[named("(no name)")]);
    }

    #[test]
    fn makes_a_whole_sentence() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Prose::from_marked(text).as_sentence().plain(), expected);
        };
        check("each call copies all", "Each call copies all.");
        check("`f` copies `g`", "`f` copies `g`.");
        check("Why?", "Why?");
        check("", "");
    }

    #[test]
    fn lists_like_a_person() {
        let check = |items: &[&str], expected: &str| {
            let items = items.iter().map(|item| Prose::words(item)).collect();
            assert_eq!(listed(items).plain(), expected);
        };
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
    }

    #[test]
    fn a_megabyte_of_name_is_bounded() {
        let huge = "x".repeat(1 << 20);
        assert!(Prose::name(&huge).plain().len() < 100);
        assert!(Prose::words(&huge).plain().len() < 2_010);
        assert!(Prose::from_marked(&format!("a `{huge}` b")).plain().len() < 100);
    }
}

//! Text within SVG and HTML: whatever a stranger named stays text.

use std::borrow::Cow;

/// `text` as it may stand between tags and in attributes of double quotes.
pub fn escape(text: &str) -> Cow<'_, str> {
    let is_special = |letter: char| entity(letter).is_some() || is_refused(letter);
    if !text.contains(is_special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars().filter(|letter| !is_refused(*letter)) {
        match entity(letter) {
            Some(entity) => escaped.push_str(entity),
            None => escaped.push(letter),
        }
    }
    Cow::Owned(escaped)
}

fn entity(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

/// What no XML document may hold.
fn is_refused(letter: char) -> bool {
    matches!(letter, '\u{fffe}' | '\u{ffff}') || letter.is_control() && letter != '\n'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escape("plain"), "plain");
        assert_eq!(escape("<b a=\"c\" d='e'>&"), "&lt;b a=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
        assert_eq!(escape("a\0b\u{1b}[m"), "ab[m");
    }
}

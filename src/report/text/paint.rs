//! Colours of a terminal, where they are wanted.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    Strong,
    Red,
    Yellow,
    Cyan,
}

/// `text` in that colour, or as it is.
pub fn text(text: &str, paint: Paint, colour: bool) -> String {
    if !colour || text.trim().is_empty() {
        return text.into();
    }
    let code = match paint {
        Paint::Strong => "1",
        Paint::Red => "1;31",
        Paint::Yellow => "33",
        Paint::Cyan => "36",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_only_when_told() {
        assert_eq!(text("a", Paint::Red, false), "a");
        assert_eq!(text("a", Paint::Red, true), "\u{1b}[1;31ma\u{1b}[0m");
        assert_eq!(text("  ", Paint::Red, true), "  ");
    }
}

//! Text for terminals that know ASCII only.

/// `text`, or its nearest spelling in ASCII when `only_ascii`; what has none becomes `?`.
///
/// Example: `n² → 3 µs` is `n^2 -> 3 us`.
pub fn letters(text: &str, only_ascii: bool) -> String {
    if !only_ascii || text.is_ascii() {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if letter.is_ascii() => plain.push(letter),
            '─' | '–' | '—' | '−' => plain.push('-'),
            '═' => plain.push('='),
            '│' => plain.push('|'),
            '└' => plain.push('+'),
            '●' => plain.push('o'),
            '·' => plain.push('.'),
            '…' => plain += "...",
            '→' => plain += "->",
            'µ' | 'μ' => plain.push('u'),
            '²' => plain += "^2",
            '³' => plain += "^3",
            '×' => plain.push('x'),
            '±' => plain += "+/-",
            '√' => plain += "sqrt ",
            '≥' => plain += ">=",
            '≤' => plain += "<=",
            _ => plain.push('?'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_in_ascii() {
        let check = |text: &str, expected: &str| assert_eq!(letters(text, true), expected);
        check("n² → 3 µs", "n^2 -> 3 us");
        check("√n – Größe…", "sqrt n - Gr??e...");
        assert_eq!(letters("n²", false), "n²");
    }
}

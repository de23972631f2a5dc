//! Names that strangers chose, made fit to be shown: nothing that moves the cursor, turns the line
//! around or hides. Escaping for a format is the renderer's.

use unicode_width::UnicodeWidthChar;

/// Most characters without width that are kept per column of a shortened name, so that a tower of
/// accents stays a name.
const MOST_MARKS: usize = 3;

/// `text` on one line: white space and line breaks become blanks, characters that control a
/// terminal, turn the direction of writing or are invisible are left out.
pub fn clean(text: &str) -> impl DoubleEndedIterator<Item = char> + Clone {
    text.chars().filter_map(|letter| match letter {
        '\t' | '\n' | '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        letter if letter.is_control() || is_hidden(letter) => None,
        letter => Some(letter),
    })
}

/// Columns that `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// `text`, cleaned, in at most `most` columns, its middle replaced by `…` where it is longer.
/// Only as much of it is read as is shown.
///
/// Example: `concat_price_frames` in 11 columns is `conca…rames`.
pub fn shorten(text: &str, most: usize) -> String {
    let letters = clean(text);
    if most == 0 || fits(letters.clone(), most) {
        return within(letters, most).collect();
    }
    let tail = (most - 1) / 2;
    let head = most - 1 - tail;
    let start: String = within(letters.clone(), head).collect();
    start + "…" + &end(letters, tail)
}

/// The same with its beginning replaced.
///
/// Example: `src/gc_futures.rs:120` in 18 columns is `…gc_futures.rs:120`.
pub fn shorten_start(text: &str, most: usize) -> String {
    let letters = clean(text);
    if most == 0 || fits(letters.clone(), most) {
        return within(letters, most).collect();
    }
    String::from("…") + &end(letters, most - 1)
}

fn end(letters: impl DoubleEndedIterator<Item = char>, most: usize) -> String {
    let end: Vec<char> = within(letters.rev(), most).collect();
    end.into_iter().rev().collect()
}

/// Whether `most` columns hold all of them.
fn fits(letters: impl Iterator<Item = char> + Clone, most: usize) -> bool {
    let all = letters.clone().take(most.saturating_mul(MOST_MARKS + 1) + 1);
    all.count() == within(letters, most).count()
}

/// The letters until `most` columns are full.
fn within(letters: impl Iterator<Item = char>, most: usize) -> impl Iterator<Item = char> {
    let mut used = 0;
    let mut marks = 0;
    letters.take_while(move |letter| {
        used += columns(*letter);
        marks += usize::from(columns(*letter) == 0);
        used <= most && marks <= most * MOST_MARKS
    })
}

fn columns(letter: char) -> usize {
    letter.width().unwrap_or(0)
}

/// Whether a character is not seen itself but changes how its neighbours are.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_clean(text: &str, expected: &str) {
        assert_eq!(clean(text).collect::<String>(), expected, "{text:?}");
    }

    fn check_short(text: &str, most: usize, expected: &str) {
        let short = shorten(text, most);
        assert_eq!(short, expected);
        assert!(width(&short) <= most);
    }

    #[test]
    fn leaves_out_what_would_disturb_a_terminal() {
        check_clean("plain_name", "plain_name");
        check_clean("Größe 大小", "Größe 大小");
        check_clean("a\u{1b}[31mb\u{7}\0", "a[31mb");
        check_clean("a\nb\r\tc", "a b  c");
        check_clean("abc\u{202e}fed\u{2066}", "abcfed");
        check_clean("a\u{200b}b\u{feff}c\u{9b}2J", "abc2J");
    }

    #[test]
    fn shortens_in_the_middle_by_columns() {
        check_short("concat_price_frames", 11, "conca…rames");
        check_short("concat", 6, "concat");
        check_short("concat", 5, "co…at");
        check_short("concat", 1, "…");
        check_short("concat", 0, "");
        check_short("大小大小大小", 7, "大…小");
        check_short("", 0, "");
    }

    #[test]
    fn shortens_places_at_their_start() {
        let check = |most: usize, expected: &str| {
            assert_eq!(shorten_start("src/gc_futures.rs:120", most), expected);
        };
        check(21, "src/gc_futures.rs:120");
        check(18, "…gc_futures.rs:120");
        check(1, "…");
        check(0, "");
    }

    #[test]
    fn a_tower_of_accents_is_cut() {
        let tower = format!("a{}", "\u{301}".repeat(1_000_000));
        assert!(shorten(&tower, 20).chars().count() <= 20 * (MOST_MARKS + 1) + 1);
    }

    #[test]
    fn counts_columns_and_not_letters() {
        assert_eq!(width("größe"), 5);
        assert_eq!(width("大小"), 4);
        assert_eq!(width("e\u{301}"), 1);
    }
}
